/* The open loop sends what was asked, when it was asked, whatever the number of clients. */
#include "fake.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

static uint64_t last_ns, shortest_gap_ns;

static void answer(struct fake *f, struct fake_client *c, uint64_t number)
{
    uint64_t now_ns = sim_now_ns();
    if (number > 0 && now_ns - last_ns < shortest_gap_ns)
        shortest_gap_ns = now_ns - last_ns;
    last_ns = now_ns;
    fake_right(f, c);
}

static void expect_rate(unsigned clients, unsigned rate, double seconds)
{
    char options[128];
    struct fake f = {.answer = answer};
    struct run run;
    snprintf(options, sizeof options, "--rate %u --clients %u --duration %.0fms", rate, clients, seconds * 1000);
    shortest_gap_ns = UINT64_MAX;
    fake_run(&f, &run, options);
    double want = rate * seconds, sent = (double)run.tally->sent;
    cr_expect(fabs(sent - want) <= want / 1000, "%s: %.0f sent, not %.0f", options, sent, want);
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], run.tally->sent);
    if (rate < clients || rate == 100) {
        uint64_t gap_ns = 1000000000u / rate;
        cr_expect_geq(shortest_gap_ns, gap_ns - 200000, "%s: two requests within %llu ns: a burst", options,
                      (unsigned long long)shortest_gap_ns);
    }
    fake_done(&f, &run);
}

Test(rate, is_kept_by_one_client)
{
    expect_rate(1, 100, 10);
    expect_rate(1, 1000, 5);
    expect_rate(1, 10000, 2);
}

Test(rate, is_kept_by_ten_clients)
{
    expect_rate(10, 100, 10);
    expect_rate(10, 1000, 5);
    expect_rate(10, 10000, 2);
}

Test(rate, is_kept_by_a_thousand_clients_without_bursts)
{
    expect_rate(1000, 100, 10);
    expect_rate(1000, 1000, 2);
    expect_rate(1000, 10000, 1);
}

Test(rate, ramps)
{
    struct fake f = {.answer = answer};
    struct run run;
    fake_run(&f, &run, "--ramp 0:2k/2s --clients 10 --duration 3s");
    cr_expect_float_eq((double)run.tally->sent, 4000, 4); /* 2000 in the ramp, 2000 after it */
    cr_expect_float_eq(run.asked, 4000, 1);
    cr_expect_eq(run.tally->series.count, 3);
    cr_expect_float_eq((double)run.tally->series.slice[0].sent, 500, 5);
    cr_expect_float_eq((double)run.tally->series.slice[1].sent, 1500, 5);
    fake_done(&f, &run);
}

Test(rate, of_the_warm_up_is_not_counted)
{
    struct fake f = {.answer = answer};
    struct run run;
    fake_run(&f, &run, "--rate 1k --clients 10 --warmup 1s --duration 2s");
    cr_expect_eq(run.tally->warmup_requests, 1000);
    cr_expect_eq(run.tally->sent, 2000);
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 2000);
    cr_expect(run.tally->series.slice[0].warmup);
    cr_expect_not(run.tally->series.slice[1].warmup);
    fake_done(&f, &run);
}

Test(rate, stops_after_so_many_requests)
{
    struct fake f = {.answer = answer};
    struct run run;
    fake_run(&f, &run, "--rate 1k --clients 10 --requests 123 --duration 9s");
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 123);
    cr_expect_lt(sim_now_ns(), 1300000000);
    fake_done(&f, &run);
    f = (struct fake){.answer = answer};
    fake_run(&f, &run, "--clients 7 --pipeline 3 --requests 1000");
    cr_expect_eq(f.requests, 1000);
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 1000);
    fake_done(&f, &run);
}
