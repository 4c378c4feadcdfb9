/* The list of live conns of one kind, linked through the conns themselves, so
 * that joining and leaving cannot fail.
 */
#include "conn_internal.h"

void conn_group_join(struct conn *c)
{
    struct conn_group *g = c->limits->group;

    if (!g)
        return;
    c->group_next = g->first;
    c->group_prev = &g->first;
    if (g->first)
        g->first->group_prev = &c->group_next;
    g->first = c;
    g->count++;
}

void conn_group_leave(struct conn *c)
{
    if (!c->group_prev)
        return;
    *c->group_prev = c->group_next;
    if (c->group_next)
        c->group_next->group_prev = c->group_prev;
    c->group_next = NULL;
    c->group_prev = NULL;
    c->limits->group->count--;
}

struct conn *conn_group_next(const struct conn *c)
{
    return c->group_next;
}

void conn_group_finish(struct conn_group *g)
{
    for (struct conn *c = g->first; c; c = c->group_next)
        conn_finish(c);
}

void conn_group_abort(struct conn_group *g)
{
    for (struct conn *c = g->first; c; c = c->group_next)
        conn_abort(c);
}
