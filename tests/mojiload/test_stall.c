/* A server that stops for one second: an open loop must see every request of that second wait. */
#include "fake.h"

#include <criterion/criterion.h>

static void answer(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_right(f, c);
}

static void expect_near(const char *what, double got, double want, double tolerance)
{
    cr_expect(got > want - tolerance && got < want + tolerance, "%s: %.6f, not %.6f", what, got, want);
}

static void expect_stall(const char *options)
{
    /* The world begins at 1 s; the load at the first tick after connecting, within a millisecond. */
    struct fake f = {.answer = answer, .stops_ns = 5500000000, .goes_on_ns = 6500000000};
    struct run run;
    fake_run(&f, &run, options);
    const struct hist *response = &run.tally->response[OUTCOME_OK];
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 10000);
    expect_near("p95", (double)hist_quantile(response, 0.95) / 1e9, 0.5, 0.005);
    expect_near("p99", (double)hist_quantile(response, 0.99) / 1e9, 0.9, 0.005);
    expect_near("mean", hist_mean_ns(response) / 1e9, 0.05, 0.001);
    cr_expect_lt(hist_quantile(&run.tally->service, 0.99), 1000000, "service time p99");
    fake_done(&f, &run);
}

Test(stall, of_one_second_is_in_every_percentile_of_the_open_loop)
{
    expect_stall("--rate 1k --clients 10 --duration 10s");
}

Test(stall, is_seen_whole_with_one_client_and_with_a_pipeline)
{
    expect_stall("--rate 1k --clients 1 --duration 10s");
    expect_stall("--rate 1k --clients 5 --pipeline 8 --duration 10s");
}

Test(stall, is_hidden_by_a_closed_loop_which_is_why_it_says_so)
{
    struct fake f = {.answer = answer, .stops_ns = 5500000000, .goes_on_ns = 6500000000, .tick_ns = 1000000};
    struct run run;
    fake_run(&f, &run, "--clients 1 --duration 10s");
    cr_expect_lt(hist_quantile(&run.tally->response[OUTCOME_OK], 0.99), 10000000);
    cr_expect_gt(run.tally->response[OUTCOME_OK].max_ns, 990000000);
    fake_done(&f, &run);
}

Test(stall, at_the_end_counts_what_could_not_be_sent_any_more)
{
    struct fake f = {.answer = answer, .stops_ns = 2000000000, .goes_on_ns = UINT64_MAX};
    struct run run;
    fake_run(&f, &run, "--rate 1k --clients 10 --duration 2s --drain 1s --timeout 10s");
    uint64_t all = tally_attempts(run.tally);
    cr_expect_eq(all, 2000, "%llu", (unsigned long long)all);
    cr_expect_eq(run.tally->outcome[OUTCOME_TIMEOUT_FIRST], 10);
    cr_expect_geq(run.tally->outcome[OUTCOME_UNSENT], 980);
    cr_expect_leq(sim_now_ns(), 4100000000, "one second of drain, and no more");
    fake_done(&f, &run);
}
