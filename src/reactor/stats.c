/* Statistics, the list of live watchers, and the invariants checked in debug
 * builds: what the loop knows of itself.
 *
 * Cost: the loop reads the clock twice a turn anyway, which gives the busy
 * time of every turn.  Timing every callback would cost a third reading for
 * each, more than the rest of the dispatch; so callbacks are timed one by one only in
 * one turn of TRACE_EVERY and in the turn after a slow one (what is slow
 * tends to come again), and where the bound of the turn (budget.c) asks for it.
 * Also known is a callback that was the only one between two readings.
 */
#include "internal.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    TRACE_EVERY = 256 /* turns; a power of two */
};

bool reactor_trace_wanted(struct reactor *r)
{
    bool wanted = r->trace_next || (r->stats.turns & (TRACE_EVERY - 1)) == 0;
    r->trace_next = false;
    return wanted;
}

void reactor_note_callbacks(struct reactor *r, unsigned callbacks, uint64_t took_ns)
{
    if (took_ns <= r->stats.longest_callback_ns)
        return;
    if (callbacks == 1) {
        r->stats.longest_callback_ns = took_ns;
        r->stats.longest_callback = r->callback;
    } else if (took_ns > r->budget_ns >> BUDGET_LOOK) {
        r->trace_next = true;
    }
}

void reactor_note_turn(struct reactor *r, uint64_t busy_ns)
{
    uint64_t busy_us = busy_ns / 1000;
    unsigned bucket = busy_us ? 63 - (unsigned)__builtin_clzll(busy_us) : 0;

    r->stats.busy_ns += busy_ns;
    if (busy_ns > r->stats.worst_turn_ns)
        r->stats.worst_turn_ns = busy_ns;
    r->stats.busy_turns[bucket < REACTOR_BUSY_BUCKETS ? bucket : REACTOR_BUSY_BUCKETS - 1]++;
}

const struct reactor_stats *reactor_stats(const struct reactor *r)
{
    return &r->stats;
}

static const char *name_of(const char *name)
{
    return name ? name : "(unnamed)";
}

static void dump_fds(const struct reactor *r, FILE *out)
{
    for (unsigned fd = 0, found = 0; fd < r->max_fds && found < r->watched; fd++) {
        const struct reactor_fd *w = r->fds[fd].watcher;
        if (!w)
            continue;
        found++;
        fprintf(out, "%s %s fd=%u%s\n",
                w->flags & FD_SIGNAL   ? "signal"
                : w->flags & FD_WAKEUP ? "wakeup"
                                       : "fd",
                name_of(w->name), fd,
                r->fds[fd].events  ? " carried"
                : r->fds[fd].asked ? " again"
                                   : "");
    }
}

static void dump_timers(const struct reactor *r, const struct reactor_link *head, FILE *out)
{
    for (const struct reactor_link *link = head->next; link != head; link = link->next) {
        const struct reactor_timer *t = CONTAINER(link, const struct reactor_timer, link);
        fprintf(out, "timer %s due_in_ns=%" PRId64 "\n", name_of(t->name), (int64_t)(t->deadline_ns - r->now_ns));
    }
}

static void dump_tasks(const struct reactor_link *head, const char *kind, FILE *out)
{
    for (const struct reactor_link *link = head->next; link != head; link = link->next)
        fprintf(out, "%s %s\n", kind, name_of(CONTAINER(link, const struct reactor_task, link)->name));
}

void reactor_dump(const struct reactor *r, FILE *out)
{
    dump_fds(r, out);
    dump_timers(r, &r->timers_due, out);
    for (unsigned i = 0; i < WHEEL_LEVELS * WHEEL_SLOTS; i++)
        dump_timers(r, &r->wheel.slots[i], out);
    dump_tasks(&r->tasks_now, "task", out);
    dump_tasks(&r->tasks, "task", out);
    dump_tasks(&r->releases_now, "release", out);
    dump_tasks(&r->releases, "release", out);
}

#ifdef REACTOR_VERIFY
void reactor_broken(const char *of, int number, const char *condition)
{
    fprintf(stderr, "%s invariant %d broken: %s\n", of, number, condition);
    abort();
}
#endif

#ifdef REACTOR_DEBUG

/* 1. Lists are linked both ways.  Returns the length. */
static size_t verify_list(const struct reactor_link *head)
{
    size_t length = 0;
    for (const struct reactor_link *link = head; link->next != head; link = link->next, length++)
        VERIFY("reactor", 1, link->next && link->next->prev == link);
    VERIFY("reactor", 1, head->prev->next == head);
    return length;
}

/* 2. A watched number leads to a watcher that knows it; counts are right. */
static void verify_fds(const struct reactor *r)
{
    unsigned watched = 0, urgent = 0;
    for (unsigned fd = 0; fd < r->max_fds; fd++) {
        const struct reactor_fd *w = r->fds[fd].watcher;
        if (!w)
            continue;
        watched++;
        urgent += (w->flags & FD_URGENT) != 0;
        VERIFY("reactor", 2, reactor_fd_started(w) && w->reactor == r && w->fd == (int)fd);
    }
    VERIFY("reactor", 2, watched == r->watched && urgent == r->watched_urgent);
}

/* 6. A queue is linked both ways, and holds watched numbers that have something to be called for.  Returns the
 * length. */
static size_t verify_queue(const struct reactor *r, uint32_t queue)
{
    size_t length = 0;
    VERIFY("reactor", 6, r->table[r->table[queue].prev].next == queue);
    for (uint32_t index = r->table[queue].next, last = queue; index != queue; index = r->table[index].next, length++) {
        const struct fd_entry *entry = &r->table[index];
        VERIFY("reactor", 6, index >= READY_HEADS && entry->prev == last && entry->watcher);
        VERIFY("reactor", 6, entry->asked || entry->events != 0);
        last = index;
    }
    return length;
}

/* 7. Numbers in no queue wait for nothing; each is in one queue at most. */
static void verify_ready(const struct reactor *r)
{
    size_t queued = 0;
    for (unsigned fd = 0; fd < r->max_fds; fd++) {
        const struct fd_entry *entry = &r->fds[fd];
        VERIFY("reactor", 7, (entry->next == 0) == (entry->prev == 0));
        VERIFY("reactor", 7, (entry->next == 0) == ((entry->stamp & STAMP_QUEUED) == 0));
        VERIFY("reactor", 7, entry->next != 0 || (entry->events == 0 && !entry->asked));
        VERIFY("reactor", 7, entry->watcher || !(entry->stamp & STAMP_DEAR));
        queued += entry->next != 0;
    }
    VERIFY("reactor", 7, queued == r->queued);
    for (uint32_t queue = READY_CARRIED; queue < READY_HEADS; queue++)
        queued -= verify_queue(r, queue);
    VERIFY("reactor", 7, queued == 0);
}

/* 3. Each timer is where its deadline belongs, not before its slot's bound.
 * 4. A slot with timers has its bit. */
static void verify_wheel(const struct reactor *r)
{
    const struct wheel *wheel = &r->wheel;
    for (unsigned slot = 0; slot < WHEEL_LEVELS * WHEEL_SLOTS; slot++) {
        const struct reactor_link *head = &wheel->slots[slot];
        unsigned level = slot / WHEEL_SLOTS, shift = WHEEL_GRAIN_BITS + level * WHEEL_SLOT_BITS;
        bool used = wheel->used[level] >> slot % WHEEL_SLOTS & 1;
        VERIFY("reactor", 4, used || (verify_list(head) == 0 && wheel->earliest_ns[slot] == UINT64_MAX));
        VERIFY("reactor", 4, !used || wheel->levels >> level & 1);
        for (const struct reactor_link *link = head->next; link != head; link = link->next) {
            uint64_t deadline_ns = CONTAINER(link, struct reactor_timer, link)->deadline_ns;
            uint64_t place = deadline_ns > wheel->base_ns ? deadline_ns : wheel->base_ns;
            VERIFY("reactor", 3, deadline_ns >= wheel->earliest_ns[slot]);
            VERIFY("reactor", 3, (place >> shift) % WHEEL_SLOTS == slot % WHEEL_SLOTS);
            VERIFY("reactor", 3,
                   shift + WHEEL_SLOT_BITS >= 64 ||
                       place >> (shift + WHEEL_SLOT_BITS) == wheel->base_ns >> (shift + WHEEL_SLOT_BITS));
        }
    }
}

void reactor_verify(struct reactor *r)
{
    verify_fds(r);
    verify_wheel(r);
    verify_ready(r);
    /* 5. Between turns nothing is left of what a turn must finish; timers and tasks may be left for want of
     * time, and then the next turn does not wait. */
    VERIFY("reactor", 5, ready_empty(r, READY_AGAIN_NOW) && list_empty(&r->releases_now));
    verify_list(&r->timers_due);
    verify_list(&r->tasks_now);
    verify_list(&r->tasks);
    verify_list(&r->releases);
}

#endif
