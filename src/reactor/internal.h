/* What the reactor's own .c files share: the loop's state and its lists.
 * Nothing here is for users; the names are hidden in the shared library.
 */
#ifndef REACTOR_INTERNAL_H
#define REACTOR_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "reactor/reactor.h"
#include "reactor/sys.h"

#include <sys/epoll.h>

#pragma GCC visibility push(hidden)

#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* The object of the given type of which pointer is the member (by way of an
 * integer, which is indifferent to const). */
#define CONTAINER(pointer, type, member) ((type *)((uintptr_t)(pointer)-offsetof(type, member)))

/* ---- lists: circular, with the head as one of the links; a free link has next NULL ---- */

static inline void list_init(struct reactor_link *head)
{
    head->next = head->prev = head;
}

static inline bool list_empty(const struct reactor_link *head)
{
    return head->next == head;
}

static inline void list_append(struct reactor_link *head, struct reactor_link *link)
{
    struct reactor_link *last;
    link->next = head;
    last = head->prev;
    link->prev = last;
    last->next = link;
    head->prev = link;
}

/* For a link that goes into another list at once. */
static inline void list_unlink(struct reactor_link *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
}

static inline void list_remove(struct reactor_link *link)
{
    list_unlink(link);
    link->next = NULL;
}

/* Moves all of from to the end of to. */
static inline void list_splice(struct reactor_link *to, struct reactor_link *from)
{
    if (list_empty(from))
        return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    list_init(from);
}

/* ---- the timing wheel (timer.c) ---- */

enum {
    WHEEL_GRAIN_BITS = 16, /* a slot of level 0 is 2^16 ns: 65 us, about what a wake-up costs in accuracy anyway */
    WHEEL_SLOT_BITS = 6,   /* 64 slots a level: one word of bits says which are in use */
    WHEEL_SLOTS = 1 << WHEEL_SLOT_BITS,
    WHEEL_LEVELS = 8 /* 16 + 8 * 6 = 64 bits: every deadline has its place, nothing overflows */
};

/* Slot number level * WHEEL_SLOTS + digit. */
struct wheel {
    uint64_t base_ns;            /* every timer sits where its deadline, seen from here, belongs */
    uint64_t next_ns;            /* what reactor_timers_next_ns() said last */
    unsigned levels;             /* bit per level: used[level] is not 0 */
    uint64_t used[WHEEL_LEVELS]; /* bit per slot: may hold timers */
    /* No timer in the slot is earlier; exact unless one was stopped or moved. UINT64_MAX: bit not set. */
    uint64_t earliest_ns[WHEEL_LEVELS * WHEEL_SLOTS];
    struct reactor_link slots[WHEEL_LEVELS * WHEEL_SLOTS];
};

/* ---- the loop ---- */

/* One per descriptor number. */
struct fd_entry {
    struct reactor_fd *watcher; /* NULL: number not watched */
    uint32_t stamp;             /* STAMP_URGENT | how many watchers the number has had */
    uint32_t again_next;        /* next in its again_list, plus 1; 0: in none */
};

/* With the number, it is what epoll gives back of a watcher. */
#define STAMP_URGENT ((uint32_t)1 << 31) /* a signal or wake-up: phase 3 */

/* reactor_fd.flags */
enum {
    FD_STARTED = 1,
    FD_SIGNAL = 2,
    FD_WAKEUP = 4,
    FD_URGENT = FD_SIGNAL | FD_WAKEUP,
    FD_ALWAYS = 8,    /* epoll refuses it (EPERM): taken as always ready */
    FD_AGAIN = 16,    /* reactor_fd_again() was called ... */
    FD_AGAIN_ODD = 32 /* ... in a turn of odd number */
};

/* Descriptors that asked to be seen again, in order of asking, linked through
 * the table: so a watcher that stops need not be taken out (its number stays and
 * is passed over) and needs no links of its own. */
struct again_list {
    uint32_t first, last; /* number plus 1; 0: empty */
};

struct conn_pool;

struct reactor {
    const struct reactor_sys *sys;
    uint64_t now_ns;
    int epoll_fd;
    bool in_turn;
    bool stopping;
    bool trace_next;              /* the next turn's are (this one was slow) */
    bool tracing;                 /* this turn's callbacks are timed one by one (stats.c) */
    unsigned callbacks;           /* run so far in this turn */
    const char *callback;         /* name of the one running, or last run */
    uint64_t callback_started_ns; /* while tracing */

    struct fd_entry *fds;
    unsigned max_fds;
    unsigned watched;        /* started descriptors */
    unsigned watched_urgent; /* of them signals and wake-ups */
    struct epoll_event *events;
    unsigned events_per_turn;

    /* A list that grows during a turn, and the one that this turn works off:
     * that is promise 6. */
    struct again_list again, again_now;
    struct reactor_link tasks, tasks_now;
    struct reactor_link releases, releases_now;
    struct reactor_link timers_due;
    struct wheel wheel;

    struct reactor_stats stats;

    /* Buffers shared by all conns; made by the first one, freed with the reactor. */
    struct conn_pool *conn_pool;
    void (*conn_pool_free)(struct reactor *r);
};

/* timer.c */
void reactor_timers_init(struct reactor *r);
/* Moves every timer due at r->now_ns to r->timers_due, in firing order.  To be called only
 * when r->now_ns has reached wheel.next_ns: before, there is none. */
void reactor_timers_collect(struct reactor *r);
void reactor_timers_fire(struct reactor *r);
/* The time of the earliest deadline, or a little before; UINT64_MAX: no timer. */
uint64_t reactor_timers_next_ns(struct reactor *r);

/* task.c */
void reactor_tasks_run(struct reactor *r);
void reactor_releases_run(struct reactor *r);

/* fd.c */
int reactor_fd_start_as(struct reactor *r, struct reactor_fd *w, int fd, uint32_t events, uint32_t flags);

/* Takes the next that asked, in an earlier turn, to be seen again; NULL: no more. */
struct reactor_fd *reactor_again_next(struct reactor *r);

/* stats.c */
void reactor_trace_callback(struct reactor *r);
/* Whether this turn is traced, and what a turn of this length (from the end of
 * the wait to the end of the turn) says about callbacks. */
bool reactor_trace_wanted(struct reactor *r);
void reactor_trace_turn(struct reactor *r, uint64_t busy_ns);
#ifdef REACTOR_DEBUG
/* Checks every invariant of the loop and aborts with the broken one's number. */
void reactor_verify(struct reactor *r);
#endif

/* Wrapped round every user callback: what statistics need, three stores when not tracing. */
static inline void callback_begin(struct reactor *r, const char *name)
{
    r->callback = name;
    r->callbacks++;
}

static inline void callback_end(struct reactor *r)
{
    if (UNLIKELY(r->tracing))
        reactor_trace_callback(r);
}

#pragma GCC visibility pop
#endif
