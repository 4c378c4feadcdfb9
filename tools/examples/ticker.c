/* ticker: prints a line every period, and stops cleanly.
 *
 *     ticker PERIOD_MS [COUNT]
 *
 * Shows a periodic timer made of the one-shot one.  The next deadline is counted
 * from the last deadline, not from now, so the period does not drift; ticks
 * that are over already when the loop comes round are counted and
 * left out, so a process that was stopped for an hour does not print an hour's
 * lines at once.
 *
 * Clean shutdown: the first SIGINT or SIGTERM stops every watcher.  A loop with
 * nothing left to wait for ends by itself: no flag, no exit() in a handler.
 */
#include "reactor/reactor.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

struct ticker {
    struct reactor *reactor;
    struct reactor_timer timer;
    struct reactor_signal interrupt, terminate;
    uint64_t period_ns, due_ns;
    unsigned long ticks, left_out, limit; /* limit 0: for ever */
};

static void stop(struct ticker *k)
{
    reactor_timer_stop(k->reactor, &k->timer);
    reactor_signal_stop(&k->interrupt);
    reactor_signal_stop(&k->terminate);
}

static void on_interrupt(struct reactor_signal *s, int signo)
{
    (void)signo;
    stop(REACTOR_OWNER(s, struct ticker, interrupt));
}

static void on_terminate(struct reactor_signal *s, int signo)
{
    (void)signo;
    stop(REACTOR_OWNER(s, struct ticker, terminate));
}

static void arm(struct ticker *k)
{
    k->due_ns += k->period_ns;
    reactor_timer_start(k->reactor, &k->timer, k->due_ns);
}

static void on_tick(struct reactor_timer *t)
{
    struct ticker *k = REACTOR_OWNER(t, struct ticker, timer);
    uint64_t late_ns = reactor_now_ns(k->reactor) - k->due_ns; /* a timer never fires early */
    unsigned long skip = (unsigned long)(late_ns / k->period_ns);
    k->due_ns += skip * k->period_ns;
    k->left_out += skip;
    printf("tick %lu\n", ++k->ticks);
    fflush(stdout);
    if (k->ticks == k->limit)
        stop(k);
    else
        arm(k);
}

static int start(struct ticker *k)
{
    k->timer = (struct reactor_timer){.fn = on_tick, .name = "tick"};
    k->interrupt = (struct reactor_signal){.fn = on_interrupt, .name = "SIGINT"};
    k->terminate = (struct reactor_signal){.fn = on_terminate, .name = "SIGTERM"};
    if (reactor_signal_start(k->reactor, &k->interrupt, SIGINT) != 0 ||
        reactor_signal_start(k->reactor, &k->terminate, SIGTERM) != 0)
        return -1;
    k->due_ns = reactor_now_ns(k->reactor);
    arm(k);
    return 0;
}

int main(int argc, char **argv)
{
    struct ticker k = {0};
    unsigned long period_ms = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    if (argc > 3 || period_ms == 0 || period_ms > 86400000) {
        fprintf(stderr, "usage: ticker PERIOD_MS [COUNT]   (1 to 86400000 ms)\n");
        return 2;
    }
    k.period_ns = period_ms * UINT64_C(1000000);
    k.limit = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    k.reactor = reactor_new(NULL);
    if (k.reactor == NULL || start(&k) != 0 || reactor_run(k.reactor) != 0) {
        perror("ticker");
        return 1;
    }
    printf("stopped after %lu ticks, %lu left out\n", k.ticks, k.left_out);
    reactor_free(k.reactor);
    return 0;
}
