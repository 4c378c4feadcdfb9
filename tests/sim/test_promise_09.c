/* Promise 9: after start nothing allocates but connection buffers; a failed
 * allocation costs one connection, with a reason.
 */
#include "echo.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

Test(promise_09, serving_allocates_nothing)
{
    struct echo e;
    struct sim_peer *peer;
    unsigned long allocations;

    echo_begin(&e, 1);
    peer = sim_connect(ECHO_PORT);
    sim_peer_read_all(peer);
    sim_peer_send(peer, "warm up\n", 8);
    sim_run(e.reactor, 100);
    allocations = sim_calls(SIM_ALLOC);
    for (unsigned i = 0; i < 100; i++) {
        sim_peer_send(peer, "one\ntwo\nthree\n", 14);
        sim_run(e.reactor, 100);
    }
    cr_expect_eq(sim_calls(SIM_ALLOC), allocations);
    cr_expect_eq(sim_peer_len(peer), 9 + 100 * 17u);
    echo_end(&e);
}

Test(promise_09, an_idle_conn_holds_no_buffer)
{
    struct echo e;
    struct sim_peer *peer;
    size_t before;

    echo_begin(&e, 1);
    peer = sim_connect(ECHO_PORT);
    sim_peer_read_all(peer);
    sim_peer_send(peer, "warm up\n", 8);
    sim_run(e.reactor, 100);
    before = sim_allocated_bytes();
    sim_peer_send(peer, "half a li", 9);
    sim_run(e.reactor, 100);
    cr_expect_gt(sim_allocated_bytes(), before);
    sim_peer_send(peer, "ne\n", 3);
    sim_run(e.reactor, 100);
    cr_expect_eq(sim_allocated_bytes(), before);
    cr_expect_leq(sizeof(struct conn), 160u);
    echo_end(&e);
}

Test(promise_09, no_room_for_half_a_line_costs_that_connection)
{
    struct echo e;
    struct sim_peer *victim, *other;

    echo_begin(&e, 1);
    other = sim_connect(ECHO_PORT);
    victim = sim_connect(ECHO_PORT);
    sim_peer_read_all(other);
    sim_run(e.reactor, 100);
    sim_fail(SIM_ALLOC, 0, 1, ENOMEM);
    sim_peer_send(victim, "half a li", 9);
    sim_run(e.reactor, 100);
    cr_expect(sim_peer_closed(victim));
    cr_expect_eq(e.stats.closed[CONN_NO_MEMORY], 1);
    sim_peer_send(other, "still here\n", 11);
    sim_run(e.reactor, 100);
    cr_expect_str_eq(sim_peer_text(other), "still here\r\n");
    echo_end(&e);
}

Test(promise_09, no_room_for_output_costs_that_connection)
{
    struct echo e;
    struct sim_peer *victim, *other;

    echo_begin(&e, 1);
    victim = sim_connect(ECHO_PORT);
    other = sim_connect(ECHO_PORT);
    sim_peer_read_all(other);
    sim_run(e.reactor, 100);
    sim_fail(SIM_ALLOC, 0, 1, ENOMEM);
    sim_peer_send(victim, "big 100\n", 8);
    sim_run(e.reactor, 100);
    cr_expect(sim_peer_closed(victim));
    cr_expect_eq(e.stats.closed[CONN_NO_MEMORY], 1);
    sim_peer_send(other, "still here\n", 11);
    sim_run(e.reactor, 100);
    cr_expect_str_eq(sim_peer_text(other), "still here\r\n");
    echo_end(&e);
}

/* Making a reactor, a listener or a conn fails at every allocation and every call in turn, and leaves nothing. */
Test(promise_09, start_fails_cleanly_whichever_allocation_fails)
{
    unsigned skip = 0;
    for (struct reactor *r = NULL; !r; skip++) {
        sim_begin(1);
        sim_fail(SIM_ALLOC, skip, 1, ENOMEM);
        r = reactor_new(&(struct reactor_config){.sys = &sim_sys});
        if (!r)
            cr_expect_eq(errno, ENOMEM);
        reactor_free(r);
        cr_expect_eq(sim_end(), 0);
    }
    cr_expect_eq(skip, 4, "three allocations in all");
}

static enum conn_next wait_for_input(struct conn *c)
{
    (void)c;
    return CONN_WAIT;
}

static void not_closed(struct conn *c, enum conn_reason why, int err)
{
    (void)c;
    (void)why;
    (void)err;
    cr_assert_fail("closed() of a conn that was not started");
}

Test(promise_09, conn_start_fails_cleanly)
{
    static const struct conn_ops ops = {.name = "conn", .serve = wait_for_input, .closed = not_closed};
    static const struct conn_limits limits = {.input_max_bytes = 10, .idle_timeout_ns = 1};
    static const enum sim_call calls[] = {SIM_ALLOC, SIM_ALLOC, SIM_EPOLL_CTL};

    for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct reactor *r;
        struct conn c;
        int fd;
        sim_begin(1);
        r = reactor_new(&(struct reactor_config){.sys = &sim_sys});
        struct sim_peer *peer = sim_socket(&fd);
        sim_fail(calls[i], i == 1 ? 1 : 0, 1, ENOMEM);
        cr_expect_eq(conn_start(&c, r, &ops, &limits, fd), -1);
        cr_expect_eq(errno, ENOMEM);
        cr_expect(sim_peer_closed(peer), "the descriptor is closed also on failure");
        cr_expect_eq(reactor_turn(r, 0), 0);
        reactor_free(r);
        cr_expect_eq(sim_end(), 0);
    }
}
