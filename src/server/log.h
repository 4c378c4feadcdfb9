/* log.h - lines on stderr that can neither stop the service nor be forged by a client.
 *
 * One event a line, printable ASCII, at most LOG_LINE_BYTES; text from a client
 * goes through log_quote() and is never at the start of a line.  At most
 * LOG_LINES_PER_SECOND lines of one kind; what is left out is counted and the count told
 * by log_tick().
 *
 * Writing never waits: stderr is used non-blocking where that can be had without
 * changing it for the programs it is shared with (an open file description of
 * the log's own; MSG_DONTWAIT on a socket), else asked with poll(2) first; only a terminal
 * of another user, which cannot be opened again, may still hold up a line.  A line that there is no
 * room for (a full pipe, a stopped terminal) is left out and counted; one that fails (no reader, a full disk) is lost:
 * service goes before the record of it.  A line that was taken in part is
 * completed before the next one begins.  Lines of LOG_LISTENING are promised: they wait until there is
 * room, at first within log_line(), LOG_PATIENCE_NS in all, then until log_tick() or another line finds it.
 */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reactor_sys;

enum log_level {
    LOG_ERROR,
    LOG_WARNING,
    LOG_INFO,
    LOG_DEBUG
};

/* What is counted together when there is too much of it. */
enum log_kind {
    LOG_LISTENING,  /* written at every level; waits for room */
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
    LOG_UNSENT_BYTES = 4096    /* waiting for room: the rest of a line, and 32 addresses */
};
/* What all LOG_LISTENING lines together may wait within log_line(): long enough for a reader that is only slow, short
 * enough that a log nobody reads delays the service once and hardly. */
#define LOG_PATIENCE_NS UINT64_C(1000000000)

struct log_counter {
    uint64_t second_ns; /* when the present second began */
    uint32_t lines;     /* written in it */
    uint64_t left_out;  /* not written in it, or later, and not told yet */
};

struct log {
    const struct reactor_sys *sys;
    int fd;
    int own_fd;     /* what log_close() closes; -1: nothing */
    uint8_t access; /* enum reactor_access */
    enum log_level level;
    struct log_counter counter[LOG_KINDS];
    bool left_out; /* log_tick() has something to say or to write */
    uint64_t patience_ns;
    size_t unsent_bytes; /* the rest of a line that was taken in part, then promised lines */
    char unsent[LOG_UNSENT_BYTES];
};

/* Starts a log on fd, which stays the caller's.  sys: the clock and the system calls it uses. */
void log_init(struct log *log, int fd, enum log_level level, const struct reactor_sys *sys);
/* Closes what log_init() opened. */
void log_close(struct log *log);

/* True when a line of this level would be wanted: lets callers skip costly preparation. */
static inline bool log_wants(const struct log *log, enum log_level level)
{
    return level <= log->level;
}

/* Writes one line; format must not begin with client text. */
__attribute__((format(printf, 4, 5))) void log_line(struct log *log, enum log_level level, enum log_kind kind,
                                                    const char *format, ...);

/* Writes what waits for room, and tells what was left out in seconds that are over.  Call about once a second while
 * log->left_out. */
void log_tick(struct log *log);

/* The last word: tells what was left out in the present second too. */
void log_finish(struct log *log);

/* Escapes len bytes of client text into out (terminated). */
const char *log_quote(const char *bytes, size_t len, char out[LOG_QUOTE_BYTES + 1]);

#endif
