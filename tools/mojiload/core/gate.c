/* Paces and bounds connecting, for all clients of a run. */
#include "core/gate.h"

#include <stddef.h>

void gate_init(struct gate *g, double rate_per_s)
{
    *g = (struct gate){.gap_ns = rate_per_s > 0 ? (uint64_t)(1e9 / rate_per_s) : 0};
    g->last = &g->first;
}

void gate_enter(struct gate *g, struct gate_waiter *w)
{
    if (w->waiting || w->inside)
        return;
    w->waiting = true;
    w->next = NULL;
    *g->last = w;
    g->last = &w->next;
}

void gate_leave(struct gate *g, struct gate_waiter *w)
{
    if (w->inside)
        g->inside--;
    w->inside = false;
}

uint64_t gate_due_ns(const struct gate *g)
{
    return g->first == NULL || g->inside >= GATE_AT_ONCE ? UINT64_MAX : g->next_ns;
}

void gate_turn(struct gate *g, uint64_t now_ns)
{
    struct gate_waiter *w;
    while ((w = g->first) != NULL && gate_due_ns(g) <= now_ns) {
        g->first = w->next;
        if (g->first == NULL)
            g->last = &g->first;
        w->waiting = false;
        w->inside = true;
        g->inside++;
        /* Time that passed while nobody waited is not made up for: that would be a burst. */
        if (g->gap_ns > 0)
            g->next_ns = (g->next_ns + g->gap_ns > now_ns ? g->next_ns : now_ns) + g->gap_ns;
        w->admitted(w);
    }
}
