/* test_keys.c - interrupts and other keys of sessions, wherever they are cut, and what they are answered with. */
#include "sessions.h"

#include <criterion/criterion.h>
#include <string.h>

enum {
    MAX_LINE = 256
};

static const uint64_t SECOND = 1000000000;

#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

/* Keys as a client sends them, NULs among them. */
struct keys {
    const char *bytes;
    size_t len;
};
#define KEYS(literal)                                                                                                  \
    {                                                                                                                  \
        literal, sizeof(literal) - 1                                                                                   \
    }

static void say(struct sim_peer *peer, const char *text)
{
    sim_peer_send(peer, text, strlen(text));
    sim_run(sessions_reactor, 1000);
}

static bool ends_with(struct sim_peer *peer, const char *end)
{
    size_t len = sim_peer_len(peer), n = strlen(end);
    return len >= n && memcmp(sim_peer_text(peer) + len - n, end, n) == 0;
}

/* Begins a long answer to a peer that has taken some of it, and waits. */
static struct sim_peer *streaming(void)
{
    struct sim_peer *peer = sessions_connect();
    sim_peer_window(peer, 10000);
    sim_peer_send(peer, "cjk\nface\n", 9);
    sim_run(sessions_reactor, 100);
    sim_peer_read(peer, 5000);
    sim_run(sessions_reactor, 100);
    return peer;
}

/* Reads on until the server has no more to send. */
static void read_rest(struct sim_peer *peer)
{
    sim_peer_read_all(peer);
    sim_run(sessions_reactor, 10000);
}

/* Takes what is said, with negotiation in it, from behind the first `from` bytes. */
static void expect_said(struct sim_peer *peer, size_t from, const char *bytes, size_t len)
{
    cr_expect_eq(sim_peer_len(peer) - from, len, "%zu bytes, not %zu", sim_peer_len(peer) - from, len);
    cr_expect_eq(memcmp(sim_peer_text(peer) + from, bytes, len), 0, "%s", sim_peer_text(peer) + from);
}
#define EXPECT_SAID(peer, from, literal) expect_said((peer), (from), literal, sizeof(literal) - 1)

#define OFFERS "\xff\xfb\x00\xff\xfd\x00"
#define AGAIN  "\r\n# Ctrl-C again to leave\r\n?> "

/* Ctrl-C on a half-typed line in line mode: the terminal keeps the line, only the interrupt comes. */
Test(keys, interrupts_seconds_apart_do_not_close)
{
    sessions_begin(MAX_LINE);
    struct sim_peer *peer = sessions_greeted();
    for (int i = 0; i < 5; i++) {
        size_t before = sim_peer_len(peer);
        say(peer, "\xff\xf4");
        EXPECT_SAID(peer, before + (i == 0 ? 6 : 0), AGAIN);
        sim_run_until(sessions_reactor, sim_now_ns() + SECOND + SECOND / 100);
    }
    say(peer, "\xff\xf4");
    sim_run_until(sessions_reactor, sim_now_ns() + SECOND - SECOND / 100);
    cr_expect_eq(sessions_clients.count, 1u);
    cr_expect_not(sim_peer_at_end(peer));
    say(peer, "\xff\xf4");
    cr_expect(sim_peer_at_end(peer));
    sessions_end();
}

/* Half typed, what is erased again, or a line between: no row. */
Test(keys, interrupts_with_something_between_do_not_close)
{
    static const char *const between[] = {"half", "x\n", "\n", "x\b"};
    for (size_t i = 0; i < sizeof between / sizeof between[0]; i++) {
        sessions_begin(MAX_LINE);
        struct sim_peer *peer = sessions_greeted();
        for (int round = 0; round < 3; round++) {
            say(peer, "\xff\xf4");
            say(peer, between[i]);
        }
        cr_expect_not(sim_peer_at_end(peer), "between: %zu", i);
        sessions_end();
    }
}

/* A line of 0x03, as each client ends and edits it, stops an answer, wherever it is cut. */
Test(keys, every_etx_line_stops_an_answer_wherever_it_is_cut)
{
    static const struct keys lines[] = {
        KEYS("\x03\n"),
        KEYS("\x03\r\n"),
        KEYS("\x03\r\0"),
        KEYS("\xff\xf1\x03\r\xff\xf1\0"),
        KEYS("\xff\xfb\0\x03\r"),
        KEYS("\xff\xfb\0\x03\r\n"),
        KEYS("\xff\xfb\0weary\r\n\x03\r\0"),
        KEYS("\xff\xfb\0weary\r\0\x03\r"),
        KEYS("\xff\xf1weary\b\b\b\b\b\x03\n"),
        KEYS("\xff\xf1\x03\x08we are\x15\x03\r\n"),
        KEYS("\xff\xf1\xe2\x99\x9a\xff\xf7\x03\n"),
        KEYS("weary \xff\xf8\x03\n"),
        KEYS("a\xff\xf7\xff\xf7\x17\x03\n"),
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        for (size_t cut = 0; cut < lines[i].len; cut++) {
            sessions_begin(MAX_LINE);
            struct sim_peer *peer = streaming();
            sim_peer_send(peer, lines[i].bytes, cut);
            sim_run(sessions_reactor, 100);
            sim_peer_send(peer, lines[i].bytes + cut, lines[i].len - cut);
            sim_run(sessions_reactor, 100);
            read_rest(peer);
            cr_expect(memmem(sim_peer_text(peer), sim_peer_len(peer), " 98263 found, stopped after ", 28),
                      "line %zu cut at %zu", i, cut);
            cr_expect(ends_with(peer, "\r\n?> "), "line %zu cut at %zu", i, cut);
            sessions_end();
        }
}

/* What only looks like one does not. */
Test(keys, other_lines_stop_nothing)
{
    static const struct keys lines[] = {
        KEYS("x\x03\n"),        KEYS("\x03\x03\n"),          KEYS("\x03x\xff\xf7y\n"),
        KEYS("\x03\r \n"),      KEYS("\x03\xff\xf7\n"),      KEYS("\xff\xfb\0\r\0\0\x03\r"),
        KEYS("\xff\xff\x03\n"), KEYS("\x03\r\xff\xf7\0x\n"), KEYS("\xff\xfa\x03\n\xff\xf0\n"),
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        sessions_begin(MAX_LINE);
        struct sim_peer *peer = streaming();
        sim_peer_send(peer, lines[i].bytes, lines[i].len);
        sim_run(sessions_reactor, 100);
        read_rest(peer);
        cr_expect_not(memmem(sim_peer_text(peer), sim_peer_len(peer), "stopped after", 13), "line %zu", i);
        sessions_end();
    }
}

/* Whatever is typed ahead in BINARY, nothing of it is left behind the interrupt. */
Test(keys, the_lf_behind_an_etx_line_in_binary_asks_nothing)
{
    sessions_begin(MAX_LINE);
    struct sim_peer *peer = streaming();
    sim_peer_send(peer, "\xff\xfb\0\x03\r", 5);
    sim_run(sessions_reactor, 100);
    read_rest(peer);
    size_t before = sim_peer_len(peer);
    say(peer, "\n");
    cr_expect_eq(sim_peer_len(peer), before);
    sim_peer_send(peer, "\xff\xfd\0\n", 4);
    sim_run(sessions_reactor, 100);
    EXPECT_SAID(peer, before, "\r?> ");
    sessions_end();
}

/* In BINARY the terminal does with a CR LF what it is told: every answer begins at its left edge. */
Test(keys, an_answer_in_binary_begins_with_a_cr)
{
    static const char binary[] = "\xff\xfb\0\xff\xfd\0", not_utf8[] = "\r! not valid UTF-8\r\n?> ";
    sessions_begin(MAX_LINE);
    struct sim_peer *peer = sessions_greeted();
    sim_peer_send(peer, binary, sizeof binary - 1);
    sim_run(sessions_reactor, 100);
    size_t before = sim_peer_len(peer);
    say(peer, "\n\xc3\n/none\n" X64 X64 X64 X64 "x");
    const char *text = sim_peer_text(peer) + before;
    cr_expect_eq(strncmp(text, "\r?> ", 4), 0);
    cr_expect_eq(strncmp(text + 4, not_utf8, strlen(not_utf8)), 0);
    cr_expect(strstr(text, "?> \r! unknown directive \"/none\""), "%s", text);
    cr_expect(ends_with(peer, "?> \r! line too long (limit 256 bytes)\r\n"), "%s", text);
    say(peer, "\r");
    cr_expect(ends_with(peer, "bytes)\r\n\r?> "));
    sessions_end();
}

Test(keys, words_after_a_timing_mark_are_on_a_line_of_their_own)
{
    sessions_begin(MAX_LINE);
    struct sim_peer *peer = streaming();
    sim_peer_send(peer, "\xff\xf4\xff\xfd\x06", 5);
    sim_run(sessions_reactor, 100);
    read_rest(peer);
    cr_expect(memmem(sim_peer_text(peer), sim_peer_len(peer), "\xff\xfb\x06\r\n\xe2\x94\x80", 8));
    size_t before = sim_peer_len(peer);
    say(peer, "half\xff\xf4\xff\xfd\x06");
    EXPECT_SAID(peer, before, "\xff\xfb\x06\r\n?> ");
    sessions_end();
}

/* While a line that is too long is skipped, all the rest goes on. */
Test(keys, commands_in_a_line_too_long)
{
    sessions_begin(MAX_LINE);
    struct sim_peer *peer = sessions_greeted();
    say(peer, "\xff\xf1" X64 X64 X64 X64 "x");
    size_t before = sim_peer_len(peer);
    say(peer, "y\xff\xf6z");
    EXPECT_SAID(peer, before, "# mojifinder is here\r\n");
    say(peer, "\xff\xf4\xff\xfd\x06");
    EXPECT_SAID(peer, before + 22, "\xff\xfb\x06\r\n?> ");
    say(peer, X64 X64 X64 X64 "x\xff\xec");
    cr_expect(ends_with(peer, "bytes)\r\n?> "));
    cr_expect(sim_peer_at_end(peer));
    sessions_end();
}

Test(keys, a_subnegotiation_without_end_closes_in_every_state)
{
    static char endless[70000] = "\xff\xfa\x18";
    for (int state = 0; state < 4; state++) {
        sessions_begin(MAX_LINE);
        struct sim_peer *peer = state == 1 ? streaming() : sessions_greeted();
        if (state == 1)
            sim_peer_send(peer, "\x03\n", 2); /* STOPPING */
        if (state == 2)
            say(peer, X64 X64 X64 X64 "x"); /* SKIPPING */
        if (state == 3)
            sim_peer_send(peer, "\xff\xf4", 2); /* waits for a timing mark */
        sim_peer_send(peer, endless, sizeof endless);
        sim_run(sessions_reactor, 10000);
        read_rest(peer);
        cr_expect(ends_with(peer, "# closing: telnet subnegotiation too long\r\n"), "state %d", state);
        sessions_end();
    }
}

/* A call takes so many lines and no more: in one turn of 16 calls, a part of what is piled up. */
Test(keys, a_call_takes_a_bounded_number_of_lines)
{
    sessions_begin(MAX_LINE);
    sessions_kind.limits.input_max_bytes = 65536;
    struct sim_peer *peer = sessions_greeted(), *other = sessions_greeted();
    for (int i = 0; i < 60000; i += 64)
        sim_peer_send(peer,
                      "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
                      "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
                      64);
    sim_peer_send(other, "weary cat\n", 10);
    sim_run(sessions_reactor, 1);
    cr_expect_leq(sessions_kind.stats.requests, 16u * 128 + 1);
    sim_run(sessions_reactor, 100);
    cr_expect_geq(sessions_kind.stats.requests, 60000u);
    sessions_end();
}
