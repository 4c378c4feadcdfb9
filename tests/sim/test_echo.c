/* The simulated world by example: a whole server, listener and all, driven by a client. */
#include "echo.h"

#include <criterion/criterion.h>

Test(echo, lines_come_back)
{
    struct echo e;
    struct sim_peer *peer;

    echo_begin(&e, 1);
    peer = sim_connect(ECHO_PORT);
    sim_peer_read_all(peer);
    sim_peer_send(peer, "hello\r\nwor", 10);
    sim_run(e.reactor, 100);
    cr_expect_str_eq(sim_peer_text(peer), "hello\r\n");
    sim_peer_send(peer, "ld\nlast", 7);
    sim_peer_end(peer);
    sim_run(e.reactor, 100);
    cr_expect_str_eq(sim_peer_text(peer), "hello\r\nworld\r\nlast\r\n");
    cr_expect(sim_peer_closed(peer));
    cr_expect_not(sim_peer_was_reset(peer));
    echo_end(&e);
}
