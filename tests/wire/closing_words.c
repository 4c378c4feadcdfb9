/* What is said when the server ends a connection by itself: why, in one line, and never in the classic dialect. */
#include "wire.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

TestSuite(closing_words, .timeout = TEST_TIMEOUT_S);

/* Behind the open prompt: a line of its own, "# " and printable ASCII, then the end, and no reset. */
static void expect_words(struct client *c)
{
    expect(c, "\r\n# ");
    client_read_to_end(c);
    cr_assert(!c->reset && c->got.len > 2, "\"%s\"", escaped(c->got.bytes, c->got.len));
    for (size_t i = 0; i < c->got.len - 2; i++)
        cr_assert(c->got.bytes[i] >= ' ' && c->got.bytes[i] < 0x7F, "\"%s\"", escaped(c->got.bytes, c->got.len));
    cr_assert_str_eq(c->got.bytes + c->got.len - 2, "\r\n");
}

Test(closing_words, idle)
{
    struct server s;
    struct client c;
    SERVE(&s, "--idle-timeout", "0.2");
    client_greeted(&c, &s);
    expect_words(&c);
    client_close(&c);
    server_stop(&s);
}

/* A line half typed stands on the client's screen, not in the stream: the words are the same. */
Test(closing_words, idle_with_a_line_half_typed)
{
    struct server s;
    struct client c;
    SERVE(&s, "--idle-timeout", "0.2");
    client_greeted(&c, &s);
    client_say(&c, "cat fa");
    expect_words(&c);
    client_close(&c);
    server_stop(&s);
}

Test(closing_words, stopping)
{
    struct server s;
    struct client c[3];
    SERVE_PLAIN(&s);
    for (int i = 0; i < 3; i++)
        client_greeted(&c[i], &s);
    server_signal(&s, SIGTERM);
    for (int i = 0; i < 3; i++) {
        expect_words(&c[i]);
        client_close(&c[i]);
    }
    cr_assert_eq(server_wait(&s), 0);
    bytes_free(&s.log);
}

/* Words arrive although input is on its way that nobody will read: no reset overtakes them. */
Test(closing_words, arrive_before_unread_input_resets)
{
    struct server s;
    struct client c;
    SERVE(&s, "--idle-timeout", "0.2", "--max-line", "1000000");
    client_greeted(&c, &s);
    static char half[200000];
    memset(half, 'x', sizeof half);
    client_stuff(&c, half, sizeof half);
    expect_words(&c);
    client_close(&c);
    server_stop(&s);
}

/* A client that closes by itself is told nothing. */
Test(closing_words, none_for_a_client_that_leaves)
{
    struct server s;
    struct client c;
    SERVE_PLAIN(&s);
    client_greeted(&c, &s);
    client_shut(&c);
    expect_end(&c);
    client_close(&c);
    server_stop(&s);
}

Test(closing_words, classic_idle_is_silent)
{
    struct server s;
    struct client c;
    SERVE(&s, "--classic", "--idle-timeout", "0.2");
    client_greeted(&c, &s);
    expect_end(&c);
    client_close(&c);
    server_stop(&s);
}

Test(closing_words, classic_stop_is_silent)
{
    struct server s;
    struct client c;
    SERVE(&s, "--classic");
    client_greeted(&c, &s);
    server_signal(&s, SIGINT);
    expect_end(&c);
    cr_assert_eq(server_wait(&s), 0);
    client_close(&c);
    bytes_free(&s.log);
}

Test(closing_words, classic_full_is_silent)
{
    struct server s;
    struct client first, second;
    SERVE(&s, "--classic", "--max-clients", "1");
    client_greeted(&first, &s);
    client_open(&second, &s);
    expect_end(&second);
    client_close(&second);
    client_close(&first);
    server_stop(&s);
}
