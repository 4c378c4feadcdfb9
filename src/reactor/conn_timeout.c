/* A conn's timeouts as arithmetic on its fields and a time: what is overdue, and when is the next
 * look due?  Nothing is called here, no timer is set and no system call made; conn.c does that.
 *
 * One timer serves all timeouts and is moved as seldom as possible.  Activity only stores a time;
 * the timer stays where it is and, when it fires too early, is armed anew.  It is moved only when it
 * must become earlier: when output begins to leave (conn_watch_begin).  From then on until nothing
 * is outstanding, what the peer has acknowledged is looked at every quarter of the send timeout;
 * hence a stall is found never too early and at most a quarter too late, for one ioctl in that time.
 */
#include "conn_internal.h"

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

/* Something is put out and not sent, or sent and perhaps not acknowledged. */
static bool is_outstanding(const struct conn *c)
{
    return c->flags & C_WATCHING || conn_unsent(c) > 0;
}

uint64_t conn_watch_begin(struct conn *c, uint64_t now_ns)
{
    uint64_t timeout_ns = c->limits->send_timeout_ns;

    c->flags |= C_WATCHING;
    c->acked_bytes = c->sent_bytes;
    c->acked_since_ns = now_ns;
    return timeout_ns > 0 && !(c->flags & C_HURRIED) ? after(now_ns, sample_ns(timeout_ns)) : UINT64_MAX;
}

void conn_note_unacked(struct conn *c, size_t unacked, uint64_t now_ns)
{
    uint32_t acked = c->sent_bytes - (uint32_t)unacked;

    if (unacked == 0 && conn_unsent(c) == 0) {
        c->flags &= (uint16_t)~C_WATCHING;
        return;
    }
    if (acked != c->acked_bytes) {
        c->acked_bytes = acked;
        c->acked_since_ns = now_ns;
    }
    c->idle_since_ns = now_ns; /* idle is one with nothing left to take */
}

enum conn_overdue conn_overdue(const struct conn *c, uint64_t now_ns)
{
    uint64_t idle_ns = c->limits->idle_timeout_ns, send_ns = c->limits->send_timeout_ns;

    /* Where the timer has been armed for one thing alone, its firing says that this is overdue. */
    switch ((enum conn_phase)c->phase) {
    case CONN_CONNECTING: return CONN_OVERDUE_CONNECT;
    case CONN_OPEN: break;
    case CONN_DELIVERING:
        if (c->flags & C_HURRIED)
            return CONN_OVERDUE_END;
        break;
    case CONN_LINGERING:
    case CONN_CLOSING: return CONN_OVERDUE_END;
    }
    /* What is put out and has not begun to leave is outstanding, too, but nobody is late in taking it. */
    if (c->flags & C_WATCHING && send_ns > 0 && now_ns - c->acked_since_ns >= send_ns)
        return CONN_OVERDUE_TAKING;
    if (idle_ns > 0 && c->phase == CONN_OPEN && !is_outstanding(c) && now_ns - c->idle_since_ns >= idle_ns)
        return CONN_OVERDUE_REQUEST;
    return CONN_OVERDUE_NOTHING;
}

uint64_t conn_next_look_ns(const struct conn *c, uint64_t now_ns)
{
    const struct conn_limits *limits = c->limits;
    uint64_t next_ns = UINT64_MAX;

    if (c->phase == CONN_CONNECTING)
        return limits->send_timeout_ns > 0 ? after(now_ns, limits->send_timeout_ns) : UINT64_MAX;
    if (c->phase == CONN_LINGERING || c->flags & C_HURRIED)
        return after(now_ns, limits->linger_ns ? limits->linger_ns : CONN_LINGER_NS);
    if (limits->idle_timeout_ns > 0 && c->phase == CONN_OPEN)
        next_ns = is_outstanding(c) ? after(now_ns, sample_ns(limits->idle_timeout_ns))
                                    : after(c->idle_since_ns, limits->idle_timeout_ns);
    if (limits->send_timeout_ns > 0 && c->flags & C_WATCHING) {
        next_ns = earlier(next_ns, after(now_ns, sample_ns(limits->send_timeout_ns)));
        next_ns = earlier(next_ns, after(c->acked_since_ns, limits->send_timeout_ns));
    }
    return next_ns;
}
