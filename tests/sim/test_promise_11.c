/* Promise 11: at the descriptor limit existing clients are served, newcomers
 * shed, nothing spins.
 */
#include "echo.h"

#include <criterion/criterion.h>
#include <errno.h>

Test(promise_11, newcomers_are_told_and_closed)
{
    struct echo e;
    struct sim_peer *old, *late[3];

    echo_begin(&e, 1);
    old = sim_connect(ECHO_PORT);
    sim_peer_read_all(old);
    sim_run(e.reactor, 100);
    sim_limit_fds(sim_open_fds());
    for (int i = 0; i < 3; i++) {
        late[i] = sim_connect(ECHO_PORT);
        sim_peer_read_all(late[i]);
    }
    cr_expect_lt(sim_run(e.reactor, 1000), 10u, "the loop does not come to rest");
    for (int i = 0; i < 3; i++) {
        cr_expect_str_eq(sim_peer_text(late[i]), "full\n");
        cr_expect(sim_peer_closed(late[i]));
    }
    cr_expect_eq(e.listener.stats.shed, 3);
    sim_peer_send(old, "still served\n", 13);
    sim_run(e.reactor, 100);
    cr_expect_str_eq(sim_peer_text(old), "still served\r\n");
    sim_limit_fds(SIM_FDS);
    late[0] = sim_connect(ECHO_PORT);
    sim_run(e.reactor, 100);
    cr_expect_eq(e.live, 2, "and the listener goes on by itself");
    echo_end(&e);
}

/* Somebody else takes the spare descriptor's place while it is given up. */
Test(promise_11, without_the_spare_it_pauses_and_resumes)
{
    struct echo e;
    struct sim_peer *late;

    echo_begin(&e, 1);
    sim_limit_fds(sim_open_fds());
    sim_fail(SIM_OPEN_NULL, 0, 3, EMFILE);
    late = sim_connect(ECHO_PORT);
    sim_run(e.reactor, 100);
    cr_expect(sim_peer_closed(late));
    cr_expect_eq(e.pauses, 1);
    cr_expect_eq(e.paused_err, EMFILE);
    (void)sim_connect(ECHO_PORT); /* readable, but paused: must not spin */
    cr_expect_lt(sim_run(e.reactor, 1000), 5u, "the loop does not come to rest");
    sim_limit_fds(SIM_FDS);
    sim_run_until(e.reactor, sim_now_ns() + 1000000000);
    cr_expect_eq(e.resumes, 1);
    cr_expect_eq(e.live, 1);
    echo_end(&e);
}

Test(promise_11, kernel_out_of_memory_pauses)
{
    struct echo e;

    echo_begin(&e, 1);
    sim_fail(SIM_ACCEPT, 0, 1, ENOBUFS);
    (void)sim_connect(ECHO_PORT);
    sim_run(e.reactor, 100);
    cr_expect_eq(e.pauses, 1);
    cr_expect_eq(e.listener.stats.pauses, 1);
    cr_expect_eq(e.live, 0);
    sim_run_until(e.reactor, sim_now_ns() + 1000000000);
    cr_expect_eq(e.live, 1);
    echo_end(&e);
}

Test(promise_11, a_newcomer_that_gave_up_is_passed_over)
{
    struct echo e;

    echo_begin(&e, 1);
    sim_fail(SIM_ACCEPT, 0, 2, ECONNABORTED);
    (void)sim_connect(ECHO_PORT);
    sim_run(e.reactor, 100);
    cr_expect_eq(e.live, 1);
    cr_expect_eq(e.pauses, 0);
    echo_end(&e);
}

Test(promise_11, a_burst_does_not_starve_those_who_are_in)
{
    struct echo e;
    struct sim_peer *old;

    echo_begin(&e, 1);
    old = sim_connect(ECHO_PORT);
    sim_peer_read_all(old);
    sim_run(e.reactor, 100);
    for (int i = 0; i < 300; i++)
        (void)sim_connect(ECHO_PORT);
    sim_peer_send(old, "x\n", 2);
    reactor_turn(e.reactor, 0);
    cr_expect_str_eq(sim_peer_text(old), "x\r\n");
    cr_expect_lt(e.live, 100u, "accepted in batches");
    sim_run(e.reactor, 100);
    cr_expect_eq(e.live, 301);
    echo_end(&e);
}

/* At the limit, and whoever is first to the place that was given up is not us. */
Test(promise_11, somebody_else_takes_the_place_given_up)
{
    struct echo e;

    echo_begin(&e, 1);
    sim_limit_fds(sim_open_fds());
    sim_fail(SIM_ACCEPT, 0, 1000, EMFILE);
    (void)sim_connect(ECHO_PORT);
    cr_expect_lt(sim_run(e.reactor, 1000), 10u, "the loop does not come to rest");
    cr_expect_eq(e.pauses, 1);
    sim_fail(SIM_ACCEPT, 0, 0, 0);
    sim_limit_fds(SIM_FDS);
    sim_run_until(e.reactor, sim_now_ns() + 1000000000);
    cr_expect_eq(e.live, 1);
    echo_end(&e);
}
