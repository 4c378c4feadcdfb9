/* Each class of outcome, once, with exact counts: request 3 of 10 meets it, the others are right. */
#include "fake.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

enum {
    VICTIM = 3
};

static void expect_counts(const struct run *run, enum outcome what, uint64_t how_many, uint64_t right)
{
    for (int o = 0; o < OUTCOMES; o++) {
        uint64_t want = o == OUTCOME_OK ? right : o == (int)what ? how_many : 0;
        cr_expect_eq(run->tally->outcome[o], want, "%s: %llu, not %llu", outcome_title((enum outcome)o),
                     (unsigned long long)run->tally->outcome[o], (unsigned long long)want);
    }
}

static void expect_once(fake_fn *answer, enum outcome what)
{
    struct fake f = {.answer = answer};
    struct run run;
    fake_run(&f, &run, "--rate 100 --requests 10 --clients 1 --duration 10s --timeout 50ms --drain 1s");
    expect_counts(&run, what, 1, 9);
    fake_done(&f, &run);
}

static void all_right(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_right(f, c);
}

static void wrong(struct fake *f, struct fake_client *c, uint64_t number)
{
    fake_send(f, c, number == VICTIM ? "nonsense\r\n?> " : FAKE_RIGHT);
}

static void error_line(struct fake *f, struct fake_client *c, uint64_t number)
{
    fake_send(f, c, number == VICTIM ? "! what?\r\n?> " : FAKE_RIGHT);
}

static void reset(struct fake *f, struct fake_client *c, uint64_t number)
{
    if (number == VICTIM) {
        sim_peer_reset(c->peer);
        c->gone = true;
        return;
    }
    fake_right(f, c);
}

static void early_eof(struct fake *f, struct fake_client *c, uint64_t number)
{
    if (number == VICTIM)
        fake_close(c);
    else
        fake_right(f, c);
}

static void cut_and_closed(struct fake *f, struct fake_client *c, uint64_t number)
{
    if (number == VICTIM) {
        fake_send(f, c, "U+26C4\t⛄");
        fake_close(c);
        return;
    }
    fake_right(f, c);
}

/* A byte every 10 ms: it is slow, and not silent. */
static void send_byte(void *arg)
{
    struct fake_client *c = arg;
    if (c->gone || sim_peer_closed(c->peer))
        return;
    sim_peer_send(c->peer, "U", 1);
    sim_at(sim_now_ns() + 10000000, send_byte, c);
}

static void byte_by_byte(struct fake *f, struct fake_client *c, uint64_t number)
{
    if (number == VICTIM)
        send_byte(c);
    else
        fake_right(f, c);
}

static void silent(struct fake *f, struct fake_client *c, uint64_t number)
{
    if (number != VICTIM)
        fake_right(f, c);
}

static void half_silent(struct fake *f, struct fake_client *c, uint64_t number)
{
    fake_send(f, c, number == VICTIM ? "U+26C4\t" : FAKE_RIGHT);
}

Test(outcomes, wrong)
{
    expect_once(wrong, OUTCOME_WRONG);
}

Test(outcomes, error_line)
{
    expect_once(error_line, OUTCOME_ERROR_LINE);
}

Test(outcomes, reset)
{
    expect_once(reset, OUTCOME_RESET);
}

Test(outcomes, early_eof)
{
    expect_once(early_eof, OUTCOME_EARLY_EOF);
}

Test(outcomes, timeout_before_the_first_byte)
{
    expect_once(silent, OUTCOME_TIMEOUT_FIRST);
}

Test(outcomes, timeout_within_the_answer)
{
    expect_once(byte_by_byte, OUTCOME_TIMEOUT_WITHIN);
}

Test(outcomes, cut)
{
    expect_once(half_silent, OUTCOME_CUT);
    expect_once(cut_and_closed, OUTCOME_CUT);
}

/* The second connection is the one that fails; the first, or a later one, does all the work. */
static void second_is_busy(struct fake *f, struct fake_client *c, uint64_t number)
{
    fake_send(f, c, number == 1 ? "! server full, try later\r\n" : "?> ");
    if (number == 1)
        fake_close(c);
}

Test(outcomes, busy)
{
    struct fake f = {.answer = all_right, .accepted = second_is_busy};
    struct run run;
    fake_run(&f, &run, "--rate 100 --requests 10 --clients 2 --duration 10s");
    expect_counts(&run, OUTCOME_BUSY, 1, 10);
    fake_done(&f, &run);
}

static void refuse_then_serve(void *arg)
{
    struct fake *f = arg;
    f->connect_error = 0;
}

Test(outcomes, refused)
{
    struct fake f = {.answer = all_right};
    struct run run = {.keep_trying = true};
    fake_begin(&f, "--rate 100 --requests 10 --clients 1 --duration 10s");
    f.connect_error = ECONNREFUSED;
    sim_at(sim_now_ns() + 5000000, refuse_then_serve, &f);
    fake_execute(&f, &run);
    expect_counts(&run, OUTCOME_REFUSED, 1, 10);
    fake_done(&f, &run);
}

Test(outcomes, local_and_the_limit_named)
{
    struct fake f = {.answer = all_right};
    struct run run = {.keep_trying = true};
    fake_begin(&f, "--rate 100 --requests 10 --clients 2 --duration 10s");
    sim_fail(SIM_SOCKET, 1, 1, EMFILE);
    fake_execute(&f, &run);
    expect_counts(&run, OUTCOME_LOCAL, 1, 10);
    cr_expect_eq(run.tally->local_errno, EMFILE);
    fake_done(&f, &run);
}

Test(outcomes, unsent)
{
    struct fake f = {.answer = silent};
    struct run run;
    /* Request 3 is never answered and the time-out comes after the deadline: the six behind it are never sent. */
    fake_run(&f, &run, "--rate 100 --requests 10 --clients 1 --duration 10s --timeout 1h --drain 1s");
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 3);
    cr_expect_eq(run.tally->outcome[OUTCOME_TIMEOUT_FIRST], 1);
    cr_expect_eq(run.tally->outcome[OUTCOME_UNSENT], 6);
    cr_expect_eq(tally_attempts(run.tally), 10);
    fake_done(&f, &run);
}

Test(outcomes, of_a_pipeline_that_is_cut_are_all_counted)
{
    struct fake f = {.answer = reset};
    struct run run;
    fake_run(&f, &run, "--requests 8 --pipeline 8 --clients 1");
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 0, "a reset takes along what was not read");
    cr_expect_eq(run.tally->outcome[OUTCOME_RESET], 8);
    fake_done(&f, &run);
}

static void farewell(struct fake *f, struct fake_client *c, uint64_t number)
{
    fake_right(f, c);
    if (number == VICTIM) {
        fake_send(f, c, "\r\n# stopping\r\n");
        fake_close(c);
    }
}

Test(outcomes, a_farewell_is_no_fault)
{
    struct fake f = {.answer = farewell};
    struct run run;
    fake_run(&f, &run, "--rate 100 --requests 10 --clients 1 --duration 10s");
    expect_counts(&run, OUTCOME_OK, 0, 10);
    cr_expect_eq(run.tally->closed_idle, 1);
    fake_done(&f, &run);
}
