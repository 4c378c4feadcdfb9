/* Servers that are not there, die, stay silent or close at once: the run ends in time and says what happened. */
#include "fake.h"

#include "reports/result.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

static void right(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_right(f, c);
}

static void nothing(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)f;
    (void)c;
    (void)number;
}

static void close_at_once(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)f;
    (void)number;
    fake_close(c);
}

static enum status status_of(const struct run *run)
{
    struct result result;
    result_of(&result, run, NULL);
    return result.status;
}

Test(trouble, no_server)
{
    struct fake f = {.answer = right, .connect_error = ECONNREFUSED};
    struct run run;
    fake_run(&f, &run, "--clients 20");
    cr_expect_eq(run.tally->outcome[OUTCOME_REFUSED], 20);
    cr_expect_eq(status_of(&run), STATUS_NO_CONNECTION);
    cr_expect_str_eq(run.trouble, strerror(ECONNREFUSED));
    cr_expect_lt(sim_now_ns(), 1100000000, "nobody waits ten seconds for that");
    fake_done(&f, &run);
}

Test(trouble, silent_server)
{
    struct fake f = {.answer = nothing, .accepted = nothing};
    struct run run;
    fake_run(&f, &run, "--clients 20 --timeout 2s");
    cr_expect_eq(run.tally->outcome[OUTCOME_TIMEOUT_FIRST], 20);
    cr_expect_eq(status_of(&run), STATUS_NO_CONNECTION);
    cr_expect(strstr(run.trouble, "no prompt") != NULL, "%s", run.trouble);
    cr_expect_leq(sim_now_ns(), 3100000000);
    fake_done(&f, &run);
}

Test(trouble, silent_server_and_more_clients_than_may_connect_at_once)
{
    struct fake f = {.answer = nothing, .accepted = nothing};
    struct run run;
    fake_run(&f, &run, "--clients 900 --timeout 2s");
    cr_expect_eq(status_of(&run), STATUS_NO_CONNECTION);
    cr_expect_leq(sim_now_ns(), 5200000000, "two time-outs, not nine");
    fake_done(&f, &run);
}

Test(trouble, server_that_closes_at_once)
{
    struct fake f = {.answer = right, .accepted = close_at_once};
    struct run run;
    fake_run(&f, &run, "--clients 20");
    cr_expect_eq(run.tally->outcome[OUTCOME_EARLY_EOF], 20);
    cr_expect_eq(status_of(&run), STATUS_NO_CONNECTION);
    cr_expect(strstr(run.trouble, "before its prompt") != NULL, "%s", run.trouble);
    fake_done(&f, &run);
}

Test(trouble, server_that_greets_with_something_else)
{
    struct fake f = {.answer = right, .greeting = "220 mail.example ESMTP\r\n"};
    struct run run;
    fake_run(&f, &run, "--clients 3");
    cr_expect_eq(run.tally->outcome[OUTCOME_WRONG], 3);
    cr_expect_eq(status_of(&run), STATUS_WRONG);
    fake_done(&f, &run);
}

Test(trouble, server_without_a_good_answer)
{
    struct fake f = {.answer = nothing};
    struct run run;
    fake_run(&f, &run, "--clients 3 --timeout 100ms --duration 1s");
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 0);
    cr_expect_geq(run.tally->outcome[OUTCOME_TIMEOUT_FIRST], 12, "it keeps trying");
    cr_expect_eq(status_of(&run), STATUS_MISSED);
    cr_expect_leq(sim_now_ns(), 2300000000);
    fake_done(&f, &run);
}

static void die(void *arg)
{
    struct fake *f = arg;
    for (size_t i = 0; i < f->clients; i++) {
        sim_peer_reset(f->client[i]->peer);
        f->client[i]->gone = true;
    }
    f->connect_error = ECONNREFUSED;
}

Test(trouble, dying_server)
{
    struct fake f = {.answer = right};
    struct run run = {0};
    fake_begin(&f, "--rate 1k --clients 10 --duration 4s --drain 1s");
    sim_at(sim_now_ns() + 2000000000, die, &f);
    fake_execute(&f, &run);
    const uint64_t *outcome = run.tally->outcome;
    cr_expect_float_eq((double)outcome[OUTCOME_OK], 2000, 5);
    cr_expect_geq(outcome[OUTCOME_REFUSED], 20, "it keeps trying");
    cr_expect_leq(outcome[OUTCOME_REFUSED], 200, "but does not hammer");
    cr_expect_eq(outcome[OUTCOME_OK] + outcome[OUTCOME_RESET] + outcome[OUTCOME_UNSENT], 4000, "every request ends");
    cr_expect_leq(sim_now_ns(), 6200000000, "duration and drain");
    fake_done(&f, &run);
}

static void revive(void *arg)
{
    ((struct fake *)arg)->connect_error = 0;
}

Test(trouble, server_that_comes_back)
{
    struct fake f = {.answer = right};
    struct run run = {0};
    fake_begin(&f, "--rate 1k --clients 10 --duration 4s");
    sim_at(sim_now_ns() + 1000000000, die, &f);
    sim_at(sim_now_ns() + 2000000000, revive, &f);
    fake_execute(&f, &run);
    const uint64_t *outcome = run.tally->outcome;
    cr_expect_eq(outcome[OUTCOME_OK] + outcome[OUTCOME_RESET], 4000, "what was due meanwhile is sent late");
    cr_expect_gt(run.tally->response[OUTCOME_OK].max_ns, 900000000, "and counted from when it was due");
    fake_done(&f, &run);
}

static void interrupt(void *arg)
{
    run_interrupt(arg);
}

Test(trouble, interrupt_keeps_what_was_measured)
{
    struct fake f = {.answer = right};
    struct run run = {0};
    fake_begin(&f, "--rate 1k --clients 10 --duration 100s");
    sim_at(sim_now_ns() + 2000000000, interrupt, &run);
    fake_execute(&f, &run);
    cr_expect(run.interrupted);
    cr_expect_float_eq((double)run.tally->outcome[OUTCOME_OK], 2000, 5);
    cr_expect_eq(tally_errors(run.tally), 0);
    cr_expect_eq(status_of(&run), STATUS_FINE);
    fake_done(&f, &run);
}
