/* Clients that send each key as it is typed: what PuTTY, Tera Term, Windows telnet and Debian's telnet in character
 * mode put on the wire, replayed whole and byte by byte. */
#include "telnet.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(telnet_keys, .timeout = TEST_TIMEOUT_S);

static struct server server;

/* A client's negotiation and what it sends for two questions, each to be answered with the weary cat. */
struct replay {
    const char *name;
    const char *greeting;
    size_t greeting_len;
    const char *keys;
    size_t keys_len;
};
#define REPLAY(name, greeting, keys)                                                                                   \
    {                                                                                                                  \
        name, greeting, sizeof(greeting) - 1, keys, sizeof(keys) - 1                                                   \
    }

#define NAWS        "\37"
#define TSPEED      "\40"
#define TTYPE       "\30"
#define NEW_ENVIRON "\47"
#define PUTTY                                                                                                          \
    IAC WILL NAWS IAC WILL TSPEED IAC WILL TTYPE IAC WILL NEW_ENVIRON IAC DO ECHO_OPTION IAC WILL SGA IAC DO SGA
#define AGREES  IAC DO BINARY IAC WILL BINARY
#define REFUSES IAC DONT BINARY IAC WONT BINARY

static const struct replay replays[] = {
    REPLAY("PuTTY, in BINARY", PUTTY AGREES,
           "weary cat facX\x7f"
           "e\rweary cat\r"),
    REPLAY("PuTTY that sends ^H", PUTTY AGREES, "weary catt\b fax\bce\rwe\x15weary cat\r"),
    REPLAY("PuTTY, return key sends telnet New Line", PUTTY AGREES, "weary cat\r\nweary cat\r\n"),
    REPLAY("PuTTY before BINARY is agreed to", PUTTY, "weary cat\r\nweary cat\r\n"),
    REPLAY("Tera Term, CR", IAC WILL TTYPE IAC DO SGA IAC WILL SGA AGREES, "weary cat\rweary cat\r"),
    REPLAY("Tera Term, CR NUL", IAC WILL TTYPE IAC DO SGA IAC WILL SGA REFUSES, "weary cat\r\0weary cat\r\0"),
    REPLAY("Windows telnet", IAC WILL TTYPE IAC WILL NAWS IAC SB NAWS "\0\120\0\31" IAC SE REFUSES,
           "wearu\by cat\r\nweary doh\b\b\bcat\r\n"),
    REPLAY("Windows telnet, set mode stream, binary", IAC WILL NAWS AGREES, "weary catx\b\rweary cat\r"),
    REPLAY("Debian's telnet, mode character", IAC DO SGA AGREES,
           "weary cay\x7ft\rweary dog\x17"
           "cat\r"),
    REPLAY("Debian's telnet, unset binary", IAC DO SGA AGREES IAC DONT BINARY IAC WONT BINARY,
           "weary cat\r\0weary cat\r\0"),
    REPLAY("BINARY switched on between two lines", IAC NOP REFUSES, "weary cat\r\0" IAC WILL BINARY "weary cat\r"),
    REPLAY("BINARY switched off between CR and LF", IAC NOP AGREES, "weary cat\r" IAC WONT BINARY "\nweary cat\r\n"),
};

/* Exactly two answers have come: matches, prompts, and no error or remark. */
static void expect_two_answers(struct client *c, const struct replay *r)
{
    struct bytes data = {0}, commands = {0};
    do
        await(c, "WEARY CAT FACE");
    while (bytes_count(&c->got, FOUND("1") PROMPT) < 2 && client_receive(c) > 0);
    telnet_split(&c->got, &data, &commands);
    cr_assert(bytes_count(&data, "WEARY CAT FACE\r\n" FOUND("1") PROMPT) == 2 && bytes_count(&data, PROMPT) == 2 &&
                  !find(&data, "! ") && !find(&data, "# "),
              "%s: \"%s\"", r->name, escaped(data.bytes, data.len));
    c->got.len = 0;
    bytes_free(&data);
    bytes_free(&commands);
}

static void play(const struct replay *r, void (*send)(struct client *c, const void *bytes, size_t len))
{
    struct client c;
    client_greeted(&c, &server);
    send(&c, r->greeting, r->greeting_len);
    send(&c, r->keys, r->keys_len);
    expect_two_answers(&c, r);
    SAY(&c, IAC AYT); /* nothing of the last line end is left over: an empty line would prompt first */
    cr_assert(await(&c, "\r\n# ") == c.got.bytes, "%s: a prompt too many", r->name);
    client_close(&c);
}

Test(telnet_keys, replayed)
{
    SERVE_PLAIN(&server);
    for (size_t i = 0; i < sizeof replays / sizeof replays[0]; i++) {
        play(&replays[i], client_send);
        play(&replays[i], client_dribble);
    }
    server_stop(&server);
}

/* Without telnet these keys are white space, as in a file. */
Test(telnet_keys, edit_nothing_where_no_telnet_is_spoken)
{
    struct client c;
    SERVE_PLAIN(&server);
    client_greeted(&c, &server);
    SAY(&c, "weary\bcat\x7f\x15\x17"
            "face\n");
    expect(&c, WEARY_CAT);
    expect(&c, PROMPT);
    SAY(&c, "weary\rcat\n");
    expect(&c, WEARY_CAT);
    expect(&c, PROMPT);
    client_close(&c);
    server_stop(&server);
}

/* A key takes a character away as a person sees it, behind a stream as well. */
Test(telnet_keys, erase_whole_characters)
{
    static const char *const characters[] = {
        "e\u0301", "\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F1E9\U0001F1EA", "\u1100\u1161\u11A8", "\u265A",
        "\xe2\x99"};
    static const char *const keys[] = {"\b", "\x7f", IAC EC};
    struct client c;
    SERVE_PLAIN(&server);
    telnet_agreed(&c, &server);
    client_say(&c, "letter\r");
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++)
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
            client_say(&c, "weary cat");
            client_say(&c, characters[i]);
            client_say(&c, keys[k]);
            client_say(&c, " face\r");
        }
    await(&c, "10859 found\r\n" PROMPT);
    for (int i = 0; i < 18; i++) {
        char *at = await(&c, "\rU+1F640");
        bytes_drop_front(&c.got, (size_t)(at - c.got.bytes) + 3);
        await(&c, "1 found\r\n" PROMPT);
    }
    cr_assert_eq(bytes_count(&c.got, "! "), 0);
    client_close(&c);
    server_stop(&server);
}

/* Editing where nothing is typed harms nothing. */
Test(telnet_keys, edit_an_empty_line)
{
    struct client c;
    SERVE_PLAIN(&server);
    telnet_agreed(&c, &server);
    SAY(&c, "\b\x7f\x15\x17" IAC EC IAC EL "weary cat\x15\b\b\x17weary cat face\n");
    expect_in_binary(&c, WEARY_CAT);
    expect(&c, PROMPT);
    client_close(&c);
    server_stop(&server);
}
