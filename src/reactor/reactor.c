/* The loop: makes a reactor, turns it, and hands each event to its watcher.
 *
 * Everything with a life of its own is next door: descriptors in fd.c, timers
 * in timer.c, deferred calls in task.c, signals and wake-ups in notify.c.
 * This file owns only the order of things within a turn (reactor.h).
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

enum {
    EVENTS_PER_TURN = 256,    /* 3 KB; more would only make a turn longer for those who wait in it */
    MAX_FDS_UNASKED = 1 << 20 /* an unlimited RLIMIT_NOFILE must not ask for gigabytes of address space */
};

static int allocate(struct reactor *r, const struct reactor_config *config)
{
    r->events_per_turn = config->events_per_turn ? config->events_per_turn : EVENTS_PER_TURN;
    r->max_fds = config->max_fds ? config->max_fds : r->sys->max_fds();
    if (!config->max_fds && r->max_fds > MAX_FDS_UNASKED)
        r->max_fds = MAX_FDS_UNASKED;
    if (r->max_fds > INT_MAX || r->events_per_turn > INT_MAX / sizeof *r->events) {
        errno = EINVAL;
        return -1;
    }
    r->fds = r->sys->alloc_zeroed(r->max_fds * sizeof *r->fds);
    r->events = r->sys->alloc(r->events_per_turn * sizeof *r->events);
    if (!r->fds || !r->events) {
        errno = ENOMEM;
        return -1;
    }
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
    return r->watched > 0 || !list_empty(&r->tasks) || !list_empty(&r->releases) ||
           reactor_timers_next_ns(r) != UINT64_MAX;
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
    r->sys->free(r->fds);
    r->sys->free(r);
}

/* How long phase 1 may wait: not at all when something is due already. */
static int64_t wait_ns(struct reactor *r, uint64_t now_ns, int64_t max_wait_ns)
{
    uint64_t next_ns = reactor_timers_next_ns(r); /* also for the collecting that follows the wait */
    if (r->again.first != 0 || !list_empty(&r->tasks) || !list_empty(&r->releases))
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

static inline void deliver(struct reactor *r, const struct epoll_event *event)
{
    const struct fd_entry *entry = &r->fds[(uint32_t)event->data.u64];
    struct reactor_fd *w = entry->watcher;

    /* The number may have been given up, or have a new owner, since the kernel
     * reported this: the stamp, new at each stop, tells (promise 3). */
    if (UNLIKELY(entry->stamp != event->data.u64 >> 32)) {
        r->stats.stale_events++;
        return;
    }
    w->flags &= ~(uint32_t)FD_AGAIN; /* this call is what it asked for */
    callback_begin(r, w->name);
    w->fn(w, event->events);
    callback_end(r);
}

static inline bool is_urgent(const struct epoll_event *event)
{
    return event->data.u64 >> 32 & STAMP_URGENT;
}

static void deliver_all(struct reactor *r, int count)
{
    r->stats.events += (uint64_t)count;
    if (r->watched_urgent > 0) {
        for (int i = 0; i < count; i++)
            if (is_urgent(&r->events[i]))
                deliver(r, &r->events[i]);
        for (int i = 0; i < count; i++)
            if (!is_urgent(&r->events[i]))
                deliver(r, &r->events[i]);
        return;
    }
    for (int i = 0; i < count; i++)
        deliver(r, &r->events[i]);
}

static void deliver_again(struct reactor *r)
{
    struct reactor_fd *w;
    while ((w = reactor_again_next(r)) != NULL) {
        callback_begin(r, w->name);
        w->fn(w, 0);
        callback_end(r);
    }
}

/* Phases 2 to 7. */
static void work(struct reactor *r, int count)
{
    uint64_t begun_ns = r->sys->monotonic_ns();
    r->now_ns = begun_ns;
    r->stats.turns++;
    r->callbacks = 0;
    r->tracing = reactor_trace_wanted(r);
    /* What this turn will run is settled before its first callback. */
    r->again_now = r->again;
    r->again = (struct again_list){0};
    list_splice(&r->tasks_now, &r->tasks);
    if (r->now_ns >= r->wheel.next_ns)
        reactor_timers_collect(r);

    deliver_all(r, count);
    if (r->again_now.first != 0)
        deliver_again(r);
    if (!list_empty(&r->timers_due))
        reactor_timers_fire(r);
    if (!list_empty(&r->tasks_now))
        reactor_tasks_run(r);
    if (!list_empty(&r->releases))
        reactor_releases_run(r);

    /* This reading is also the one the next wait is computed from. */
    r->now_ns = r->sys->monotonic_ns();
    reactor_trace_turn(r, r->now_ns - begun_ns);
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
