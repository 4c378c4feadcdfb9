/* Telnet commands that act on the line or ask something: EC, EL, AYT, EOF, SB, and those that do nothing. */
#include "telnet.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(telnet_editing, .timeout = TEST_TIMEOUT_S);

static struct server server;
static struct client client;
static struct telnet_round heard;

static void begin(void)
{
    SERVE_PLAIN(&server);
    telnet_agreed(&client, &server);
}

static void finish(void)
{
    client_close(&client);
    server_stop(&server);
}

/* The bytes must be answered as if "weary cat face" had been typed. */
#define SAME_AS_WEARY_CAT(literal)                                                                                     \
    do {                                                                                                               \
        SAY(&client, literal);                                                                                         \
        expect_in_binary(&client, WEARY_CAT);                                                                          \
        expect(&client, PROMPT);                                                                                       \
    } while (0)

Test(telnet_editing, erase_character)
{
    begin();
    SAME_AS_WEARY_CAT("weary cat facX" IAC EC "e\r\n");
    SAME_AS_WEARY_CAT("dog" IAC EC IAC EC IAC EC "weary cat face\n");
    finish();
}

/* A character is erased whole, however many bytes it has. */
Test(telnet_editing, erase_character_of_several_bytes)
{
    begin();
    SAME_AS_WEARY_CAT("weary cat \u265A" IAC EC "\U0001F640" IAC EC "face\u00e9" IAC EC "\n");
    finish();
}

/* Where nothing is typed nothing is erased, least of all the line before. */
Test(telnet_editing, erase_stops_at_the_start_of_the_line)
{
    begin();
    SAME_AS_WEARY_CAT(IAC EC IAC EL IAC EC "x" IAC EC IAC EC "weary cat face\n");
    SAY(&client, "weary cat face\n" IAC EC IAC EL IAC EC "weary cat face\n");
    expect_in_binary(&client, WEARY_CAT);
    expect(&client, PROMPT);
    expect_in_binary(&client, WEARY_CAT);
    expect(&client, PROMPT);
    finish();
}

Test(telnet_editing, erase_line)
{
    begin();
    SAME_AS_WEARY_CAT("one dog \xff\xff" IAC EL "weary cat face\n");
    SAME_AS_WEARY_CAT("a" IAC EL "b" IAC EL IAC EL "weary cat face\n");
    finish();
}

/* Erasing makes room again: what counts for the limit is the line as it stands. */
Test(telnet_editing, erased_bytes_do_not_count_for_the_limit)
{
    SERVE(&server, "--max-line", "16");
    client_greeted(&client, &server);
    SAY(&client, IAC NOP "0123456789" IAC EL "0123456789" IAC EL);
    await(&client, IAC);
    CONVERSE(&client, "", &heard);
    cr_assert_str_empty(heard.data.bytes, "%s", escaped(heard.data.bytes, heard.data.len));
    telnet_round_free(&heard);
    finish();
}

/* IAC IAC is one data byte 0xFF, which no UTF-8 has. */
Test(telnet_editing, doubled_iac_is_data)
{
    begin();
    SAY(&client, "cat " IAC IAC " face\n");
    expect_in_binary(&client, "! not valid UTF-8\r\n" PROMPT);
    finish();
}

Test(telnet_editing, commands_without_effect)
{
    begin();
    SAME_AS_WEARY_CAT(IAC NOP "wea" IAC DM "ry" IAC BRK " cat" IAC AO " fa" IAC GA "ce" IAC SE IAC "\x01" IAC "\xed"
                              "\n");
    finish();
}

Test(telnet_editing, subnegotiation_is_skipped)
{
    begin();
    SAME_AS_WEARY_CAT("weary " IAC SB "\x1f\0\x50\0\x18" IAC SE "cat " IAC SB "\x18\n\r\n" IAC IAC "\x04\n\x03\n" IAC SE
                      "face\n");
    SAME_AS_WEARY_CAT(IAC SB IAC SE "weary cat face\n");
    finish();
}

/* 64 KiB of one are skipped, more are not: the connection is closed. */
Test(telnet_editing, endless_subnegotiation_closes)
{
    static char filler[1 << 16];
    memset(filler, 'x', sizeof filler);
    begin();
    SAY(&client, IAC SB "\x18");
    client_send(&client, filler, 60000);
    SAME_AS_WEARY_CAT(IAC SE "weary cat face\n");
    SAY(&client, IAC SB "\x18");
    while (client_stuff(&client, filler, sizeof filler) > 0 && !client.ended && client.got.len == 0)
        client_stuff(&client, filler, sizeof filler);
    client_read_to_end(&client);
    cr_assert_eq(bytes_count(&client.got, "found"), 0);
    finish();
}

/* "Are you there" is answered in one line of the server's own. */
Test(telnet_editing, are_you_there)
{
    begin();
    SAY(&client, IAC AYT);
    await(&client, "# ");
    char *end = await(&client, "\r\n" PROMPT);
    cr_assert(find(&client.got, "# ") < end);
    CONVERSE(&client, "", &heard);
    telnet_round_free(&heard);
    finish();
}

/* A flood of them is answered ten times a second, and the line being typed stays as it is. */
Test(telnet_editing, are_you_there_is_rationed)
{
    begin();
    SAY(&client, "weary cat");
    for (int i = 0; i < 100; i++)
        SAY(&client, IAC AYT);
    SAY(&client, " face\n");
    await(&client, "1 found\r\n" PROMPT);
    size_t answers = bytes_count(&client.got, "# ");
    cr_assert(answers >= 10 && answers <= 50, "%zu answers to 100 questions", answers);
    cr_assert(find(&client.got, WEARY_CAT));
    finish();
}

/* End of input, as a half-close would be: the last line needs no line end, and all is delivered. */
Test(telnet_editing, end_of_file)
{
    begin();
    SAY(&client, "weary cat face\nweary cat face" IAC TELNET_EOF "cat face\n");
    expect_in_binary(&client, WEARY_CAT);
    expect(&client, PROMPT);
    expect_in_binary(&client, WEARY_CAT);
    expect(&client, PROMPT);
    expect_end(&client);
    finish();
}

Test(telnet_editing, end_of_file_with_nothing_typed)
{
    begin();
    SAY(&client, IAC TELNET_EOF);
    expect_end(&client);
    finish();
}

/* While the rest of a line too long is skipped, an interrupt ends that line. */
Test(telnet_editing, interrupt_ends_a_line_too_long)
{
    SERVE(&server, "--max-line", "16");
    telnet_agreed(&client, &server);
    SAY(&client, "0123456789 0123456789");
    expect_in_binary(&client, "! line too long (limit 16 bytes)\r\n");
    SAY(&client, " and more" IAC IP);
    expect(&client, PROMPT);
    SAME_AS_WEARY_CAT("weary cat face\n");
    finish();
}
