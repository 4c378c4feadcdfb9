/* log.c - the server's log: bounded in rate, length and patience. */
#include "log.h"

#include "unicode/text.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const uint64_t SECOND_NS = 1000000000;

static const char *const kind_names[LOG_KINDS] = {
    [LOG_LISTENING] = "listening", [LOG_LIFE] = "life",   [LOG_STATS] = "stats",           [LOG_FULL] = "refused",
    [LOG_PAUSE] = "listener",      [LOG_FAULT] = "fault", [LOG_CONNECTION] = "connection", [LOG_REQUEST] = "request",
};

void log_init(struct log *log, int fd, enum log_level level, uint64_t (*monotonic_ns)(void))
{
    *log = (struct log){.fd = fd, .level = level, .monotonic_ns = monotonic_ns};
}

/* stderr is often shared with other programs, so O_NONBLOCK (a flag of the open file, not of the descriptor)
 * is not ours to set.  poll() says whether a line of less than PIPE_BUF would block. */
static void write_line(const struct log *log, const char *line, size_t len)
{
    struct pollfd ready = {.fd = log->fd, .events = POLLOUT};
    if (poll(&ready, 1, 0) != 1 || !(ready.revents & POLLOUT))
        return;
    int saved = errno;
    if (write(log->fd, line, len) < 0)
        errno = saved; /* a full disk: there is nobody left to tell */
}

__attribute__((format(printf, 2, 0))) static void format_line(const struct log *log, const char *format, va_list args)
{
    char line[LOG_LINE_BYTES];
    static const char prefix[] = "mojifinder: ";
    size_t len = sizeof prefix - 1;
    memcpy(line, prefix, len);
    int n = vsnprintf(line + len, sizeof line - len - 1, format, args);
    if (n < 0)
        return;
    len += (size_t)n < sizeof line - len - 1 ? (size_t)n : sizeof line - len - 2;
    for (size_t i = 0; i < len; i++)
        if (line[i] < 0x20 || line[i] > 0x7E)
            line[i] = '?';
    line[len++] = '\n';
    write_line(log, line, len);
}

__attribute__((format(printf, 2, 3))) static void write_formatted(const struct log *log, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    format_line(log, format, args);
    va_end(args);
}

static void tell_left_out(struct log *log, enum log_kind kind)
{
    struct log_counter *c = &log->counter[kind];
    if (c->left_out > 0)
        write_formatted(log, "%llu more lines of kind \"%s\" left out", (unsigned long long)c->left_out,
                        kind_names[kind]);
    c->left_out = 0;
}

/* Opens a new second when the present one is over. */
static void renew(struct log *log, enum log_kind kind, uint64_t now_ns)
{
    struct log_counter *c = &log->counter[kind];
    if (c->lines > 0 && now_ns - c->second_ns < SECOND_NS)
        return;
    tell_left_out(log, kind);
    c->second_ns = now_ns;
    c->lines = 0;
}

void log_line(struct log *log, enum log_level level, enum log_kind kind, const char *format, ...)
{
    if (!log_wants(log, level) && kind != LOG_LISTENING && kind != LOG_STATS)
        return;
    renew(log, kind, log->monotonic_ns());
    struct log_counter *c = &log->counter[kind];
    if (c->lines >= LOG_LINES_PER_SECOND && kind != LOG_LISTENING) {
        c->left_out++;
        log->left_out = true;
        return;
    }
    c->lines++;
    va_list args;
    va_start(args, format);
    format_line(log, format, args);
    va_end(args);
}

void log_tick(struct log *log)
{
    uint64_t now = log->monotonic_ns();
    log->left_out = false;
    for (unsigned kind = 0; kind < LOG_KINDS; kind++) {
        renew(log, (enum log_kind)kind, now);
        log->left_out |= log->counter[kind].left_out > 0;
    }
}

void log_finish(struct log *log)
{
    for (unsigned kind = 0; kind < LOG_KINDS; kind++)
        tell_left_out(log, (enum log_kind)kind);
    log->left_out = false;
}

const char *log_quote(const char *bytes, size_t len, char out[LOG_QUOTE_BYTES + 1])
{
    text_escape(bytes, len, out, LOG_QUOTE_BYTES + 1);
    return out;
}
