/* Badly behaved clients do what they are named after, and are counted apart from the good ones. */
#include "fake.h"

#include "units.h"

#include <criterion/criterion.h>
#include <string.h>

static void right(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_right(f, c);
}

static void run_rogues(struct fake *f, struct run *run, const char *options)
{
    f->answer = right;
    fake_run(f, run, options);
    cr_expect_eq(tally_errors(run->tally), 0, "the good clients notice nothing");
    cr_expect_eq(run->tally->outcome[OUTCOME_OK], 300);
}

#define LOAD "--rate 100 --duration 3s --clients 10 "

Test(rogues, mute_say_nothing)
{
    struct fake f = {0};
    struct run run;
    run_rogues(&f, &run, LOAD "--mute 20%");
    unsigned silent = 0;
    for (size_t i = 0; i < f.clients; i++)
        silent += sim_peer_len(f.client[i]->peer) == 0;
    cr_expect_eq(silent, 2);
    cr_expect_eq(run.rogue_tally[ROGUE_MUTE].connects, 2);
    fake_done(&f, &run);
}

Test(rogues, slowloris_types_a_byte_a_second)
{
    struct fake f = {0};
    struct run run;
    run_rogues(&f, &run, LOAD "--slowloris 10%");
    unsigned typing = 0;
    for (size_t i = 0; i < f.clients; i++)
        typing += strcmp(sim_peer_text(f.client[i]->peer), "aa") == 0 ||
                  strcmp(sim_peer_text(f.client[i]->peer), "aaa") == 0;
    cr_expect_eq(typing, 1);
    fake_done(&f, &run);
}

Test(rogues, slow_read_at_their_speed)
{
    struct fake f = {0};
    struct run run;
    /* An answer has 245 bytes. */
    run_rogues(&f, &run, LOAD "--slow 10%@490B/s");
    const struct rogue_tally *t = &run.rogue_tally[ROGUE_SLOW];
    cr_expect_geq(t->answered, 5);
    cr_expect_leq(t->answered, 7);
    cr_expect_eq(t->wrong, 0);
    fake_done(&f, &run);
}

Test(rogues, reset_amid_the_answer)
{
    struct fake f = {0};
    struct run run;
    run_rogues(&f, &run, LOAD "--reset 10%");
    const struct rogue_tally *t = &run.rogue_tally[ROGUE_RESET];
    cr_expect_geq(t->requests, 20, "about ten times a second");
    cr_expect_eq(t->requests, t->connects);
    cr_expect_eq(t->lost, 0);
    fake_done(&f, &run);
}

/* A right server answers what was asked before the half-close, then closes. */
static void close_half_closed(void *arg)
{
    struct fake *f = arg;
    for (size_t i = 0; i < f->clients && !f->over; i++) {
        struct fake_client *c = f->client[i];
        if (!c->gone && c->lines > 0 && !sim_peer_closed(c->peer) && sim_peer_at_end(c->peer))
            fake_close(c);
    }
    if (!f->over)
        sim_at(sim_now_ns() + NS_PER_MS, close_half_closed, f);
}

Test(rogues, half_close_gets_the_whole_answer)
{
    struct fake f = {.answer = right};
    struct run run = {0};
    fake_begin(&f, LOAD "--half-close 10%");
    close_half_closed(&f);
    fake_execute(&f, &run);
    const struct rogue_tally *t = &run.rogue_tally[ROGUE_HALF_CLOSE];
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 300);
    cr_expect_geq(t->answered, 20);
    cr_expect_leq(t->requests - t->answered, 1);
    cr_expect_eq(t->lost + t->closed, 0);
    fake_done(&f, &run);
}
