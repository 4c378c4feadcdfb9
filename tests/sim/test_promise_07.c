/* Promise 7: a timer never fires early; equal deadlines fire in arming order;
 * arming, re-arming and cancelling are O(1) and cannot fail.
 */
#include "world.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct reactor *r;
static uint64_t seed;

static struct timed {
    struct reactor_timer timer;
    uint64_t armed_order;
    unsigned fired;
} * timed;
static uint64_t last_deadline_ns, last_order, orders, fired;
static uint64_t last_turn;

static void on_time(struct reactor_timer *t)
{
    struct timed *m = (struct timed *)t;
    cr_assert_leq(t->deadline_ns, reactor_now_ns(r), "early (seed %lu)", (unsigned long)seed);
    cr_assert_leq(t->deadline_ns, sim_now_ns(), "early (seed %lu)", (unsigned long)seed);
    if (reactor_stats(r)->turns == last_turn) {
        cr_assert_geq(t->deadline_ns, last_deadline_ns, "not by deadline (seed %lu)", (unsigned long)seed);
        if (t->deadline_ns == last_deadline_ns)
            cr_assert_gt(m->armed_order, last_order, "not in arming order (seed %lu)", (unsigned long)seed);
    }
    last_turn = reactor_stats(r)->turns;
    last_deadline_ns = t->deadline_ns;
    last_order = m->armed_order;
    m->fired++;
    fired++;
}

/* Spans of all magnitudes, many of them equal. */
static uint64_t random_span_ns(void)
{
    uint64_t span = sim_random() >> (20 + sim_random_below(44));
    return sim_chance(500) ? span & ~(uint64_t)0xfffff : span;
}

static void arm(struct timed *m, uint64_t deadline_ns)
{
    m->armed_order = ++orders;
    reactor_timer_start(r, &m->timer, deadline_ns);
}

Test(promise_07, timers_never_fire_early)
{
    enum {
        COUNT = 500
    };
    seed = sim_seed(4711);
    r = world_begin(seed);
    sim_set_faults(&(struct sim_faults){.interrupted = 100, .late_ns = 100000});
    timed = calloc(COUNT, sizeof *timed);
    for (unsigned i = 0; i < COUNT; i++)
        timed[i].timer.fn = on_time;
    for (unsigned step = 0; step < 20000; step++) {
        struct timed *m = &timed[sim_random_below(COUNT)];
        switch (sim_random_below(4)) {
        case 0: reactor_timer_stop(r, &m->timer); break;
        case 1: reactor_turn(r, (int64_t)(random_span_ns() >> 8)); break;
        default: arm(m, sim_chance(100) ? sim_random_below(sim_now_ns()) : sim_now_ns() + random_span_ns());
        }
    }
    cr_expect_gt(fired, 1000);
    for (unsigned i = 0; i < COUNT; i++) {
        if (reactor_timer_armed(&timed[i].timer))
            cr_expect_gt(timed[i].timer.deadline_ns + 1, sim_now_ns(), "forgotten (seed %lu)", (unsigned long)seed);
        reactor_timer_stop(r, &timed[i].timer);
    }
    world_end(r);
    free(timed);
}

Test(promise_07, each_timer_fires_once_at_its_time)
{
    enum {
        COUNT = 300
    };
    uint64_t start_ns;
    r = world_begin(sim_seed(99));
    seed = sim_seed(99);
    start_ns = sim_now_ns();
    timed = calloc(COUNT, sizeof *timed);
    for (unsigned i = 0; i < COUNT; i++) {
        timed[i].timer.fn = on_time;
        arm(&timed[i], start_ns + (random_span_ns() >> 4));
    }
    /* With nothing else going on the loop wakes exactly when something is due. */
    while (reactor_turn(r, -1) > 0)
        ;
    cr_expect_eq(reactor_stats(r)->worst_timer_lateness_ns, 0);
    for (unsigned i = 0; i < COUNT; i++)
        cr_expect_eq(timed[i].fired, 1);
    world_end(r);
    free(timed);
}

static void note_name(struct reactor_timer *t)
{
    record(t->name);
}

Test(promise_07, equal_deadlines_fire_in_arming_order)
{
    struct reactor_timer far[3] = {
        {.fn = note_name, .name = "a"}, {.fn = note_name, .name = "b"}, {.fn = note_name, .name = "c"}};
    uint64_t deadline_ns;
    r = world_begin(1);
    deadline_ns = sim_now_ns() + 3600000000000u;
    /* Armed at different distances, hence sunk through different levels; b moves behind c. */
    reactor_timer_start(r, &far[0], deadline_ns);
    reactor_timer_start(r, &far[1], deadline_ns);
    sim_spend_ns(3599000000000u);
    reactor_turn(r, 0);
    reactor_timer_start(r, &far[2], deadline_ns);
    sim_spend_ns(999950000u);
    reactor_turn(r, 0);
    reactor_timer_start(r, &far[1], deadline_ns);
    sim_run_until(r, deadline_ns);
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "a c b");
    world_end(r);
}

Test(promise_07, a_hundred_thousand_timers_cost_no_call_and_no_memory)
{
    enum {
        COUNT = 100000
    };
    unsigned long allocations, waits;
    r = world_begin(2);
    timed = calloc(COUNT, sizeof *timed);
    allocations = sim_calls(SIM_ALLOC);
    waits = sim_calls(SIM_EPOLL_WAIT);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < COUNT; i++) {
            timed[i].timer.fn = on_time;
            arm(&timed[i], sim_now_ns() + 1000000000u + sim_random_below(60000000000u));
        }
    }
    for (unsigned i = 0; i < COUNT; i += 2)
        reactor_timer_stop(r, &timed[i].timer);
    cr_expect_eq(sim_calls(SIM_ALLOC), allocations);
    cr_expect_eq(sim_calls(SIM_EPOLL_WAIT), waits);
    fired = 0;
    sim_spend_ns(70000000000u);
    reactor_turn(r, 0);
    cr_expect_eq(fired, COUNT / 2);
    world_end(r);
    free(timed);
}

Test(promise_07, the_ends_of_time)
{
    struct reactor_timer never = {.fn = note_name, .name = "never"}, past = {.fn = note_name, .name = "past"};
    r = world_begin(1);
    reactor_timer_start(r, &never, UINT64_MAX);
    reactor_timer_start(r, &past, 0);
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "past");
    sim_run_until(r, sim_now_ns() + 1000000000000u);
    cr_expect_str_eq(recorded(), "");
    reactor_timer_stop(r, &never);
    world_end(r);
}

Test(promise_07, time_between_turns_is_not_forgotten)
{
    struct reactor_timer t = {.fn = note_name, .name = "t"};
    uint64_t deadline_ns;
    r = world_begin(1);
    deadline_ns = sim_now_ns() + 1000;
    reactor_timer_start(r, &t, deadline_ns);
    sim_spend_ns(400); /* our own, outside any turn */
    reactor_turn(r, -1);
    cr_expect_eq(sim_now_ns(), deadline_ns, "waited too long");
    cr_expect_str_eq(recorded(), "t");
    world_end(r);
}
