/* test_session.c - whole sessions of the server in a simulated world: every cut, every fault, no real time. */
#include "session_world.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- the same answers, however input and output are cut ---- */

#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
static const char dialogue[] = "cat face\n"
                               "chess black king\r\n"
                               "\n"
                               "  \t \n"
                               "nothing like this\r\n"
                               "\xc3\x28 not utf-8\n"
                               "stra\xc3\x9f\x65\n"
                               "/unknown thing\n"
                               "a\x07 b\n"
                               "\xff\xfd\x01\xff\xfb\x03 cat \xff\xf7\xff\xff\n"
                               "braille\n"
                               "oops\xff\xf8king\n" X64 X64 X64 X64 "x\n"
                               "chess black king\n"
                               "last line without end: face";

struct bytes {
    char *text;
    size_t len;
};

/* What the dialogue brings when it comes in one piece and nothing goes wrong. */
static struct bytes expected_dialogue(void)
{
    begin(1);
    struct sim_peer *peer = greeted();
    sim_peer_send(peer, dialogue, sizeof dialogue - 1);
    sim_peer_end(peer);
    sim_run(w.reactor, 10000);
    cr_assert(sim_peer_at_end(peer));
    cr_expect(!sim_peer_was_reset(peer));
    cr_expect(strstr(sim_peer_text(peer), "WEARY CAT FACE"));
    cr_expect(strstr(sim_peer_text(peer), "! not valid UTF-8\r\n?> "));
    struct bytes all = {.len = sim_peer_len(peer)};
    all.text = malloc(all.len);
    cr_assert(all.text);
    memcpy(all.text, sim_peer_text(peer), all.len);
    cr_expect(memmem(all.text, all.len, "! line too long (limit 256 bytes)\r\n?> ", 38));
    end();
    return all;
}

Test(session, cut_anywhere_the_answer_is_the_same)
{
    struct bytes expected = expected_dialogue();
    for (size_t cut = 0; cut < sizeof dialogue - 1; cut++) {
        begin(1);
        struct sim_peer *peer = greeted();
        sim_peer_send(peer, dialogue, cut);
        sim_run(w.reactor, 10000);
        sim_peer_send(peer, dialogue + cut, sizeof dialogue - 1 - cut);
        sim_peer_end(peer);
        sim_run(w.reactor, 10000);
        cr_assert_eq(sim_peer_len(peer), expected.len, "cut at %zu", cut);
        cr_assert_eq(memcmp(sim_peer_text(peer), expected.text, expected.len), 0, "cut at %zu", cut);
        end();
    }
    free(expected.text);
}

Test(session, faults_do_not_change_the_answer)
{
    struct bytes expected = expected_dialogue();
    uint64_t seed = sim_seed(20261123);
    for (unsigned run = 0; run < 40; run++) {
        begin(seed + run);
        struct sim_peer *peer = greeted();
        sim_set_faults(&(struct sim_faults){.short_recv = 300, .short_send = 300, .again = 200, .interrupted = 100});
        sim_peer_window(peer, 1 + (size_t)sim_random_below(5000));
        sim_peer_send(peer, dialogue, sizeof dialogue - 1);
        sim_peer_end(peer);
        sim_run(w.reactor, 1000000);
        cr_assert_eq(sim_peer_len(peer), expected.len, "SEED=%llu", (unsigned long long)(seed + run));
        cr_assert_eq(memcmp(sim_peer_text(peer), expected.text, expected.len), 0, "SEED=%llu",
                     (unsigned long long)(seed + run));
        cr_assert(sim_peer_at_end(peer));
        end();
    }
    free(expected.text);
}

/* Failing calls and allocations end connections, with a reason, and nothing else. */
Test(session, a_fault_costs_one_connection)
{
    struct bytes expected = expected_dialogue();
    uint64_t seed = sim_seed(42);
    unsigned whole = 0;
    for (unsigned run = 0; run < 40; run++) {
        begin(seed + run);
        struct sim_peer *peers[8];
        sim_set_faults(&(struct sim_faults){
            .short_recv = 200, .short_send = 200, .again = 100, .reset = 2, .no_memory = 20, .no_buffers = 2});
        for (int i = 0; i < 8; i++) {
            peers[i] = sim_connect(PORT);
            sim_peer_read_all(peers[i]);
            sim_peer_send(peers[i], dialogue, sizeof dialogue - 1);
            sim_peer_end(peers[i]);
        }
        sim_run(w.reactor, 1000000);
        for (int i = 0; i < 8; i++) { /* each got a beginning of what it should, all of it or less */
            cr_assert_leq(sim_peer_len(peers[i]), expected.len);
            cr_assert_eq(memcmp(sim_peer_text(peers[i]), expected.text, sim_peer_len(peers[i])), 0, "SEED=%llu",
                         (unsigned long long)(seed + run));
            whole += sim_peer_len(peers[i]) == expected.len;
        }
        end();
    }
    cr_expect_gt(whole, 60u, "most connections are not hit: %u", whole);
    free(expected.text);
}

/* ---- slow readers ---- */

Test(session, a_peer_that_does_not_read_costs_bounded_memory)
{
    begin(1);
    struct sim_peer *peer = greeted();
    peer = sim_connect(PORT);
    for (int i = 0; i < 2000; i++)
        sim_peer_send(peer, "cjk\nletter\ncat face\n", 20);
    size_t before = sim_allocated_bytes();
    sim_run(w.reactor, 100000);
    cr_expect_leq(sim_allocated_peak_bytes() - before, (size_t)MAX_LINE + 16384 + 4096);
    unsigned long calls = sim_calls(SIM_SEND) + sim_calls(SIM_SENDFILE) + sim_calls(SIM_RECV);
    sim_run_until(w.reactor, sim_now_ns() + 50 * SECOND);
    cr_expect_leq(sim_calls(SIM_SEND) + sim_calls(SIM_SENDFILE) + sim_calls(SIM_RECV) - calls, 2ul, "it spins");
    sim_run_until(w.reactor, sim_now_ns() + 30 * SECOND); /* the send timeout */
    cr_expect_eq(w.last_reason, CONN_STALLED);
    cr_expect_eq(w.clients.count, 1u, "the other one stays");
    end();
}

/* ---- interrupts ---- */

/* Begins a long answer to a peer that has taken some of it, and waits. */
static struct sim_peer *streaming(void)
{
    struct sim_peer *peer = sim_connect(PORT);
    sim_peer_window(peer, 10000);
    sim_peer_send(peer, "cjk\nface\n", 9);
    sim_run(w.reactor, 100);
    sim_peer_read(peer, 5000);
    sim_run(w.reactor, 100);
    return peer;
}

/* Reads on until the server has no more to send. */
static void read_rest(struct sim_peer *peer)
{
    sim_peer_read_all(peer);
    sim_run(w.reactor, 10000);
}

static unsigned count(const char *text, const char *needle)
{
    unsigned n = 0;
    for (const char *p = text; (p = strstr(p, needle)); p += strlen(needle))
        n++;
    return n;
}

/* Everything before the status is whole lines, and their number is the one it names. */
static void expect_stopped(struct sim_peer *peer)
{
    const char *text = sim_peer_text(peer), *status = strstr(text, " 98263 found, stopped after ");
    cr_assert(status, "%s", text + (sim_peer_len(peer) > 300 ? sim_peer_len(peer) - 300 : 0));
    unsigned long named = strtoul(status + strlen(" 98263 found, stopped after "), NULL, 10);
    cr_expect_eq(count(text, "\r\nU+") + 1, named, "%u lines, %lu named", count(text, "\r\nU+") + 1, named);
    cr_expect_lt(named, 5000ul);
    cr_expect(ends_with(peer, "\r\n?> "));
    cr_expect_not(strstr(text, "CAT FACE"), "what was typed ahead is dropped");
}

Test(session, an_etx_line_stops_an_answer)
{
    begin(1);
    struct sim_peer *peer = streaming();
    sim_peer_send(peer, "\x03\n", 2);
    sim_run(w.reactor, 100);
    read_rest(peer);
    expect_stopped(peer);
    say(peer, "weary cat\n");
    cr_expect(strstr(sim_peer_text(peer), "WEARY CAT FACE"));
    end();
}

Test(session, ip_stops_an_answer_and_the_timing_mark_goes_first)
{
    begin(1);
    struct sim_peer *peer = streaming();
    sim_peer_send(peer, "\xff\xf4", 2);
    read_rest(peer);
    cr_expect_not(strstr(sim_peer_text(peer), "stopped after"), "the words wait for a mark");
    sim_peer_send(peer, "\xff\xfd\x06", 3);
    sim_run(w.reactor, 100);
    const char *mark = memmem(sim_peer_text(peer), sim_peer_len(peer), "\xff\xfb\x06", 3);
    const char *words = memmem(sim_peer_text(peer), sim_peer_len(peer), "stopped after", 13);
    cr_assert(mark && words);
    cr_expect_lt((uintptr_t)mark, (uintptr_t)words);
    end();
}

Test(session, without_a_timing_mark_the_words_come_soon)
{
    begin(1);
    struct sim_peer *peer = streaming();
    sim_peer_send(peer, "\xff\xf4", 2);
    sim_run(w.reactor, 100);
    read_rest(peer);
    sim_run_until(w.reactor, sim_now_ns() + SECOND / 10);
    cr_expect(memmem(sim_peer_text(peer), sim_peer_len(peer), "stopped after", 13));
    end();
}

Test(session, every_byte_of_an_interrupt_may_come_alone)
{
    static const char interrupt[] = "half\xff\xf4\xff\xf2\xff\xfd\x06next\n";
    begin(1);
    struct sim_peer *peer = greeted();
    for (size_t i = 0; i < sizeof interrupt - 1; i++) {
        sim_peer_send(peer, interrupt + i, 1);
        sim_run(w.reactor, 100);
    }
    cr_expect_not(memmem(sim_peer_text(peer), sim_peer_len(peer), "half", 4));
    cr_expect(ends_with(peer, " found\r\n?> "));
    cr_expect_eq(w.clients.count, 1u);
    end();
}

Test(session, an_interrupt_meets_the_answer_wherever_it_stands)
{
    for (size_t taken = 0; taken < 20000; taken += 487) { /* also within a line, within a character */
        begin(1);
        struct sim_peer *peer = sim_connect(PORT);
        sim_peer_window(peer, 700);
        sim_peer_send(peer, "chess black king\ncjk\n", 21);
        for (size_t got = 0; got < taken; got += 487) {
            sim_run(w.reactor, 100);
            sim_peer_read(peer, 487);
        }
        sim_run(w.reactor, 100);
        sim_peer_send(peer, "\x03\n", 2);
        sim_run(w.reactor, 100);
        read_rest(peer);
        const char *text = sim_peer_text(peer);
        cr_assert_eq(count(text, "BLACK CHESS"), 4u, "the answer before is whole (taken %zu)", taken);
        const char *status = strstr(text, " 98263 found, stopped after ");
        cr_assert(status, "taken %zu", taken);
        unsigned long named = strtoul(status + strlen(" 98263 found, stopped after "), NULL, 10);
        cr_assert_eq(count(text, "\nU+") + count(text, "?> U+") - 4, named, "taken %zu", taken);
        cr_assert(ends_with(peer, "\r\n?> "));
        end();
    }
}

/* Sends a line and reads what comes. */
static void ask(struct sim_peer *peer, const char *line)
{
    sim_peer_window(peer, 65536);
    sim_peer_send(peer, line, strlen(line));
    do
        sim_run(w.reactor, 1000);
    while (sim_peer_read(peer, SIZE_MAX) > 0);
}

/* Sends a line and, when `taken` bytes of the answer have come and no more are read, an interrupt. */
static void ask_and_stop(struct sim_peer *peer, const char *line, size_t taken)
{
    sim_peer_window(peer, taken);
    sim_peer_send(peer, line, strlen(line));
    sim_run(w.reactor, 1000);
    sim_peer_send(peer, "\x03\n", 2);
    sim_run(w.reactor, 1000);
    ask(peer, "");
}

Test(session, a_limited_answer_that_is_stopped_says_how_many_there_are)
{
    begin(1);
    struct sim_peer *peer = sim_connect(PORT);
    ask(peer, "/limit 300\n");
    ask_and_stop(peer, "letter\n", 5000);
    cr_expect(strstr(sim_peer_text(peer), " 10859 found, stopped after "), "%s", sim_peer_text(peer));
    end();
}

Test(session, more_goes_on_where_the_newest_query_was_whatever_else_was_asked)
{
    begin(1);
    struct sim_peer *peer = sim_connect(PORT);
    ask(peer, "/limit 3\nletter\n/limit off\n");
    ask_and_stop(peer, "/words *head*\n", 60);
    cr_expect(strstr(sim_peer_text(peer), " 11 found, stopped after "), "%s", sim_peer_text(peer));
    ask(peer, "/limit 1\n/more\n");
    cr_expect(strstr(sim_peer_text(peer), "U+0044\tD\t"), "%s", sim_peer_text(peer));
    cr_expect(ends_with(peer, " 10859 found, 1 shown\r\n?> "));
    end();
}

Test(session, a_small_answer_leaves_nothing_more_also_from_the_cache)
{
    begin(1);
    for (int round = 0; round < 2; round++) {
        struct sim_peer *peer = sim_connect(PORT);
        ask_and_stop(peer, "letter\n", 5000);
        ask(peer, "cat face\n/more\n");
        cr_expect(ends_with(peer, " 10 found\r\n?> ! nothing more\r\n?> "), "round %d", round);
    }
    end();
}

Test(session, an_interrupt_does_not_take_replies_of_telnet_back)
{
    begin(1);
    struct sim_peer *peer = sim_connect(PORT);
    ask_and_stop(peer, "cat face\n\xff\xfd\x03", 100);
    cr_expect(memmem(sim_peer_text(peer), sim_peer_len(peer), "\xff\xfb\x03", 3), "WILL SUPPRESS-GO-AHEAD was due");
    end();
}

/* ---- time ---- */

Test(session, idle_clients_hear_why)
{
    begin(1);
    struct sim_peer *peer = greeted();
    sim_run_until(w.reactor, sim_now_ns() + 599 * SECOND);
    sim_peer_send(peer, "unfinis", 7); /* does not count */
    sim_run_until(w.reactor, sim_now_ns() + 2 * SECOND);
    cr_expect_str_eq(sim_peer_text(peer), "?> \r\n# closing: idle for 600 s\r\n");
    sim_run_until(w.reactor, sim_now_ns() + 3 * SECOND);
    cr_expect_eq(w.closed, 1u);
    cr_expect_eq(w.last_reason, CONN_IDLE);
    end();
}

Test(session, an_empty_line_counts_as_activity)
{
    begin(1);
    struct sim_peer *peer = greeted();
    for (int i = 0; i < 5; i++) {
        sim_run_until(w.reactor, sim_now_ns() + 400 * SECOND);
        say(peer, "\n");
    }
    cr_expect_eq(w.closed, 0u);
    end();
}

Test(session, draining_finishes_the_answer_and_says_so)
{
    begin(1);
    struct sim_peer *idle = greeted(), *busy = streaming();
    session_kind_drain(&w.kind);
    sim_run(w.reactor, 100);
    cr_expect_str_eq(sim_peer_text(idle), "?> \r\n# closing: the server is stopping\r\n");
    read_rest(busy);
    cr_expect(ends_with(busy, " 98263 found\r\n# closing: the server is stopping\r\n"));
    end();
}

Test(session, classic_is_silent)
{
    static const char *const closing[] = {"\x01\n", "\xff\n", "\x03\n"};
    for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++) {
        begin(1);
        w.kind.classic = true;
        struct sim_peer *peer = greeted();
        say(peer, closing[i]);
        cr_expect_str_eq(sim_peer_text(peer), "?> ");
        cr_expect(sim_peer_at_end(peer));
        end();
    }
}

Test(session, are_you_there_ten_times_a_second)
{
    begin(1);
    struct sim_peer *peer = greeted();
    for (int i = 0; i < 50; i++)
        sim_peer_send(peer, "\xff\xf6", 2);
    sim_run(w.reactor, 100);
    unsigned answers = 0;
    const char *at = sim_peer_text(peer), *text_end = at + sim_peer_len(peer);
    while ((at = memmem(at, (size_t)(text_end - at), "# ", 2))) {
        answers++;
        at += 2;
    }
    cr_expect_eq(answers, 10u);
    end();
}
