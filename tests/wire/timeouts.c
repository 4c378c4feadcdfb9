/* The idle and the send timeout: what keeps a connection, and what does not. */
#include "wire.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

TestSuite(timeouts, .timeout = TEST_TIMEOUT_S);

/* Sends a byte now and then until the connection ends. */
static void dribble_until_end(struct client *c)
{
    for (int waited_ms = 0; !c->ended; waited_ms += 50) {
        struct pollfd ready = {.fd = c->fd, .events = POLLIN};
        cr_assert(waited_ms < GUARD_MS, "still connected");
        if (poll(&ready, 1, 50) == 1)
            client_receive(c);
        else
            send(c->fd, "x", 1, MSG_NOSIGNAL);
    }
}

Test(timeouts, bytes_of_an_unfinished_line_do_not_push_idle_on)
{
    struct server s;
    struct client c;
    SERVE(&s, "--idle-timeout", "0.5");
    client_greeted(&c, &s);
    dribble_until_end(&c);
    cr_assert(find(&c.got, "# "));
    client_close(&c);
    server_stop(&s);
}

/* Blank lines are requests: four times the idle time, with one every fifth of it. */
Test(timeouts, an_empty_line_pushes_idle_on)
{
    struct server s;
    struct client c;
    SERVE(&s, "--idle-timeout", "1");
    client_greeted(&c, &s);
    for (int i = 0; i < 20; i++) {
        poll(NULL, 0, 200);
        client_say(&c, "\n");
        expect(&c, PROMPT);
    }
    client_close(&c);
    server_stop(&s);
}

/* A server held up for longer than the idle time finds a request and a timer that is due: the request comes first. */
Test(timeouts, input_is_handled_before_a_timer_that_is_due)
{
    struct server s;
    struct client c;
    SERVE(&s, "--idle-timeout", "0.3");
    client_greeted(&c, &s);
    server_signal(&s, SIGSTOP);
    poll(NULL, 0, 600);
    client_say(&c, "weary cat face\n");
    server_signal(&s, SIGCONT);
    expect(&c, WEARY_CAT);
    expect(&c, PROMPT);
    client_close(&c);
    server_stop(&s);
}

Test(timeouts, zero_is_never)
{
    struct server s;
    struct client idle, reader;
    SERVE(&s, "--idle-timeout", "0", "--send-timeout", "0", "--drain-timeout", "0");
    client_greeted(&idle, &s);
    client_open_narrow(&reader, &s);
    expect(&reader, PROMPT);
    client_say(&reader, "cjk\n");
    poll(NULL, 0, 300);
    client_say(&idle, "\n");
    expect(&idle, PROMPT);
    await(&reader, " 98263 found\r\n" PROMPT);
    client_close(&idle);
    client_close(&reader);
    server_stop(&s);
}

/* A client that asks and does not read is closed, whether the rest of its answer is still to be made ... */
Test(timeouts, a_client_that_does_not_read_is_closed)
{
    struct server s;
    struct client c;
    SERVE(&s, "--send-timeout", "0.3");
    int before = server_descriptors(&s);
    client_open_narrow(&c, &s);
    expect(&c, PROMPT);
    client_say(&c, "cjk\n");
    await(&c, "CJK");
    cr_assert_eq(server_descriptors(&s), before + 1);
    server_await_descriptors(&s, before);
    client_read_to_end(&c);
    cr_assert_eq(bytes_count(&c.got, "98263 found"), 0);
    client_close(&c);
    server_stop(&s);
}

/* ... or all of it waits in the server's kernel, where no writing blocks: the first answer fills what room the
 * client's kernel has. */
Test(timeouts, an_answer_buffered_by_the_kernel_is_not_read)
{
    struct server s;
    struct client c;
    SERVE(&s, "--send-timeout", "0.3");
    int before = server_descriptors(&s);
    client_open_narrow(&c, &s);
    expect(&c, PROMPT);
    client_say(&c, "cuneiform\ncuneiform\n");
    cr_assert_eq(server_descriptors(&s), before + 1);
    server_await_descriptors(&s, before);
    client_close(&c);
    server_stop(&s);
}

/* A slow reader is a reader: no end for as long as bytes are taken, though each takes its time. */
Test(timeouts, a_slow_reader_is_kept)
{
    struct server s;
    struct client c;
    char piece[8192];
    SERVE(&s, "--send-timeout", "1", "--idle-timeout", "1");
    client_open_narrow(&c, &s);
    expect(&c, PROMPT);
    client_say(&c, "cjk\n");
    for (int i = 0; i < 60; i++) {
        poll(NULL, 0, 50);
        cr_assert(recv(c.fd, piece, sizeof piece, 0) > 0, "closed after %d pieces", i);
    }
    await(&c, " 98263 found\r\n" PROMPT);
    client_close(&c);
    server_stop(&s);
}
