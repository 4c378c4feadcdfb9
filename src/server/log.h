/* log.h - lines on stderr that can neither stop the service nor be forged by a client.
 *
 * One event a line, printable ASCII, at most LOG_LINE_BYTES; text from a client
 * goes through log_quote() and is never at the start of a line.  At most
 * LOG_LINES_PER_SECOND lines of one kind; what is left out is counted and the count told
 * by log_tick().  A line that stderr would not take at once (a full pipe, a
 * stopped terminal, a full disk) is dropped: service goes before the record of it.
 */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level {
    LOG_ERROR,
    LOG_WARNING,
    LOG_INFO,
    LOG_DEBUG
};

/* What is counted together when there is too much of it. */
enum log_kind {
    LOG_LISTENING,  /* written at every level */
    LOG_LIFE,       /* start, stop, signals */
    LOG_STATS,      /* SIGUSR1; written at every level */
    LOG_FULL,       /* newcomers turned away */
    LOG_PAUSE,      /* the listener stopped accepting or goes on */
    LOG_FAULT,      /* a connection ended by a failing call or allocation */
    LOG_CONNECTION, /* debug: each connection */
    LOG_REQUEST,    /* debug: each request */
    LOG_KINDS
};

enum {
    LOG_LINE_BYTES = 2048,     /* below PIPE_BUF: one write is one line, and a writable pipe takes it whole */
    LOG_QUOTE_BYTES = 1024,    /* of client text, after escaping */
    LOG_LINES_PER_SECOND = 20, /* of one kind: what a person can follow */
};

struct log_counter {
    uint64_t second_ns; /* when the present second began */
    uint32_t lines;     /* written in it */
    uint64_t left_out;  /* not written in it */
};

struct log {
    int fd;
    enum log_level level;
    uint64_t (*monotonic_ns)(void);
    struct log_counter counter[LOG_KINDS];
    bool left_out; /* some counter has left_out > 0: log_tick() has something to say */
};

/* Starts a log on fd.  monotonic_ns: the clock the limit goes by. */
void log_init(struct log *log, int fd, enum log_level level, uint64_t (*monotonic_ns)(void));

/* True when a line of this level would be wanted: lets callers skip costly preparation. */
static inline bool log_wants(const struct log *log, enum log_level level)
{
    return level <= log->level;
}

/* Writes one line; format must not begin with client text. */
__attribute__((format(printf, 4, 5))) void log_line(struct log *log, enum log_level level, enum log_kind kind,
                                                    const char *format, ...);

/* Tells what was left out in seconds that are over.  Call about once a second while log->left_out. */
void log_tick(struct log *log);

/* The last word: tells what was left out in the present second too. */
void log_finish(struct log *log);

/* Escapes len bytes of client text into out (terminated). */
const char *log_quote(const char *bytes, size_t len, char out[LOG_QUOTE_BYTES + 1]);

#endif
