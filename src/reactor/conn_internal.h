/* What the conn_*.c files share: a conn's phases and flags, and the buffers of all conns of a
 * reactor.  Nothing here is for users.
 *
 * Who calls whom; nobody calls to the left:
 *
 *     conn_start ─► conn ─► conn_timeout ─► conn_output ─► conn_phase ─► the loop (internal.h)
 *                     ├───► conn_group ─────────────────────►┤
 *                     └───► conn_input ─────────────────────►┘
 *
 * Only conn.c calls the session (struct conn_ops) and ends conns.  All others change fields, and may
 * note that an end is due.
 *
 * Invariants, checked in builds with REACTOR_VERIFY: 1 by conn_set_phase(), 2 to 7 by
 * conn_output_verify(), 8 to 10 by conn_input_verify(), whenever one of their functions is done; 10
 * also before a window is opened.
 *
 *      1. The phase changes only as the picture at enum conn_phase says.
 *      2. Pieces first .. count of an output buffer are unsent, and none is empty; there is room for
 *         all of them in pieces[].
 *      3. unsent is the sum of their lengths.
 *      4. What is marked is unsent: marked <= unsent.
 *      5. Rendered pieces lie in bytes[0 .. used) in their order without overlap, and the last of
 *         them ends at used: the next rendered byte belongs there.
 *      6. Output is pending only while something is unsent.
 *      7. Only an open conn, or one that delivers, has an output buffer (one that is to be closed may
 *         still have it).
 *      8. A conn's kept input is not empty, fits its buffer, and that is no larger than
 *         input_max_bytes.
 *      9. An open input window lies in the scratch buffer or in the conn's kept input, and holds at
 *         most input_max_bytes.
 *     10. At most one conn has its input window open, and no conn that is connecting or lingering.
 */
#ifndef REACTOR_CONN_INTERNAL_H
#define REACTOR_CONN_INTERNAL_H

#include "internal.h"

#include "reactor/conn.h"

#include <sys/uio.h>

#pragma GCC visibility push(hidden)

/* struct conn.phase.  Changed by conn_set_phase() only; 0, as all conns begin, is CONNECTING:
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
    /* Less input than this is moved to where a whole read fits behind it: some 0.1 us. */
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

/* Output on its way: pieces in order, pointing into bytes[] (rendered) or elsewhere. */
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

/* Unconsumed input, kept between two rounds. */
struct conn_kept {
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
    struct conn *window_of; /* the conn whose input window is open; NULL: no session is being called */
    char *window;           /* its unconsumed input, in the scratch buffer or in its kept input */
    size_t window_bytes;
    struct conn_scratch *scratch;
    struct conn_buffer *spare;
    unsigned spares;
    bool no_sendfile; /* sendfile(2) does not work here */
};

/* Input and output are split descriptors, or no sockets. */
struct conn_split {
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
    return c->split ? c->split->out_fd : c->in.fd;
}

/* ---- conn_phase.c ---- */

/* What an errno of a read or write means. */
enum conn_outcome {
    CONN_RETRY,   /* at once */
    CONN_BLOCKED, /* when the kernel reports readiness again */
    CONN_BROKEN   /* never */
};
enum conn_outcome conn_outcome_of(int err);
/* The same, and CONN_BROKEN closes c for the reason that belongs to err. */
enum conn_outcome conn_translate(struct conn *c, int err);
/* The errnos that tell of a peer that has gone or cannot be reached any more. */
bool conn_is_peer_gone(int err);

void conn_set_phase(struct conn *c, enum conn_phase phase);
/* Ends c at the next occasion, for this reason, unless it is ending already. */
void conn_close_for(struct conn *c, enum conn_reason why, int err);
/* An open c, or one that delivers already, delivers and is then closed for this reason. */
void conn_finish_for(struct conn *c, enum conn_reason why);

int conn_pool_prepare(struct reactor *r, size_t input_max_bytes);
/* An empty output buffer for c, which has none; NULL, and c is to be closed, without memory. */
struct conn_buffer *conn_output_take(struct conn *c);
/* Gives c's output buffer back; harmless when there is none.  So is the other. */
void conn_output_free(struct conn *c);
void conn_kept_free(struct conn *c);

/* ---- conn_input.c ---- */

/* Opens c's input window on its kept input; serve() and expired() run while it is open. */
void conn_window_open(struct conn *c);
/* Closes it: what is left is kept in a buffer of c's own. */
void conn_window_close(struct conn *c);
/* One read into the window.  Sets C_CALL when there is news for serve(). */
void conn_fill(struct conn *c);
/* Reads and throws away; false: the peer has closed, failed, or sent too much. */
bool conn_drain(struct conn *c);

/* ---- conn_output.c ---- */

/* Sends what it can, at most *budget bytes, which it lowers.  There must be an output buffer. */
void conn_flush(struct conn *c, size_t *budget);

/* ---- conn_timeout.c ---- */

enum conn_overdue {
    CONN_OVERDUE_NOTHING,
    CONN_OVERDUE_CONNECT, /* the peer's answer to connect(2) */
    CONN_OVERDUE_REQUEST, /* something from an idle peer */
    CONN_OVERDUE_TAKING,  /* the peer's taking what was sent */
    CONN_OVERDUE_END      /* the end of a conn that had been given some time for it */
};
/* What is overdue when c's timer has fired at now_ns. */
enum conn_overdue conn_overdue(const struct conn *c, uint64_t now_ns);
/* The time for which c's timer is to be armed now; UINT64_MAX: not at all. */
uint64_t conn_next_look_ns(const struct conn *c, uint64_t now_ns);
/* Output is about to leave, and nothing was outstanding: the send timeout counts from now.  Returns
 * the time at which the timer must fire at the latest; UINT64_MAX: no matter when. */
uint64_t conn_watch_begin(struct conn *c, uint64_t now_ns);
/* So many of the bytes sent are not acknowledged at now_ns. */
void conn_note_unacked(struct conn *c, size_t unacked, uint64_t now_ns);

/* ---- conn_group.c; harmless without a group ---- */

void conn_group_join(struct conn *c);
void conn_group_leave(struct conn *c);

/* ---- conn.c ---- */

/* The last step of starting, in phase CONNECTING or OPEN: from here on closed() will be called. */
void conn_begin(struct conn *c);
/* What happens to a conn: its descriptors are ready, its timer fires.  c may be gone afterwards. */
void conn_ready(struct conn *c, uint32_t events);
void conn_timer_fired(struct reactor_timer *t);

#ifdef REACTOR_VERIFY
void conn_output_verify(const struct conn *c);
void conn_input_verify(const struct conn *c);
#else
static inline void conn_output_verify(const struct conn *c)
{
    (void)c;
}

static inline void conn_input_verify(const struct conn *c)
{
    (void)c;
}
#endif

#pragma GCC visibility pop
#endif
