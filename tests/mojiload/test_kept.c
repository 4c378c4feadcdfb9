/* The rate kept is the share of the requests due that were answered; no figure contradicts the one beside it. */
#include "fake.h"

#include "reports/result.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void right(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_right(f, c);
}

static void third_lost(struct fake *f, struct fake_client *c, uint64_t number)
{
    if (number % 3 != 0)
        fake_right(f, c);
    else
        fake_send(f, c, "! lost\r\n?> ");
}

static double number_after(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    cr_assert_not_null(at, "no \"%s\" in: %s", key, text);
    return strtod(at + strlen(key), NULL);
}

/* Runs and returns the share in the report, after having compared it with what was counted. */
static double got(fake_fn *answer, uint64_t delay_ns, const char *options)
{
    struct fake f = {.answer = answer, .delay_ns = delay_ns};
    struct run run;
    struct result result;
    fake_run(&f, &run, options);
    char *report = fake_report(&run);
    result_of(&result, &run, NULL);
    double share = number_after(report, ", got ");
    double want = 100 * (double)run.tally->outcome[OUTCOME_OK] / (double)run.asked;
    cr_expect(share <= want && share > want - 0.11, "%s: %s", options, report);
    cr_expect_eq(run.asked + run.tally->warmup_requests, f.requests, "%s: %s", options, report);
    cr_expect_leq(result_rate(&result), result.asked_per_s, "%s: %s", options, report);
    free(report);
    fake_done(&f, &run);
    return share;
}

Test(kept, a_constant_delay_loses_nothing)
{
    cr_expect_eq(got(right, 100000000, "--rate 100 --clients 50 --duration 3s --slo rate>=100%"), 100);
    cr_expect_eq(got(right, 900000000, "--rate 10 --clients 50 --duration 1s"), 100);
    cr_expect_eq(got(right, 900000000, "--rate 10 --clients 50 --duration 1s --warmup 1s"), 100);
}

Test(kept, never_more_than_all)
{
    cr_expect_eq(got(right, 0, "--rate 0.1 --duration 3s"), 100);
    cr_expect_eq(got(right, 0, "--rate 0.5 --duration 1s"), 100);
    cr_expect_eq(got(right, 0, "--rate 0.9 --duration 2s"), 100);
    cr_expect_eq(got(right, 0, "--rate 3 --duration 1100ms"), 100);
    cr_expect_eq(got(right, 0, "--rate 10 --requests 5"), 100);
    cr_expect_eq(got(right, 0, "--rate 10 --requests 1"), 100);
    cr_expect_eq(got(right, 1000000000, "--rate 10 --requests 5"), 100);
    cr_expect_eq(got(right, 0, "--ramp 0:100/1s --duration 1500ms"), 100);
    char options[96];
    for (int seed = 1; seed <= 20; seed++) {
        snprintf(options, sizeof options, "--rate 20 --arrivals poisson --seed %d --duration 1s", seed);
        cr_expect_eq(got(right, 0, options), 100);
    }
}

Test(kept, what_is_lost_is_missing)
{
    cr_expect_float_eq(got(third_lost, 0, "--rate 300 --duration 1s"), 66.6, 0.1);
    cr_expect_float_eq(got(third_lost, 0, "--rate 300 --requests 30"), 66.6, 0.1);
}

/* The time in the head line is the one that the rate is of. */
Test(kept, head_and_rate_agree)
{
    static const struct {
        const char *options, *head, *rate;
    } cases[] = {
        {"-q snowman --clients 2 --requests 2 --duration 1s", "  1.00 s, ", "2 right, 2.00/s"},
        {"-q snowman --clients 1 --requests 3", "  3.00 s, ", "3 right, 1.00/s"},
        {"-q snowman --rate 10 --requests 5", "  500 ms, ", "5 right, 10/s"},
        {"-q snowman --rate 10 --duration 2s --clients 20", "  2.00 s, ", "20 right, 10/s"},
        {"-q snowman --rate 0.1 --duration 3s", "  3.00 s, ", "1 right, 0.10/s"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fake f = {.answer = right, .delay_ns = 1000000000};
        struct run run;
        fake_run(&f, &run, cases[i].options);
        char *report = fake_report(&run);
        cr_expect(strstr(report, cases[i].head) != NULL, "no \"%s\" in %s", cases[i].head, report);
        cr_expect(strstr(report, cases[i].rate) != NULL, "no \"%s\" in %s", cases[i].rate, report);
        free(report);
        fake_done(&f, &run);
    }
}

static bool fell_behind(unsigned clients, uint64_t delay_ns, const char *rest)
{
    struct fake f = {.answer = right, .delay_ns = delay_ns};
    struct run run;
    struct result result;
    char options[128];
    snprintf(options, sizeof options, "--clients %u --drain 1m %s", clients, rest);
    fake_run(&f, &run, options);
    result_of(&result, &run, NULL);
    cr_expect_eq(result_kept(&result), 1, "all is answered in the end");
    fake_done(&f, &run);
    return result_fell_behind(&result);
}

/* 10 connections at 100 ms an answer are good for 100/s. */
Test(kept, falling_behind_is_told_from_a_constant_delay)
{
    cr_expect_not(fell_behind(10, 100000000, "--rate 2 --duration 3s"));
    cr_expect_not(fell_behind(10, 100000000, "--rate 50 --duration 3s"));
    cr_expect_not(fell_behind(10, 100000000, "--rate 97 --duration 3s"));
    cr_expect_not(fell_behind(100, 1000000000, "--rate 50 --duration 3s"));
    cr_expect(fell_behind(10, 100000000, "--rate 110 --duration 3s"));
    cr_expect(fell_behind(10, 100000000, "--rate 1k --duration 3s"));
}

static void interrupt(void *arg)
{
    run_interrupt(arg);
}

/* Stopped amid it: what is in flight is neither answered nor lost, what waits for a connection is. */
Test(kept, of_an_interrupted_run_counts_what_waits)
{
    for (int overloaded = 0; overloaded < 2; overloaded++) {
        struct fake f = {.answer = right, .delay_ns = 100000000};
        struct run run = {0};
        fake_begin(&f, overloaded ? "--rate 200 --clients 10 --duration 100s" : "--rate 50 --clients 10");
        sim_at(sim_now_ns() + 2050000000, interrupt, &run);
        fake_execute(&f, &run);
        struct result result;
        result_of(&result, &run, NULL);
        cr_expect(run.interrupted && run.tally->outcome[OUTCOME_OK] > 90);
        if (overloaded)
            cr_expect(result_kept(&result) > 0.4 && result_kept(&result) < 0.55, "%.3f", result_kept(&result));
        else
            cr_expect_eq(result_kept(&result), 1, "%.3f", result_kept(&result));
        fake_done(&f, &run);
    }
}
