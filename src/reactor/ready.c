/* Queues of descriptors whose call waits, under fd.c and reactor.c: circular, linked
 * through the table of descriptors by index, so that a watcher needs no links and
 * one that stops leaves its queue at once, whichever it is.
 *
 *   1. An entry is in at most one queue; STAMP_QUEUED says so, and next and prev are 0 when in none.
 *   2. In a queue it has a watcher, and something to be called for: asked, or events.
 *   3. Out of a queue it has neither.
 */
#include "internal.h"

void reactor_ready_init(struct reactor *r)
{
    for (uint32_t queue = READY_CARRIED; queue < READY_HEADS; queue++)
        r->table[queue].next = r->table[queue].prev = queue;
}

void reactor_ready_append(struct reactor *r, enum ready_queue queue, int fd)
{
    uint32_t index = (uint32_t)fd + READY_HEADS;
    struct fd_entry *head = &r->table[queue], *entry = &r->table[index];

    r->queued++;
    entry->stamp |= STAMP_QUEUED;
    entry->next = (uint32_t)queue;
    entry->prev = head->prev;
    r->table[head->prev].next = index;
    head->prev = index;
}

void reactor_ready_remove(struct reactor *r, int fd)
{
    struct fd_entry *entry = &r->fds[fd];

    r->table[entry->prev].next = entry->next;
    r->table[entry->next].prev = entry->prev;
    r->queued--;
    entry->stamp &= ~STAMP_QUEUED;
    entry->next = entry->prev = 0;
    entry->events = 0;
    entry->asked = false;
}

void reactor_ready_splice(struct reactor *r, enum ready_queue to, enum ready_queue from)
{
    struct fd_entry *source = &r->table[from], *target = &r->table[to];

    if (ready_empty(r, from))
        return;
    r->table[source->next].prev = target->prev;
    r->table[target->prev].next = source->next;
    r->table[source->prev].next = (uint32_t)to;
    target->prev = source->prev;
    source->next = source->prev = (uint32_t)from;
}
