/* telnet.c - telnet sequences out of a byte stream, and the answers to option negotiation. */
#include "telnet.h"

/* Positions of the two-bit states in telnet.q. */
enum {
    US_BINARY = 0,
    US_SGA = 2,
    HIM_BINARY = 4,
    HIM_SGA = 6,
    NOT_SUPPORTED = 8
};

static enum telnet_q q_get(const struct telnet *t, unsigned at)
{
    return (enum telnet_q)((t->q >> at) & 3u);
}

static void q_set(struct telnet *t, unsigned at, enum telnet_q q)
{
    t->q = (uint8_t)((t->q & ~(3u << at)) | ((unsigned)q << at));
}

static void put(uint8_t *reply, size_t *len, uint8_t verb, uint8_t option)
{
    reply[(*len)++] = TELNET_IAC;
    reply[(*len)++] = verb;
    reply[(*len)++] = option;
}

static unsigned position(bool us, uint8_t option)
{
    switch (option) {
    case TELNET_OPT_BINARY: return us ? US_BINARY : HIM_BINARY;
    case TELNET_OPT_SGA: return us ? US_SGA : HIM_SGA;
    default: return NOT_SUPPORTED;
    }
}

/* RFC 1143 section 7, less the states that only asking to disable leads to. */
static void negotiate(struct telnet *t, uint8_t verb, uint8_t option, uint8_t *reply, size_t *len)
{
    bool us = verb == TELNET_DO || verb == TELNET_DONT;
    bool enable = verb == TELNET_DO || verb == TELNET_WILL;
    uint8_t agree = us ? TELNET_WILL : TELNET_DO;
    uint8_t refuse = us ? TELNET_WONT : TELNET_DONT;

    if (verb == TELNET_DO && option == TELNET_OPT_TIMING_MARK) { /* RFC 860: a mark in the output, no state */
        put(reply, len, TELNET_WILL, TELNET_OPT_TIMING_MARK);
        return;
    }
    unsigned at = position(us, option);
    if (at == NOT_SUPPORTED) {
        if (enable)
            put(reply, len, refuse, option);
        return;
    }
    enum telnet_q q = q_get(t, at);
    if (enable) {
        if (q == TELNET_Q_NO)
            put(reply, len, agree, option);
        q_set(t, at, TELNET_Q_YES);
    } else {
        if (q == TELNET_Q_YES)
            put(reply, len, refuse, option);
        q_set(t, at, TELNET_Q_NO);
    }
}

static void greet_telnet(struct telnet *t, uint8_t *reply, size_t *len)
{
    t->peer = 1;
    put(reply, len, TELNET_WILL, TELNET_OPT_BINARY);
    put(reply, len, TELNET_DO, TELNET_OPT_BINARY);
    q_set(t, US_BINARY, TELNET_Q_WANTYES);
    q_set(t, HIM_BINARY, TELNET_Q_WANTYES);
}

static bool is_verb(uint8_t byte)
{
    return byte >= TELNET_WILL && byte <= TELNET_DONT;
}

bool telnet_sends_binary(const struct telnet *t)
{
    return q_get(t, US_BINARY) == TELNET_Q_YES;
}

/* The parsing alone. */
static enum telnet_event parse(uint8_t *state, uint8_t byte, uint8_t *command)
{
    switch ((enum telnet_state) * state) {
    case TELNET_IN_DATA:
        if (byte != TELNET_IAC)
            return TELNET_DATA;
        *state = TELNET_AFTER_IAC;
        return TELNET_NOTHING;
    case TELNET_AFTER_IAC:
        if (is_verb(byte)) {
            *command = byte;
            *state = TELNET_AFTER_VERB;
            return TELNET_NOTHING;
        }
        *state = byte == TELNET_SB ? TELNET_IN_SB : TELNET_IN_DATA;
        if (byte == TELNET_IAC)
            return TELNET_DATA;
        if (byte == TELNET_SB)
            return TELNET_NOTHING;
        *command = byte;
        return TELNET_COMMAND;
    case TELNET_AFTER_VERB: *state = TELNET_IN_DATA; return TELNET_NEGOTIATED;
    case TELNET_IN_SB:
        if (byte == TELNET_IAC)
            *state = TELNET_IN_SB_IAC;
        return TELNET_NOTHING;
    case TELNET_IN_SB_IAC: /* IAC IAC is data of the subnegotiation; anything but SE is ill-formed and skipped too */
        *state = byte == TELNET_SE ? TELNET_IN_DATA : TELNET_IN_SB;
        return TELNET_NOTHING;
    }
    return TELNET_NOTHING;
}

enum telnet_event telnet_step(struct telnet *t, uint8_t byte, uint8_t reply[TELNET_REPLY_MAX], size_t *reply_len)
{
    uint8_t before = t->state;
    *reply_len = 0;
    enum telnet_event event = parse(&t->state, byte, &t->verb);
    if (before == TELNET_AFTER_IAC && !t->peer)
        greet_telnet(t, reply, reply_len);
    if (event == TELNET_NEGOTIATED)
        negotiate(t, t->verb, byte, reply, reply_len);
    if (t->state != TELNET_IN_SB && t->state != TELNET_IN_SB_IAC)
        t->sb_bytes = 0;
    else if (++t->sb_bytes > TELNET_SB_MAX_BYTES)
        return TELNET_SB_TOO_LONG;
    return event;
}

/* ---- keys ---- */

static enum telnet_key editing_key(uint8_t byte)
{
    switch (byte) {
    case 0x08: /* Windows telnet, and PuTTY when told so */
    case 0x7F: return TELNET_KEY_ERASE_CHARACTER;
    case 0x15: return TELNET_KEY_ERASE_LINE;
    case 0x17: return TELNET_KEY_ERASE_WORD;
    default: return TELNET_KEY_TEXT;
    }
}

static enum telnet_key data_key(struct telnet *t, uint8_t byte)
{
    unsigned after = t->after;
    t->after = TELNET_AFTER_OTHER;
    if (byte == '\r') {
        bool ends = q_get(t, HIM_BINARY) == TELNET_Q_YES;
        t->after = ends ? TELNET_AFTER_CR_ENDED : TELNET_AFTER_CR;
        return ends ? TELNET_KEY_LINE_END : TELNET_KEY_TEXT;
    }
    if (after == TELNET_AFTER_CR_ENDED && (byte == '\n' || byte == '\0'))
        return TELNET_KEY_NONE;
    if (byte == '\n' || (after == TELNET_AFTER_CR && byte == '\0'))
        return TELNET_KEY_LINE_END;
    return t->peer ? editing_key(byte) : TELNET_KEY_TEXT;
}

static enum telnet_key command_key(uint8_t verb)
{
    switch (verb) {
    case TELNET_EC: return TELNET_KEY_ERASE_CHARACTER;
    case TELNET_EL: return TELNET_KEY_ERASE_LINE;
    case TELNET_IP: return TELNET_KEY_INTERRUPT;
    case TELNET_AYT: return TELNET_KEY_AYT;
    case TELNET_EOF: return TELNET_KEY_EOF;
    default: return TELNET_KEY_NONE;
    }
}

enum telnet_key telnet_key(struct telnet *t, uint8_t byte, uint8_t reply[TELNET_REPLY_MAX], size_t *reply_len)
{
    enum telnet_key key = TELNET_KEY_NONE;
    switch (telnet_step(t, byte, reply, reply_len)) {
    case TELNET_DATA: return data_key(t, byte);
    case TELNET_COMMAND:
        key = command_key(t->verb);
        if (key != TELNET_KEY_NONE && key != TELNET_KEY_AYT) /* an erased CR ends no line */
            t->after = TELNET_AFTER_OTHER;
        break;
    case TELNET_NEGOTIATED:
        if (t->verb == TELNET_DO && byte == TELNET_OPT_TIMING_MARK)
            key = TELNET_KEY_TIMING_MARK;
        break;
    case TELNET_SB_TOO_LONG: return TELNET_KEY_ABUSE;
    case TELNET_NOTHING: break;
    }
    return key;
}
