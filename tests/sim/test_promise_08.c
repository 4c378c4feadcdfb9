/* Promise 8: input left over by a budget is seen again next turn without new readiness. */
#include "echo.h"

#include <criterion/criterion.h>
#include <string.h>

enum {
    LINES = 3000
};

/* All input is there before the first turn: one edge, and never another. */
static void send_lines(struct sim_peer *peer)
{
    for (unsigned i = 0; i < LINES; i++)
        sim_peer_send(peer, "0123456789012345678901234567890123456789\n", 41);
}

Test(promise_08, everything_is_served_on_one_edge)
{
    struct echo e;
    struct sim_peer *peer;
    unsigned turns;

    echo_begin(&e, 1);
    e.limits.slice_bytes = 2000;
    peer = sim_connect(ECHO_PORT);
    sim_peer_read_all(peer);
    send_lines(peer);
    turns = sim_run(e.reactor, 10000);
    cr_expect_eq(sim_peer_len(peer), LINES * 42u);
    cr_expect_gt(turns, LINES * 42u / 4000, "the budget is not kept");
    cr_expect_lt(turns, 200u);
    echo_end(&e);
}

Test(promise_08, nobody_waits_while_another_is_served)
{
    struct echo e;
    struct sim_peer *busy, *small;
    unsigned turns;

    echo_begin(&e, 1);
    e.limits.slice_bytes = 4000;
    busy = sim_connect(ECHO_PORT);
    small = sim_connect(ECHO_PORT);
    sim_peer_read_all(busy);
    sim_peer_read_all(small);
    sim_run(e.reactor, 10);
    send_lines(busy);
    sim_peer_send(small, "me\n", 3);
    for (turns = 0; sim_peer_len(small) == 0; turns++)
        reactor_turn(e.reactor, 0);
    cr_expect_leq(turns, 1u, "the small one has waited for %u turns", turns);
    cr_expect_lt(sim_peer_len(busy), 10000u);
    sim_run(e.reactor, 10000);
    cr_expect_eq(sim_peer_len(busy), LINES * 42u);
    echo_end(&e);
}

Test(promise_08, a_long_answer_is_sent_in_slices)
{
    struct echo e;
    struct sim_peer *busy, *small;

    echo_begin(&e, 1);
    e.limits.slice_bytes = 10000;
    busy = sim_connect(ECHO_PORT);
    small = sim_connect(ECHO_PORT);
    sim_peer_read_all(busy);
    sim_peer_read_all(small);
    sim_peer_send(busy, "big 1000000\n", 12);
    sim_run(e.reactor, 20);
    sim_peer_send(small, "me\n", 3);
    reactor_turn(e.reactor, 0);
    cr_expect_str_eq(sim_peer_text(small), "me\r\n");
    cr_expect_lt(sim_peer_len(busy), 400000u);
    sim_run(e.reactor, 1000);
    cr_expect_eq(sim_peer_len(busy), 1000000u);
    echo_end(&e);
}
