/* The simulator itself: readiness is never lost, whatever faults cut the calls. */
#include "echo.h"

#include <criterion/criterion.h>

#define SECOND ((uint64_t)1000000000)

enum {
    SEEDS = 600,
    BIG = 60000
};

/* A peer that reads a little every second, less than a third of its window: a correct server waits and goes on. */
static void slow_reader(uint64_t seed, const struct sim_faults *faults)
{
    struct echo e;
    struct sim_peer *peer;

    echo_begin(&e, seed);
    e.limits.send_timeout_ns = 20 * SECOND;
    peer = sim_connect(ECHO_PORT);
    sim_peer_window(peer, 9000);
    sim_peer_send(peer, "big 60000\n", 10);
    sim_set_faults(faults);
    for (unsigned i = 0; i < 200 && sim_peer_len(peer) < BIG; i++) {
        sim_peer_read(peer, 500 + (size_t)sim_random_below(2000));
        sim_run_until(e.reactor, sim_now_ns() + SECOND);
    }
    cr_assert_eq(e.stats.closed[CONN_STALLED], 0, "SEED=%llu: closed as stalled", (unsigned long long)seed);
    cr_assert_eq(sim_peer_len(peer), (size_t)BIG, "SEED=%llu", (unsigned long long)seed);
    echo_end(&e);
}

Test(sim_edges, short_sends_lose_no_edge)
{
    uint64_t seed = sim_seed(1);
    for (unsigned i = 0; i < SEEDS; i++)
        slow_reader(seed + i, &(struct sim_faults){.short_send = 300});
}

Test(sim_edges, sends_told_to_wait_lose_no_edge)
{
    uint64_t seed = sim_seed(1);
    for (unsigned i = 0; i < SEEDS; i++)
        slow_reader(seed + i, &(struct sim_faults){.again = 300});
}

Test(sim_edges, both_lose_no_edge)
{
    uint64_t seed = sim_seed(1);
    for (unsigned i = 0; i < SEEDS; i++)
        slow_reader(seed + i, &(struct sim_faults){.again = 200, .short_send = 300, .interrupted = 100});
}

/* Room that comes by another way than reading: the window grows. */
Test(sim_edges, a_window_that_grows_is_an_edge)
{
    struct echo e;
    struct sim_peer *peer;

    echo_begin(&e, 1);
    peer = sim_connect(ECHO_PORT);
    sim_peer_window(peer, 0);
    sim_peer_send(peer, "big 60000\n", 10);
    sim_run(e.reactor, 100);
    cr_expect_eq(sim_peer_waiting(peer), 0);
    sim_peer_window(peer, BIG);
    sim_run(e.reactor, 100);
    cr_expect_eq(sim_peer_waiting(peer), (size_t)BIG);
    echo_end(&e);
}
