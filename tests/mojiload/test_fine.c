/* Exit status 0 means fine: no error is passed over, nothing unanswered is left out of the percentiles. */
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

static void half_reset(struct fake *f, struct fake_client *c, uint64_t number)
{
    if (number % 2 == 0) {
        fake_right(f, c);
        return;
    }
    sim_peer_reset(c->peer);
    c->gone = true;
}

static void tenth_mute(struct fake *f, struct fake_client *c, uint64_t number)
{
    if (number % 10 != 9)
        fake_right(f, c);
}

static void tenth_error(struct fake *f, struct fake_client *c, uint64_t number)
{
    fake_send(f, c, number % 10 == 9 ? "! no\r\n?> " : FAKE_RIGHT);
}

static void mute(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)f;
    (void)c;
    (void)number;
}

/* The status, and the last line of the report: "" when it is one that is there in any case. */
static void expect(fake_fn *answer, const char *options, enum status status, const char *last)
{
    struct fake f = {.answer = answer};
    struct run run;
    struct result result;
    fake_run(&f, &run, options);
    result_of(&result, &run, NULL);
    char *report = fake_report(&run), *line = report + strlen(report) - 1;
    while (line > report && line[-1] != '\n')
        line--;
    cr_expect_eq(result.status, status, "%s: %d: %s", options, (int)result.status, line);
    if (status == STATUS_FINE)
        cr_expect_null(strstr(line, "FAILED"), "%s: %s", options, report);
    else
        cr_expect(strncmp(line, "FAILED: ", 8) == 0 && strstr(line, last) != NULL, "%s: no \"%s\" in: %s", options,
                  last, line);
    free(report);
    fake_done(&f, &run);
}

#define OPEN "--rate 100 --clients 20 --duration 2s --timeout 500ms "

Test(fine, errors_are_not)
{
    expect(half_reset, OPEN, STATUS_MISSED, "100 errors (100 reset)");
    expect(tenth_mute, OPEN, STATUS_MISSED, "20 errors (20 timeout first)");
    expect(tenth_error, OPEN, STATUS_MISSED, "20 errors (20 error line)");
    expect(half_reset, "--clients 2 --requests 20", STATUS_MISSED, "10 errors (10 reset)");
}

Test(fine, errors_that_are_allowed_are)
{
    expect(half_reset, OPEN "--allow-errors", STATUS_FINE, "");
    expect(tenth_mute, OPEN "--slo errors<=10%", STATUS_FINE, "");
    expect(tenth_mute, OPEN "--slo errors<=9%", STATUS_MISSED, "missed errors<=9%");
    expect(right, OPEN, STATUS_FINE, "");
}

/* One in ten is never answered: from p90 on there is nothing below the time-out. */
Test(fine, what_was_never_answered_is_in_the_percentiles)
{
    expect(tenth_mute, OPEN "--allow-errors --slo p85<10ms", STATUS_FINE, "");
    expect(tenth_mute, OPEN "--allow-errors --slo p95<499ms", STATUS_MISSED, "missed p95<499ms");
    expect(tenth_mute, OPEN "--allow-errors --slo service.p95<499ms", STATUS_MISSED, "missed service.p95");
    expect(half_reset, OPEN "--allow-errors --slo p60<499ms", STATUS_MISSED, "missed p60<499ms");
    expect(half_reset, OPEN "--allow-errors --slo mean<240ms", STATUS_MISSED, "missed mean<240ms");
}

Test(fine, requests_not_reached_are_not)
{
    expect(mute, "--clients 1 --requests 10 --duration 1s --timeout 100ms --drain 1s", STATUS_MISSED,
           "not one request was answered right");
    expect(tenth_mute, "--clients 1 --requests 1000 --duration 1s --timeout 3s --allow-errors", STATUS_MISSED,
           "10 of 1,000 requests in the time given");
    expect(right, "--rate 10 --requests 1000 --duration 1s", STATUS_MISSED, "10 of 1,000 requests in the time given");
    expect(right, "--rate 10 --requests 10 --duration 1s", STATUS_FINE, "");
}

static void interrupt(void *arg)
{
    run_interrupt(arg);
}

Test(fine, stopped_before_anything_was_answered_is_not)
{
    static const uint64_t when_ns[] = {1000, 50000000, 1500000000}; /* connecting, warm-up, measured */
    for (size_t i = 0; i < 3; i++) {
        struct fake f = {.answer = mute};
        struct run run = {0};
        struct result result;
        fake_begin(&f, "--rate 100 --clients 2 --duration 10s --warmup 1s");
        sim_at(sim_now_ns() + when_ns[i], interrupt, &run);
        fake_execute(&f, &run);
        result_of(&result, &run, NULL);
        cr_expect_eq(result.status, STATUS_MISSED);
        cr_expect_str_eq(result.why, "stopped before anything was answered");
        fake_done(&f, &run);
    }
}
