/* The life of a conn: what a readiness event, a round of serving and an end
 * mean in each phase (see enum conn_phase in conn_internal.h).
 *
 * One registration per connection, edge-triggered, at its start, and no
 * epoll_ctl afterwards: the conn remembers that it is readable or writable
 * until the kernel says otherwise.  Work that a budget leaves over is asked
 * for again through the loop.
 */
#include "conn_internal.h"

#include <errno.h>

const char *conn_reason_name(enum conn_reason why)
{
    static const char *const names[CONN_REASONS] = {
        [CONN_FINISHED] = "finished",  [CONN_ABORTED] = "aborted", [CONN_PEER_GONE] = "peer gone",
        [CONN_IDLE] = "idle",          [CONN_STALLED] = "stalled", [CONN_NO_MEMORY] = "no memory",
        [CONN_FAILED] = "call failed",
    };
    return (unsigned)why < CONN_REASONS ? names[why] : "unknown";
}

void conn_set_phase(struct conn *c, enum conn_phase phase)
{
    /* Forward only; that CLOSING is final is what makes "exactly once" true. */
    if ((unsigned)phase > c->phase)
        c->phase = (uint8_t)phase;
}

void conn_close_for(struct conn *c, enum conn_reason why, int err)
{
    if (c->phase == CONN_CLOSING)
        return;
    c->reason = (uint8_t)why;
    c->err = (uint16_t)err;
    conn_set_phase(c, CONN_CLOSING);
    reactor_fd_again(&c->in); /* in case nobody up the stack is about to look */
}

bool conn_is_peer_gone(int err)
{
    switch (err) {
    case EPIPE:
    case ECONNRESET:
    case ECONNABORTED:
    case ECONNREFUSED:
    case ENOTCONN:
    case ESHUTDOWN:
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENETUNREACH:
    case ENETDOWN:
    case ENETRESET: return true;
    default: return false;
    }
}

enum conn_outcome conn_translate(struct conn *c, int err)
{
    switch (err) {
    case EINTR: return CONN_RETRY;
    case EAGAIN:
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
        return CONN_BLOCKED;
    case ENOMEM:
    case ENOBUFS: conn_close_for(c, CONN_NO_MEMORY, err); return CONN_BROKEN;
    default: conn_close_for(c, conn_is_peer_gone(err) ? CONN_PEER_GONE : CONN_FAILED, err); return CONN_BROKEN;
    }
}

/* The one way out. */
static void teardown(struct conn *c)
{
    const struct conn_ops *ops = c->ops;
    const struct reactor_sys *sys = sys_of(c);
    struct reactor *r = reactor_of(c);
    enum conn_reason why = (enum conn_reason)c->reason;
    int err = c->err, in_fd = c->in.fd, out_fd = out_fd_of(c);

    conn_output_free(c);
    conn_input_free(c);
    reactor_timer_stop(r, &c->timer);
    reactor_fd_stop(&c->in);
    if (c->pair) {
        reactor_fd_stop(&c->pair->out);
        sys->free(c->pair);
        c->pair = NULL;
    }
    sys->close(in_fd);
    if (out_fd != in_fd)
        sys->close(out_fd);
    if (c->limits->stats)
        c->limits->stats->closed[why]++;
    conn_group_leave(c);
    ops->closed(c, why, err);
}

/* ---- finishing ---- */

void conn_begin_delivering(struct conn *c)
{
    conn_set_phase(c, CONN_DELIVERING);
    reactor_fd_again(&c->in);
}

/* Everything has left: shut the write side and wait for the peer to do the same. */
static void begin_lingering(struct conn *c)
{
    /* After the peer's end nothing can be unread, so close(2) sends no reset;
     * and what is no socket has nothing to shut.  Where shutdown(2) is not allowed the peer does not hear
     * of the end before we close, but what it was sent arrives. */
    bool socket = !c->pair ||
                  (c->pair->in_access == REACTOR_ACCESS_SOCKET && c->pair->out_access == REACTOR_ACCESS_SOCKET);
    if (!socket || c->flags & C_INPUT_ENDED ||
        (sys_of(c)->shutdown(out_fd_of(c), SHUT_WR) < 0 && conn_is_peer_gone(errno))) {
        conn_close_for(c, (enum conn_reason)c->reason, 0);
        return;
    }
    conn_set_phase(c, CONN_LINGERING);
    conn_input_free(c);
    c->acked_bytes = 0;
    conn_linger_timer(c);
}

static void finish_run(struct conn *c, size_t budget)
{
    if (c->phase == CONN_DELIVERING) {
        if (c->output && budget > 0)
            conn_flush(c, &budget);
        if (c->phase == CONN_DELIVERING && !c->output)
            begin_lingering(c);
        else if (c->flags & C_WRITABLE)
            reactor_fd_again(&c->in);
    }
    if (c->phase == CONN_LINGERING && !conn_drain(c))
        conn_close_for(c, (enum conn_reason)c->reason, 0);
}

/* ---- serving ---- */

static void call_serve(struct conn *c)
{
    c->flags &= (uint16_t) ~(C_CALL | C_MORE);
    switch (c->ops->serve(c)) {
    case CONN_WAIT: break;
    case CONN_MORE:
        c->flags |= C_MORE;
        c->idle_since_ns = reactor_of(c)->now_ns; /* busy is not idle */
        break;
    case CONN_FINISH: conn_finish(c); break;
    case CONN_ABORT: conn_abort(c); break;
    }
}

static bool serve_due(const struct conn *c)
{
    return c->flags & C_CALL || (c->flags & C_MORE && !c->output);
}

/* Rounds of reading, serving and sending; what they leave over, next turn sees. */
static void serve_rounds(struct conn *c, size_t *budget)
{
    const struct conn_pool *pool = pool_of(c);

    if (c->output)
        conn_flush(c, budget);
    for (unsigned round = 0; round < CONN_ROUNDS && *budget != 0 && c->phase == CONN_OPEN; round++) {
        if (c->flags & C_READABLE)
            conn_fill(c);
        if (c->phase != CONN_OPEN || !serve_due(c))
            break;
        if (round > 0 && reactor_share_over(reactor_of(c)))
            break; /* not before it is known that there is more: the usual request costs no look */
        call_serve(c);
        if (c->output)
            conn_flush(c, budget);
        else if (c->flags & C_MORE)
            break; /* long work in slices: the others have their turn */
    }
    if (c->phase == CONN_OPEN && ((c->flags & C_READABLE && pool->bytes < c->limits->input_max_bytes) ||
                                  (c->output ? c->flags & C_WRITABLE : c->flags & C_MORE) || c->flags & C_CALL))
        reactor_fd_again(&c->in);
}

bool conn_run(struct conn *c)
{
    size_t slice = c->limits->slice_bytes ? c->limits->slice_bytes : CONN_SLICE_BYTES, budget;

    if (UNLIKELY(slice > CONN_SLICE_MAX_BYTES))
        slice = CONN_SLICE_MAX_BYTES;
    budget = slice;
    if (LIKELY(c->phase == CONN_OPEN)) {
        conn_view_open(c);
        serve_rounds(c, &budget);
        conn_view_close(c);
    }
    if (slice - budget >= CONN_LOOK_BYTES)
        budget_read_soon(reactor_of(c));
    if (LIKELY(c->phase == CONN_OPEN))
        return true;
    finish_run(c, budget);
    if (c->phase != CONN_CLOSING)
        return true;
    teardown(c);
    return false;
}

/* ---- events ---- */

/* The error pending on the socket, which closes c; false: there is none. */
static bool error_pending(struct conn *c)
{
    int err = 0;
    socklen_t len = sizeof err;

    if (sys_of(c)->getsockopt(c->in.fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
        return false; /* not allowed here: the next recv or send brings it as well */
    return err != 0 && conn_translate(c, err) == CONN_BROKEN;
}

/* connect(2) has come to an end, one way or the other. */
static void connected(struct conn *c)
{
    if (error_pending(c))
        return;
    conn_set_phase(c, CONN_OPEN);
    conn_timer_begin(c);
    c->flags |= C_CALL | C_WRITABLE;
}

void conn_ready(struct conn *c, uint32_t events)
{
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI) && !(c->flags & C_INPUT_ENDED)) {
        c->flags |= C_READABLE;
        /* The end of the input is in reach, or an urgent byte, before which
         * recv(2) stops short: read until told otherwise. */
        if (UNLIKELY(events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR | EPOLLPRI)))
            c->flags |= C_READ_TO_END;
    }
    if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR))
        c->flags |= C_WRITABLE;
    if (UNLIKELY(c->flags & C_WAKE))
        c->flags = (uint16_t)((c->flags & ~C_WAKE) | C_CALL);
    if (UNLIKELY(c->phase == CONN_CONNECTING)) {
        if (!(events & (EPOLLOUT | EPOLLHUP | EPOLLERR)))
            return;
        connected(c);
    }
    /* Nobody reads any more who would notice. */
    if (UNLIKELY(events & EPOLLERR) && c->flags & C_INPUT_ENDED && !c->pair && c->phase == CONN_OPEN)
        (void)error_pending(c);
    (void)conn_run(c);
}

/* ---- from anywhere ---- */

struct reactor *conn_reactor(const struct conn *c)
{
    return c->in.reactor;
}

int conn_fd(const struct conn *c)
{
    return c->in.fd;
}

bool conn_share_over(struct conn *c)
{
    return reactor_share_over(reactor_of(c));
}

void conn_touch(struct conn *c)
{
    c->idle_since_ns = reactor_of(c)->now_ns;
}

void conn_wake(struct conn *c)
{
    c->flags |= C_WAKE;
    reactor_fd_again(&c->in);
}

void conn_finish(struct conn *c)
{
    if (c->phase == CONN_CONNECTING) {
        conn_close_for(c, CONN_FINISHED, 0);
    } else if (c->phase == CONN_OPEN) {
        c->reason = CONN_FINISHED;
        conn_begin_delivering(c);
    }
}

void conn_abort(struct conn *c)
{
    conn_close_for(c, CONN_ABORTED, 0);
}
