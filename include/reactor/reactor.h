/* reactor/reactor.h - a single-threaded event loop on epoll.
 *
 * One reactor, one thread.  Watchers (descriptors, timers, deferred tasks,
 * signals, wake-ups) are structs that you embed in your own objects and hand
 * to the loop while they are started; the loop allocates nothing for them.
 *
 * The order within one turn, always:
 *
 *     1. wait         epoll; not at all when something is already due
 *     2. clock        reactor_now_ns() is read once and stands still until 3 of the next turn
 *     3. signals and wake-ups
 *     4. descriptors  in the order the kernel gave them, then those that asked to be seen again
 *     5. timers       by deadline, equal deadlines in arming order
 *     6. tasks        reactor_post(), in posting order
 *     7. releases     reactor_release(), in order of request
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
 *
 * Left out on purpose: threads, TLS, DNS, other systems.
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
};

/* Makes a reactor.  config may be NULL.  NULL with errno set on failure, with
 * nothing left behind.  All memory the loop itself will ever need is taken here. */
struct reactor *reactor_new(const struct reactor_config *config);

/* Frees it.  Every watcher must be stopped: what is not is named on stderr
 * in debug builds (see reactor_dump).  r may be NULL. */
void reactor_free(struct reactor *r);

/* Turns until reactor_stop(), or until nothing that could ever call back is
 * started (promise 13).  0, or -1 with errno when epoll itself failed. */
int reactor_run(struct reactor *r);

/* One turn.  Waits at most max_wait_ns (< 0: as long as it takes).
 * 1 while something is started, 0 when the loop is empty, -1 with errno. */
int reactor_turn(struct reactor *r, int64_t max_wait_ns);

/* reactor_run() returns at the end of this turn. */
void reactor_stop(struct reactor *r);

/* Monotonic time of this turn in nanoseconds. */
uint64_t reactor_now_ns(const struct reactor *r);
/* Reads the clock again, for those who must know within a turn; the turn's time moves with it. */
uint64_t reactor_update_now_ns(struct reactor *r);

const struct reactor_sys *reactor_sys_of(const struct reactor *r);

/* ---- descriptors ---- */

struct reactor_fd;
/* events: EPOLLIN, EPOLLOUT, EPOLLHUP, EPOLLERR, EPOLLRDHUP as in epoll_ctl(2);
 * 0 when called again on the watcher's own request (reactor_fd_again). */
typedef void reactor_fd_fn(struct reactor_fd *w, uint32_t events);

struct reactor_fd {
    reactor_fd_fn *fn;
    const char *name; /* static; shown by reactor_dump and the statistics */
    /* private */
    struct reactor *reactor;
    int fd;
    uint32_t flags; /* 0: not started */
};

/* Watches fd for events (EPOLLIN | EPOLLOUT … ; add EPOLLET for edges).  The
 * descriptor stays yours.  0, or -1 with errno (ENOMEM, ENOSPC, EMFILE when
 * fd >= max_fds) and w not started.  A descriptor epoll refuses (EPERM: regular
 * files, /dev/null) is taken as always ready and called every turn it has asked
 * for with reactor_fd_again(), once at start. */
int reactor_fd_start(struct reactor *r, struct reactor_fd *w, int fd, uint32_t events);
/* Changes the mask.  0, or -1 with errno and the old mask in force. */
int reactor_fd_modify(struct reactor_fd *w, uint32_t events);
/* Stops; harmless when not started.  Call before close(2) (promise 3). */
void reactor_fd_stop(struct reactor_fd *w);
/* Calls fn(w, 0) in the next turn, without waiting, if still started by then. */
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

/* Arms t for deadline_ns (monotonic, as reactor_now_ns), or moves it there
 * when armed already.  One shot: disarmed before fn is called.  Cannot fail. */
void reactor_timer_start(struct reactor *r, struct reactor_timer *t, uint64_t deadline_ns);
/* Disarms; harmless when not armed. */
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

/* Runs fn once, in phase 6 of the next turn if posted during a turn.
 * Posting what is posted already changes nothing. */
void reactor_post(struct reactor *r, struct reactor_task *t);
void reactor_cancel(struct reactor *r, struct reactor_task *t);
/* Runs fn once at the very end of this turn (phase 7), after everything that
 * might still hold a pointer has returned: the place to free what others see. */
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
int reactor_wakeup_start(struct reactor *r, struct reactor_wakeup *w);
void reactor_wakeup_stop(struct reactor_wakeup *w);
/* Any thread, or a signal handler: fn runs in the loop's thread soon; sends before it runs are merged. */
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
/* signalfd(2): blocks signo in this thread and delivers it in phase 3.  Start
 * before making threads.  0, or -1 with errno. */
int reactor_signal_start(struct reactor *r, struct reactor_signal *s, int signo);
void reactor_signal_stop(struct reactor_signal *s);

/* ---- statistics ---- */

enum {
    REACTOR_BUSY_BUCKETS = 24
};
struct reactor_stats {
    uint64_t turns;
    uint64_t events;       /* descriptor events delivered */
    uint64_t stale_events; /* dropped: their watcher had gone (promise 3) */
    uint64_t timers_fired;
    uint64_t tasks_run;
    uint64_t worst_timer_lateness_ns;
    uint64_t longest_callback_ns;
    const char *longest_callback;              /* its watcher's name */
    uint64_t busy_turns[REACTOR_BUSY_BUCKETS]; /* turns by busy time: bucket b counts [2^b, 2^(b+1)) microseconds,
                                                  bucket 0 also less, the last also more */
};
/* C++ compilers find a function and a struct of one name worth a warning. */
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif
const struct reactor_stats *reactor_stats(const struct reactor *r);
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/* One line for each live watcher: kind, name, descriptor or deadline. */
void reactor_dump(const struct reactor *r, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
