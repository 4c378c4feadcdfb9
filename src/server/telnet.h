/* telnet.h - the server's half of the telnet protocol, as a pure state machine.
 *
 * Bytes go in one at a time, wherever TCP cut them; what they mean comes out:
 * for the protocol (telnet_step()) or for the line being typed (telnet_key()).
 * It does no input or output: replies are bytes that the caller puts out in
 * order with its own.  A copy of struct telnet looks ahead: throw its replies away.
 *
 * Sources: RFC 854 (commands, line ends), 855 (negotiation, SB), 856 (BINARY), 858
 * (SUPPRESS-GO-AHEAD), 860 (TIMING-MARK), 885 and 1184 (EOF), 1143 (the Q
 * method: no negotiation loops), RFC 1123 section 3.2.
 */
#ifndef SERVER_TELNET_H
#define SERVER_TELNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TELNET_EOF = 236,
    TELNET_SE = 240,
    TELNET_NOP = 241,
    TELNET_DM = 242,
    TELNET_BRK = 243,
    TELNET_IP = 244,
    TELNET_AO = 245,
    TELNET_AYT = 246,
    TELNET_EC = 247,
    TELNET_EL = 248,
    TELNET_GA = 249,
    TELNET_SB = 250,
    TELNET_WILL = 251,
    TELNET_WONT = 252,
    TELNET_DO = 253,
    TELNET_DONT = 254,
    TELNET_IAC = 255
};

enum {
    TELNET_OPT_BINARY = 0,
    TELNET_OPT_SGA = 3,
    TELNET_OPT_TIMING_MARK = 6
};

/* Longest subnegotiation that is skipped in patience; a longer one is an attack or a peer out of step. */
enum {
    TELNET_SB_MAX_BYTES = 64 * 1024
};

/* Longest reply to one byte of input: both offers of BINARY and one answer. */
enum {
    TELNET_REPLY_MAX = 9
};

enum telnet_state {
    TELNET_IN_DATA,    /* outside any sequence */
    TELNET_AFTER_IAC,  /* IAC seen */
    TELNET_AFTER_VERB, /* IAC WILL, WONT, DO or DONT seen: the option follows */
    TELNET_IN_SB,      /* within a subnegotiation */
    TELNET_IN_SB_IAC   /* IAC seen within it */
};

enum telnet_event {
    TELNET_NOTHING,    /* part of a sequence, or one that means nothing here */
    TELNET_DATA,       /* the byte (0xFF for IAC IAC) is data */
    TELNET_COMMAND,    /* telnet->verb is the command: IP, AYT, EC, EL, EOF … */
    TELNET_NEGOTIATED, /* an option was answered or noted; see the reply */
    TELNET_SB_TOO_LONG /* more than TELNET_SB_MAX_BYTES of subnegotiation */
};

/* What a byte does to the line being typed. */
enum telnet_key {
    TELNET_KEY_NONE, /* nothing: part of a sequence, a negotiation, what belongs to the line end before it */
    TELNET_KEY_TEXT, /* joins the line; a CR too, of which a NUL or LF may yet make a line end */
    TELNET_KEY_LINE_END,
    TELNET_KEY_ERASE_CHARACTER,
    TELNET_KEY_ERASE_WORD,
    TELNET_KEY_ERASE_LINE,
    TELNET_KEY_INTERRUPT,   /* IAC IP */
    TELNET_KEY_AYT,         /* IAC AYT */
    TELNET_KEY_EOF,         /* IAC EOF */
    TELNET_KEY_TIMING_MARK, /* IAC DO TIMING-MARK, whose answer is in the reply */
    TELNET_KEY_ABUSE        /* TELNET_SB_TOO_LONG */
};

/* What the next data byte may complete. */
enum telnet_after {
    TELNET_AFTER_OTHER,
    TELNET_AFTER_CR,      /* a CR that is text so far: a NUL makes it a line end, an LF would end the line anyway */
    TELNET_AFTER_CR_ENDED /* a CR that ended its line: a NUL or LF belongs to it */
};

/* Q-method states (RFC 1143) of one option in one direction.  We never ask to
 * switch anything off, so WANTNO and the queues do not occur. */
enum telnet_q {
    TELNET_Q_NO,
    TELNET_Q_WANTYES,
    TELNET_Q_YES
};

struct telnet {
    uint8_t state; /* enum telnet_state */
    uint8_t verb;  /* the command in progress, or just completed */
    uint8_t peer;  /* 1: the peer has sent an IAC: it speaks telnet */
    uint8_t q;     /* four enum telnet_q of two bits: us and him, BINARY and SGA */
    uint32_t sb_bytes : 24;
    uint32_t after : 8; /* enum telnet_after */
};

/* All zero is the initial state. */

/* Feeds one byte.  reply receives up to TELNET_REPLY_MAX bytes to send, *reply_len
 * how many (0 for most).  The first IAC of the peer, whatever follows it, makes us offer BINARY both
 * ways: without it Debian's telnet client takes some bytes of a typed character (0x9A of U+265A)
 * for its own commands. */
enum telnet_event telnet_step(struct telnet *t, uint8_t byte, uint8_t reply[TELNET_REPLY_MAX], size_t *reply_len);

/* The same byte, for the line being typed.  This alone says what ends a line: LF, CR LF, CR NUL, and, while
 * the peer's WILL BINARY is in force, a CR by itself - an LF or NUL right behind that is nothing more: clients
 * in BINARY send their Enter key as CR, CR LF or CR NUL.  Once the peer has spoken telnet, the
 * keys that clients send as they are typed edit: 0x08 and 0x7F a character, 0x15 the line, 0x17 a word. */
enum telnet_key telnet_key(struct telnet *t, uint8_t byte, uint8_t reply[TELNET_REPLY_MAX], size_t *reply_len);

/* True when our WILL BINARY was agreed to: the peer's terminal may no longer turn an LF into a new line. */
bool telnet_sends_binary(const struct telnet *t);

#endif
