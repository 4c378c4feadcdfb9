/* loop_reactor.c - this project's reactor. */
#include "bench.h"
#include "reactor/reactor.h"
#include "reactor/sys.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>

#define NS_PER_MS UINT64_C(1000000)

struct pair {
    struct reactor_fd fd;
    struct reactor_timer timer;
    uint64_t timeout_ns;
};

const char loop_name[] = "reactor";
const bool loop_has_timers = true;

static struct reactor *loop;
static struct pair *pairs;
static struct reactor_timer *timers;

static uint64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

void loop_open(void)
{
    /* Where instructions are counted (callgrind) everything takes fifty times as long, and what else runs on the
     * machine interrupts it: the bound of a turn in proportion, on a clock that stands still meanwhile. */
    static struct reactor_sys counted;
    counted = reactor_sys_linux;
    counted.monotonic_ns = cpu_ns;
    loop = getenv("COUNTED") ? reactor_new(&(struct reactor_config){.sys = &counted, .turn_budget_ns = 200 * NS_PER_MS})
                             : reactor_new(NULL);
}

static void on_readable(struct reactor_fd *w, uint32_t events)
{
    (void)events;
    chain_hop((int)((struct pair *)w - pairs));
}

static void on_readable_timed(struct reactor_fd *w, uint32_t events)
{
    struct pair *p = (struct pair *)w;
    (void)events;
    chain_hop((int)(p - pairs));
    reactor_timer_start(loop, &p->timer, reactor_now_ns(loop) + p->timeout_ns);
}

static void on_timeout(struct reactor_timer *t)
{
    (void)t;
    timers_fired++;
}

void loop_watch_chain(bool with_timeouts)
{
    pairs = calloc((size_t)chain.pairs, sizeof *pairs);
    for (int i = 0; i < chain.pairs; i++) {
        struct pair *p = &pairs[i];
        p->fd.fn = with_timeouts ? on_readable_timed : on_readable;
        p->fd.name = "pair";
        p->timer.fn = on_timeout;
        p->timer.name = "timeout";
        p->timeout_ns = chain.timeout_ms[i] * NS_PER_MS;
        if (reactor_fd_start(loop, &p->fd, chain.read_fd[i], EPOLLIN) != 0)
            exit(1);
        if (with_timeouts)
            reactor_timer_start(loop, &p->timer, reactor_now_ns(loop) + p->timeout_ns);
    }
}

void loop_run_chain(void)
{
    while (chain.in_flight > 0)
        reactor_turn(loop, -1);
}

void loop_make_timers(int count)
{
    timers = calloc((size_t)count, sizeof *timers);
    for (int i = 0; i < count; i++)
        timers[i] = (struct reactor_timer){.fn = on_timeout, .name = "timer"};
}

void loop_arm(int i, uint32_t after_ms)
{
    reactor_timer_start(loop, &timers[i], reactor_now_ns(loop) + after_ms * NS_PER_MS);
}

void loop_rearm(int i, uint32_t after_ms)
{
    loop_arm(i, after_ms);
}

void loop_cancel(int i)
{
    reactor_timer_stop(loop, &timers[i]);
}

void loop_update_clock(void)
{
    reactor_update_now_ns(loop);
}

void loop_run_timers(long count)
{
    while (timers_fired < count)
        reactor_turn(loop, -1);
}
