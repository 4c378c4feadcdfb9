/* session.h - one client: lines in, answers out, in the default or the classic dialect.
 *
 *     GREETING (the first prompt)
 *         |              +----------- prompt ------------+
 *         v              v                               |
 *         +---------> READING --- a query ----------> ANSWERING --- interrupt --> STOPPING
 *                     |  ^  ^                            ^                        |  |
 *      line too long  |  |  |                            +--- words are due ------+  |
 *                     v  | its end, or an interrupt                                  |
 *                  SKIPPING  +--- words, when the answer was complete already -------+
 *
 *     READING -- interrupt of a complete answer that is still unsent --> STOPPING
 *     any state --> CLOSED (finish or abort)
 *
 * A session reads no further than the line it is answering: what is typed ahead
 * waits in the conn's input, where only an interrupt is looked for.  So what it may hold is
 * one line of input and one chunk of output, however much is piped in.
 */
#ifndef SERVER_SESSION_H
#define SERVER_SESSION_H

#include "reactor/conn.h"
#include "telnet.h"

struct delivery;
struct cache;
struct log;
struct own;
struct reactor_sys;

/* Counters of all sessions of a server. */
struct session_stats {
    uint64_t requests; /* lines taken, empty ones included */
    uint64_t queries;
    uint64_t cache_hits; /* queries answered from the cache */
    uint64_t errors;     /* lines answered with "! " */
    uint64_t interrupts; /* answers stopped by their client */
    uint64_t matches;
};

/* What the sessions of a server share; must outlive them. */
struct session_kind {
    struct conn_limits limits; /* of their conns; first, so that a conn's limits lead here */
    struct reactor *reactor;
    struct log *log;
    size_t max_line_bytes;
    double idle_seconds; /* as told in the closing words */
    bool classic;
    bool draining;          /* finish what is being answered, start nothing */
    struct cache *cache;    /* small answers, ready; may be NULL */
    struct delivery *spare; /* one answer kept ready, so that a small query allocates nothing */
    struct session_stats stats;
    /* Writes the counters as one line, terminated, without line end.  May be NULL. */
    void (*stats_line)(struct session_kind *kind, char *out, size_t cap);
    /* The session is closed and may be freed; also its last chance to be counted.  Not NULL. */
    void (*closed)(struct session_kind *kind, struct conn *c, enum conn_reason why, int err);
    struct conn_group group; /* all of them that have started */
};

/* Initialises what is the same for all kinds (limits.input_max_bytes …); the rest is the caller's. */
void session_kind_init(struct session_kind *kind, struct reactor *r, size_t max_line_bytes);
void session_kind_free(struct session_kind *kind);

enum session_state {
    SESSION_GREETING,  /* nothing sent yet */
    SESSION_READING,   /* waits for a line, or takes the next */
    SESSION_ANSWERING, /* an answer is in flight */
    SESSION_STOPPING,  /* it was interrupted; the words that tell of it wait for a timing mark */
    SESSION_SKIPPING,  /* the rest of a line that is too long is thrown away */
    SESSION_CLOSED     /* finished or aborted: nothing more is said */
};

struct session {
    struct conn conn;
    uint32_t number;           /* which client it is, for the log */
    struct delivery *delivery; /* the answer in flight: ANSWERING, and STOPPING if it was cut short; else NULL */
    struct own *own;           /* what outlasts an answer; NULL: nothing */
    struct telnet telnet;
    struct telnet scan;        /* the same at scanned_bytes */
    uint32_t edited_bytes;     /* the front of the input that went through the telnet filter already */
    uint32_t skipped_bytes;    /* SKIPPING: of the line so far; STOPPING: input to drop, typed before the interrupt */
    uint32_t scanned_bytes;    /* of the input, already looked through for an interrupt; 0: none */
    uint32_t scan_line;        /* where in it the line begins that is being looked through */
    uint32_t last_lines;       /* matches in the newest answer that is complete but may be unsent, or left of it … */
    uint32_t last_found;       /* … of how many that there are … */
    uint32_t interrupted_ms;   /* when the last IAC IP with nothing to stop came, modulo 2^32 */
    uint16_t last_tail_lines;  /* … and its other lines; 0: there is none */
    uint16_t ayt_second;       /* when AYT was answered last, seconds modulo 65,536 */
    uint8_t ayt_count;         /* and how often within that second */
    uint8_t state;             /* enum session_state */
    bool begun : 1;            /* what came is more than the beginning of a U+FEFF */
    bool interrupted_idle : 1; /* the last thing that came was IAC IP with nothing to stop */
    bool scan_etx : 1;         /* there is a 0x03 in the line being looked through */
    bool prompt_open : 1;      /* the last thing sent is a prompt */
    bool status_due : 1;       /* STOPPING: a complete answer was cut, say where */
    bool eof : 1;              /* IAC EOF came: what was typed is the last line */
};

extern const struct conn_ops session_ops;

/* Clears a session before conn_start(&s->conn, r, &session_ops, &kind->limits, fd). */
void session_init(struct session *s, uint32_t number);

/* The server is stopping: begins the draining of all sessions.  Each ends after
 * what is being answered, with a closing word. */
void session_kind_drain(struct session_kind *kind);

/* For the other parts of a session. */
struct session_kind *session_kind_of(struct session *s);
const struct reactor_sys *session_sys(struct session *s);

/* Frees what a closed session holds beside its conn (from closed()). */
void session_clear(struct session *s);

#endif
