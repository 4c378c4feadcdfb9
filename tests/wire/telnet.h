/* tests/wire/telnet.h - telnet bytes as text, and a round of conversation that separates them from data.
 */
#ifndef TESTS_WIRE_TELNET_H
#define TESTS_WIRE_TELNET_H

#include "wire.h"

/* As strings, to be put together with text: SAY(c, "cat" IAC EL "dog\n"). */
#define IAC         "\377"
#define DONT        "\376"
#define DO          "\375"
#define WONT        "\374"
#define WILL        "\373"
#define SB          "\372"
#define EL          "\370"
#define EC          "\367"
#define AYT         "\366"
#define AO          "\365"
#define IP          "\364"
#define BRK         "\363"
#define DM          "\362"
#define NOP         "\361"
#define SE          "\360"
#define GA          "\371"
#define TELNET_EOF  "\354"
#define BINARY      "\0"
#define ECHO_OPTION "\1"
#define SGA         "\3"
#define TIMING_MARK "\6"

/* A literal with NULs in it. */
#define SAY(client, literal) client_send((client), (literal), sizeof(literal) - 1)

/* Takes got apart: data bytes (IAC IAC undone), and commands as text: "WILL 0;DONT 24;". */
void telnet_split(const struct bytes *got, struct bytes *data, struct bytes *commands);

/* What the server made of some bytes. */
struct telnet_round {
    struct bytes data;     /* without the answer that marked the end */
    struct bytes commands; /* as text */
};

/* Sends the bytes, then asks for the weary cat face, and separates all that comes until that is answered. */
void telnet_converse(struct client *c, const void *bytes, size_t len, struct telnet_round *round);
#define CONVERSE(client, literal, round) telnet_converse((client), (literal), sizeof(literal) - 1, (round))
void telnet_round_free(struct telnet_round *round);

/* A greeted client whose first IAC is behind it: BINARY was offered and agreed to both ways. */
void telnet_agreed(struct client *c, const struct server *s);
/* To such a client each answer begins with a CR. */
#define expect_in_binary(client, text)                                                                                 \
    do {                                                                                                               \
        expect((client), "\r");                                                                                        \
        expect((client), (text));                                                                                      \
    } while (0)

/* The round's commands must be these, in this order ("" for none), and its data this. */
#define expect_round(round, commands_text, data_text)                                                                  \
    do {                                                                                                               \
        cr_assert_str_eq((round)->commands.bytes, (commands_text));                                                    \
        cr_assert_str_eq((round)->data.bytes, (data_text), "data: \"%s\"",                                             \
                         escaped((round)->data.bytes, (round)->data.len));                                             \
    } while (0)

#endif
