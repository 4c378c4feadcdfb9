/* Promise 12: only reactor_wakeup_send() may be used from other threads, and
 * from signal handlers.  On the real system: threads are what it is about.
 */
#include "reactor/reactor.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

enum {
    THREADS = 4,
    SENDS = 1000
};

static struct reactor_wakeup wakeup;
static atomic_uint sent;
static unsigned calls;

static void *send_many(void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < SENDS; i++) {
        atomic_fetch_add(&sent, 1);
        reactor_wakeup_send(&wakeup);
    }
    return NULL;
}

/* Stops once it knows that every send came before this call. */
static void on_wakeup(struct reactor_wakeup *w)
{
    calls++;
    if (atomic_load(&sent) == THREADS * SENDS)
        reactor_stop(w->fd.reactor);
}

Test(promise_12, wakeups_from_threads_arrive_and_are_merged, .timeout = 30)
{
    struct reactor *r = reactor_new(NULL);
    pthread_t threads[THREADS];

    wakeup = (struct reactor_wakeup){.fn = on_wakeup, .name = "wakeup"};
    cr_assert_eq(reactor_wakeup_start(r, &wakeup), 0);
    for (unsigned i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, send_many, NULL), 0);
    cr_expect_eq(reactor_run(r), 0);
    cr_expect_geq(calls, 1u);
    cr_expect_leq(calls, (unsigned)(THREADS * SENDS));
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    reactor_wakeup_stop(&wakeup);
    reactor_free(r);
}

static void handler(int signo)
{
    (void)signo;
    atomic_store(&sent, THREADS * SENDS);
    errno = EXDEV;
    reactor_wakeup_send(&wakeup);
    if (errno != EXDEV)
        abort();
}

Test(promise_12, wakeup_from_a_signal_handler, .timeout = 30)
{
    struct reactor *r = reactor_new(NULL);

    wakeup = (struct reactor_wakeup){.fn = on_wakeup, .name = "wakeup"};
    cr_assert_eq(reactor_wakeup_start(r, &wakeup), 0);
    signal(SIGUSR1, handler);
    raise(SIGUSR1);
    cr_expect_eq(reactor_run(r), 0);
    cr_expect_eq(calls, 1);
    reactor_wakeup_stop(&wakeup);
    reactor_free(r);
}
