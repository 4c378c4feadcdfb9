/* reactor/reactor.h - a single-threaded event loop on epoll.
 *
 * One reactor, one thread.  Watchers (descriptors, timers, deferred tasks,
 * signals, wake-ups) are structs that you embed in your own objects and hand
 * to the loop while they are started; the loop allocates nothing for them.  Zero
 * a watcher, set fn and name, start it; do not move it while it is started.  Nothing here
 * but reactor_wakeup_send() may be called from another thread.
 *
 * The order within one turn, always:
 *
 *     1. wait         epoll; not at all when something is already due
 *     2. clock        reactor_now_ns() is read once and stands still until 3 of the next turn
 *     3. signals and wake-ups
 *     4. descriptors  those the last turn had no time for; then in the order the kernel gave them; then
 *                     those that asked to be seen again; in the end the dear ones
 *     5. timers       those left over; then by deadline, equal deadlines in arming order
 *     6. tasks        those left over; then reactor_post(), in posting order
 *     7. releases     reactor_release(), in order of request
 *
 * Phases 4 to 6 begin no callback when the turn has taken its budget: 4 ms, of
 * which the next phases keep an eighth each if they have something to do.  A descriptor is dear when its last
 * call took a thirty-second of the budget or more (125 us; not every call is timed): its next one comes
 * after those of the cheap ones, in a quarter of the budget that is kept for it, so
 * that neither starves the other.  Whatever a phase has, it does one callback
 * of it in each turn.
 *
 * The promises (each is a test of the same number in tests/sim):
 *
 *      1. When a stop or cancel function returns, that watcher's callback never
 *         runs again, not even for an event already fetched.
 *      2. The loop never touches a watcher after its callback returned unless it
 *         is still started: freeing it inside its own callback is legal.
 *      3. An event of a closed descriptor is never delivered to the next user of
 *         its number.
 *      4. No user callback runs inside an API call.
 *      5. The order above.
 *      6. What is armed or posted during a turn runs in the next one at the earliest.
 *      7. A timer never fires early; equal deadlines fire in arming order; arming,
 *         re-arming and cancelling are O(1) and cannot fail.
 *      8. Input left over by a budget is seen again next turn without new readiness.
 *      9. After start nothing allocates but connection buffers; a failed
 *         allocation costs one connection, with a reason.
 *     10. A slow reader costs bounded memory and no CPU.
 *     11. At the descriptor limit existing clients are served, newcomers shed,
 *         nothing spins.
 *     12. Only reactor_wakeup_send() may be used from other threads (and from
 *         signal handlers).
 *     13. After a drain the loop is empty or names what is not.
 *     14. A turn does a bounded amount of work (reactor_config.turn_budget_ns), however many
 *         watchers are ready and whatever they cost: it ends when that is over and the callback that runs
 *         then, or one more for each phase, has returned.  What is left comes first in the next turn; among
 *         the cheap ones, and among the dear, nobody is called twice while another waits.  With
 *         callbacks of a millisecond at most a timer is less than 10 ms late.
 *
 * Four questions, and where the answers are:
 *
 *     When may I free?  A watcher: when its stop function has returned, or in
 *         the callback of one that fires once (promises 1, 2).  What others may
 *         still look at in this turn: in reactor_release().  A conn: in closed().
 *     What happens at the descriptor limit?  listener.h: clients are served,
 *         newcomers hear why and are closed (promise 11).
 *     What about the slow reader?  conn.h: his output is bounded, his input is
 *         not read, send_timeout_ns ends him (promise 10).
 *     How do I shut down cleanly?  listener_stop(), conn_group_finish(), a timer
 *         that calls conn_group_abort() when that takes too long; when the last
 *         has closed, stop signals, wake-ups and that timer.  reactor_run() then
 *         returns, or reactor_dump() names what is left (promise 13).
 *
 * Left out on purpose, and how to add it from outside: threads (do the blocking call
 * in a thread of yours, bring the result back with a wake-up); TLS (between your
 * conn and its descriptors, with conn_start_pair() on a helper's pipes, or a library of
 * its own on reactor_fd); DNS and other libraries with descriptors and timers of their own
 * (a reactor_fd for each descriptor, a reactor_timer for their next timeout); other systems
 * than Linux (struct reactor_sys is the list of what a port must provide).
 *
 * Cost, in user-space instructions: some 40 for an event beside your callback and the system
 * calls, 50 to arm a timer or to move it, 10 to stop it; two readings of the clock a turn.
 * Memory: 16 KB, and 24 bytes for each descriptor number in use.
 */
#ifndef REACTOR_REACTOR_H
#define REACTOR_REACTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct reactor;
struct reactor_sys;

/* A place in one of the loop's lists; next is NULL while in none.  Private. */
struct reactor_link {
    struct reactor_link *next, *prev;
};

/* The object that holds this watcher: in a callback,
 * struct client *c = REACTOR_OWNER(t, struct client, timer). */
#define REACTOR_OWNER(watcher, type, member) ((type *)(void *)((char *)(watcher)-offsetof(type, member)))

/* ---- the loop ---- */

struct reactor_config {
    const struct reactor_sys *sys; /* NULL: reactor_sys_linux */
    unsigned max_fds;         /* highest descriptor number + 1 that may be watched; 0: RLIMIT_NOFILE at reactor_new() */
    unsigned events_per_turn; /* epoll events fetched at once; 0: 256 */
    uint64_t turn_budget_ns;  /* what a turn may take (promise 14); 0: 4 ms */
};

/* Makes a reactor.  config may be NULL.  NULL with errno set on failure (ENOMEM, EINVAL,
 * those of epoll_create1(2)), with nothing left behind.  All memory the loop itself will ever
 * need is taken here.  An unlimited RLIMIT_NOFILE counts as 1,048,576. */
struct reactor *reactor_new(const struct reactor_config *config);

/* Frees it; not from inside a callback.  Every watcher must be stopped: what is not is named on stderr
 * in builds with -DREACTOR_DEBUG, which also check the loop's invariants after each
 * turn and abort when one is broken.  r may be NULL. */
void reactor_free(struct reactor *r);

/* Turns until reactor_stop(), or until nothing that could ever call back is
 * started (promise 13); signals and wake-ups count, too.  0, or -1 with errno when epoll itself failed. */
int reactor_run(struct reactor *r);

/* One turn.  Waits at most max_wait_ns (< 0: as long as it takes); a signal that
 * is not watched may end the wait early.  1 while something is started, 0 when the loop is empty (then
 * it does not wait), -1 with errno: those of epoll_wait(2), EDEADLK inside a callback. */
int reactor_turn(struct reactor *r, int64_t max_wait_ns);

/* The reactor_run() that is under way returns at the end of this turn. */
void reactor_stop(struct reactor *r);

/* CLOCK_MONOTONIC at the beginning of this turn (outside: at the end of the last), in nanoseconds. */
uint64_t reactor_now_ns(const struct reactor *r);
/* Reads the clock again, for those who must know within a turn; the turn's time moves with it. */
uint64_t reactor_update_now_ns(struct reactor *r);

/* The table given to reactor_new(): for code that is to run in the simulator, too. */
const struct reactor_sys *reactor_sys_of(const struct reactor *r);

/* ---- descriptors ---- */

struct reactor_fd;
/* events: EPOLLIN, EPOLLOUT, EPOLLHUP, EPOLLERR, EPOLLRDHUP … as in epoll_ctl(2);
 * 0 when called on the watcher's own request (reactor_fd_again()). */
typedef void reactor_fd_fn(struct reactor_fd *w, uint32_t events);

struct reactor_fd {
    reactor_fd_fn *fn;
    const char *name; /* static; shown by reactor_dump and the statistics */
    /* private */
    struct reactor *reactor;
    int fd;
    uint32_t flags; /* 0: not started */
};

/* Watches fd for events (EPOLLIN | EPOLLOUT …; add EPOLLET for edges).  The
 * descriptor stays yours.  w must not be started.  0, or -1 with errno and w not started: those of
 * epoll_ctl(2), EEXIST (the number is watched already), EMFILE (fd >= max_fds).  A descriptor
 * epoll refuses (EPERM: regular files, /dev/null) is taken as always ready: fn(w, 0) is called in the next turn, and
 * in each for which it asks with reactor_fd_again().  One system call. */
int reactor_fd_start(struct reactor *r, struct reactor_fd *w, int fd, uint32_t events);
/* Changes the mask; 0 leaves EPOLLERR and EPOLLHUP.  What was left over for the next turn and is not in the
 * new mask is dropped.  0, or -1 with errno and the old mask in force.  One system call. */
int reactor_fd_modify(struct reactor_fd *w, uint32_t events);
/* Stops; harmless when not started.  To be called before close(2) (promise 3).  One system call. */
void reactor_fd_stop(struct reactor_fd *w);
/* Calls fn(w, 0) in the next turn, which then does not wait, if w is still started and no event has
 * called it meanwhile; events that come before its place in the queue are handed to the same call.  For work
 * left over by a budget.  Harmless when not started. */
void reactor_fd_again(struct reactor_fd *w);
static inline bool reactor_fd_started(const struct reactor_fd *w)
{
    return w->flags != 0;
}

/* ---- timers ---- */

struct reactor_timer;
typedef void reactor_timer_fn(struct reactor_timer *t);

struct reactor_timer {
    reactor_timer_fn *fn;
    const char *name;
    /* private */
    struct reactor_link link;
    uint64_t deadline_ns;
};

/* Arms t for deadline_ns (on the clock of reactor_now_ns(); UINT64_MAX: never), or moves it
 * there when armed already, behind those of the same deadline.  One shot: disarmed before fn is called,
 * which may arm it again.  Fires in the first turn whose time has reached the deadline, or
 * the next when that one has no time left; late by what the turn before takes and the kernel's timer slack
 * (50 us, prctl(2)).  Cannot fail. */
void reactor_timer_start(struct reactor *r, struct reactor_timer *t, uint64_t deadline_ns);
/* Disarms; harmless when not armed (and zeroed). */
void reactor_timer_stop(struct reactor *r, struct reactor_timer *t);
static inline bool reactor_timer_armed(const struct reactor_timer *t)
{
    return t->link.next != NULL;
}

/* ---- deferred calls ---- */

struct reactor_task;
typedef void reactor_task_fn(struct reactor_task *t);

struct reactor_task {
    reactor_task_fn *fn;
    const char *name;
    /* private */
    struct reactor_link link;
};

/* Runs fn once, in phase 6 of the next turn, which then does not wait (of a later one when there is no time).
 * Posting what is posted, or to be released, already changes nothing.  Cannot fail. */
void reactor_post(struct reactor *r, struct reactor_task *t);
/* Takes back a reactor_post() or reactor_release(); harmless when there is none. */
void reactor_cancel(struct reactor *r, struct reactor_task *t);
/* Runs fn once at the very end of this turn (phase 7), after everything that
 * might still hold a pointer has returned: the place to free what others see.  Asked for
 * in phase 7 or outside a turn: at the end of the next. */
void reactor_release(struct reactor *r, struct reactor_task *t);

/* ---- wake-up from another thread ---- */

struct reactor_wakeup;
typedef void reactor_wakeup_fn(struct reactor_wakeup *w);
struct reactor_wakeup {
    reactor_wakeup_fn *fn;
    const char *name;
    /* private */
    struct reactor_fd fd;
};
/* Takes one descriptor (eventfd(2)).  0, or -1 with errno and w not started. */
int reactor_wakeup_start(struct reactor *r, struct reactor_wakeup *w);
/* Gives it back; harmless when not started.  Whoever might still send must have been joined. */
void reactor_wakeup_stop(struct reactor_wakeup *w);
/* From any thread, or a signal handler, while w is started: fn runs in the loop's thread, in phase 3
 * of its next turn; sends before it runs are merged.  What was written before the send is visible to
 * fn.  Leaves errno alone.  One system call. */
void reactor_wakeup_send(struct reactor_wakeup *w);

/* ---- signals ---- */

struct reactor_signal;
typedef void reactor_signal_fn(struct reactor_signal *s, int signo);
struct reactor_signal {
    reactor_signal_fn *fn;
    const char *name;
    /* private */
    struct reactor_fd fd;
    int signo;
};
/* Blocks signo in this thread and calls fn in phase 3 when it comes, once for all that are pending
 * (signalfd(2); takes one descriptor).  To be started before threads are made, which inherit
 * the mask: a thread that does not block signo gets it otherwise.  0, or -1 with errno and s not
 * started: EEXIST (watched already), EINVAL, EMFILE. */
int reactor_signal_start(struct reactor *r, struct reactor_signal *s, int signo);
/* Stops and unblocks signo: one that is pending then has its usual effect.  Harmless when not started. */
void reactor_signal_stop(struct reactor_signal *s);

/* ---- statistics ---- */

enum {
    REACTOR_BUSY_BUCKETS = 24
};
struct reactor_stats {
    uint64_t turns;
    uint64_t events;         /* descriptor events fetched, signals, wake-ups and stale ones included */
    uint64_t stale_events;   /* dropped: their watcher had gone (promise 3) */
    uint64_t carried_events; /* left to a later turn, for want of time in theirs (promise 14) */
    uint64_t timers_fired;
    uint64_t tasks_run;               /* releases included */
    uint64_t worst_timer_lateness_ns; /* from a deadline to the turn in which it fired */
    /* The longest callback seen, and its watcher's name.  Looked for in turns with a single
     * callback, in one turn of 256, in the turn after the first that took longer, and where the clock is read for
     * promise 14 anyway: timing each callback of each turn would cost more than the loop itself. */
    uint64_t longest_callback_ns;
    const char *longest_callback;
    uint64_t worst_turn_ns;                    /* the longest turn, without the waiting */
    uint64_t busy_ns;                          /* all turns together, without the waiting */
    uint64_t busy_turns[REACTOR_BUSY_BUCKETS]; /* turns by busy time: bucket b counts [2^b, 2^(b+1)) microseconds,
                                                  bucket 0 also less, the last also more */
};
/* Always on: two stores an event, two readings of the clock a turn.  The struct lives as long as r and
 * counts on.  (C++ compilers find a function and a struct of one name worth a warning.) */
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif
const struct reactor_stats *reactor_stats(const struct reactor *r);
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/* One line for each live watcher: "fd NAME fd=N", "signal …", "wakeup …", "timer NAME due_in_ns=N",
 * "task NAME", "release NAME"; a descriptor that is to be called in the next turn has " again" behind it, or
 * " carried" when events of it were left over.  Costs a walk through all of them. */
void reactor_dump(const struct reactor *r, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
