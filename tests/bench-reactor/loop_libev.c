/* loop_libev.c - libev 4, as its manual recommends it: ev_timer_again() where a
 * timeout is pushed on by activity. */
#include "bench.h"

#include <ev.h>
#include <stdlib.h>

struct pair {
    ev_io io;
    ev_timer timer;
};

const char loop_name[] = "libev";
const bool loop_has_timers = true;

static struct ev_loop *loop;
static struct pair *pairs;
static ev_timer *timers;

void loop_open(void)
{
    loop = ev_loop_new(EVBACKEND_EPOLL);
}

static void on_readable(struct ev_loop *l, ev_io *w, int events)
{
    (void)l, (void)events;
    chain_hop((int)((struct pair *)(void *)w - pairs));
}

static void on_readable_timed(struct ev_loop *l, ev_io *w, int events)
{
    struct pair *p = (struct pair *)(void *)w;
    (void)events;
    chain_hop((int)(p - pairs));
    ev_timer_again(l, &p->timer);
}

static void on_timeout(struct ev_loop *l, ev_timer *t, int events)
{
    (void)l, (void)t, (void)events;
    timers_fired++;
}

static void init_timer(ev_timer *t, uint32_t repeat_ms)
{
    ev_set_cb(t, on_timeout);
    t->active = t->pending = 0;
    t->priority = 0;
    t->at = 0;
    t->repeat = repeat_ms / 1000.0;
}

void loop_watch_chain(bool with_timeouts)
{
    pairs = calloc((size_t)chain.pairs, sizeof *pairs);
    for (int i = 0; i < chain.pairs; i++) {
        struct pair *p = &pairs[i];
        ev_set_cb(&p->io, with_timeouts ? on_readable_timed : on_readable);
        ev_io_set(&p->io, chain.read_fd[i], EV_READ);
        ev_io_start(loop, &p->io);
        init_timer(&p->timer, chain.timeout_ms[i]);
        if (with_timeouts)
            ev_timer_again(loop, &p->timer);
    }
}

void loop_run_chain(void)
{
    while (chain.in_flight > 0)
        ev_run(loop, EVRUN_ONCE);
}

void loop_make_timers(int count)
{
    timers = calloc((size_t)count, sizeof *timers);
    for (int i = 0; i < count; i++)
        init_timer(&timers[i], 0);
}

void loop_arm(int i, uint32_t after_ms)
{
    timers[i].at = after_ms / 1000.0;
    timers[i].repeat = 0;
    ev_timer_start(loop, &timers[i]);
}

void loop_rearm(int i, uint32_t after_ms)
{
    timers[i].repeat = after_ms / 1000.0;
    ev_timer_again(loop, &timers[i]);
}

void loop_cancel(int i)
{
    ev_timer_stop(loop, &timers[i]);
}

void loop_update_clock(void)
{
    ev_now_update(loop);
}

void loop_run_timers(long count)
{
    while (timers_fired < count)
        ev_run(loop, EVRUN_ONCE);
}
