/* The interrupt: IAC IP, or a line that is just 0x03, in each state a session can be in. */
#include "telnet.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

TestSuite(interrupt, .timeout = TEST_TIMEOUT_S);

static struct server server;
static struct client client;

static void finish(void)
{
    client_close(&client);
    server_stop(&server);
}

/* How many result lines stand at the start of an answer; all of them must be whole.  *rest: behind them. */
static size_t whole_lines(const struct bytes *answer, const char **rest)
{
    size_t lines = 0;
    const char *at = answer->bytes;
    while (strncmp(at, "U+", 2) == 0) {
        const char *end = strstr(at, "\r\n");
        cr_assert(end && memchr(at, '\t', (size_t)(end - at)), "not a whole line: \"%s\"",
                  escaped(at, strnlen(at, 80)));
        at = end + 2;
        lines++;
    }
    *rest = at;
    return lines;
}

/* What was received is part of the answer to cjk, its status says so (behind what comes before it), and telnet commands
 * aside nothing follows but the prompt. */
static void expect_stopped_cjk(const char *before_status)
{
    struct bytes data = {0}, commands = {0};
    char status[320];
    const char *rest;
    await(&client, ", stopped after ");
    await(&client, "\r\n" PROMPT);
    telnet_split(&client.got, &data, &commands);
    size_t lines = whole_lines(&data, &rest);
    snprintf(status, sizeof status, "%s" RULE " %d found, stopped after %zu\r\n" PROMPT, before_status, CJK_FOUND,
             lines);
    cr_assert_str_eq(rest, status, "after %zu lines: \"%s\"", lines, escaped(rest, strlen(rest)));
    cr_assert(lines < CJK_FOUND);
    client.got.len = 0;
    bytes_free(&data);
    bytes_free(&commands);
}

/* Streams cjk to a client with little room, which reads a bit of it and then no more. */
static void begin_streaming(const char *typed_ahead)
{
    SERVE_PLAIN(&server);
    client_open_narrow(&client, &server);
    expect(&client, PROMPT);
    client_say(&client, "cjk\n");
    client_say(&client, typed_ahead);
    await(&client, "CJK UNIFIED IDEOGRAPH-3402\r\n");
}

static void expect_alive(void)
{
    client_say(&client, "weary cat face\n");
    expect(&client, WEARY_CAT);
    expect(&client, PROMPT);
}

static void expect_alive_in_binary(void)
{
    client_say(&client, "weary cat face\n");
    expect_in_binary(&client, WEARY_CAT);
    expect(&client, PROMPT);
}

Test(interrupt, byte_3_stops_a_stream)
{
    begin_streaming("");
    SAY(&client, "\x03\n");
    expect_stopped_cjk("");
    expect_alive();
    finish();
}

Test(interrupt, telnet_ip_stops_a_stream)
{
    begin_streaming("");
    SAY(&client, IAC IP);
    expect_stopped_cjk("");
    expect_alive();
    finish();
}

/* An interrupt is worth something: what was still to come is megabytes, what comes is little. */
Test(interrupt, little_waits_unsent)
{
    begin_streaming("");
    SAY(&client, "\x03\n");
    await(&client, ", stopped after ");
    cr_assert(client.got.len < CJK_BYTES / 2, "%zu bytes still came", client.got.len);
    finish();
}

Test(interrupt, drops_what_was_typed_ahead)
{
    begin_streaming("weary cat face\ngrinning cat face\n");
    SAY(&client, "\x03\n");
    expect_stopped_cjk("");
    expect_alive();
    finish();
}

/* A line half typed behind the stream is typed ahead as well. */
Test(interrupt, drops_a_half_line_typed_ahead)
{
    begin_streaming("dog and ");
    SAY(&client, IAC IP);
    expect_stopped_cjk("");
    expect_alive();
    finish();
}

/* What is typed behind the interrupt is not. */
Test(interrupt, keeps_what_is_typed_after_it)
{
    begin_streaming("grinning cat face\n");
    SAY(&client, "\x03\nweary cat face\n");
    await(&client, ", stopped after ");
    await(&client, "WEARY CAT FACE\r\n" FOUND("1") PROMPT);
    cr_assert_eq(bytes_count(&client.got, "GRINNING"), 0);
    finish();
}

/* Debian's telnet throws away everything up to the timing mark: it must come before the words, and these on a line
 * of their own, wherever the mark has left the cursor. */
Test(interrupt, timing_mark_comes_before_the_words)
{
    begin_streaming("");
    SAY(&client, IAC IP IAC DO TIMING_MARK);
    await(&client, ", stopped after ");
    char *mark = find(&client.got, IAC WILL TIMING_MARK);
    cr_assert(mark, "no timing mark before \"%s\"", escaped(client.got.bytes, client.got.len));
    cr_assert(mark < find(&client.got, ", stopped after "));
    expect_stopped_cjk("\r\n");
    finish();
}

/* Answered and in the server's kernel, but the peer's has no room for it: still no reason to hang up.  The first
 * answer fills what room there is. */
Test(interrupt, does_not_close_while_the_answer_is_on_its_way)
{
    SERVE_PLAIN(&server);
    client_open_narrow(&client, &server);
    expect(&client, PROMPT);
    client_say(&client, "cuneiform\ncuneiform\n");
    server_settle(&server);
    SAY(&client, "\x03\n");
    server_settle(&server);
    client_say(&client, "weary cat face\n");
    await(&client, "WEARY CAT FACE\r\n" FOUND("1") PROMPT);
    client.got.len = 0;
    expect_alive();
    finish();
}

Test(interrupt, drops_a_half_typed_line)
{
    SERVE_PLAIN(&server);
    telnet_agreed(&client, &server);
    SAY(&client, "dog and pony" IAC IP);
    expect(&client, PROMPT);
    SAY(&client, "dog and pony" IAC IP IAC DO TIMING_MARK);
    expect(&client, IAC WILL TIMING_MARK "\r\n" PROMPT);
    expect_alive_in_binary();
    finish();
}

/* With nothing typed 0x03 hangs up (tests/golden/interrupt-idle.dialogue), IAC IP only prompts ... */
Test(interrupt, ip_at_the_prompt_prompts_again)
{
    SERVE_PLAIN(&server);
    telnet_agreed(&client, &server);
    SAY(&client, IAC IP);
    expect(&client, "\r\n# Ctrl-C again to leave\r\n" PROMPT);
    expect_alive_in_binary();
    finish();
}

/* ... and hangs up when it is said twice in a row, within a second (the clock: tests/sim/test_session.c). */
Test(interrupt, two_ips_in_a_row_close)
{
    SERVE_PLAIN(&server);
    telnet_agreed(&client, &server);
    SAY(&client, IAC IP IAC IP);
    client_read_to_end(&client);
    cr_assert(bytes_count(&client.got, PROMPT) <= 1, "\"%s\"", escaped(client.got.bytes, client.got.len));
    finish();
}

/* A line between them breaks the row. */
Test(interrupt, ips_apart_do_not_close)
{
    SERVE_PLAIN(&server);
    telnet_agreed(&client, &server);
    for (int i = 0; i < 3; i++) {
        SAY(&client, IAC IP);
        await(&client, PROMPT);
        client.got.len = 0;
        expect_alive_in_binary();
    }
    finish();
}

/* The first IP of the telnet client comes with DO TIMING-MARK: that does not break the row. */
Test(interrupt, timing_marks_do_not_break_the_row)
{
    SERVE_PLAIN(&server);
    telnet_agreed(&client, &server);
    SAY(&client, IAC IP IAC DO TIMING_MARK IAC IP IAC DO TIMING_MARK);
    client_read_to_end(&client);
    finish();
}

/* A telnet synch: the mark is urgent data, which is taken inline like any other. */
Test(interrupt, urgent_data_is_inline)
{
    begin_streaming("");
    SAY(&client, IAC IP IAC);
    cr_assert_eq(send(client.fd, DM, 1, MSG_OOB | MSG_NOSIGNAL), 1);
    expect_stopped_cjk("");
    expect_alive();
    finish();
}

/* In the classic dialect 0x03 is nothing but a line that begins with a control character. */
Test(interrupt, classic_stream_is_finished_first)
{
    SERVE(&server, "--classic");
    client_open_narrow(&client, &server);
    expect(&client, PROMPT);
    client_say(&client, "cjk\n\x03\n");
    client_read_to_end(&client);
    cr_assert(find(&client.got, " 98263 found\r\n" PROMPT));
    cr_assert_eq(bytes_count(&client.got, "stopped"), 0);
    finish();
}
