/* A conn's timeouts, all with one timer that is moved as seldom as possible.
 *
 * Activity only stores a time; the timer stays where it is and, when it fires
 * too early, is armed anew.  It moves by itself only when it must become
 * earlier: when output begins to leave (conn_watch_begin).  From
 * then on until nothing is outstanding, what the peer has acknowledged is looked at
 * every quarter of the send timeout; hence a stall is found never too early and at
 * most a quarter too late, for one ioctl in that time.
 */
#include "conn_internal.h"

#include <errno.h>

static uint64_t sample_ns(uint64_t timeout_ns)
{
    return timeout_ns >= 4 ? timeout_ns / 4 : 1;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* time + span, or never when that overflows. */
static uint64_t after(uint64_t time_ns, uint64_t span_ns)
{
    return time_ns <= UINT64_MAX - span_ns ? time_ns + span_ns : UINT64_MAX;
}

static void arm(struct conn *c, uint64_t deadline_ns)
{
    if (deadline_ns != UINT64_MAX)
        reactor_timer_start(reactor_of(c), &c->timer, deadline_ns);
}

void conn_timer_begin(struct conn *c)
{
    uint64_t now_ns = reactor_of(c)->now_ns;
    uint64_t timeout_ns = c->phase == CONN_CONNECTING ? c->limits->send_timeout_ns : c->limits->idle_timeout_ns;

    c->idle_since_ns = now_ns;
    reactor_timer_stop(reactor_of(c), &c->timer);
    if (timeout_ns > 0)
        arm(c, after(now_ns, timeout_ns));
}

void conn_linger_timer(struct conn *c)
{
    uint64_t linger_ns = c->limits->linger_ns ? c->limits->linger_ns : CONN_LINGER_NS;
    arm(c, after(reactor_of(c)->now_ns, linger_ns));
}

void conn_watch_begin(struct conn *c)
{
    uint64_t now_ns = reactor_of(c)->now_ns;
    uint64_t deadline_ns;

    c->flags |= C_WATCHING;
    c->acked_bytes = c->sent_bytes;
    c->acked_since_ns = now_ns;
    if (c->limits->send_timeout_ns == 0 || c->flags & C_HURRIED)
        return;
    deadline_ns = after(now_ns, sample_ns(c->limits->send_timeout_ns));
    if (!reactor_timer_armed(&c->timer) || c->timer.deadline_ns > deadline_ns)
        arm(c, deadline_ns);
}

/* Looks at what the peer has taken.  True while something is outstanding. */
static bool sample(struct conn *c)
{
    uint64_t now_ns = reactor_of(c)->now_ns;
    size_t unacked = c->flags & C_WATCHING ? conn_unacked(c) : 0;
    uint32_t acked = c->sent_bytes - (uint32_t)unacked;

    if (conn_unsent(c) == 0 && unacked == 0) {
        c->flags &= (uint16_t)~C_WATCHING;
        return false;
    }
    if (acked != c->acked_bytes) {
        c->acked_bytes = acked;
        c->acked_since_ns = now_ns;
    }
    c->idle_since_ns = now_ns; /* idle is one with nothing left to take */
    return true;
}

static void rearm(struct conn *c, bool outstanding)
{
    const struct conn_limits *limits = c->limits;
    uint64_t now_ns = reactor_of(c)->now_ns;
    uint64_t deadline_ns = UINT64_MAX;

    if (limits->idle_timeout_ns > 0 && c->phase == CONN_OPEN)
        deadline_ns = outstanding ? after(now_ns, sample_ns(limits->idle_timeout_ns))
                                  : after(c->idle_since_ns, limits->idle_timeout_ns);
    if (limits->send_timeout_ns > 0 && c->flags & C_WATCHING) {
        deadline_ns = earlier(deadline_ns, after(now_ns, sample_ns(limits->send_timeout_ns)));
        deadline_ns = earlier(deadline_ns, after(c->acked_since_ns, limits->send_timeout_ns));
    }
    arm(c, deadline_ns);
}

/* Last words, then finish; what cannot be delivered in linger_ns is given up. */
static void expire(struct conn *c, enum conn_reason why)
{
    if (c->phase == CONN_OPEN && c->ops->expired) {
        conn_view_open(c);
        c->ops->expired(c, why);
        conn_view_close(c);
    } else if (why == CONN_STALLED) {
        conn_close_for(c, why, 0); /* nothing to say to a peer that takes nothing */
    }
    if (c->phase == CONN_OPEN || c->phase == CONN_DELIVERING) {
        c->flags |= C_HURRIED;
        c->reason = (uint8_t)why;
        conn_begin_delivering(c);
        conn_linger_timer(c);
    }
    (void)conn_run(c);
}

static bool idle_over(const struct conn *c)
{
    uint64_t timeout_ns = c->limits->idle_timeout_ns;
    return timeout_ns > 0 && c->phase == CONN_OPEN && reactor_of(c)->now_ns - c->idle_since_ns >= timeout_ns;
}

static void check(struct conn *c)
{
    uint64_t send_timeout_ns = c->limits->send_timeout_ns;
    bool outstanding = sample(c);

    if (outstanding && send_timeout_ns > 0 && reactor_of(c)->now_ns - c->acked_since_ns >= send_timeout_ns) {
        expire(c, CONN_STALLED);
        return;
    }
    if (!outstanding && idle_over(c)) {
        /* Input that is there goes first, also what came while this turn was busy with others. */
        if (!(c->flags & C_INPUT_ENDED))
            c->flags |= C_READABLE;
        if (!conn_run(c))
            return;
        outstanding = conn_unsent(c) > 0;
        if (!outstanding && idle_over(c)) {
            expire(c, CONN_IDLE);
            return;
        }
    }
    if (c->phase == CONN_OPEN || c->phase == CONN_DELIVERING)
        rearm(c, outstanding);
}

void conn_timer_fired(struct reactor_timer *t)
{
    struct conn *c = CONTAINER(t, struct conn, timer);

    switch ((enum conn_phase)c->phase) {
    case CONN_CONNECTING: conn_close_for(c, CONN_STALLED, ETIMEDOUT); break;
    case CONN_DELIVERING:
        if (c->flags & C_HURRIED) {
            conn_close_for(c, (enum conn_reason)c->reason, 0);
            break;
        }
        check(c);
        return;
    case CONN_OPEN: check(c); return;
    case CONN_LINGERING: conn_close_for(c, (enum conn_reason)c->reason, 0); break;
    case CONN_CLOSING: break;
    }
    (void)conn_run(c);
}
