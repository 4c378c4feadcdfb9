/* The loop: makes a reactor, turns it, and hands each event to its watcher.
 *
 * Everything with a life of its own is next door: descriptors in fd.c, timers
 * in timer.c, deferred calls in task.c, signals and wake-ups in notify.c, the bound of a turn
 * in budget.c.
 * This file owns only the order of things within a turn (reactor.h).
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

enum {
    EVENTS_PER_TURN = 256,     /* 3 KB; more would only make a turn longer for those who wait in it */
    MAX_FDS_UNASKED = 1 << 20, /* an unlimited RLIMIT_NOFILE must not ask for gigabytes of address space */
    TURN_BUDGET_NS = 4000000   /* of those who wait nobody notices one turn, and timers are at most 10 ms late */
};

static int allocate(struct reactor *r, const struct reactor_config *config)
{
    r->events_per_turn = config->events_per_turn ? config->events_per_turn : EVENTS_PER_TURN;
    r->max_fds = config->max_fds ? config->max_fds : r->sys->max_fds();
    if (!config->max_fds && r->max_fds > MAX_FDS_UNASKED)
        r->max_fds = MAX_FDS_UNASKED;
    r->budget_ns = config->turn_budget_ns ? config->turn_budget_ns : TURN_BUDGET_NS;
    r->stride = 1;
    if (r->max_fds > INT_MAX - READY_HEADS || r->budget_ns > INT64_MAX ||
        r->events_per_turn > INT_MAX / sizeof *r->events) {
        errno = EINVAL;
        return -1;
    }
    r->table = r->sys->alloc_zeroed((r->max_fds + (size_t)READY_HEADS) * sizeof *r->table);
    r->events = r->sys->alloc(r->events_per_turn * sizeof *r->events);
    if (!r->table || !r->events) {
        errno = ENOMEM;
        return -1;
    }
    r->fds = r->table + READY_HEADS;
    reactor_ready_init(r);
    r->epoll_fd = r->sys->epoll_create1(EPOLL_CLOEXEC);
    return r->epoll_fd < 0 ? -1 : 0;
}

struct reactor *reactor_new(const struct reactor_config *config)
{
    static const struct reactor_config defaults;
    const struct reactor_sys *sys;
    struct reactor *r;

    if (!config)
        config = &defaults;
    sys = config->sys ? config->sys : &reactor_sys_linux;
    r = sys->alloc(sizeof *r);
    if (!r) {
        errno = ENOMEM;
        return NULL;
    }
    memset(r, 0, sizeof *r);
    r->sys = sys;
    r->epoll_fd = -1;
    r->now_ns = sys->monotonic_ns();
    list_init(&r->tasks);
    list_init(&r->tasks_now);
    list_init(&r->releases);
    list_init(&r->releases_now);
    reactor_timers_init(r);
    if (allocate(r, config) < 0) {
        int saved = errno;
        reactor_free(r);
        errno = saved;
        return NULL;
    }
    return r;
}

/* True while something is started that could ever call back. */
static bool anything_started(struct reactor *r)
{
    return r->watched > 0 || !list_empty(&r->tasks) || !list_empty(&r->tasks_now) || !list_empty(&r->releases) ||
           !list_empty(&r->timers_due) || reactor_timers_next_ns(r) != UINT64_MAX;
}

void reactor_free(struct reactor *r)
{
    if (!r)
        return;
#ifdef REACTOR_DEBUG
    if (anything_started(r)) {
        fputs("reactor_free: still started:\n", stderr);
        reactor_dump(r, stderr);
    }
#endif
    if (r->conn_pool_free)
        r->conn_pool_free(r);
    if (r->epoll_fd >= 0)
        r->sys->close(r->epoll_fd);
    r->sys->free(r->events);
    r->sys->free(r->table);
    r->sys->free(r);
}

/* Something that need not be waited for: asked for, or left over by the turn before. */
static bool work_is_there(const struct reactor *r)
{
    return r->queued > 0 || !list_empty(&r->timers_due) || !list_empty(&r->tasks) || !list_empty(&r->tasks_now) ||
           !list_empty(&r->releases);
}

/* How long phase 1 may wait: not at all when something is due already. */
static int64_t wait_ns(struct reactor *r, uint64_t now_ns, int64_t max_wait_ns)
{
    uint64_t next_ns = reactor_timers_next_ns(r); /* also for the collecting that follows the wait */
    if (work_is_there(r))
        return 0;
    if (next_ns == UINT64_MAX)
        return max_wait_ns;
    if (next_ns <= now_ns)
        return 0;
    next_ns -= now_ns;
    if (max_wait_ns >= 0 && (uint64_t)max_wait_ns < next_ns)
        return max_wait_ns;
    return next_ns < INT64_MAX ? (int64_t)next_ns : INT64_MAX;
}

/* After a call behind which the clock is to be read: if it was read right before, too, it is known what the
 * call cost.  The number may be another watcher's by now, which the stamp tells.  True when the time is up. */
static bool read_after_call(struct reactor *r, struct fd_entry *entry, uint32_t stamp)
{
    bool timed = budget_unread(r) == 1;
    uint64_t work_ns = reactor_budget_note(r, r->sys->monotonic_ns());

    if (timed && entry->watcher && same_owner(entry->stamp, stamp) &&
        !(entry->watcher->flags & (FD_URGENT | FD_FIRST))) {
        bool dear = work_ns >= r->budget_ns >> BUDGET_CALL;
        entry->stamp = dear ? entry->stamp | STAMP_DEAR : entry->stamp & ~STAMP_DEAR;
    }
    return budget_over(r);
}

/* True when the time is up. */
static inline bool call(struct reactor *r, struct fd_entry *entry, uint32_t stamp, uint32_t events)
{
    struct reactor_fd *w = entry->watcher;

    callback_begin(r, w->name);
    w->fn(w, events);
    return UNLIKELY(--r->until_read == 0) && read_after_call(r, entry, stamp);
}

/* Calls the first of a queue for all that it waits for. */
static bool call_first(struct reactor *r, enum ready_queue queue)
{
    int fd = ready_first(r, queue);
    uint32_t events = r->fds[fd].events;

    reactor_ready_remove(r, fd);
    return call(r, &r->fds[fd], r->fds[fd].stamp, events);
}

/* An event that is not delivered now: dear ones wait until the cheap ones have been called, all wait for
 * the next turn when there is no time left.  Who waits already keeps his place. */
static void hold(struct reactor *r, int fd, uint32_t events)
{
    struct fd_entry *entry = &r->fds[fd];

    entry->events |= (uint16_t)events;
    if (!(entry->stamp & STAMP_QUEUED))
        reactor_ready_append(r, entry->stamp & STAMP_DEAR ? READY_DEAR_NOW : READY_CARRIED, fd);
}

/* The stamp is not the one of the event.  The number may have been given up, or have a new owner, since the
 * kernel reported this: the count, new at each stop, tells (promise 3).  Else it is flagged. */
static bool deliver_flagged(struct reactor *r, const struct epoll_event *event)
{
    int fd = (int)(uint32_t)event->data.u64;
    struct fd_entry *entry = &r->fds[fd];
    uint32_t events = event->events | entry->events;

    if (!same_owner(entry->stamp, (uint32_t)(event->data.u64 >> 32))) {
        r->stats.stale_events++;
        return false;
    }
    if (entry->stamp & STAMP_DEAR) {
        hold(r, fd, event->events);
        return false;
    }
    reactor_ready_remove(r, fd); /* this call is what it asked for */
    return call(r, entry, entry->stamp, events);
}

/* True when the time is up. */
static inline bool deliver(struct reactor *r, const struct epoll_event *event)
{
    struct fd_entry *entry = &r->fds[(uint32_t)event->data.u64];

    if (UNLIKELY(entry->stamp != event->data.u64 >> 32))
        return deliver_flagged(r, event);
    return call(r, entry, (uint32_t)(event->data.u64 >> 32), event->events);
}

static inline bool is_urgent(const struct epoll_event *event)
{
    return event->data.u64 >> 32 & STAMP_URGENT;
}

static void deliver_urgent(struct reactor *r, int count)
{
    for (int i = 0; i < count; i++)
        if (is_urgent(&r->events[i]))
            (void)deliver(r, &r->events[i]);
}

/* With events left over, what epoll says of the same descriptors belongs to them: the call that comes first
 * in this turn may well take what both tell of.  Leaves the other events, and their number. */
static int merge_with_carried(struct reactor *r, int count)
{
    int others = 0;
    for (int i = 0; i < count; i++) {
        struct epoll_event event = r->events[i];
        uint32_t stamp = (uint32_t)(event.data.u64 >> 32), fd = (uint32_t)event.data.u64;
        if (r->fds[fd].stamp & STAMP_QUEUED && same_owner(r->fds[fd].stamp, stamp))
            hold(r, (int)fd, event.events);
        else
            r->events[others++] = event;
    }
    return others;
}

/* The events from first on wait for the next turn. */
static void carry(struct reactor *r, int first, int count)
{
    for (int i = first; i < count; i++) {
        uint64_t data = r->events[i].data.u64;
        if (is_urgent(&r->events[i]) || !same_owner(r->fds[(uint32_t)data].stamp, (uint32_t)(data >> 32)))
            continue;
        hold(r, (int)(uint32_t)data, r->events[i].events);
        r->stats.carried_events++;
    }
}

static void deliver_others(struct reactor *r, int count)
{
    bool over = budget_over(r);
    int i = 0;

    if (r->watched_urgent == 0) {
        while (i < count && !over)
            over = deliver(r, &r->events[i++]);
    } else {
        for (; i < count && !over; i++)
            over = !is_urgent(&r->events[i]) && deliver(r, &r->events[i]);
    }
    if (UNLIKELY(i < count))
        carry(r, i, count);
}

static void call_queue(struct reactor *r, enum ready_queue queue)
{
    bool over = budget_over(r);
    while (!over && !ready_empty(r, queue))
        over = call_first(r, queue);
}

/* At least one, and each is timed. */
static void call_dear(struct reactor *r)
{
    if (budget_unread(r) > 0)
        (void)reactor_budget_note(r, r->sys->monotonic_ns());
    do
        budget_read_soon(r);
    while (!call_first(r, READY_DEAR_NOW) && !ready_empty(r, READY_DEAR_NOW));
}

/* What of the budget timers and tasks need for themselves. */
static uint64_t kept_for(const struct reactor *r, const struct reactor_link *list)
{
    return list_empty(list) ? 0 : r->budget_ns >> BUDGET_OTHERS;
}

/* With something in the queues. */
static void queues_and_descriptors(struct reactor *r, int count, uint64_t begun_ns, uint64_t kept_ns)
{
    uint64_t for_dear_ns = ready_empty(r, READY_DEAR_NOW) ? 0 : r->budget_ns >> BUDGET_DEAR;

    reactor_budget_phase(r, begun_ns, kept_ns + for_dear_ns);
    if (!ready_empty(r, READY_CARRIED)) {
        count = merge_with_carried(r, count);
        call_queue(r, READY_CARRIED);
    }
    deliver_others(r, count);
    call_queue(r, READY_AGAIN_NOW);
    ready_move(r, READY_CARRIED, READY_AGAIN_NOW);
}

static void descriptors(struct reactor *r, int count, uint64_t begun_ns)
{
    uint64_t kept_ns = kept_for(r, &r->timers_due) + kept_for(r, &r->tasks_now);

    if (r->queued > 0) {
        queues_and_descriptors(r, count, begun_ns, kept_ns);
    } else {
        reactor_budget_phase(r, begun_ns, kept_ns);
        deliver_others(r, count);
    }
    if (LIKELY(ready_empty(r, READY_DEAR_NOW)))
        return;
    reactor_budget_phase(r, begun_ns, kept_ns);
    call_dear(r);
}

/* Phases 3 to 7, each as far as its part of the budget goes. */
static void phases(struct reactor *r, int count, uint64_t begun_ns)
{
    bool left_over = r->queued > 0 && (!ready_empty(r, READY_CARRIED) || !ready_empty(r, READY_DEAR_NOW));
    reactor_budget_begin(r, left_over, count == 1 && r->queued == 0);
    if (r->watched_urgent > 0)
        deliver_urgent(r, count);
    descriptors(r, count, begun_ns);
    if (!list_empty(&r->timers_due)) {
        reactor_budget_last_phase(r, begun_ns, kept_for(r, &r->tasks_now));
        reactor_timers_fire(r);
    }
    if (!list_empty(&r->tasks_now)) {
        reactor_budget_last_phase(r, begun_ns, 0);
        reactor_tasks_run(r);
    }
    if (!list_empty(&r->releases))
        reactor_releases_run(r);
}

/* No reading since the last callbacks. */
static uint64_t read_at_end(struct reactor *r)
{
    uint64_t now_ns = r->sys->monotonic_ns(), took_ns = now_ns - r->read_ns;

    if (UNLIKELY(took_ns > r->stats.longest_callback_ns || took_ns > r->budget_ns >> BUDGET_LOOK))
        (void)reactor_budget_note(r, now_ns);
    return now_ns;
}

/* Phases 2 to 7. */
static void work(struct reactor *r, int count)
{
    uint64_t begun_ns = r->sys->monotonic_ns();
    r->now_ns = begun_ns;
    r->stats.turns++;
    r->stats.events += (uint64_t)count;
    r->tracing = reactor_trace_wanted(r);
    /* What this turn will run is settled before its first callback. */
    if (r->queued > 0) {
        ready_move(r, READY_AGAIN_NOW, READY_AGAIN);
        ready_move(r, READY_DEAR_NOW, READY_DEAR);
    }
    list_splice(&r->tasks_now, &r->tasks);
    if (r->now_ns >= r->wheel.next_ns)
        reactor_timers_collect(r);

    phases(r, count, begun_ns);

    /* This reading is also the one the next wait is computed from. */
    r->now_ns = budget_unread(r) > 0 ? read_at_end(r) : r->read_ns;
    reactor_note_turn(r, r->now_ns - begun_ns);
#ifdef REACTOR_DEBUG
    reactor_verify(r);
#endif
}

/* r->now_ns is the time now, or as good as. */
static int turn(struct reactor *r, int64_t max_wait_ns)
{
    int count;

    if (!anything_started(r))
        return 0;
    r->in_turn = true;
    count = r->sys->epoll_wait_ns(r->epoll_fd, r->events, (int)r->events_per_turn, wait_ns(r, r->now_ns, max_wait_ns));
    if (count < 0 && errno != EINTR) {
        r->in_turn = false;
        return -1;
    }
    work(r, count < 0 ? 0 : count);
    r->in_turn = false;
    return anything_started(r) ? 1 : 0;
}

/* Nobody knows how long ago the last turn was: the wait must not be computed from its end. */
static bool enter(struct reactor *r)
{
    if (r->in_turn) {
        errno = EDEADLK;
        return false;
    }
    r->now_ns = r->sys->monotonic_ns();
    return true;
}

int reactor_turn(struct reactor *r, int64_t max_wait_ns)
{
    return enter(r) ? turn(r, max_wait_ns) : -1;
}

int reactor_run(struct reactor *r)
{
    int more;
    if (!enter(r))
        return -1;
    r->stopping = false;
    do
        more = turn(r, -1);
    while (more > 0 && !r->stopping);
    return more < 0 ? -1 : 0;
}

void reactor_stop(struct reactor *r)
{
    r->stopping = true;
}

uint64_t reactor_now_ns(const struct reactor *r)
{
    return r->now_ns;
}

uint64_t reactor_update_now_ns(struct reactor *r)
{
    r->now_ns = r->sys->monotonic_ns();
    return r->now_ns;
}

const struct reactor_sys *reactor_sys_of(const struct reactor *r)
{
    return r->sys;
}
