/* No connection is ever given more than it has room for, however slots become free and requests due. */
#include "fake.h"

#include "reports/result.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum {
    DEPTH = 4,
    DELAY_NS = 3000000 /* of every answer: exactly known */
};

static struct fake_client *asked[1 << 16];
static size_t first, last;

static void answer_first(void *arg)
{
    struct fake *f = arg;
    if (!f->over && !asked[first]->gone)
        fake_right(f, asked[first]);
    first++;
}

static void delayed(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    cr_assert_lt(last, sizeof asked / sizeof asked[0]);
    asked[last++] = c;
    sim_at(sim_now_ns() + DELAY_NS, answer_first, f);
}

/* mojiload itself is held up now and then: when it goes on, answers have come and many requests are due at once. */
static void hold_up(const struct run *run, void *context)
{
    (void)run;
    (void)context;
    sim_spend_ns(2 * DELAY_NS + 700000);
}

/* Every request is sent exactly once and answered after DELAY_NS and at most a few ticks of the server. */
static void expect_exact(const char *options)
{
    struct fake f = {.answer = delayed};
    struct run run = {0};
    struct result result;
    first = last = 0;
    fake_begin(&f, options);
    run.observe = hold_up;
    fake_execute(&f, &run);
    const struct tally *t = run.tally;
    result_of(&result, &run, NULL);
    cr_expect_not(result.is_void, "%s: %s", options, result.void_why);
    cr_expect_eq(t->sent, f.requests, "%s: %llu sent, %llu come", options, (unsigned long long)t->sent,
                 (unsigned long long)f.requests);
    cr_expect_eq(t->outcome[OUTCOME_OK], f.requests, "%s", options);
    cr_expect_eq(tally_attempts(t), f.requests, "%s", options);
    cr_expect_geq(t->service.min_ns, DELAY_NS, "%s", options);
    cr_expect_leq(t->service.max_ns, 4 * DELAY_NS, "%s: %.3f ms", options, (double)t->service.max_ns / 1e6);
    cr_expect_eq(t->service.count, f.requests);
    fake_done(&f, &run);
}

/* Rates below, at and above what depth x clients / DELAY can take: slots become free while requests are due. */
Test(overbooking, never_in_an_open_loop_with_depth)
{
    static const unsigned rates[] = {500, 1000, 1250, 2000, 2500, 5000};
    char options[128];
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        for (unsigned clients = 1; clients <= 3; clients++) {
            snprintf(options, sizeof options, "--rate %u --clients %u --pipeline %d --duration 2s --drain 1m", rates[i],
                     clients, DEPTH);
            expect_exact(options);
        }
    }
}

Test(overbooking, never_with_churn)
{
    expect_exact("--rate 500 --clients 3 --churn 1 --duration 2s --drain 1m");
    expect_exact("--rate 700 --clients 3 --churn 3 --duration 2s --drain 1m");
    expect_exact("--rate 1500 --clients 3 --churn 7 --pipeline 4 --duration 2s --drain 1m");
    expect_exact("--rate 900 --clients 2 --churn 5 --pipeline 4 --duration 2s --drain 1m --arrivals poisson");
}

Test(overbooking, a_time_longer_than_the_run_is_void)
{
    struct fake f = {.answer = delayed};
    struct run run;
    struct result result;
    first = last = 0;
    fake_run(&f, &run, "--rate 100 --clients 1 --duration 1s");
    hist_add(&run.tally->service, run.lived_ns + 1);
    result_of(&result, &run, NULL);
    cr_expect_eq(result.status, STATUS_VOID);
    cr_expect(strstr(result.void_why, "a fault in mojiload") != NULL, "%s", result.void_why);
    fake_done(&f, &run);
}
