/* Promise 10: a slow reader costs bounded memory and no CPU. */
#include "echo.h"

#include <criterion/criterion.h>

enum {
    CONN_BYTES_MAX = 16384 + 2048 + ECHO_MAX_LINE + 1024 /* an output buffer, one line (rounded up), the structs */
};

Test(promise_10, a_peer_that_does_not_read_costs_bounded_memory)
{
    struct echo e;
    struct sim_peer *peer;
    size_t before;

    echo_begin(&e, 1);
    before = sim_allocated_bytes();
    (void)sim_allocated_peak_bytes();
    peer = sim_connect(ECHO_PORT);
    sim_peer_window(peer, 10000);
    for (unsigned i = 0; i < 100000; i++)
        sim_peer_send(peer, "a line that asks for more and more\n", 35);
    cr_expect_lt(sim_run(e.reactor, 1000), 10u, "unread input is no reason to turn");
    cr_expect_eq(sim_peer_waiting(peer), 10000);
    /* The shared scratch buffers (64 KiB of input) are there once for all. */
    cr_expect_lt(sim_allocated_peak_bytes(), before + 65536 + CONN_BYTES_MAX);
    (void)sim_peer_read(peer, 10000);
    sim_run(e.reactor, 1000);
    cr_expect_lt(sim_allocated_peak_bytes(), before + 65536 + CONN_BYTES_MAX);
    echo_end(&e);
}

Test(promise_10, a_peer_that_does_not_read_costs_no_turns)
{
    struct echo e;
    struct sim_peer *peer;
    unsigned calls;

    echo_begin(&e, 1);
    peer = sim_connect(ECHO_PORT);
    sim_peer_window(peer, 5000);
    sim_peer_send(peer, "big 1000000\nmore\n", 17);
    cr_expect_lt(sim_run(e.reactor, 1000), 10u, "the loop does not come to rest");
    cr_expect_eq(sim_calls(SIM_SEND), 1, "a short one means full: no second try");
    /* New input while output is pending is looked at once (it might be an interrupt), then left alone. */
    calls = e.serve_calls;
    sim_peer_send(peer, "and more\n", 9);
    cr_expect_lt(sim_run(e.reactor, 1000), 5u);
    cr_expect_eq(e.serve_calls, calls + 1);
    /* Room for a part of what is pending is no reason to ask for more. */
    sim_peer_read(peer, 2500);
    sim_run(e.reactor, 1000);
    cr_expect_eq(e.serve_calls, calls + 1);
    cr_expect_eq(conn_room(e.newest), 0);
    cr_expect_gt(conn_unsent(e.newest), 0u);
    cr_expect_eq(sim_peer_waiting(peer), 5000);
    echo_end(&e);
}

Test(promise_10, it_goes_on_when_the_peer_reads_again)
{
    struct echo e;
    struct sim_peer *peer;
    size_t total = 0;

    echo_begin(&e, 1);
    peer = sim_connect(ECHO_PORT);
    sim_peer_window(peer, 5000);
    sim_peer_send(peer, "big 1000000\nmore\n", 17);
    for (unsigned i = 0; i < 1000 && total < 1000006; i++) {
        sim_run(e.reactor, 100);
        total += sim_peer_read(peer, 4000);
    }
    cr_expect_eq(total, 1000006u);
    for (size_t i = 0; i < 1000000; i += 997)
        cr_assert_eq(sim_peer_text(peer)[i], echo_big_byte(i % 100000), "byte %zu", i);
    cr_expect_str_eq(sim_peer_text(peer) + 1000000, "more\r\n");
    echo_end(&e);
}

Test(promise_10, buffers_of_a_crowd_are_given_back)
{
    struct echo e;
    struct sim_peer *peers[50];
    size_t before;

    echo_begin(&e, 1);
    for (unsigned i = 0; i < 50; i++) {
        peers[i] = sim_connect(ECHO_PORT);
        sim_peer_window(peers[i], 100);
    }
    sim_run(e.reactor, 1000);
    before = sim_allocated_bytes();
    for (unsigned i = 0; i < 50; i++)
        sim_peer_send(peers[i], "big 50000\n", 10);
    sim_run(e.reactor, 1000);
    cr_expect_gt(sim_allocated_bytes(), before + 49 * 16384u);
    for (unsigned i = 0; i < 50; i++)
        sim_peer_read_all(peers[i]);
    sim_run(e.reactor, 1000);
    cr_expect_lt(sim_allocated_bytes(), before + 10 * 17000u, "a few are kept for the next");
    echo_end(&e);
}
