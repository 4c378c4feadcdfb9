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

/* Checks of invariants: those of conns in builds with REACTOR_VERIFY, with REACTOR_DEBUG also those of
 * the loop, which walk through everything once a turn.  Not assert(): that would vanish under NDEBUG,
 * which is for the user's code to decide. */
#if defined(REACTOR_DEBUG) && !defined(REACTOR_VERIFY)
#define REACTOR_VERIFY 1
#endif
#ifdef REACTOR_VERIFY
#define VERIFY(of, number, condition) ((condition) ? (void)0 : reactor_broken(of, number, #condition))
/* Says which invariant of what is broken, and aborts. */
_Noreturn void reactor_broken(const char *of, int number, const char *condition);
#else
#define VERIFY(of, number, condition) ((void)0)
#endif

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

/* One per descriptor number.  All of epoll's events fit in 16 bits. */
struct fd_entry {
    struct reactor_fd *watcher; /* NULL: number not watched */
    uint32_t stamp;             /* STAMP_ flags | how many watchers the number has had */
    uint32_t next, prev;        /* in one of the queues (ready.c); 0: in none */
    uint16_t events;            /* queued: what has come and is not delivered yet */
    bool asked;                 /* queued: by reactor_fd_again() */
};

/* With the number, the stamp is what epoll gives back of a watcher, without the last two flags: so one
 * comparison tells whether an event may be delivered at once. */
#define STAMP_URGENT ((uint32_t)1 << 31) /* a signal or wake-up: phase 3 */
#define STAMP_DEAR   ((uint32_t)1 << 30) /* its last call that was timed took long */
#define STAMP_QUEUED ((uint32_t)1 << 29) /* next and prev are in use */
#define STAMP_COUNT  (STAMP_QUEUED - 1)
#define STAMP_OWNER  (STAMP_URGENT | STAMP_COUNT)

static inline bool same_owner(uint32_t stamp, uint32_t other)
{
    return ((stamp ^ other) & STAMP_OWNER) == 0;
}

/* reactor_fd.flags */
enum {
    FD_STARTED = 1,
    FD_SIGNAL = 2,
    FD_WAKEUP = 4,
    FD_URGENT = FD_SIGNAL | FD_WAKEUP,
    FD_ALWAYS = 8, /* epoll refuses it (EPERM): taken as always ready */
    FD_FIRST = 16  /* never counts as dear: those who wait behind it are newcomers */
};

/* Queues of descriptors whose call waits (ready.c).  Each is at most in one. */
enum ready_queue {
    READY_CARRIED = 1, /* the last turn had no time for them: first in the next */
    READY_AGAIN,       /* asked, during this turn, to be seen again: for the next */
    READY_AGAIN_NOW,   /* ... during the turn before: for this one */
    READY_DEAR,        /* the same for those whose calls take long */
    READY_DEAR_NOW,
    READY_HEADS /* number of heads, plus 1: 0 says "in none" */
};

struct conn_pool;

/* Parts of the turn's budget (reactor_config.turn_budget_ns), as shifts. */
enum {
    BUDGET_DEAR = 2,   /* a quarter is kept for dear descriptors, if there are any */
    BUDGET_OTHERS = 3, /* an eighth for timers, and for tasks */
    BUDGET_SHARE = 3,  /* what one callback takes at most if it asks: an eighth, 0.5 ms of 4 */
    BUDGET_LOOK = 4,   /* the clock is read so often that callbacks do not take more in between: 0.25 ms of 4 */
    BUDGET_CALL = 5    /* a call that takes this long is dear: 0.125 ms of 4, some ten small requests */
};

struct reactor {
    const struct reactor_sys *sys;
    uint64_t now_ns;
    int epoll_fd;
    bool in_turn;
    bool stopping;
    bool trace_next;      /* the next turn's callbacks are timed one by one (this turn was slow) */
    bool tracing;         /* this turn's are (stats.c) */
    const char *callback; /* name of the one running, or last run */

    /* The bound of a turn (budget.c). */
    uint64_t budget_ns;
    uint64_t read_ns;      /* the clock as read last in this turn */
    uint64_t phase_end_ns; /* no more callbacks of this phase begin when read_ns has reached it */
    unsigned until_read;   /* callbacks before the clock is read again */
    unsigned interval;     /* what that was when it was read last */
    bool weighing;         /* CPU time is read beside the clock: the turn before left work over */
    uint64_t cpu_ns;       /* as read last, while weighing */
    unsigned stride;       /* callbacks between two readings, as learnt */

    struct fd_entry *table; /* READY_HEADS entries that are heads of queues, then one for each number */
    struct fd_entry *fds;   /* those for the numbers */
    unsigned queued;        /* numbers in a queue, all together */
    unsigned max_fds;
    unsigned watched;        /* started descriptors */
    unsigned watched_urgent; /* of them signals and wake-ups */
    struct epoll_event *events;
    unsigned events_per_turn;

    /* A list that grows during a turn, and the one that this turn works off: that
     * is promise 6 (also of READY_AGAIN).  What a turn has no time for stays in the latter. */
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
/* At least the first of timers_due, which is not empty; the others as far as the budget goes. */
void reactor_timers_fire(struct reactor *r);
/* The time of the earliest deadline, or a little before; UINT64_MAX: no timer. */
uint64_t reactor_timers_next_ns(struct reactor *r);

/* task.c */
void reactor_tasks_run(struct reactor *r);
void reactor_releases_run(struct reactor *r);

/* fd.c */
int reactor_fd_start_as(struct reactor *r, struct reactor_fd *w, int fd, uint32_t events, uint32_t flags);

/* ready.c */
void reactor_ready_init(struct reactor *r);
void reactor_ready_append(struct reactor *r, enum ready_queue queue, int fd);
/* Takes fd out of the queue it is in, and forgets what it waited for. */
void reactor_ready_remove(struct reactor *r, int fd);
/* Moves all of from to the end of to. */
void reactor_ready_splice(struct reactor *r, enum ready_queue to, enum ready_queue from);

static inline bool ready_empty(const struct reactor *r, enum ready_queue queue)
{
    return r->table[queue].next == queue;
}

static inline void ready_move(struct reactor *r, enum ready_queue to, enum ready_queue from)
{
    if (!ready_empty(r, from))
        reactor_ready_splice(r, to, from);
}

/* The first descriptor of a queue that is not empty. */
static inline int ready_first(const struct reactor *r, enum ready_queue queue)
{
    return (int)(r->table[queue].next - READY_HEADS);
}

/* budget.c */
/* weighing: this turn did not wait, there is more to do than a turn takes.  single: one event is all there
 * is, and behind it the clock is read anyway, at the end of the turn. */
void reactor_budget_begin(struct reactor *r, bool weighing, bool single);
/* The phase that begins now leaves this much of the budget to those behind it. */
static inline void reactor_budget_phase(struct reactor *r, uint64_t begun_ns, uint64_t kept_ns)
{
    r->phase_end_ns = begun_ns + r->budget_ns - kept_ns;
}
/* The same for timers and tasks, which have an eighth of the budget also when those before them took longer than
 * they should: else one callback a turn would be all they get beside dear ones. */
void reactor_budget_last_phase(struct reactor *r, uint64_t begun_ns, uint64_t kept_ns);
/* The clock was read between two callbacks, or after the last.  Returns how much work those were that ended
 * since it was read before: the time that passed, less what other processes had of it, if that is known. */
uint64_t reactor_budget_note(struct reactor *r, uint64_t now_ns);
/* For a callback that does a lot: true when it has had its share of the turn and should leave the rest for
 * the next.  Reads the clock. */
bool reactor_share_over(struct reactor *r);

/* The clock is read after this callback: it did more than others. */
static inline void budget_read_soon(struct reactor *r)
{
    r->interval -= r->until_read - 1;
    r->until_read = 1;
}

/* Callbacks that have ended since the clock was read. */
static inline unsigned budget_unread(const struct reactor *r)
{
    return r->interval - r->until_read;
}

static inline bool budget_over(const struct reactor *r)
{
    return r->read_ns >= r->phase_end_ns;
}

/* stats.c */
/* So many callbacks have taken so long together. */
void reactor_note_callbacks(struct reactor *r, unsigned callbacks, uint64_t took_ns);
/* Whether this turn's callbacks are timed one by one. */
bool reactor_trace_wanted(struct reactor *r);
/* A turn took so long, from the end of the wait to its own. */
void reactor_note_turn(struct reactor *r, uint64_t busy_ns);
#ifdef REACTOR_DEBUG
/* Checks every invariant of the loop. */
void reactor_verify(struct reactor *r);
#endif

/* Wrapped round every user callback: what statistics need, and the bound of the turn. */
static inline void callback_begin(struct reactor *r, const char *name)
{
    r->callback = name;
}

static inline void callback_end(struct reactor *r)
{
    if (UNLIKELY(--r->until_read == 0))
        (void)reactor_budget_note(r, r->sys->monotonic_ns());
}

#pragma GCC visibility pop
#endif
