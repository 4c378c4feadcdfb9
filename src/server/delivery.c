/* delivery.c - from an answer into a conn's output, piece by piece, in bounded memory. */
#include "delivery.h"

#include <stddef.h>

enum {
    /* Ready lines from this length on are pointed at instead of copied: below, an iovec of its own costs the kernel
     * more than the copy costs us. */
    REFER_MIN_BYTES = 4096,
    /* Output beyond which an answer waits: cutting it at a line, when it is interrupted, looks through no more than
     * this and one piece. */
    AHEAD_MAX_BYTES = 256 * 1024
};

static void grace_over(struct reactor_timer *t)
{
    struct delivery *d = (struct delivery *)(void *)((char *)t - offsetof(struct delivery, grace));
    d->status_due = true;
    conn_wake(d->conn);
}

void delivery_begin(struct delivery *d, struct conn *c)
{
    d->conn = c;
    d->grace = (struct reactor_timer){.fn = grace_over, .name = "timing mark"};
    d->status_due = false;
    d->whole = true;
    conn_mark(c);
}

static bool put(struct conn *c, const struct answer_piece *piece)
{
    if (piece->ready && piece->len >= REFER_MIN_BYTES)
        return conn_refer(c, piece->text, piece->len);
    return conn_write(c, piece->text, piece->len);
}

static enum delivery_step leave_for_later(struct delivery *d, enum delivery_step step)
{
    d->whole = false;
    return step;
}

enum delivery_step delivery_go_on(struct delivery *d)
{
    char out[ANSWER_PIECE_BYTES];
    struct answer_piece piece;
    while (conn_room(d->conn) >= ANSWER_LINE_BYTES && conn_unsent(d->conn) <= AHEAD_MAX_BYTES) {
        enum answer_step step = answer_next(&d->answer, out, &piece);
        if (step == ANSWER_AGAIN)
            return leave_for_later(d, DELIVERY_AGAIN);
        if (step == ANSWER_REFUSED)
            return DELIVERY_REFUSED;
        if (!put(d->conn, &piece)) { /* results: of other lines none is too long for the room there was */
            answer_return(&d->answer);
            break;
        }
        if (step == ANSWER_CLOSING)
            return DELIVERY_DONE;
    }
    return leave_for_later(d, DELIVERY_FULL);
}

void delivery_stop(struct delivery *d, uint64_t grace_ns)
{
    struct reactor *r = conn_reactor(d->conn);
    answer_stop(&d->answer, conn_cut(d->conn));
    d->status_due = grace_ns == 0;
    if (grace_ns > 0)
        reactor_timer_start(r, &d->grace, reactor_now_ns(r) + grace_ns);
}

void delivery_end(struct delivery *d, enum answer_ending why, struct answer_rest **rest)
{
    if (reactor_timer_armed(&d->grace))
        reactor_timer_stop(conn_reactor(d->conn), &d->grace);
    answer_close(&d->answer, why, rest);
}
