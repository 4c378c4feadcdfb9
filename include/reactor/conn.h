/* reactor/conn.h - one connected stream: bounded input, output on demand, one teardown.
 *
 * A conn calls your serve() whenever progress may be possible: there is new
 * input, the input has ended, or there is room for output again.  serve()
 * takes what it can from the input, puts what it can into the output, and says
 * what it waits for:
 *
 *     static enum conn_next serve(struct conn *c)
 *     {
 *         struct line line;
 *         while (conn_room(c) >= ANSWER_MAX) {
 *             switch (line_next(c, MAX_LINE, &line)) {
 *             case LINE_NONE: return CONN_WAIT;
 *             case LINE_END:  return CONN_FINISH;
 *             case LINE_TOO_LONG: ...
 *             case LINE_READY: answer(c, line.text, line.len); conn_consume(c, line.taken);
 *             }
 *         }
 *         return CONN_MORE;
 *     }
 *
 * Everything that one serve() round has put into the output leaves in one system
 * call, so pipelined requests are answered in batches.
 *
 * Memory: an idle conn holds no buffer at all.  It reads into, and renders
 * into, scratch buffers of its reactor; only what is left over - part of a
 * line, bytes the peer does not take - stays in a buffer of its own:
 * at most limits.input_max_bytes of input and CONN_OUTPUT_BYTES of output.
 *
 * Back-pressure: input is read only while less than input_max_bytes of it is
 * held.  serve() is called for new input even while output is pending (so that
 * an interrupt can be seen); a session that does not want to start new work then returns
 * CONN_MORE.
 *
 * Fairness: in one turn a conn sends at most limits.slice_bytes, then the
 * others have theirs (promise 8).
 */
#ifndef REACTOR_CONN_H
#define REACTOR_CONN_H

#include "reactor/reactor.h"

#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

struct conn;

enum {
    CONN_OUTPUT_BYTES = 16384
};

enum conn_next {
    CONN_WAIT,   /* nothing to say until more input comes */
    CONN_MORE,   /* more output is ready: call again when the peer has taken this */
    CONN_FINISH, /* deliver what was put out, then close (lingering, see conn_finish) */
    CONN_ABORT   /* close now; what was put out is thrown away */
};

enum conn_reason {
    CONN_FINISHED,  /* CONN_FINISH delivered and closed by us */
    CONN_ABORTED,   /* CONN_ABORT or conn_abort() */
    CONN_PEER_GONE, /* reset, or closed while we still had something to say */
    CONN_IDLE,      /* idle_timeout */
    CONN_STALLED,   /* send_timeout: the peer does not take its answer */
    CONN_NO_MEMORY, /* a buffer could not be had */
    CONN_FAILED,    /* another system call failed; err says which way */
    CONN_REASONS
};
/* Short lower-case words for logs: "finished", "peer gone" … */
const char *conn_reason_name(enum conn_reason why);

struct conn_ops {
    const char *name;
    enum conn_next (*serve)(struct conn *c);
    /* The idle or send timeout has run out (why: CONN_IDLE, CONN_STALLED).
     * It may put last words into the output (conn_room() bytes) - the conn
     * then finishes by itself.  NULL: nothing to say. */
    void (*expired)(struct conn *c, enum conn_reason why);
    /* The last call, exactly once for each conn that was started, never from inside
     * an API call: the descriptor is closed; freeing the conn here is legal.
     * err is an errno or 0. */
    void (*closed)(struct conn *c, enum conn_reason why, int err);
};

/* Totals of one kind of conn: see conn_limits.stats. */
struct conn_stats {
    uint64_t started;
    uint64_t closed[CONN_REASONS];
    uint64_t bytes_in, bytes_out;
};

/* The live conns of one kind, newest first: to count them, to speak to all of
 * them, to end them together (see conn_limits.group).  Zero it before the first
 * one starts; it must outlive them. */
struct conn_group {
    struct conn *first;
    size_t count; /* started, and closed() not called yet */
};

/* Shared by all conns of a kind; must outlive them. */
struct conn_limits {
    size_t input_max_bytes;   /* unconsumed input held at most */
    size_t slice_bytes;       /* output per turn; 0: 256 KiB */
    uint64_t idle_timeout_ns; /* 0: never */
    uint64_t send_timeout_ns; /* 0: never; measured on what the peer acknowledges (SIOCOUTQ) */
    uint64_t linger_ns;       /* how long conn_finish() waits for the peer's close; 0: 2 s */
    size_t linger_bytes;      /* and how much input it throws away meanwhile; 0: 1 MiB */
    /* A read-only region that is also in a file: long conn_refer() pieces
     * inside [region, region + region_bytes) leave by sendfile(2) from
     * region_fd at region_offset.  NULL: none. */
    const char *region;
    size_t region_bytes;
    int region_fd;
    int64_t region_offset;
    /* Where the conns of this kind are counted; NULL: nowhere.  It may be
     * shared by several kinds. */
    struct conn_stats *stats;
    /* The group a conn is in from its start until just before closed(); NULL: none. */
    struct conn_group *group;
};

/* private */
struct conn_buffer;
struct conn_held;
struct conn_pair;

struct conn {
    const struct conn_ops *ops;
    const struct conn_limits *limits;
    /* private: read through the functions below */
    struct reactor_fd in; /* the socket, or the input descriptor */
    struct reactor_timer timer;
    struct conn_pair *pair;     /* NULL: one socket for both ways */
    struct conn_buffer *output; /* NULL: nothing pending */
    struct conn_held *held;     /* NULL: no unconsumed input */
    struct conn *group_next, **group_prev;
    uint64_t idle_since_ns;
    uint64_t acked_since_ns; /* last time the peer was seen to take something */
    uint32_t sent_bytes;     /* modulo 2^32, like acked_bytes */
    uint32_t acked_bytes;
    uint16_t flags;
    uint16_t err;
    uint8_t phase;
    uint8_t reason;
};

/* Starts a conn on a connected, non-blocking stream socket, which it owns from
 * now on - also on failure, when it is closed.  serve() is called in the next
 * turn for the first time, whether or not there is input (greet there).
 * 0, or -1 with errno and closed() not called. */
int conn_start(struct conn *c, struct reactor *r, const struct conn_ops *ops, const struct conn_limits *limits, int fd);
/* The same on two descriptors that need not be sockets (a terminal, pipes, regular files). */
int conn_start_pair(struct conn *c, struct reactor *r, const struct conn_ops *ops, const struct conn_limits *limits,
                    int in_fd, int out_fd);
/* Connects to addr; serve() is called when connected, closed() with the
 * errno of connect(2) when that failed. */
int conn_connect(struct conn *c, struct reactor *r, const struct conn_ops *ops, const struct conn_limits *limits,
                 const struct sockaddr *addr, socklen_t addr_len);

struct reactor *conn_reactor(const struct conn *c);

/* ---- within serve() and expired() ---- */

/* The unconsumed input: *len bytes, yours to read and rewrite until serve() returns. */
char *conn_input(struct conn *c, size_t *len);
/* True when no byte will follow those in conn_input(). */
bool conn_input_ended(const struct conn *c);
/* Takes the first n bytes away. */
void conn_consume(struct conn *c, size_t n);
/* Takes n bytes at offset at out of the middle (those before it stay). */
void conn_erase(struct conn *c, size_t at, size_t n);

/* Bytes that conn_write() will take now; 0 while output of an earlier round is unsent. */
size_t conn_room(const struct conn *c);
/* Room for n contiguous bytes to render into, or NULL when fewer are left (also when no memory). */
char *conn_reserve(struct conn *c, size_t n);
/* n of the reserved bytes are output now. */
void conn_commit(struct conn *c, size_t n);
/* Copies; false (and nothing copied) without room. */
bool conn_write(struct conn *c, const void *bytes, size_t n);
/* Points at n bytes that stay valid and unchanged until sent; false without room (too many pieces). */
bool conn_refer(struct conn *c, const void *bytes, size_t n);
/* Bytes put out and not yet taken by the kernel. */
size_t conn_unsent(const struct conn *c);
/* Bytes the kernel has and the peer has not acknowledged (SIOCOUTQ); 0 when unknown. */
size_t conn_unacked(const struct conn *c);
/* What is put out so far is not to be cut: the next answer begins here, and
 * those before it in the same batch stay whole. */
void conn_mark(struct conn *c);
/* What was put out since the mark, *len bytes, if it lies in one piece; else
 * NULL.  Once serve() has returned, what was sent counts no more. */
const char *conn_since_mark(const struct conn *c, size_t *len);
/* Drops what is unsent behind the last mark, but finishes the line (up to LF) that is partly sent.
 * Returns how many LF were dropped. */
size_t conn_cut(struct conn *c);

/* ---- from anywhere in the loop's thread ---- */

/* Idle time counts from now. */
void conn_touch(struct conn *c);
/* serve() is called in the next turn. */
void conn_wake(struct conn *c);
/* As if serve() had returned CONN_FINISH: delivers, shuts the write side, drains input for at
 * most linger_ns and linger_bytes so that the last bytes arrive and no reset overtakes them, closes.
 * serve() is not called any more. */
void conn_finish(struct conn *c);
/* Closes at the next occasion; closed() comes later in this turn or in the next. */
void conn_abort(struct conn *c);

/* The conn after c in its group, or NULL.  A walk from group->first is safe as long
 * as no conn starts or closes meanwhile, which no function of this header makes happen
 * but the start functions: they put theirs in front. */
struct conn *conn_group_next(const struct conn *c);
/* conn_finish() on each.  With the listeners stopped, reactor_run() comes to its
 * end after the last of them. */
void conn_group_finish(struct conn_group *g);
/* conn_abort() on each: when the time for finishing is up. */
void conn_group_abort(struct conn_group *g);

#ifdef __cplusplus
}
#endif
#endif
