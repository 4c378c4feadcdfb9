/* How conns end: finish, linger, half-close, reset, abort; with which reason. */
#include "echo.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#define SECOND ((uint64_t)1000000000)

static struct echo e;
static struct sim_peer *peer;

static void begin(void)
{
    echo_begin(&e, 1);
    peer = sim_connect(ECHO_PORT);
    sim_run(e.reactor, 100);
}

Test(conn_finish, after_the_peers_end_everything_asked_is_answered)
{
    begin();
    sim_peer_window(peer, 500);
    sim_peer_send(peer, "big 20000\none\ntwo", 17);
    sim_peer_end(peer);
    for (unsigned i = 0; i < 1000 && !sim_peer_closed(peer); i++) {
        sim_run(e.reactor, 100);
        sim_peer_read(peer, 400);
    }
    sim_peer_read_all(peer);
    cr_expect_eq(sim_peer_len(peer), 20000 + 5 + 5u);
    cr_expect_str_eq(sim_peer_text(peer) + 20000, "one\r\ntwo\r\n");
    cr_expect_not(sim_peer_was_reset(peer));
    cr_expect_eq(e.stats.closed[CONN_FINISHED], 1);
    echo_end(&e);
}

/* The peer goes on sending: closing at once would send a reset, which would overtake the last bytes. */
Test(conn_finish, linger_drains_what_the_peer_still_sends)
{
    begin();
    sim_peer_send(peer, "last\n", 5);
    sim_run(e.reactor, 100);
    conn_finish(e.newest);
    sim_run(e.reactor, 100);
    cr_expect(sim_peer_waiting(peer) == 6 && !sim_peer_closed(peer));
    for (unsigned i = 0; i < 20; i++) {
        sim_peer_send(peer, "too late\n", 9);
        sim_run(e.reactor, 100);
    }
    cr_expect_eq(e.serve_calls, 2, "serve() is not called any more");
    sim_peer_end(peer);
    sim_run(e.reactor, 100);
    cr_expect(sim_peer_closed(peer));
    cr_expect_not(sim_peer_was_reset(peer));
    sim_peer_read_all(peer);
    cr_expect_str_eq(sim_peer_text(peer), "last\r\n");
    echo_end(&e);
}

Test(conn_finish, linger_is_bounded_in_bytes)
{
    static char flood[200000];
    begin();
    e.limits.linger_bytes = 1000000;
    conn_finish(e.newest);
    sim_run(e.reactor, 100);
    for (unsigned i = 0; i < 5; i++) {
        sim_peer_send(peer, flood, sizeof flood);
        sim_run(e.reactor, 100);
    }
    cr_expect_not(sim_peer_closed(peer));
    sim_peer_send(peer, flood, 1);
    sim_run(e.reactor, 100);
    cr_expect(sim_peer_closed(peer));
    echo_end(&e);
}

Test(conn_finish, linger_is_bounded_in_time)
{
    begin();
    e.limits.linger_ns = 5 * SECOND;
    conn_finish(e.newest);
    sim_run_until(e.reactor, sim_now_ns() + 5 * SECOND - 1);
    cr_expect_not(sim_peer_closed(peer));
    sim_run_until(e.reactor, sim_now_ns() + 2);
    cr_expect(sim_peer_closed(peer));
    cr_expect_eq(e.stats.closed[CONN_FINISHED], 1);
    echo_end(&e);
}

Test(conn_finish, reset_by_the_peer)
{
    begin();
    sim_peer_reset(peer);
    sim_run(e.reactor, 100);
    cr_expect_eq(e.live, 0);
    cr_expect_eq(e.stats.closed[CONN_PEER_GONE], 1);
    echo_end(&e);
}

Test(conn_finish, reset_while_output_is_pending)
{
    begin();
    sim_peer_window(peer, 100);
    sim_peer_send(peer, "big 20000\n", 10);
    sim_run(e.reactor, 100);
    sim_peer_reset(peer);
    sim_run(e.reactor, 100);
    cr_expect_eq(e.stats.closed[CONN_PEER_GONE], 1);
    echo_end(&e);
}

Test(conn_finish, an_error_nobody_expects_is_reported)
{
    begin();
    sim_fail(SIM_RECV, 0, 1, EIO);
    sim_peer_send(peer, "x\n", 2);
    sim_run(e.reactor, 100);
    cr_expect_eq(e.stats.closed[CONN_FAILED], 1);
    echo_end(&e);
}

Test(conn_finish, abort_throws_away)
{
    begin();
    sim_peer_window(peer, 100);
    sim_peer_send(peer, "big 20000\n", 10);
    sim_run(e.reactor, 100);
    conn_abort(e.newest);
    cr_expect_eq(e.live, 1, "not from inside the call");
    sim_run(e.reactor, 100);
    cr_expect_eq(e.live, 0);
    cr_expect_eq(e.stats.closed[CONN_ABORTED], 1);
    echo_end(&e);
}

Test(conn_finish, a_line_too_long_aborts_as_soon_as_it_is_known)
{
    static char text[ECHO_MAX_LINE + 1];
    begin();
    memset(text, 'x', sizeof text);
    text[ECHO_MAX_LINE] = '\r';
    sim_peer_send(peer, text, sizeof text);
    sim_run(e.reactor, 100);
    cr_expect_eq(e.live, 1, "the CR may be half of its end");
    sim_peer_send(peer, "x", 1);
    sim_run(e.reactor, 100);
    cr_expect_eq(e.stats.closed[CONN_ABORTED], 1);
    echo_end(&e);
}

Test(conn_finish, reasons_have_names)
{
    for (int why = 0; why < CONN_REASONS; why++)
        cr_expect_gt(strlen(conn_reason_name((enum conn_reason)why)), 0u);
    cr_expect_str_eq(conn_reason_name(CONN_PEER_GONE), "peer gone");
}
