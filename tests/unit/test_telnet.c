/* test_telnet.c - negotiation replies, commands and data, wherever the input is cut. */
#include "../../src/server/telnet.h"

#include <criterion/criterion.h>
#include <string.h>

struct result {
    char data[512];
    size_t data_len;
    uint8_t replies[512];
    size_t reply_len;
    uint8_t commands[64];
    size_t command_count;
    enum telnet_event last;
};

static struct result feed(struct telnet *t, const char *bytes, size_t len)
{
    struct result r = {0};
    for (size_t i = 0; i < len; i++) {
        uint8_t reply[TELNET_REPLY_MAX];
        size_t reply_len = 0;
        r.last = telnet_step(t, (uint8_t)bytes[i], reply, &reply_len);
        cr_assert_leq(reply_len, (size_t)TELNET_REPLY_MAX);
        memcpy(r.replies + r.reply_len, reply, reply_len);
        r.reply_len += reply_len;
        if (r.last == TELNET_DATA)
            r.data[r.data_len++] = bytes[i];
        if (r.last == TELNET_COMMAND)
            r.commands[r.command_count++] = t->verb;
    }
    return r;
}

#define FEED(t, literal) feed(t, literal, sizeof(literal) - 1)
#define OFFERS           "\xff\xfb\x00\xff\xfd\x00" /* WILL BINARY, DO BINARY */
#define EXPECT_REPLY(r, literal)                                                                                       \
    do {                                                                                                               \
        cr_expect_eq((r).reply_len, sizeof(literal) - 1);                                                              \
        cr_expect_arr_eq((r).replies, literal, sizeof(literal) - 1);                                                   \
    } while (0)

Test(telnet, plain_bytes_are_data_and_silent)
{
    struct telnet t = {0};
    struct result r = FEED(&t, "cat face\r\n\x00\x80\xfe");
    cr_expect_eq(r.data_len, 13u);
    cr_expect_eq(r.reply_len, 0u);
    cr_expect_eq(t.peer, 0);
}

Test(telnet, first_iac_brings_offers_once)
{
    struct telnet t = {0};
    struct result r = FEED(&t, "\xff\xf1\xff\xf1");
    EXPECT_REPLY(r, OFFERS);
}

Test(telnet, doubled_iac_is_one_data_byte)
{
    struct telnet t = {0};
    struct result r = FEED(&t, "a\xff\xff"
                               "b");
    cr_expect_eq(r.data_len, 3u);
    cr_expect_arr_eq(r.data,
                     "a\xff"
                     "b",
                     3);
}

Test(telnet, unsupported_options_are_refused)
{
    struct telnet t = {.peer = 1};
    struct result r = FEED(&t, "\xff\xfd\x01\xff\xfb\x18\xff\xfe\x01\xff\xfc\x18");
    EXPECT_REPLY(r, "\xff\xfc\x01\xff\xfe\x18"); /* WONT ECHO, DONT TTYPE; DONT and WONT are silent */
}

Test(telnet, supported_options_are_agreed_to_once)
{
    struct telnet t = {.peer = 1};
    struct result r = FEED(&t, "\xff\xfd\x03\xff\xfd\x03\xff\xfb\x03\xff\xfb\x03");
    EXPECT_REPLY(r, "\xff\xfb\x03\xff\xfd\x03");
    r = FEED(&t, "\xff\xfe\x03\xff\xfe\x03\xff\xfc\x03");
    EXPECT_REPLY(r, "\xff\xfc\x03\xff\xfe\x03"); /* switched off once, acknowledged once */
}

Test(telnet, answers_to_our_offers_need_no_answer)
{
    struct telnet t = {0};
    struct result r = FEED(&t, "\xff\xfd\x00\xff\xfb\x00");
    EXPECT_REPLY(r, OFFERS);
    struct telnet u = {0};
    r = FEED(&u, "\xff\xfe\x00\xff\xfc\x00");
    EXPECT_REPLY(r, OFFERS);
    r = FEED(&u, "\xff\xfd\x00"); /* changed its mind: a request now */
    EXPECT_REPLY(r, "\xff\xfb\x00");
}

Test(telnet, timing_mark_is_always_answered)
{
    struct telnet t = {.peer = 1};
    struct result r = FEED(&t, "\xff\xfd\x06\xff\xfd\x06\xff\xfe\x06");
    EXPECT_REPLY(r, "\xff\xfb\x06\xff\xfb\x06");
}

Test(telnet, commands_are_reported)
{
    struct telnet t = {.peer = 1};
    struct result r = FEED(&t, "\xff\xf4\xff\xf6x\xff\xf7\xff\xf8\xff\xec");
    cr_expect_eq(r.command_count, 5u);
    cr_expect_arr_eq(r.commands, "\xf4\xf6\xf7\xf8\xec", 5);
    cr_expect_eq(r.data_len, 1u);
}

Test(telnet, subnegotiation_is_skipped)
{
    struct telnet t = {.peer = 1};
    struct result r = FEED(&t, "a\xff\xfa\x18\x00xterm\xff\xff\xff\xf4\n\xff\xf0"
                               "b");
    cr_expect_eq(r.data_len, 2u);
    cr_expect_arr_eq(r.data, "ab", 2);
    cr_expect_eq(r.command_count, 0u); /* an IP within it is none */
    cr_expect_eq(r.reply_len, 0u);
}

Test(telnet, endless_subnegotiation_is_noticed)
{
    struct telnet t = {.peer = 1};
    FEED(&t, "\xff\xfa");
    struct result r = {0};
    for (int i = 0; i < TELNET_SB_MAX_BYTES - 1; i++)
        r = FEED(&t, "x");
    cr_expect_eq(r.last, TELNET_NOTHING);
    r = FEED(&t, "x");
    cr_expect_eq(r.last, TELNET_SB_TOO_LONG);
}

/* ---- keys ---- */

/* What each byte does to the line, a letter for each; '-': nothing. */
static void expect_keys(struct telnet *t, const char *bytes, size_t len, const char *expected)
{
    static const char letters[] = "-tEcwlI?DMX"; /* in the order of enum telnet_key */
    char got[64] = "";
    for (size_t i = 0; i < len; i++) {
        uint8_t reply[TELNET_REPLY_MAX];
        size_t reply_len;
        got[i] = letters[telnet_key(t, (uint8_t)bytes[i], reply, &reply_len)];
    }
    cr_expect_str_eq(got, expected);
}
#define EXPECT_KEYS(t, literal, expected) expect_keys((t), literal, sizeof(literal) - 1, (expected))

#define WILL_BINARY "\xff\xfb\x00"
#define WONT_BINARY "\xff\xfc\x00"
#define EC          "\xff\xf7"
#define EL          "\xff\xf8"
#define IP          "\xff\xf4"
#define NOP         "\xff\xf1"

Test(telnet, lines_end_with_lf_cr_lf_and_cr_nul)
{
    struct telnet t = {0};
    EXPECT_KEYS(&t, "a\nb\r\nc\r\x00", "tEttEttE");
    EXPECT_KEYS(&t, "a\rb\r\rc\x00\r\r\n", "tttttttttE");
    EXPECT_KEYS(&t, "\x08\x7f\x15\x17\x03\x04", "tttttt");
}

Test(telnet, in_binary_a_cr_ends_the_line)
{
    struct telnet t = {0};
    EXPECT_KEYS(&t, WILL_BINARY "a\rb\r\nc\r\x00", "---tEtE-tE-");
    EXPECT_KEYS(&t, "\r\r\n\n\r\x00\x00\nx", "EE-EE-tEt");
    EXPECT_KEYS(&t, "a\r" WONT_BINARY "\nb\rc\r\n", "tE----ttttE");
}

/* Switched on or off wherever it may be: a CR counts by what was in force when it came. */
Test(telnet, binary_is_switched_between_cr_and_lf)
{
    struct telnet t = {0};
    EXPECT_KEYS(&t, "a\r" WILL_BINARY "\n\r\x00", "tt---EE-");
    EXPECT_KEYS(&t,
                WONT_BINARY "a\r" WILL_BINARY "\x00"
                            "b\r",
                "---tt---EtE");
    EXPECT_KEYS(&t, WONT_BINARY WILL_BINARY "\n", "-------");
    EXPECT_KEYS(&t, WONT_BINARY "\r" WILL_BINARY WILL_BINARY "x\r", "---t------tE");
}

/* Our own BINARY, and what we have offered and not been granted, change nothing. */
Test(telnet, only_the_peers_binary_counts)
{
    struct telnet t = {0};
    EXPECT_KEYS(&t, NOP "\ra\xff\xfd\x00\ra\r\n", "--tt---tttE");
    cr_expect(telnet_sends_binary(&t));
    EXPECT_KEYS(&t, "\xff\xfe\x00", "---");
    cr_expect_not(telnet_sends_binary(&t));
    struct telnet offered = {0};
    EXPECT_KEYS(&offered, NOP WILL_BINARY, "-----");
    cr_expect_not(telnet_sends_binary(&offered));
}

Test(telnet, keys_edit_once_telnet_is_spoken)
{
    struct telnet t = {0};
    EXPECT_KEYS(&t, "a\x08" NOP "a\x08\x7f\x15\x17\x03", "tt--tcclwt");
    EXPECT_KEYS(&t, EC EL IP "\xff\xf6\xff\xec\xff\xfd\x06\xff\xff", "-c-l-I-?-D--M-t");
}

/* An erased CR ends no line, and what is behind an editing key is not right behind the CR. */
Test(telnet, editing_between_cr_and_nul)
{
    static const char *const editing[] = {EC, EL, IP, "\x08", "\x7f", "\x15", "\x17"};
    for (size_t i = 0; i < sizeof editing / sizeof editing[0]; i++) {
        struct telnet t = {.peer = 1};
        feed(&t, "", 0);
        EXPECT_KEYS(&t, "a\r", "tt");
        expect_keys(&t, editing[i], strlen(editing[i]),
                    i < 3 ? (const char *[]){"-c", "-l", "-I"}[i] : (const char *[]){"c", "c", "l", "w"}[i - 3]);
        EXPECT_KEYS(&t, "\x00", "t");
    }
    struct telnet t = {.peer = 1};
    EXPECT_KEYS(&t, "a\r" NOP "\xff\xf6\x00", "tt---?E");
    EXPECT_KEYS(&t, WILL_BINARY "a\r" EC "\n", "---tE-cE");
}

Test(telnet, endless_subnegotiation_is_abuse)
{
    struct telnet t = {.peer = 1};
    FEED(&t, "\xff\xfa");
    for (int i = 0; i < TELNET_SB_MAX_BYTES - 1; i++)
        EXPECT_KEYS(&t, "x", "-");
    EXPECT_KEYS(&t, "x", "X");
}
