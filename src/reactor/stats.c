/* Statistics, the list of live watchers, and the invariants checked in debug
 * builds: what the loop knows of itself.
 *
 * Cost: the loop reads the clock twice a turn anyway, which gives the busy
 * time of every turn.  Timing every callback would cost a third reading for
 * each, more than the rest of the dispatch; so callbacks are timed one by one only in
 * one turn of TRACE_EVERY and in the turn after a slow one (what is slow
 * tends to come again).  A turn with a single callback needs no timing: its busy time
 * is the callback's.
 */
#include "internal.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    TRACE_EVERY = 64 /* turns; a power of two */
};

bool reactor_trace_wanted(struct reactor *r)
{
    bool wanted = r->trace_next || (r->stats.turns & (TRACE_EVERY - 1)) == 0;
    r->trace_next = false;
    r->callback_started_ns = r->now_ns;
    return wanted;
}

static void note_callback(struct reactor *r, uint64_t took_ns)
{
    if (took_ns > r->stats.longest_callback_ns) {
        r->stats.longest_callback_ns = took_ns;
        r->stats.longest_callback = r->callback;
    }
}

void reactor_trace_callback(struct reactor *r)
{
    uint64_t now_ns = r->sys->monotonic_ns();
    note_callback(r, now_ns - r->callback_started_ns);
    r->callback_started_ns = now_ns;
}

void reactor_trace_turn(struct reactor *r, uint64_t busy_ns)
{
    uint64_t busy_us = busy_ns / 1000;
    unsigned bucket = busy_us ? 63 - (unsigned)__builtin_clzll(busy_us) : 0;

    r->stats.busy_ns += busy_ns;
    r->stats.busy_turns[bucket < REACTOR_BUSY_BUCKETS ? bucket : REACTOR_BUSY_BUCKETS - 1]++;
    if (r->callbacks == 1)
        note_callback(r, busy_ns);
    else if (!r->tracing && busy_ns > r->stats.longest_callback_ns)
        r->trace_next = true;
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
                name_of(w->name), fd, w->flags & FD_AGAIN ? " again" : "");
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

#ifdef REACTOR_DEBUG

/* assert() would vanish under NDEBUG, which is for the user's code to decide. */
#define VERIFY(number, condition)                                                                                      \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "reactor invariant %d broken: %s\n", number, #condition);                                  \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* 1. Lists are linked both ways.  Returns the length. */
static size_t verify_list(const struct reactor_link *head)
{
    size_t length = 0;
    for (const struct reactor_link *link = head; link->next != head; link = link->next, length++)
        VERIFY(1, link->next && link->next->prev == link);
    VERIFY(1, head->prev->next == head);
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
        VERIFY(2, reactor_fd_started(w) && w->reactor == r && w->fd == (int)fd);
        VERIFY(2, !(w->flags & FD_AGAIN) || r->fds[fd].again_next != 0);
    }
    VERIFY(2, watched == r->watched && urgent == r->watched_urgent);
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
        VERIFY(4, used || (verify_list(head) == 0 && wheel->earliest_ns[slot] == UINT64_MAX));
        VERIFY(4, !used || wheel->levels >> level & 1);
        for (const struct reactor_link *link = head->next; link != head; link = link->next) {
            uint64_t deadline_ns = CONTAINER(link, struct reactor_timer, link)->deadline_ns;
            uint64_t place = deadline_ns > wheel->base_ns ? deadline_ns : wheel->base_ns;
            VERIFY(3, deadline_ns >= wheel->earliest_ns[slot]);
            VERIFY(3, (place >> shift) % WHEEL_SLOTS == slot % WHEEL_SLOTS);
            VERIFY(3, shift + WHEEL_SLOT_BITS >= 64 ||
                          place >> (shift + WHEEL_SLOT_BITS) == wheel->base_ns >> (shift + WHEEL_SLOT_BITS));
        }
    }
}

void reactor_verify(struct reactor *r)
{
    verify_fds(r);
    verify_wheel(r);
    /* 5. Between turns nothing is left of the lists that a turn works off. */
    VERIFY(5, r->again_now.first == 0 && list_empty(&r->tasks_now));
    VERIFY(5, list_empty(&r->releases_now) && list_empty(&r->timers_due));
    verify_list(&r->tasks);
    verify_list(&r->releases);
}

#endif
