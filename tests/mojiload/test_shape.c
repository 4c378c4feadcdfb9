/* The shape of the load: the same seed sends the same bytes; churn, think time, connect rate, raw protocols. */
#include "fake.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void right(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_right(f, c);
}

/* Anything but wrong: the queries of these tests differ. */
static void none_found(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_send(f, c, FAKE_NOTHING);
}

/* All a single client sent in a run. */
static char *bytes_sent(const char *options)
{
    struct fake f = {.answer = none_found};
    struct run run;
    fake_run(&f, &run, options);
    cr_assert_eq(f.clients, 1);
    char *text = strdup(sim_peer_text(f.client[0]->peer));
    fake_done(&f, &run);
    return text;
}

static void expect_same(const char *a, const char *b, bool same)
{
    char *x = bytes_sent(a), *y = bytes_sent(b);
    cr_expect_eq(strcmp(x, y) == 0, same, "%s | %s", a, b);
    cr_expect_gt(strlen(x), 400);
    free(x);
    free(y);
}

#define MIX "-q chess -q king -q queen -q rook --clients 1 --requests 100 "

Test(shape, same_seed_same_bytes)
{
    expect_same(MIX "--seed 7", MIX "--seed 7", true);
    expect_same(MIX "--seed 7", MIX "--seed 8", false);
}

Test(shape, the_nth_request_does_not_depend_on_when_it_is_sent)
{
    expect_same(MIX "--seed 7", MIX "--seed 7 --rate 100 --duration 9s", true);
    expect_same(MIX "--seed 7", MIX "--seed 7 --rate 1k --arrivals poisson --duration 9s", true);
    expect_same(MIX "--seed 7", MIX "--seed 7 --pipeline 8", true);
}

Test(shape, churn_reconnects)
{
    struct fake f = {.answer = right};
    struct run run;
    fake_run(&f, &run, "--rate 100 --requests 20 --clients 1 --churn 5 --duration 10s");
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 20);
    cr_expect_eq(tally_errors(run.tally), 0);
    cr_expect_geq(f.connections, 4);
    cr_expect_leq(f.connections, 5);
    for (size_t i = 0; i < f.clients; i++)
        cr_expect_leq(f.client[i]->lines, 5);
    fake_done(&f, &run);
}

/* The fake server never closes: 20 requests of 100/s take 0.2 s all the same. */
Test(shape, churn_does_not_wait_for_the_servers_close)
{
    struct fake f = {.answer = right};
    struct run run;
    fake_run(&f, &run, "--rate 100 --requests 20 --clients 1 --churn 1 --duration 10s");
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 20);
    cr_expect_eq(f.connections, 20);
    cr_expect_lt(run.elapsed_ns, 300000000);
    fake_done(&f, &run);
}

Test(shape, think_time_is_between_answers)
{
    struct fake f = {.answer = right};
    struct run run;
    fake_run(&f, &run, "--clients 2 --think 100ms --duration 1s");
    cr_expect_geq(f.requests, 18);
    cr_expect_leq(f.requests, 20);
    fake_done(&f, &run);
}

Test(shape, connect_rate_is_kept)
{
    struct fake f = {.answer = right};
    struct run run;
    fake_run(&f, &run, "--clients 100 --connect-rate 50 --requests 1");
    cr_expect_float_eq((double)run.setup_ns / 1e9, 99 / 50.0, 0.02);
    fake_done(&f, &run);
}

static void count_words(struct fake *f, struct fake_client *c, uint64_t number)
{
    char want[32];
    snprintf(want, sizeof want, "get key:%llu", (unsigned long long)number);
    cr_expect_str_eq(f->line, want);
    fake_send(f, c, "VALUE END END\r\nEN");
    fake_send(f, c, "D\r\n\r\n");
}

Test(shape, raw_templates_and_end_patterns)
{
    char path[] = "/tmp/mojiload-raw-XXXXXX", options[128];
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    fputs("get key:{n}\\n\n", file);
    fclose(file);
    struct fake f = {.answer = count_words, .greeting = "hello\r\n", .cut = 3};
    struct run run;
    snprintf(options, sizeof options,
             "--raw %s --until END\\r\\n\\r\\n --greeting hello\\r\\n --clients 1 --requests 50", path);
    fake_run(&f, &run, options);
    remove(path);
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 50);
    cr_expect_eq(tally_errors(run.tally), 0);
    fake_done(&f, &run);
}
