/* What the conn_*.c files share: a conn's phases and flags, and the buffers of
 * all conns of a reactor.  Nothing here is for users.
 */
#ifndef REACTOR_CONN_INTERNAL_H
#define REACTOR_CONN_INTERNAL_H

#include "internal.h"

#include "reactor/conn.h"

#include <sys/uio.h>

#pragma GCC visibility push(hidden)

/* struct conn.phase.  Changed by conn_set_phase() only:
 *
 *     CONNECTING ──► OPEN ──► DELIVERING ──► LINGERING ──► CLOSING
 *          └───────────┴───────────┴────────────────────────► CLOSING
 */
enum conn_phase {
    CONN_CONNECTING, /* connect(2) is under way */
    CONN_OPEN,       /* serve() is called */
    CONN_DELIVERING, /* asked to finish: what was put out is still being sent */
    CONN_LINGERING,  /* write side shut: input is thrown away until the peer closes too */
    CONN_CLOSING     /* reason and err are set: to be torn down at the next occasion */
};

/* struct conn.flags */
enum {
    C_READABLE = 1,      /* the kernel may have input for us */
    C_WRITABLE = 2,      /* the kernel may take output */
    C_READ_TO_END = 4,   /* the end of the input, an error or an urgent mark is near: a short read proves nothing */
    C_INPUT_ENDED = 8,   /* recv returned 0 */
    C_CALL = 16,         /* serve() is due */
    C_WAKE = 32,         /* ... from the next turn on */
    C_MORE = 64,         /* serve() has more to say */
    C_WATCHING = 128,    /* sent something since nothing was outstanding: acked_* are in use */
    C_NO_SENDFILE = 256, /* no memory for sendfile(2): goes on without */
    C_HURRIED = 512      /* finishing after a timeout: the timer ends it */
};

enum {
    /* One sendmsg takes them all.  Each costs the kernel about what copying
     * 1 KiB costs us, so more of them would be better copied. */
    CONN_PIECES = 16,
    CONN_COPY_BYTES = 512,
    /* Where a sendfile of its own, and the system call for it, begin to pay:
     * 54 KB leave for a tenth less from memory, 4 MB for a third less from the file. */
    CONN_SENDFILE_BYTES = 128 * 1024,
    /* What one recv may bring at most; held once for all conns. */
    CONN_SCRATCH_BYTES = 65536,
    /* Less held input than this is moved to where a whole read fits behind it: some 0.1 us. */
    CONN_MOVE_BYTES = 4096,
    /* Output buffers kept for the next who needs one, rather than freed. */
    CONN_SPARE_BUFFERS = 8,
    /* Calls of serve() in one turn, whatever they cost. */
    CONN_ROUNDS = 16,
    /* Sending this much in one turn is worth a look at the clock. */
    CONN_LOOK_BYTES = 32768,
    /* What a pipe that polls as writable takes without blocking (POSIX PIPE_BUF). */
    CONN_GATED_BYTES = 4096
};

#define CONN_SLICE_BYTES ((size_t)256 * 1024)
/* Linux cuts a write at 2 GiB less a page; that must not look like a full socket. */
#define CONN_SLICE_MAX_BYTES ((size_t)1 << 30)
#define CONN_LINGER_NS       ((uint64_t)2 * 1000000000)
#define CONN_LINGER_BYTES    ((size_t)1024 * 1024)

/* Output on its way: pieces in order, pointing into bytes[] or elsewhere. */
struct conn_buffer {
    struct conn_buffer *next; /* among the spare ones */
    size_t unsent;            /* sum of the pieces from first on */
    size_t marked;            /* of these, what conn_cut() leaves alone: see conn_mark() */
    uint32_t used;            /* of bytes[] */
    uint16_t first, count;    /* pieces[first .. count) are unsent, the first one perhaps in part */
    bool pending;             /* left over from an earlier round: nothing may be added */
    bool mid_line;            /* pending, and the last byte sent was not LF */
    struct iovec pieces[CONN_PIECES];
    char bytes[CONN_OUTPUT_BYTES];
};

/* Unconsumed input between two rounds. */
struct conn_held {
    uint32_t bytes, capacity;
    char text[];
};

struct conn_scratch {
    struct conn_scratch *older; /* smaller ones, perhaps still in use further up the stack */
    size_t bytes;
    char text[];
};

/* One per reactor. */
struct conn_pool {
    struct conn *viewing; /* whose input text and bytes are; NULL: nobody is being run */
    char *text;           /* unconsumed input of that conn, in the scratch buffer or in its own */
    size_t bytes;
    struct conn_scratch *scratch;
    struct conn_buffer *spare;
    unsigned spares;
    bool no_sendfile; /* sendfile(2) does not work here */
};

/* Input and output are different descriptors, or no sockets. */
struct conn_pair {
    struct conn *conn;
    struct reactor_fd out; /* not started when in_fd == out_fd */
    int out_fd;
    enum reactor_access in_access, out_access;
};

static inline struct reactor *reactor_of(const struct conn *c)
{
    return c->in.reactor;
}

static inline struct conn_pool *pool_of(const struct conn *c)
{
    return c->in.reactor->conn_pool;
}

static inline const struct reactor_sys *sys_of(const struct conn *c)
{
    return c->in.reactor->sys;
}

static inline int out_fd_of(const struct conn *c)
{
    return c->pair ? c->pair->out_fd : c->in.fd;
}

/* What an errno of a read or write means for the conn. */
enum conn_outcome {
    CONN_RETRY,   /* at once */
    CONN_BLOCKED, /* when the kernel reports readiness again */
    CONN_BROKEN   /* conn_fail() has been called */
};

/* conn.c */
void conn_set_phase(struct conn *c, enum conn_phase phase);
/* Ends c at the next occasion, for this reason, unless it is ending already. */
void conn_close_for(struct conn *c, enum conn_reason why, int err);
enum conn_outcome conn_translate(struct conn *c, int err);
/* The errnos that tell of a peer that has gone or cannot be reached any more. */
bool conn_is_peer_gone(int err);
/* Reads, serves, sends as far as a turn's budget goes.  False: c has been torn down. */
bool conn_run(struct conn *c);
/* The watchers' callback for both kinds of conn. */
void conn_ready(struct conn *c, uint32_t events);
void conn_begin_delivering(struct conn *c);

/* conn_group.c; harmless without a group */
void conn_group_join(struct conn *c);
void conn_group_leave(struct conn *c);

/* conn_input.c */
int conn_pool_prepare(struct reactor *r, size_t input_max_bytes);
void conn_view_open(struct conn *c);
/* Keeps what is left in a buffer of c's own, or none. */
void conn_view_close(struct conn *c);
/* One read.  Sets C_CALL when there is news for serve(). */
void conn_fill(struct conn *c);
/* Reads and throws away; false: the peer has closed, failed, or sent too much. */
bool conn_drain(struct conn *c);
void conn_input_free(struct conn *c);

/* conn_output.c */
/* Sends what it can, at most *budget bytes, which it lowers. */
void conn_flush(struct conn *c, size_t *budget);
void conn_output_free(struct conn *c);

/* conn_timeout.c */
void conn_timer_fired(struct reactor_timer *t);
void conn_timer_begin(struct conn *c);
void conn_linger_timer(struct conn *c);
/* Output is about to leave: the send timeout counts from now unless it is counting. */
void conn_watch_begin(struct conn *c);

#pragma GCC visibility pop
#endif
