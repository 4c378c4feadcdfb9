/* The ways input ends: half-close, 0x04, and what is still delivered then. */
#include "telnet.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(end_of_input, .timeout = TEST_TIMEOUT_S);

static struct server server;
static struct client client;

static void begin(void)
{
    SERVE_PLAIN(&server);
    client_greeted(&client, &server);
}

static void finish(void)
{
    client_close(&client);
    server_stop(&server);
}

/* All that was asked is answered after a half-close, however long it takes to read. */
Test(end_of_input, half_close_is_no_hang_up)
{
    SERVE_PLAIN(&server);
    client_open_narrow(&client, &server);
    expect(&client, PROMPT);
    client_say(&client, "cjk\nweary cat face\ncjk\nweary cat face");
    client_shut(&client);
    client_read_to_end(&client);
    cr_assert_not(client.reset);
    cr_assert_eq(bytes_count(&client.got, RULE " 98263 found\r\n" PROMPT), 2);
    cr_assert_eq(bytes_count(&client.got, "WEARY CAT FACE\r\n" FOUND("1") PROMPT), 2);
    cr_assert_str_eq(client.got.bytes + client.got.len - strlen(PROMPT), PROMPT);
    finish();
}

/* 0x04 behind a long answer closes when that is delivered; what is typed behind it counts for nothing. */
Test(end_of_input, eot_waits_for_the_answer)
{
    SERVE_PLAIN(&server);
    client_open_narrow(&client, &server);
    expect(&client, PROMPT);
    client_say(&client, "cjk\n\x04\nweary cat face\n");
    client_read_to_end(&client);
    cr_assert(find(&client.got, RULE " 98263 found\r\n" PROMPT));
    cr_assert_eq(bytes_count(&client.got, "WEARY CAT"), 0);
    finish();
}

/* With blanks around it, 0x04 is not alone on the line. */
Test(end_of_input, eot_among_blanks_is_white_space)
{
    begin();
    client_say(&client, " \x04\n\x04 \n");
    expect(&client, PROMPT PROMPT);
    client_say(&client, "weary cat face\n");
    expect(&client, WEARY_CAT);
    finish();
}

/* A client that vanishes in the middle of its answer takes nothing with it. */
Test(end_of_input, a_reset_hurts_nobody_else)
{
    struct client other;
    begin();
    client_greeted(&other, &server);
    for (int i = 0; i < 20; i++) {
        struct client gone;
        client_open_narrow(&gone, &server);
        client_say(&gone, "cjk\ncjk\n");
        await(&gone, "CJK");
        client_close(&gone); /* with unread bytes: a reset */
    }
    client_say(&other, "weary cat face\n");
    expect(&other, WEARY_CAT);
    expect(&other, PROMPT);
    client_close(&other);
    finish();
}
