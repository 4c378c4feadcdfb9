/* Random worlds: an echo server, clients that send lines in pieces and read
 * as they please, and every fault the simulator has.  Whatever happens, each
 * client must see a prefix of exactly the right answer - the whole of it unless its connection
 * was lost for a reason that is counted - and nothing may leak, spin or hang.
 */
#include "echo.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORLDS = 400,
    CLIENTS = 8,
    STEPS = 400,
    TEXT_MAX = 400000
};

struct client {
    struct sim_peer *peer;
    char *asked, *expected;
    size_t asked_len, expected_len, sent;
    bool ended, lost;
};

static struct client clients[CLIENTS];
static uint64_t seed;

static void append(char *text, size_t *len, const char *bytes, size_t n)
{
    cr_assert_leq(*len + n, (size_t)TEXT_MAX);
    memcpy(text + *len, bytes, n);
    *len += n;
}

/* One more line to ask, and what the server owes for it. */
static void ask(struct client *c)
{
    char line[300];
    size_t n;

    if (sim_chance(150)) {
        size_t big = sim_random_below(20000);
        n = (size_t)snprintf(line, sizeof line, "big %zu\n", big);
        append(c->asked, &c->asked_len, line, n);
        for (size_t i = 0; i < big; i++)
            c->expected[c->expected_len++] = echo_big_byte(i);
        return;
    }
    n = sim_random_below(sizeof line - 2);
    for (size_t i = 0; i < n; i++)
        line[i] = (char)('a' + (c->asked_len + i) % 26);
    append(c->expected, &c->expected_len, line, n);
    append(c->expected, &c->expected_len, "\r\n", 2);
    line[n++] = '\n';
    append(c->asked, &c->asked_len, line, n);
}

static void client_open(struct client *c)
{
    c->peer = sim_connect(ECHO_PORT);
    c->asked = malloc(TEXT_MAX);
    c->expected = malloc(TEXT_MAX);
    c->asked_len = c->expected_len = c->sent = 0;
    c->ended = c->lost = false;
    sim_peer_window(c->peer, 1 + sim_random_below(sim_chance(500) ? 200 : 100000));
    for (unsigned lines = (unsigned)sim_random_below(15); lines > 0; lines--)
        ask(c);
}

static void client_step(struct client *c)
{
    size_t left = c->asked_len - c->sent, n;
    switch (sim_random_below(8)) {
    case 0: /* silence */ break;
    case 1:
        if (sim_chance(20)) {
            sim_peer_reset(c->peer);
            c->lost = true;
        }
        break;
    case 2:
    case 3:
    case 4:
        n = sim_random_below(left + 1);
        if (sim_chance(100) && n > 0)
            sim_peer_send_urgent(c->peer, c->asked + c->sent, n);
        else
            sim_peer_send(c->peer, c->asked + c->sent, n);
        c->sent += n;
        break;
    default: sim_peer_read(c->peer, sim_random_below(30000)); break;
    }
}

/* What has arrived so far is right. */
static void check_prefix(const struct client *c)
{
    size_t len = sim_peer_len(c->peer);
    cr_assert_leq(len, c->expected_len, "more than was asked for (SEED=%lu)", (unsigned long)seed);
    cr_assert_eq(memcmp(sim_peer_text(c->peer), c->expected, len), 0, "wrong bytes (SEED=%lu)", (unsigned long)seed);
}

static void random_faults(struct sim_faults *f)
{
    memset(f, 0, sizeof *f);
    if (sim_chance(600))
        f->short_recv = (unsigned)sim_random_below(500);
    if (sim_chance(600))
        f->short_send = (unsigned)sim_random_below(500);
    if (sim_chance(500))
        f->again = (unsigned)sim_random_below(300);
    if (sim_chance(500))
        f->interrupted = (unsigned)sim_random_below(300);
    if (sim_chance(300))
        f->late_ns = sim_random_below(10000000);
    if (sim_chance(150))
        f->reset = (unsigned)sim_random_below(10);
    if (sim_chance(150))
        f->no_buffers = (unsigned)sim_random_below(10);
    if (sim_chance(150))
        f->no_memory = (unsigned)sim_random_below(30);
    if (sim_chance(150))
        f->no_watch = (unsigned)sim_random_below(100);
}

/* True when the world may take connections away. */
static bool is_lossy(const struct sim_faults *f)
{
    return f->reset || f->no_buffers || f->no_memory || f->no_watch;
}

/* Everybody sends the rest, says so, and reads until the end. */
static void finish_all(struct echo *e)
{
    unsigned turns;
    for (unsigned i = 0; i < CLIENTS; i++) {
        struct client *c = &clients[i];
        sim_peer_send(c->peer, c->asked + c->sent, c->asked_len - c->sent);
        sim_peer_end(c->peer);
        sim_peer_read_all(c->peer);
    }
    sim_limit_fds(SIM_FDS);
    for (turns = 0; turns < 20000; turns++) {
        bool open = false;
        for (unsigned i = 0; i < CLIENTS; i++)
            open = open || !sim_peer_closed(clients[i].peer);
        if (!open)
            return;
        reactor_turn(e->reactor, 1000000);
    }
    cr_assert_fail("somebody is never answered (SEED=%lu)", (unsigned long)seed);
}

static void one_world(uint64_t world_seed)
{
    struct echo e;
    struct sim_faults faults;
    bool lossy;
    uint64_t lost = 0;

    seed = world_seed;
    echo_begin(&e, seed);
    if (sim_chance(500))
        e.limits.slice_bytes = 1 + sim_random_below(20000);
    if (sim_chance(300))
        e.limits.idle_timeout_ns = 1000000000000u;
    if (sim_chance(300))
        e.limits.send_timeout_ns = 1000000000000u;
    random_faults(&faults);
    lossy = is_lossy(&faults);
    sim_set_faults(&faults);
    for (unsigned i = 0; i < CLIENTS; i++)
        client_open(&clients[i]);
    if (sim_chance(100)) {
        sim_limit_fds(sim_open_fds() + (unsigned)sim_random_below(CLIENTS));
        lossy = true;
    }
    for (unsigned step = 0; step < STEPS; step++) {
        client_step(&clients[sim_random_below(CLIENTS)]);
        if (sim_chance(300))
            reactor_turn(e.reactor, (int64_t)sim_random_below(1000000));
    }
    finish_all(&e);
    for (unsigned i = 0; i < CLIENTS; i++) {
        struct client *c = &clients[i];
        if (sim_peer_len(c->peer) <= 5 && memcmp(sim_peer_text(c->peer), "full\n", sim_peer_len(c->peer)) == 0 && lossy)
            continue; /* shed */
        check_prefix(c);
        if (!lossy && !c->lost)
            cr_assert_eq(sim_peer_len(c->peer), c->expected_len, "client %u: %zu of %zu bytes (SEED=%lu)", i,
                         sim_peer_len(c->peer), c->expected_len, (unsigned long)seed);
    }
    for (unsigned why = 0; why < CONN_REASONS; why++)
        lost += why == CONN_FINISHED ? 0 : e.stats.closed[why];
    if (!lossy) {
        uint64_t reset_by_client = 0;
        for (unsigned i = 0; i < CLIENTS; i++)
            reset_by_client += clients[i].lost;
        cr_assert_leq(lost, reset_by_client, "a conn was lost without cause (SEED=%lu)", (unsigned long)seed);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        free(clients[i].asked);
        free(clients[i].expected);
    }
    echo_end(&e);
}

Test(torture, random_worlds, .timeout = 120)
{
    const char *given = getenv("SEED");
    uint64_t first = sim_seed(1);
    unsigned worlds = given && *given ? 1 : WORLDS;
    for (unsigned i = 0; i < worlds; i++)
        one_world(first + i);
}
