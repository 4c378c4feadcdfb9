/* Telnet options: what is agreed to, what is refused, what is passed over in silence (RFC 855, 856, 858, 860, 1143). */
#include "telnet.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(telnet_negotiation, .timeout = TEST_TIMEOUT_S);

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

#define HEAR(literal, commands, data)                                                                                  \
    do {                                                                                                               \
        CONVERSE(&client, literal, &heard);                                                                            \
        expect_round(&heard, commands, data);                                                                          \
        telnet_round_free(&heard);                                                                                     \
    } while (0)

/* Binary is offered both ways when the first IAC has come, once, and the first IAC itself is answered. */
Test(telnet_negotiation, binary_is_offered_after_the_first_iac)
{
    SERVE_PLAIN(&server);
    client_greeted(&client, &server);
    HEAR("", "", "");
    CONVERSE(&client, IAC NOP, &heard);
    const char *commands = heard.commands.bytes;
    cr_assert(strcmp(commands, "WILL 0;DO 0;") == 0 || strcmp(commands, "DO 0;WILL 0;") == 0, "commands: %s", commands);
    cr_assert_str_empty(heard.data.bytes);
    telnet_round_free(&heard);
    HEAR(IAC NOP, "", "");
    finish();
}

/* A peer that begins with WILL BINARY and DO BINARY is agreed with; each way is said once. */
Test(telnet_negotiation, a_peer_that_offers_binary_is_agreed_with_once)
{
    SERVE_PLAIN(&server);
    client_greeted(&client, &server);
    CONVERSE(&client, IAC WILL BINARY IAC DO BINARY, &heard);
    cr_assert_eq(heard.commands.len, strlen("WILL 0;DO 0;"), "commands: %s", heard.commands.bytes);
    cr_assert(find(&heard.commands, "WILL 0;") && find(&heard.commands, "DO 0;"), "commands: %s", heard.commands.bytes);
    telnet_round_free(&heard);
    finish();
}

/* Answers to the offers are not answered, whether they accept or refuse: no loop. */
Test(telnet_negotiation, answers_to_the_offers_are_not_answered)
{
    SERVE_PLAIN(&server);
    client_greeted(&client, &server);
    CONVERSE(&client, IAC NOP, &heard);
    telnet_round_free(&heard);
    HEAR(IAC DO BINARY IAC WILL BINARY, "", "");
    HEAR(IAC DO BINARY IAC WILL BINARY, "", "");
    client_close(&client);
    client_greeted(&client, &server);
    CONVERSE(&client, IAC NOP, &heard);
    telnet_round_free(&heard);
    HEAR(IAC DONT BINARY IAC WONT BINARY, "", "");
    HEAR(IAC DONT BINARY IAC WONT BINARY, "", "");
    finish();
}

Test(telnet_negotiation, binary_can_be_switched_off_and_on)
{
    begin();
    HEAR(IAC DONT BINARY, "WONT 0;", "");
    HEAR(IAC DONT BINARY, "", "");
    HEAR(IAC DO BINARY, "WILL 0;", "");
    HEAR(IAC DO BINARY, "", "");
    HEAR(IAC WONT BINARY, "DONT 0;", "");
    HEAR(IAC WONT BINARY, "", "");
    HEAR(IAC WILL BINARY, "DO 0;", "");
    HEAR(IAC WILL BINARY, "", "");
    finish();
}

Test(telnet_negotiation, suppress_go_ahead_is_agreed_to)
{
    begin();
    HEAR(IAC DO SGA, "WILL 3;", "");
    HEAR(IAC DO SGA, "", "");
    HEAR(IAC WILL SGA, "DO 3;", "");
    HEAR(IAC WILL SGA, "", "");
    HEAR(IAC DONT SGA, "WONT 3;", "");
    HEAR(IAC WONT SGA, "DONT 3;", "");
    HEAR(IAC DONT SGA IAC WONT SGA, "", "");
    HEAR(IAC WILL SGA IAC DO SGA, "DO 3;WILL 3;", "");
    finish();
}

/* Each DO is refused with WONT and each WILL with DONT, every time; DONT and WONT are what is so anyway. */
Test(telnet_negotiation, every_other_option_is_refused)
{
    begin();
    for (unsigned option = 1; option < 255; option++) {
        char wish[6] = {'\377', '\375', (char)option, '\377', '\373', (char)option};
        char refusal[32], silence[6] = {'\377', '\376', (char)option, '\377', '\374', (char)option};
        if (option == 3 || option == 6)
            continue;
        snprintf(refusal, sizeof refusal, "WONT %u;DONT %u;", option, option);
        for (int time = 0; time < 2; time++) {
            telnet_converse(&client, wish, sizeof wish, &heard);
            expect_round(&heard, refusal, "");
            telnet_round_free(&heard);
            telnet_converse(&client, silence, sizeof silence, &heard);
            expect_round(&heard, "", "");
            telnet_round_free(&heard);
        }
    }
    finish();
}

/* WILL TIMING-MARK comes where the output stands when it is asked for, each time. */
Test(telnet_negotiation, timing_mark_keeps_its_place)
{
    begin();
    SAY(&client, "weary cat face\n" IAC DO TIMING_MARK "weary cat face\n" IAC DO TIMING_MARK IAC DO TIMING_MARK);
    expect_in_binary(&client, WEARY_CAT);
    expect(&client, PROMPT IAC WILL TIMING_MARK);
    expect_in_binary(&client, WEARY_CAT);
    expect(&client, PROMPT IAC WILL TIMING_MARK IAC WILL TIMING_MARK);
    HEAR(IAC DONT TIMING_MARK IAC WONT TIMING_MARK, "", "");
    HEAR(IAC WILL TIMING_MARK, "DONT 6;", "");
    finish();
}

/* Wherever TCP cuts: the same bytes in two parts, for each place, come to the same. */
Test(telnet_negotiation, cut_anywhere)
{
    static const char bytes[] = IAC DO "\30" IAC WILL SGA "ca" IAC NOP "x" IAC EC "t fa" IAC SB "\30\1" IAC IAC
                                       "dog\n" IAC SE "ce pout" IAC DONT SGA "ing\r\0";
    static const char answer[] = "\rU+1F63E\t\U0001F63E\tPOUTING CAT FACE\r\n" FOUND("1") PROMPT;
    begin();
    for (size_t cut = 0; cut < sizeof bytes; cut++) {
        client_send(&client, bytes, cut);
        telnet_converse(&client, bytes + cut, sizeof bytes - 1 - cut, &heard);
        cr_assert_str_eq(heard.data.bytes, answer, "cut at %zu: \"%s\"", cut,
                         escaped(heard.data.bytes, heard.data.len));
        cr_assert_str_eq(heard.commands.bytes, cut == 0 ? "WONT 24;DO 3;" : "WONT 24;", "cut at %zu", cut);
        telnet_round_free(&heard);
    }
    finish();
}
