/* The whole server in a simulated world: time, sockets and memory are those of
 * sim.h, so that what is rare or slow outside happens here at once, and twice alike. */
#include "check.h"
#include "server.h"
#include "sim.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    PORT = 7000,
    TURNS = 10000 /* more than any of these tests needs */
};

static struct server s;
static struct reactor *r;

static void begin(uint64_t seed)
{
    static const struct reactor_config config = {.sys = &sim_sys};
    sim_begin(seed);
    r = reactor_new(&config);
    if (r == NULL || server_start(&s, r, PORT) != 0)
        abort();
}

/* Stops the server; how many descriptors and allocations it has not given back. */
static unsigned end(void)
{
    server_stop(&s);
    server_stop(&s);
    reactor_run(r);
    reactor_free(r);
    return sim_end();
}

static struct sim_peer *client(void)
{
    struct sim_peer *peer = sim_connect(PORT);
    sim_peer_read_all(peer);
    return peer;
}

static void say(struct sim_peer *peer, const char *text)
{
    sim_peer_send(peer, text, strlen(text));
    sim_run(r, TURNS);
}

static void answers(void)
{
    begin(1);
    struct sim_peer *peer = client();
    say(peer, "set a one two\r\nget a\nget b\n");
    CHECK_TEXT(sim_peer_text(peer), "ok\r\nvalue one two\r\nnone\r\n");
    CHECK(end() == 0);
}

static void says_what_is_wrong(void)
{
    begin(1);
    struct sim_peer *peer = client();
    say(peer, "what\nget\nkeys x\nset a \1\n");
    CHECK_TEXT(sim_peer_text(peer), "error unknown command (help lists them)\r\n"
                                    "error usage: get KEY\r\n"
                                    "error usage: keys\r\n"
                                    "error control byte in the line\r\n");
    CHECK(end() == 0);
}

static void closes_after_quit(void)
{
    begin(1);
    struct sim_peer *peer = client();
    say(peer, "quit\nget a\n");
    sim_peer_end(peer);
    sim_run(r, TURNS);
    CHECK_TEXT(sim_peer_text(peer), "bye\r\n");
    CHECK(sim_peer_closed(peer));
    CHECK(end() == 0);
}

static void idle_clients_are_closed(void)
{
    begin(1);
    struct sim_peer *peer = client();
    sim_run(r, TURNS);
    sim_run_until(r, sim_now_ns() + IDLE_TIMEOUT_NS - SECOND_NS);
    say(peer, "get a\n"); /* in time */
    sim_run_until(r, sim_now_ns() + IDLE_TIMEOUT_NS - SECOND_NS);
    CHECK_TEXT(sim_peer_text(peer), "none\r\n");
    sim_run_until(r, sim_now_ns() + 2 * SECOND_NS);
    CHECK_TEXT(sim_peer_text(peer), "none\r\nerror idle for too long\r\n");
    CHECK(end() == 0);
}

static unsigned count_of(const char *text, const char *part)
{
    unsigned count = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

/* Fills the store, asks for all keys many times over and does not read: what
 * the server holds for such a client is bounded, and another one is served.  Once
 * he reads, nothing is missing. */
static void slow_reader_costs_bounded_memory(void)
{
    char line[32];
    begin(1);
    struct sim_peer *slow = sim_connect(PORT), *other = client();
    for (int i = 0; i < STORE_ENTRIES; i++) {
        snprintf(line, sizeof line, "set key-%d v\n", i);
        say(other, line);
    }
    sim_peer_window(slow, 1000);
    sim_allocated_peak_bytes();
    for (int i = 0; i < 100; i++)
        say(slow, "keys\n");
    CHECK(sim_allocated_peak_bytes() < sim_allocated_bytes() + 64 * 1024);
    size_t before = sim_peer_len(other);
    say(other, "get key-5\n");
    CHECK_TEXT(sim_peer_text(other) + before, "value v\r\n");
    sim_peer_read_all(slow);
    sim_run(r, TURNS);
    CHECK(count_of(sim_peer_text(slow), "key key-") == 100 * STORE_ENTRIES);
    CHECK(count_of(sim_peer_text(slow), "end\r\n") == 100);
    CHECK(end() == 0);
}

/* One stop lets an answer finish; the loop then ends by itself. */
static void stop_finishes_what_is_under_way(void)
{
    begin(1);
    struct sim_peer *peer = client();
    sim_peer_send(peer, "set a 1\nget a\n", 14);
    reactor_turn(r, 0);
    reactor_turn(r, 0);
    server_stop(&s);
    sim_run(r, TURNS);
    CHECK_TEXT(sim_peer_text(peer), "ok\r\nvalue 1\r\n");
    CHECK(sim_peer_at_end(peer)); /* the server has nothing more to say, and says so */
    sim_peer_end(peer);
    reactor_run(r);
    CHECK(s.clients.count == 0);
    CHECK(end() == 0);
}

/* One who neither reads nor goes does not keep the server from stopping. */
static void stop_takes_a_limited_time(void)
{
    begin(1);
    struct sim_peer *peer = sim_connect(PORT);
    sim_peer_window(peer, 10);
    for (int i = 0; i < 100; i++)
        say(peer, "help\n");
    uint64_t stopped_ns = sim_now_ns();
    server_stop(&s);
    reactor_run(r);
    CHECK(s.clients.count == 0);
    CHECK(sim_now_ns() - stopped_ns <= DRAIN_NS + SECOND_NS);
    CHECK(end() == 0);
}

/* The same answers whatever the network does short of breaking: cut at random,
 * delayed, interrupted.  A failure names its seed; SEED=n repeats that world. */
static void answers_alike_in_bad_weather(void)
{
    static const struct sim_faults weather = {
        .short_recv = 300, .short_send = 300, .again = 200, .interrupted = 100, .late_ns = 1000000};
    uint64_t first = sim_seed(1);
    for (uint64_t seed = first; seed < first + 50; seed++) {
        begin(seed);
        sim_set_faults(&weather);
        struct sim_peer *peer = client();
        say(peer, "set a 1\nset b 2\nkeys\nget a\ndel a\nget a\nquit\n");
        sim_peer_end(peer);
        sim_run(r, TURNS);
        bool alike = strcmp(sim_peer_text(peer),
                            "ok\r\nok\r\nkey a\r\nkey b\r\nend\r\nvalue 1\r\nok\r\nnone\r\nbye\r\n") == 0;
        if (!alike)
            printf("SEED=%" PRIu64 ": %s\n", seed, sim_peer_text(peer));
        CHECK(alike);
        CHECK(end() == 0);
    }
}

/* Whatever fails, it costs at most the client it happened to, and nothing leaks. */
static void survives_storms(void)
{
    static const struct sim_faults storm = {
        .short_send = 200, .again = 100, .reset = 30, .no_buffers = 30, .no_memory = 50, .no_watch = 50};
    uint64_t first = sim_seed(1);
    for (uint64_t seed = first; seed < first + 50; seed++) {
        begin(seed);
        sim_set_faults(&storm);
        for (int i = 0; i < 20; i++)
            say(client(), "set a 1\nkeys\nhelp\n");
        sim_set_faults(NULL);
        sim_run_until(r, sim_now_ns() + 10 * SECOND_NS);
        struct sim_peer *peer = client();
        say(peer, "get nothing\n");
        if (strcmp(sim_peer_text(peer), "none\r\n") != 0)
            printf("SEED=%" PRIu64 "\n", seed);
        CHECK_TEXT(sim_peer_text(peer), "none\r\n");
        CHECK(end() == 0);
    }
}

int main(void)
{
    RUN(answers);
    RUN(says_what_is_wrong);
    RUN(closes_after_quit);
    RUN(idle_clients_are_closed);
    RUN(slow_reader_costs_bounded_memory);
    RUN(stop_finishes_what_is_under_way);
    RUN(stop_takes_a_limited_time);
    RUN(answers_alike_in_bad_weather);
    RUN(survives_storms);
    return check_end();
}
