/* A percentile that mojiload's own delays explain is not quoted as the server's. */
#include "fake.h"

#include "reports/result.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void right(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_right(f, c);
}

static uint64_t hold_ns;

/* Called by mojiload five times a second: its own program takes long then. */
static void hold_up(const struct run *run, void *context)
{
    (void)context;
    if (run->phase == RUN_MEASURE)
        sim_spend_ns(hold_ns);
}

/* Whether the percentile is marked, and what comes of an objective of that percentile below 5 ms. */
static void expect(uint64_t hold, uint64_t delay_ns, const char *options, double quantile, bool doubtful,
                   enum status status)
{
    struct fake f = {.answer = right, .delay_ns = delay_ns};
    struct run run = {.observe = hold_up};
    struct result result;
    hold_ns = hold;
    fake_begin(&f, options);
    fake_execute(&f, &run);
    result_of(&result, &run, NULL);
    char *report = fake_report(&run);
    cr_expect_eq(result_doubtful(&result, false, quantile), doubtful, "%s: %s", options, report);
    cr_expect_eq(result.status, status, "%s: %d: %s", options, (int)result.status, report);
    cr_expect_eq(strstr(report, "\n~ ") != NULL, hold > 5000000 && delay_ns < hold, "%s: %s", options, report);
    free(report);
    fake_done(&f, &run);
}

#define OPEN   "--rate 1k --clients 20 --duration 4s -q snowman"
#define CLOSED "--clients 1 --duration 4s -q snowman"

Test(own, holds_of_fifteen_milliseconds_are_not_the_servers)
{
    expect(15000000, 0, OPEN " --slo p99<5ms", 0.99, true, STATUS_VOID);
    expect(15000000, 0, OPEN " --slo p50<5ms", 0.5, false, STATUS_FINE);
    expect(15000000, 0, OPEN " --slo max<5ms", 1, true, STATUS_VOID);
    expect(15000000, 0, OPEN, 0.99, true, STATUS_FINE);
    expect(15000000, 0, CLOSED " --slo max<5ms", 1, true, STATUS_VOID);
}

Test(own, a_slow_server_is_one)
{
    expect(0, 15000000, OPEN " --slo p99<5ms", 0.99, false, STATUS_MISSED);
    expect(0, 15000000, CLOSED " --slo max<5ms", 1, false, STATUS_MISSED);
    expect(15000000, 40000000, OPEN " --clients 200 --slo p99<5ms", 0.99, false, STATUS_MISSED);
    expect(15000000, 40000000, CLOSED " --slo max<5ms", 1, false, STATUS_MISSED);
}

Test(own, is_told_apart_in_the_figures)
{
    struct fake f = {.answer = right, .delay_ns = 3000000};
    struct run run = {.observe = hold_up};
    hold_ns = 18000000;
    fake_begin(&f, OPEN);
    fake_execute(&f, &run);
    cr_expect_geq(run.tally->judged_response.max_ns, 18000000);
    cr_expect_leq(run.tally->least_response.max_ns, 4000000, "%llu",
                  (unsigned long long)run.tally->least_response.max_ns);
    cr_expect_geq(hist_quantile(&run.tally->least_response, 0.9), 3000000, "what the server takes stays the server's");
    fake_done(&f, &run);
}
