/* loop_libevent.c - libevent 2: persistent events, event_add() again where a
 * timeout is pushed on by activity. */
#include "bench.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdlib.h>

struct pair {
    struct event io, timer;
    struct timeval timeout;
};

const char loop_name[] = "libevent";
const bool loop_has_timers = true;

static struct event_base *base;
static struct pair *pairs;
static struct event *timers;

void loop_open(void)
{
    base = event_base_new();
}

static struct timeval in_ms(uint32_t ms)
{
    return (struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
}

static void on_readable(evutil_socket_t fd, short events, void *arg)
{
    (void)fd, (void)events;
    chain_hop((int)((struct pair *)arg - pairs));
}

static void on_readable_timed(evutil_socket_t fd, short events, void *arg)
{
    struct pair *p = arg;
    (void)fd, (void)events;
    chain_hop((int)(p - pairs));
    event_add(&p->timer, &p->timeout);
}

static void on_timeout(evutil_socket_t fd, short events, void *arg)
{
    (void)fd, (void)events, (void)arg;
    timers_fired++;
}

void loop_watch_chain(bool with_timeouts)
{
    pairs = calloc((size_t)chain.pairs, sizeof *pairs);
    for (int i = 0; i < chain.pairs; i++) {
        struct pair *p = &pairs[i];
        event_assign(&p->io, base, chain.read_fd[i], EV_READ | EV_PERSIST,
                     with_timeouts ? on_readable_timed : on_readable, p);
        event_add(&p->io, NULL);
        p->timeout = in_ms(chain.timeout_ms[i]);
        evtimer_assign(&p->timer, base, on_timeout, NULL);
        if (with_timeouts)
            event_add(&p->timer, &p->timeout);
    }
}

void loop_run_chain(void)
{
    while (chain.in_flight > 0)
        event_base_loop(base, EVLOOP_ONCE);
}

void loop_make_timers(int count)
{
    timers = calloc((size_t)count, sizeof *timers);
    for (int i = 0; i < count; i++)
        evtimer_assign(&timers[i], base, on_timeout, NULL);
}

void loop_arm(int i, uint32_t after_ms)
{
    struct timeval timeout = in_ms(after_ms);
    event_add(&timers[i], &timeout);
}

void loop_rearm(int i, uint32_t after_ms)
{
    loop_arm(i, after_ms);
}

void loop_cancel(int i)
{
    event_del(&timers[i]);
}

void loop_update_clock(void)
{
    event_base_update_cache_time(base);
}

void loop_run_timers(long count)
{
    while (timers_fired < count)
        event_base_loop(base, EVLOOP_ONCE);
}
