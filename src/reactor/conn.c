/* The life of a conn: what a readiness event, a timeout, a round of serving and an end mean in each
 * phase (see enum conn_phase in conn_internal.h).  The only file that calls the session (struct
 * conn_ops), and the only one that ends conns.
 *
 * One registration per connection, edge-triggered, at its start, and no epoll_ctl afterwards: the
 * conn remembers that it is readable or writable until the kernel says otherwise.  Work that a
 * budget leaves over is asked for again through the loop.
 */
#include "conn_internal.h"

#include <errno.h>

/* ---- beginning and end ---- */

static void arm_timer(struct conn *c, uint64_t deadline_ns)
{
    if (deadline_ns != UINT64_MAX)
        reactor_timer_start(reactor_of(c), &c->timer, deadline_ns);
}

/* For what c's phase waits for. */
static void arm_next_look(struct conn *c)
{
    arm_timer(c, conn_next_look_ns(c, reactor_of(c)->now_ns));
}

void conn_begin(struct conn *c)
{
    if (c->limits->stats)
        c->limits->stats->started++;
    conn_group_join(c);
    if (!reactor_of(c)->in_turn)
        (void)reactor_update_now_ns(reactor_of(c)); /* else its timeouts would count from the last turn */
    c->idle_since_ns = reactor_of(c)->now_ns;
    arm_next_look(c);
    if (c->phase == CONN_OPEN) {
        c->flags |= C_WRITABLE; /* until a call says otherwise */
        if (c->in.flags & FD_ALWAYS)
            c->flags |= C_READABLE; /* epoll will never say so */
        conn_wake(c);
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
    conn_kept_free(c);
    reactor_timer_stop(r, &c->timer);
    reactor_fd_stop(&c->in);
    if (c->split) {
        reactor_fd_stop(&c->split->out);
        sys->free(c->split);
        c->split = NULL;
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

/* Everything has left: shut the write side and wait for the peer to do the same. */
static void begin_lingering(struct conn *c)
{
    /* After the peer's end nothing can be unread, so close(2) sends no reset;
     * and what is no socket has nothing to shut.  Where shutdown(2) is not allowed the peer does not hear
     * of the end before we close, but what it was sent arrives. */
    bool socket = !c->split ||
                  (c->split->in_access == REACTOR_ACCESS_SOCKET && c->split->out_access == REACTOR_ACCESS_SOCKET);
    if (!socket || c->flags & C_INPUT_ENDED ||
        (sys_of(c)->shutdown(out_fd_of(c), SHUT_WR) < 0 && conn_is_peer_gone(errno))) {
        conn_close_for(c, (enum conn_reason)c->reason, 0);
        return;
    }
    conn_set_phase(c, CONN_LINGERING);
    conn_kept_free(c);
    c->acked_bytes = 0;
    arm_next_look(c);
}

static void send_output(struct conn *c, size_t *budget)
{
    if (!(c->flags & C_WATCHING) && c->output->unsent > 0) {
        uint64_t latest_ns = conn_watch_begin(c, reactor_of(c)->now_ns);
        if (!reactor_timer_armed(&c->timer) || c->timer.deadline_ns > latest_ns)
            arm_timer(c, latest_ns);
    }
    conn_flush(c, budget);
}

static void finish_run(struct conn *c, size_t budget)
{
    if (c->phase == CONN_DELIVERING) {
        if (c->output && budget > 0)
            send_output(c, &budget);
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
        send_output(c, budget);
    for (unsigned round = 0; round < CONN_ROUNDS && *budget != 0 && c->phase == CONN_OPEN; round++) {
        if (c->flags & C_READABLE)
            conn_fill(c);
        if (c->phase != CONN_OPEN || !serve_due(c))
            break;
        if (round > 0 && reactor_share_over(reactor_of(c)))
            break; /* not before it is known that there is more: the usual request costs no look */
        call_serve(c);
        if (c->output)
            send_output(c, budget);
        else if (c->flags & C_MORE)
            break; /* long work in slices: the others have their turn */
    }
    if (c->phase == CONN_OPEN && ((c->flags & C_READABLE && pool->window_bytes < c->limits->input_max_bytes) ||
                                  (c->output ? c->flags & C_WRITABLE : c->flags & C_MORE) || c->flags & C_CALL))
        reactor_fd_again(&c->in);
}

/* Reads, serves, sends as far as a turn's budget goes.  False: c has been torn down. */
static bool run(struct conn *c)
{
    size_t slice = c->limits->slice_bytes ? c->limits->slice_bytes : CONN_SLICE_BYTES, budget;

    if (UNLIKELY(slice > CONN_SLICE_MAX_BYTES))
        slice = CONN_SLICE_MAX_BYTES;
    budget = slice;
    if (LIKELY(c->phase == CONN_OPEN)) {
        conn_window_open(c);
        serve_rounds(c, &budget);
        conn_window_close(c);
    }
    if (slice - budget >= CONN_LOOK_BYTES)
        budget_read_soon(reactor_of(c));
    if (LIKELY(c->phase == CONN_OPEN))
        return true;
    finish_run(c, budget);
    conn_output_verify(c);
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
    c->idle_since_ns = reactor_of(c)->now_ns;
    reactor_timer_stop(reactor_of(c), &c->timer);
    arm_next_look(c);
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
    if (UNLIKELY(events & EPOLLERR) && c->flags & C_INPUT_ENDED && !c->split && c->phase == CONN_OPEN)
        (void)error_pending(c);
    (void)run(c);
}

/* ---- timeouts ---- */

/* Last words, then finish; what cannot be delivered in linger_ns is given up. */
static void expire(struct conn *c, enum conn_reason why)
{
    if (c->phase == CONN_OPEN && c->ops->expired) {
        conn_window_open(c);
        c->ops->expired(c, why);
        conn_window_close(c);
    } else if (why == CONN_STALLED) {
        conn_close_for(c, why, 0); /* nothing to say to a peer that takes nothing */
    }
    if (c->phase == CONN_OPEN || c->phase == CONN_DELIVERING) {
        c->flags |= C_HURRIED;
        conn_finish_for(c, why);
        arm_next_look(c);
    }
}

/* Not overdue, or not any more. */
static void wait_on(struct conn *c)
{
    if (c->phase == CONN_OPEN || c->phase == CONN_DELIVERING)
        arm_next_look(c);
}

/* Input that is there goes before an idle timeout, also what came while this turn was busy with
 * others.  False: there was some, or c is gone. */
static bool is_idle_after_all(struct conn *c)
{
    if (!(c->flags & C_INPUT_ENDED))
        c->flags |= C_READABLE;
    if (!run(c))
        return false;
    if (conn_overdue(c, reactor_of(c)->now_ns) == CONN_OVERDUE_REQUEST)
        return true;
    wait_on(c);
    return false;
}

void conn_timer_fired(struct reactor_timer *t)
{
    struct conn *c = CONTAINER(t, struct conn, timer);
    uint64_t now_ns = reactor_of(c)->now_ns;

    if ((c->phase == CONN_OPEN || c->phase == CONN_DELIVERING) && !(c->flags & C_HURRIED))
        conn_note_unacked(c, c->flags & C_WATCHING ? conn_unacked(c) : 0, now_ns);
    switch (conn_overdue(c, now_ns)) {
    case CONN_OVERDUE_NOTHING: wait_on(c); return;
    case CONN_OVERDUE_REQUEST:
        if (!is_idle_after_all(c))
            return;
        expire(c, CONN_IDLE);
        break;
    case CONN_OVERDUE_TAKING: expire(c, CONN_STALLED); break;
    case CONN_OVERDUE_CONNECT: conn_close_for(c, CONN_STALLED, ETIMEDOUT); break;
    case CONN_OVERDUE_END: conn_close_for(c, (enum conn_reason)c->reason, 0); break;
    }
    (void)run(c);
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
