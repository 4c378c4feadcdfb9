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
 * call, so pipelined requests are answered in batches.  A small request costs one
 * recv(2), one send(2) and some 900 instructions of the reactor's own when it is alone in its turn, 180 when
 * sixteen come at once.
 *
 * Memory: an idle conn is its struct and holds no buffer at all.  It reads into,
 * and renders into, scratch buffers of its reactor; only what is left over - part of a
 * line, bytes the peer does not take - stays in a buffer of its own:
 * at most limits.input_max_bytes of input and CONN_OUTPUT_BYTES (and 300 bytes) of output.
 * When such a buffer cannot be had, that conn is closed with CONN_NO_MEMORY.
 *
 * Back-pressure: input is read only while less than input_max_bytes of it is
 * held.  serve() is called for new input even while output is pending (so that
 * an interrupt can be seen); a session that does not want to start new work then returns
 * CONN_MORE.  A session that neither consumes from a full input nor ends is not called
 * again for it: input_max_bytes must hold the longest unit it waits for (for
 * line_next(): max_bytes + 2).
 *
 * Fairness: in one turn a conn sends at most limits.slice_bytes, is served at most 16 times, and not once
 * more when its share of the turn (an eighth of its budget: 0.5 ms) is over; then the others have their turn
 * (promises 8, 14).  How long one call of serve() takes is up to the session: one that may have much to do asks
 * conn_share_over() now and then, and returns CONN_MORE when it says so.  It is called again
 * next turn, or, when others do not cost as much, after them.
 *
 * Timeouts: idle time runs from the start, from conn_touch(), from the last byte of
 * output the kernel took, and not at all while output is pending or unacknowledged or the
 * session says CONN_MORE.  Input that has arrived is served before an idle timeout,
 * whichever is noticed first.  The send timeout runs while something sent is not
 * acknowledged, from the last progress; it is never early and at most a quarter late.
 * What is not a socket tells nothing about its reader: there a byte written counts as taken.
 *
 * How it ends, and who frees: see closed() below.  When may I free: in closed(), or
 * when a start function has failed.  The slow reader: above.  Clean shutdown:
 * stop the listener, conn_finish() each (conn_group_finish()); reactor_run()
 * returns when the last has gone.
 *
 * A conn's functions may be called from the thread of its loop only, from its
 * successful start until closed() is called.  Writing to a pipe
 * whose reader has gone raises SIGPIPE (sockets do not): programs that use conn_start_pair() ignore it.
 */
#ifndef REACTOR_CONN_H
#define REACTOR_CONN_H

#include "reactor/reactor.h"

#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

struct conn;

/* Output a conn may hold of its own while it streams.  Larger ones cost memory for
 * each slow reader and gain nothing: long runs are pointed at, not copied. */
enum {
    CONN_OUTPUT_BYTES = 16384
};

/* What serve() waits for. */
enum conn_next {
    CONN_WAIT,   /* nothing to say until more input comes (or conn_wake()) */
    CONN_MORE,   /* there is more to do: call again when the peer has taken this; next turn if there was none */
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
    CONN_FAILED,    /* a system call failed as it should not; err is its errno */
    CONN_REASONS
};
/* Short lower-case words for logs: "finished", "peer gone" …; static. */
const char *conn_reason_name(enum conn_reason why);

/* What a kind of conn does.  None of these is called from inside an API function. */
struct conn_ops {
    const char *name; /* static; for reactor_dump() and statistics */
    enum conn_next (*serve)(struct conn *c);
    /* The idle or send timeout has run out (why: CONN_IDLE, CONN_STALLED).
     * It may put last words into the output: conn_room() bytes, which is 0 while
     * output is pending, unless conn_cut() drops that.  The conn then finishes by
     * itself, within linger_ns, and closed() gets the same reason.  NULL: nothing to say
     * (a stalled conn is closed at once then, an idle one finishes). */
    void (*expired)(struct conn *c, enum conn_reason why);
    /* The last call, exactly once for each conn that was started: descriptors are
     * closed, buffers and timer gone.  conn_reactor() still works, nothing else does.  Freeing
     * the conn here is legal.  err is an errno or 0. */
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
    size_t input_max_bytes;   /* unconsumed input held at most; not 0 */
    size_t slice_bytes;       /* output per turn, protects the others; 0: 256 KiB */
    uint64_t idle_timeout_ns; /* 0: never */
    uint64_t send_timeout_ns; /* 0: never; measured on what the peer acknowledges (SIOCOUTQ); also for connecting */
    uint64_t linger_ns;       /* how long conn_finish() waits for the peer's close; 0: 2 s */
    size_t linger_bytes;      /* and how much input it throws away meanwhile; 0: 1 MiB */
    /* A read-only region that is also in a file: long conn_refer() pieces
     * inside [region, region + region_bytes), 128 KiB and more, leave by sendfile(2)
     * from region_fd at region_offset; where that does not work, from memory, and from then on
     * for all conns of this reactor.  NULL: none. */
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
struct conn_kept;
struct conn_split;

struct conn {
    const struct conn_ops *ops;
    const struct conn_limits *limits;
    /* private: read through the functions below */
    struct reactor_fd in; /* the socket, or the input descriptor */
    struct reactor_timer timer;
    struct conn_split *split;   /* NULL: one socket for both ways */
    struct conn_buffer *output; /* NULL: nothing pending */
    struct conn_kept *kept;     /* NULL: no unconsumed input */
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

/* The start functions: c may be uninitialised; ops and limits must outlive it.  0,
 * or -1 with errno, closed() is not called and nothing is left behind: ENOMEM,
 * ENOSPC (epoll_ctl(2)), EMFILE (the number is beyond reactor_config.max_fds).
 * They allocate only when a reactor's first conn starts, or one with larger limits. */

/* On a connected, non-blocking stream socket, which the conn owns from now on - also on
 * failure, when it is closed.  serve() is called in the next turn for the first
 * time, whether or not there is input (greet there). */
int conn_start(struct conn *c, struct reactor *r, const struct conn_ops *ops, const struct conn_limits *limits, int fd);
/* On two descriptors that may be anything: sockets, pipes, a terminal, regular files, twice
 * the same.  Owns and closes both.  They need not be non-blocking, and O_NONBLOCK is not set on an
 * open file description that others may share: sockets are asked call by call, pipes and terminals
 * opened a second time (in place, /proc/self/fd), and what cannot be is polled before each call.
 * Allocates 56 bytes. */
int conn_start_pair(struct conn *c, struct reactor *r, const struct conn_ops *ops, const struct conn_limits *limits,
                    int in_fd, int out_fd);
/* How to connect, for those to whom it matters; zero is the system's choice. Not kept. */
struct conn_connect_options {
    const struct sockaddr *source; /* NULL: any. Port 0 is chosen by connect(2), so that each source address has its
                                    * whole range of ports for each peer */
    socklen_t source_len;
    int receive_buffer_bytes; /* SO_RCVBUF, before the handshake, which tells the peer its window */
};
/* Connects to addr (which is not kept), options may be NULL; serve() is called when connected.  When connecting fails
 * later, closed() gets CONN_PEER_GONE and the errno of connect(2), or CONN_STALLED and ETIMEDOUT after
 * send_timeout_ns; when it fails at once, this returns -1 with that errno (or that of bind(2)).  A name with several
 * addresses: call it for the next one there, and in closed() when serve() was never called. */
int conn_connect(struct conn *c, struct reactor *r, const struct conn_ops *ops, const struct conn_limits *limits,
                 const struct sockaddr *addr, socklen_t addr_len, const struct conn_connect_options *options);

/* The loop c runs in; also in closed(). */
struct reactor *conn_reactor(const struct conn *c);

/* Its socket, or input descriptor, for what a conn does not do (shutdown(2), SO_LINGER); the conn stays the owner. */
int conn_fd(const struct conn *c);

/* Within serve(): true when c has had its share of this turn, or the turn is over: leave the rest for later and
 * return CONN_MORE.  To be asked after each piece of work that took some 20 us or more, and every 30
 * small ones: it reads the clock (60 instructions).  Having asked says that this call did more
 * than usual: how long it took decides whether c waits behind the others next time. */
bool conn_share_over(struct conn *c);

/* ---- input: within serve() and expired() ---- */

/* The unconsumed input: *len bytes, yours to read and rewrite until serve()
 * returns or conn_consume(), conn_erase() is called. */
char *conn_input(struct conn *c, size_t *len);
/* True when no byte will follow those in conn_input(): the peer has half-closed.  What was
 * asked is still to be answered; a session that has nothing more to do returns CONN_FINISH. */
bool conn_input_ended(const struct conn *c);
/* Takes the first n bytes away; more than there are: nothing happens.  Costs no copy. */
void conn_consume(struct conn *c, size_t n);
/* Takes n bytes at offset at out of the middle; those before it stay.  Copies what is behind. */
void conn_erase(struct conn *c, size_t at, size_t n);

/* ---- output: anywhere; what is put out outside serve() leaves in the next turn ---- */

/* Bytes that conn_write() will take now; 0 while output of an earlier round is unsent, and once finishing. */
size_t conn_room(const struct conn *c);
/* Room for n contiguous bytes to render into, valid until the next output function; NULL when
 * fewer are left, or without memory (then the conn is going to be closed). */
char *conn_reserve(struct conn *c, size_t n);
/* n of the reserved bytes are output now; n at most what was reserved. */
void conn_commit(struct conn *c, size_t n);
/* Copies n bytes; false, and nothing copied, without room. */
bool conn_write(struct conn *c, const void *bytes, size_t n);
/* Points at n bytes that stay valid and unchanged until sent or closed() is called; up to 512
 * are copied instead, which is cheaper.  At most 16 pieces are in flight: false when there is no
 * place for one more, or output of an earlier round is unsent. */
bool conn_refer(struct conn *c, const void *bytes, size_t n);
/* Bytes put out and not yet taken by the kernel. */
size_t conn_unsent(const struct conn *c);
/* Bytes the kernel has and the peer has not acknowledged (SIOCOUTQ); 0 when
 * unknown.  AF_UNIX counts its own overhead too.  A system call. */
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

/* Idle time counts from now: to be called for what counts as a request.  One store. */
void conn_touch(struct conn *c);
/* serve() is called in the next turn (or by an event still to come in this one). */
void conn_wake(struct conn *c);
/* As if serve() had returned CONN_FINISH: delivers, shuts the write side, drains input for at
 * most linger_ns and linger_bytes so that the last bytes arrive and no reset overtakes them, closes.
 * serve() is not called any more. */
void conn_finish(struct conn *c);
/* Closes at the next occasion, what is unsent is thrown away; closed() comes later in this turn or in the
 * next.  The first reason a conn got stands. */
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
