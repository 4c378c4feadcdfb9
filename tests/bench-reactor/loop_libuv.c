/* loop_libuv.c - libuv 1: uv_poll_t for the descriptors, uv_timer_start() again
 * where a timeout is pushed on by activity. */
#include "bench.h"

#include <stdlib.h>
#include <uv.h>

struct pair {
    uv_poll_t poll;
    uv_timer_t timer;
    uint64_t timeout_ms;
};

const char loop_name[] = "libuv";
const bool loop_has_timers = true;

static uv_loop_t loop;
static struct pair *pairs;
static uv_timer_t *timers;

void loop_open(void)
{
    uv_loop_init(&loop);
}

static void on_timeout(uv_timer_t *t)
{
    (void)t;
    timers_fired++;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    (void)status, (void)events;
    chain_hop((int)((struct pair *)(void *)poll - pairs));
}

static void on_readable_timed(uv_poll_t *poll, int status, int events)
{
    struct pair *p = (struct pair *)(void *)poll;
    (void)status, (void)events;
    chain_hop((int)(p - pairs));
    uv_timer_start(&p->timer, on_timeout, p->timeout_ms, 0);
}

void loop_watch_chain(bool with_timeouts)
{
    pairs = calloc((size_t)chain.pairs, sizeof *pairs);
    for (int i = 0; i < chain.pairs; i++) {
        struct pair *p = &pairs[i];
        uv_poll_init(&loop, &p->poll, chain.read_fd[i]);
        uv_poll_start(&p->poll, UV_READABLE, with_timeouts ? on_readable_timed : on_readable);
        uv_timer_init(&loop, &p->timer);
        p->timeout_ms = chain.timeout_ms[i];
        if (with_timeouts)
            uv_timer_start(&p->timer, on_timeout, p->timeout_ms, 0);
    }
}

void loop_run_chain(void)
{
    while (chain.in_flight > 0)
        uv_run(&loop, UV_RUN_ONCE);
}

void loop_make_timers(int count)
{
    timers = calloc((size_t)count, sizeof *timers);
    for (int i = 0; i < count; i++)
        uv_timer_init(&loop, &timers[i]);
}

void loop_arm(int i, uint32_t after_ms)
{
    uv_timer_start(&timers[i], on_timeout, after_ms, 0);
}

void loop_rearm(int i, uint32_t after_ms)
{
    loop_arm(i, after_ms);
}

void loop_cancel(int i)
{
    uv_timer_stop(&timers[i]);
}

void loop_update_clock(void)
{
    uv_update_time(&loop);
}

void loop_run_timers(long count)
{
    while (timers_fired < count)
        uv_run(&loop, UV_RUN_ONCE);
}
