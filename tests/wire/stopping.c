/* SIGTERM, SIGINT and the other signals. */
#include "wire.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(stopping, .timeout = TEST_TIMEOUT_S);

static void expect_stopped(struct server *s)
{
    int status = server_wait(s);
    cr_assert_eq(status, 0, "exit status %d; log: \"%s\"", status, escaped(s->log.bytes, s->log.len));
    bytes_free(&s->log);
}

/* What is being answered is finished; what was typed ahead is dropped; no prompt follows. */
static void drain(int signo, const char *dialect)
{
    struct server s;
    struct client c;
    SERVE(&s, "--drain-timeout", "60", dialect);
    client_open_narrow(&c, &s);
    expect(&c, PROMPT);
    client_say(&c, "cjk\nweary cat face\n");
    await(&c, "CJK UNIFIED IDEOGRAPH-3402\r\n");
    server_signal(&s, signo);
    server_await_log(&s, "stop", 0);
    client_read_to_end(&c);
    cr_assert(!c.reset);
    char *status = find(&c.got, " 98263 found\r\n");
    cr_assert(status, "not finished: \"%s\"", escaped(c.got.bytes, c.got.len));
    cr_assert_eq(bytes_count(&c.got, "WEARY CAT"), 0);
    cr_assert_eq(bytes_count(&c.got, PROMPT), 0);
    const char *rest = status + strlen(" 98263 found\r\n");
    if (dialect)
        cr_assert_str_empty(rest, "after it: \"%s\"", escaped(rest, strlen(rest)));
    else
        cr_assert(strncmp(rest, "# ", 2) == 0 && strchr(rest, '\n') == c.got.bytes + c.got.len - 1, "after it: \"%s\"",
                  escaped(rest, strlen(rest)));
    expect_stopped(&s);
    client_close(&c);
}

Test(stopping, sigterm_drains)
{
    drain(SIGTERM, NULL);
}

Test(stopping, sigint_drains)
{
    drain(SIGINT, NULL);
}

Test(stopping, classic_drains_in_silence)
{
    drain(SIGTERM, "--classic");
}

/* Once it stops nobody new gets in: the port is free, and another server can have it while this one drains. */
Test(stopping, draining_accepts_nobody)
{
    struct server s, next;
    struct client c;
    char port[8];
    SERVE(&s, "--drain-timeout", "60");
    int descriptors = server_descriptors(&s);
    client_open_narrow(&c, &s);
    expect(&c, PROMPT);
    client_say(&c, "cjk\n");
    await(&c, "CJK");
    snprintf(port, sizeof port, "%d", s.port);
    server_signal(&s, SIGTERM);
    server_await_log(&s, "stop", 0);
    for (int waited_ms = 0; server_descriptors(&s) >= descriptors + 1 && waited_ms < GUARD_MS; waited_ms += 5)
        poll(NULL, 0, 5); /* the log may be written before the listening socket is closed */
    server_start(&next, (const char *const[]){"--port", port, NULL}, NULL);
    server_stop(&next);
    server_signal(&s, SIGTERM);
    expect_stopped(&s);
    client_close(&c);
}

Test(stopping, the_drain_is_bounded)
{
    struct server s;
    struct client c;
    SERVE(&s, "--drain-timeout", "0.2");
    client_open_narrow(&c, &s);
    expect(&c, PROMPT);
    client_say(&c, "cjk\n");
    await(&c, "CJK");
    server_signal(&s, SIGTERM);
    expect_stopped(&s);
    client_close(&c);
}

Test(stopping, no_drain_at_all)
{
    struct server s;
    struct client c;
    SERVE(&s, "--drain-timeout", "0");
    client_open_narrow(&c, &s);
    expect(&c, PROMPT);
    client_say(&c, "cjk\n");
    await(&c, "CJK");
    server_signal(&s, SIGTERM);
    expect_stopped(&s);
    client_close(&c);
}

Test(stopping, a_second_signal_stops_at_once)
{
    struct server s;
    struct client c;
    SERVE(&s, "--drain-timeout", "600");
    client_open_narrow(&c, &s);
    expect(&c, PROMPT);
    client_say(&c, "cjk\n");
    await(&c, "CJK");
    server_signal(&s, SIGTERM);
    server_await_log(&s, "stop", 0);
    server_signal(&s, SIGINT);
    expect_stopped(&s);
    client_close(&c);
}

/* One who has been told that the server is full, and does not hang up, is let go of like a client. */
Test(stopping, at_once_with_a_refused_newcomer)
{
    struct server s;
    struct client in, out;
    SERVE(&s, "--max-clients", "1");
    client_greeted(&in, &s);
    client_open(&out, &s);
    expect(&out, SERVER_FULL);
    server_signal(&s, SIGTERM);
    server_await_log(&s, "stop", 0);
    server_signal(&s, SIGTERM);
    expect_stopped(&s);
    client_close(&in);
    client_close(&out);
}

Test(stopping, with_no_client)
{
    struct server s;
    SERVE_PLAIN(&s);
    server_signal(&s, SIGINT);
    expect_stopped(&s);
}

/* SIGUSR1: the counters in one line; SIGHUP, SIGUSR2 and SIGPIPE: nothing. */
Test(stopping, other_signals)
{
    struct server s;
    struct client c;
    SERVE_PLAIN(&s);
    client_greeted(&c, &s);
    size_t before = s.log.len;
    server_signal(&s, SIGHUP);
    server_signal(&s, SIGUSR2);
    server_signal(&s, SIGPIPE);
    server_signal(&s, SIGUSR1);
    server_await_log(&s, "\n", before);
    char *line = strstr(s.log.bytes + before, "stats ");
    cr_assert(line && strchr(line, '='), "\"%s\"", escaped(s.log.bytes, s.log.len));
    cr_assert(strchr(line, '\n') == s.log.bytes + s.log.len - 1, "\"%s\"", escaped(s.log.bytes, s.log.len));
    client_say(&c, "weary cat face\n");
    expect(&c, WEARY_CAT);
    client_close(&c);
    server_stop(&s);
}
