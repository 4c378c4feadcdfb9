/* Telnet for the wire tests: takes a stream apart into data and commands (RFC 854). */
#include "telnet.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static size_t split_command(const unsigned char *at, size_t left, struct bytes *data, struct bytes *commands)
{
    static const char *const names[] = {"WILL", "WONT", "DO", "DONT"};
    char text[32];
    cr_assert(left >= 2, "a telnet command is cut off");
    if (at[1] == 0xFF) {
        bytes_append(data, at, 1);
        return 2;
    }
    if (at[1] < 0xFB) {
        snprintf(text, sizeof text, "command %u;", at[1]);
        bytes_add(commands, text);
        return 2;
    }
    cr_assert(left >= 3, "a telnet command is cut off");
    snprintf(text, sizeof text, "%s %u;", names[at[1] - 0xFB], at[2]);
    bytes_add(commands, text);
    return 3;
}

void telnet_split(const struct bytes *got, struct bytes *data, struct bytes *commands)
{
    bytes_add(data, "");
    bytes_add(commands, "");
    for (size_t i = 0; i < got->len;) {
        const unsigned char *at = (const unsigned char *)got->bytes + i;
        if (*at == 0xFF) {
            i += split_command(at, got->len - i, data, commands);
        } else {
            bytes_append(data, at, 1);
            i++;
        }
    }
}

void telnet_converse(struct client *c, const void *bytes, size_t len, struct telnet_round *round)
{
    static const char end[] = "WEARY CAT FACE\r\n" FOUND("1") PROMPT;
    *round = (struct telnet_round){0};
    client_send(c, bytes, len);
    client_say(c, "weary cat face\n");
    await(c, end);
    telnet_split(&c->got, &round->data, &round->commands);
    size_t tail = strlen(WEARY_CAT) + strlen(PROMPT);
    cr_assert(round->data.len >= tail &&
                  strcmp(round->data.bytes + round->data.len - tail + strlen(WEARY_CAT), PROMPT) == 0,
              "more than was asked for: \"%s\"", escaped(round->data.bytes, round->data.len));
    round->data.len -= tail;
    if (round->data.len > 0 && round->data.bytes[round->data.len - 1] == '\r')
        round->data.len--; /* a client in BINARY: see tests/sim/test_keys.c */
    round->data.bytes[round->data.len] = '\0';
    c->got.len = 0;
}

void telnet_round_free(struct telnet_round *round)
{
    bytes_free(&round->data);
    bytes_free(&round->commands);
}

void telnet_agreed(struct client *c, const struct server *s)
{
    struct telnet_round round;
    client_greeted(c, s);
    CONVERSE(c, IAC WILL BINARY IAC DO BINARY, &round);
    cr_assert_str_empty(round.data.bytes);
    telnet_round_free(&round);
}
