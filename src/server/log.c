/* log.c - the server's log: bounded in rate, length and patience. */
#include "log.h"

#include "reactor/sys.h"
#include "unicode/text.h"

#include <errno.h>
#include <fcntl.h>
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

/* Calls in a row that EINTR may end before it counts as "no room": signals are blocked while the service
 * runs, so only something broken interrupts without end. */
enum {
    INTERRUPTIONS_MAX = 100
};

void log_init(struct log *log, int fd, enum log_level level, const struct reactor_sys *sys)
{
    *log = (struct log){.fd = fd, .level = level, .sys = sys, .patience_ns = LOG_PATIENCE_NS};
    /* The duplicate is what gets an open file description of its own: fd itself stays as it was given. */
    log->own_fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (log->own_fd >= 0)
        log->fd = log->own_fd;
    log->access = log->own_fd >= 0 ? (uint8_t)sys->unshare(log->fd) : REACTOR_ACCESS_GATED;
}

void log_close(struct log *log)
{
    if (log->own_fd >= 0)
        log->sys->close(log->own_fd);
    log->fd = log->own_fd = -1;
}

/* ---- writing ---- */

static ssize_t write_once(const struct log *log)
{
    if (log->access == REACTOR_ACCESS_SOCKET)
        return log->sys->send(log->fd, log->unsent, log->unsent_bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (log->access == REACTOR_ACCESS_GATED && log->sys->ready(log->fd, POLLOUT) == 0) {
        errno = EAGAIN;
        return -1;
    }
    return log->sys->write(log->fd, log->unsent, log->unsent_bytes);
}

/* Writes what waits, as far as there is room.  0, or why not all of it: EAGAIN (later), or another errno. */
static int flush(struct log *log)
{
    int saved = errno, failed = 0;
    for (unsigned interruptions = 0; failed == 0 && log->unsent_bytes > 0;) {
        ssize_t n = write_once(log);
        if (n > 0) {
            log->unsent_bytes -= (size_t)n;
            memmove(log->unsent, log->unsent + n, log->unsent_bytes);
        } else if (n == 0 || errno != EINTR || ++interruptions == INTERRUPTIONS_MAX) {
            failed = n == 0 || errno == EINTR ? EAGAIN : errno;
        }
    }
    errno = saved;
    return failed;
}

/* Waits until all is written, as long as the log's patience lasts and time may help. */
static void await_room(struct log *log)
{
    uint64_t now = log->sys->monotonic_ns(), end = now + log->patience_ns;
    while (now < end && flush(log) == EAGAIN) {
        struct pollfd room = {.fd = log->fd, .events = POLLOUT};
        int left_ms = (int)((end - now) / 1000000) + 1;
        if (poll(&room, 1, left_ms) > 0)
            poll(NULL, 0, 1); /* it refused although it said that there is room: no spinning */
        now = log->sys->monotonic_ns();
    }
    log->patience_ns = now < end ? end - now : 0;
}

/* False when there was no room for it, and nothing of it is written or will be: it is to be counted.  What
 * fails otherwise (a full disk) is lost without a count: there is nobody left to tell. */
static bool put_line(struct log *log, enum log_kind kind, const char *line, size_t len)
{
    int failed = flush(log);
    if (log->unsent_bytes + len > sizeof log->unsent)
        return failed != EAGAIN;
    memcpy(log->unsent + log->unsent_bytes, line, len);
    log->unsent_bytes += len;
    if (kind == LOG_LISTENING)
        await_room(log);
    failed = flush(log);
    bool untouched = log->unsent_bytes >= len;
    log->left_out |= failed == EAGAIN; /* by now something waits, or is to be counted */
    if (failed == 0 || !untouched || kind == LOG_LISTENING)
        return true;
    log->unsent_bytes -= len;
    return failed != EAGAIN;
}

__attribute__((format(printf, 3, 0))) static bool format_line(struct log *log, enum log_kind kind, const char *format,
                                                              va_list args)
{
    char line[LOG_LINE_BYTES];
    static const char prefix[] = "mojifinder: ";
    size_t len = sizeof prefix - 1;
    memcpy(line, prefix, len);
    int n = vsnprintf(line + len, sizeof line - len - 1, format, args);
    if (n < 0)
        return true;
    len += (size_t)n < sizeof line - len - 1 ? (size_t)n : sizeof line - len - 2;
    for (size_t i = 0; i < len; i++)
        if (line[i] < 0x20 || line[i] > 0x7E)
            line[i] = '?';
    line[len++] = '\n';
    return put_line(log, kind, line, len);
}

__attribute__((format(printf, 3, 4))) static bool write_formatted(struct log *log, enum log_kind kind,
                                                                  const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool done = format_line(log, kind, format, args);
    va_end(args);
    return done;
}

static void tell_left_out(struct log *log, enum log_kind kind)
{
    struct log_counter *c = &log->counter[kind];
    if (c->left_out > 0 && write_formatted(log, LOG_LIFE, "%llu more lines of kind \"%s\" left out",
                                           (unsigned long long)c->left_out, kind_names[kind]))
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
    renew(log, kind, log->sys->monotonic_ns());
    struct log_counter *c = &log->counter[kind];
    if (c->lines >= LOG_LINES_PER_SECOND && kind != LOG_LISTENING) {
        c->left_out++;
        log->left_out = true;
        return;
    }
    c->lines++;
    va_list args;
    va_start(args, format);
    if (!format_line(log, kind, format, args)) {
        c->left_out++;
        log->left_out = true;
    }
    va_end(args);
}

void log_tick(struct log *log)
{
    uint64_t now = log->sys->monotonic_ns();
    log->left_out = flush(log) == EAGAIN;
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
