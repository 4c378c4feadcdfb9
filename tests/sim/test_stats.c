/* Statistics of the loop: always on, and what they say is so. */
#include "world.h"

#include <criterion/criterion.h>
#include <sys/epoll.h>

static struct reactor *r;

static void take_3_ms(struct reactor_task *t)
{
    (void)t;
    sim_spend_ns(3000000);
}

static void take_no_time(struct reactor_task *t)
{
    (void)t;
}

Test(stats, busy_time_of_turns)
{
    struct reactor_task slow = {.fn = take_3_ms, .name = "slow"}, quick = {.fn = take_no_time, .name = "quick"};
    r = world_begin(1);
    reactor_post(r, &slow);
    reactor_turn(r, 0);
    for (int i = 0; i < 5; i++) {
        reactor_post(r, &quick);
        reactor_turn(r, 0);
    }
    cr_expect_eq(reactor_stats(r)->turns, 6);
    cr_expect_eq(reactor_stats(r)->tasks_run, 6);
    cr_expect_eq(reactor_stats(r)->busy_turns[0], 5);
    cr_expect_eq(reactor_stats(r)->busy_turns[11], 1, "2048 to 4095 us");
    world_end(r);
}

Test(stats, the_longest_callback_of_a_turn_with_one)
{
    struct reactor_task slow = {.fn = take_3_ms, .name = "slow"};
    r = world_begin(1);
    reactor_post(r, &slow);
    reactor_turn(r, 0);
    cr_expect_eq(reactor_stats(r)->longest_callback_ns, 3000000);
    cr_expect_str_eq(reactor_stats(r)->longest_callback, "slow");
    world_end(r);
}

/* Among others it is found in the turn after the first slow one. */
Test(stats, the_longest_callback_among_others)
{
    struct reactor_task slow = {.fn = take_3_ms, .name = "slow"}, quick = {.fn = take_no_time, .name = "quick"};
    r = world_begin(1);
    for (int i = 0; i < 2; i++) {
        reactor_post(r, &quick);
        reactor_post(r, &slow);
        reactor_turn(r, 0);
    }
    cr_expect_eq(reactor_stats(r)->longest_callback_ns, 3000000);
    cr_expect_str_eq(reactor_stats(r)->longest_callback, "slow");
    world_end(r);
}

static void nothing(struct reactor_timer *t)
{
    (void)t;
}

Test(stats, lateness_of_timers)
{
    struct reactor_timer t = {.fn = nothing, .name = "t"};
    r = world_begin(1);
    reactor_timer_start(r, &t, reactor_now_ns(r) + 1000);
    sim_spend_ns(1500);
    reactor_turn(r, 0);
    cr_expect_eq(reactor_stats(r)->timers_fired, 1);
    cr_expect_eq(reactor_stats(r)->worst_timer_lateness_ns, 500);
    world_end(r);
}

Test(stats, few_readings_of_the_clock)
{
    struct reactor_task tasks[10];
    unsigned long before;
    r = world_begin(1);
    before = sim_calls(SIM_CLOCK);
    for (unsigned turn = 0; turn < 6400; turn++) {
        for (unsigned i = 0; i < 10; i++) {
            tasks[i] = (struct reactor_task){.fn = take_no_time};
            reactor_post(r, &tasks[i]);
        }
        reactor_turn(r, 0);
    }
    /* One more for each reactor_turn() than in reactor_run(), and those of one traced turn in 64. */
    cr_expect_leq(sim_calls(SIM_CLOCK) - before, 3u * 6400 + 6400 / 64 * 10 + 20);
    world_end(r);
}
