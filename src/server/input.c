/* input.c - the way from raw bytes to lines: one pass in the usual case, a filter in place for the rest. */
#include "input.h"

#include "session.h"

#include <string.h>

/* What each byte asks for: see the INPUT_ classes.  CR is in INPUT_FILTER because CR NUL ends a line. */
static unsigned byte_class(uint8_t byte)
{
    if (byte == TELNET_IAC)
        return INPUT_HIGH | INPUT_FILTER;
    if (byte == '\r')
        return INPUT_CONTROL | INPUT_FILTER;
    if (byte < 0x20 || byte == 0x7F)
        return INPUT_CONTROL;
    return byte > 0x7F ? INPUT_HIGH : 0;
}

/* True when the eight bytes at text are all printable ASCII: all of them at once
 * (a byte below 0x20 borrows, 0x7F carries; a neighbour that sees it errs on the safe side). */
static bool eight_printable(const char *text)
{
    static const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t bytes;
    memcpy(&bytes, text, sizeof bytes);
    return ((bytes | (bytes - each * 0x20) | (bytes + each)) & each * 0x80) == 0;
}

static unsigned classes_of(const char *text, size_t len)
{
    unsigned classes = 0;
    size_t i = 0;
    while (i + 8 <= len && eight_printable(text + i))
        i += 8;
    if (len >= 8 && i + 8 > len && eight_printable(text + len - 8))
        return 0;
    for (; i < len; i++) {
        uint8_t byte = (uint8_t)text[i];
        if (byte - 0x20u >= 0x5Fu) /* not printable ASCII */
            classes |= byte_class(byte);
    }
    return classes;
}

/* The length of what is typed, less the CR that may turn out to belong to the line end. */
static size_t content_bytes(const char *text, size_t len)
{
    return len > 0 && text[len - 1] == '\r' ? len - 1 : len;
}

static enum input_event line_of(struct input_line *line, char *text, size_t len, size_t taken)
{
    line->text = text;
    line->len = content_bytes(text, len);
    line->taken = taken;
    line->classes = classes_of(text, line->len);
    return INPUT_LINE;
}

/* The input has ended: what is left is a line of its own. */
static enum input_event last_line(struct session *s, struct input_line *line, char *in, size_t len)
{
    if (len == 0 || s->edited_bytes == 0)
        return INPUT_END;
    return line_of(line, in, s->edited_bytes, s->edited_bytes);
}

/* EC: erases the last character typed, however many bytes it has. */
static size_t erase_character(const char *text, size_t len)
{
    while (len > 0 && ((uint8_t)text[len - 1] & 0xC0) == 0x80)
        len--;
    return len > 0 ? len - 1 : 0;
}

/* One byte through the telnet machine, with its replies put out.  Needs TELNET_REPLY_MAX of room. */
static enum telnet_event telnet_byte(struct session *s, uint8_t byte)
{
    uint8_t reply[TELNET_REPLY_MAX];
    size_t reply_len;
    enum telnet_event event = telnet_step(&s->telnet, byte, reply, &reply_len);
    if (reply_len > 0) {
        conn_write(&s->conn, reply, reply_len);
        conn_mark(&s->conn); /* an interrupt may cut answers, not what the option states rest on */
    }
    return event;
}

/* True when byte ends the line typed so far. */
static bool ends_line(char before, uint8_t byte)
{
    return byte == '\n' || (byte == '\0' && before == '\r');
}

/* What a command means for the line typed so far; INPUT_NONE: go on. */
static enum input_event command(struct session *s, const char *in, size_t *edited)
{
    switch (s->telnet.verb) {
    case TELNET_EC: *edited = erase_character(in, *edited); return INPUT_NONE;
    case TELNET_EL: *edited = 0; return INPUT_NONE;
    case TELNET_IP: return INPUT_INTERRUPT;
    case TELNET_AYT: return INPUT_AYT;
    case TELNET_EOF: s->eof = true; return INPUT_END;
    default: return INPUT_NONE;
    }
}

/* A data byte joins the line; INPUT_LINE when it ends it, INPUT_TOO_LONG when it is one too many. */
static enum input_event data(struct session *s, char *in, size_t *edited, uint8_t byte, size_t max_line_bytes,
                             bool telnet)
{
    s->interrupted_idle = false;
    if (ends_line(telnet && *edited > 0 ? in[*edited - 1] : 0, byte))
        return INPUT_LINE;
    in[(*edited)++] = (char)byte;
    return content_bytes(in, *edited) > max_line_bytes ? INPUT_TOO_LONG : INPUT_NONE;
}

static enum input_event filter(struct session *s, size_t max_line_bytes, bool telnet)
{
    struct conn *c = &s->conn;
    size_t len;
    char *in = conn_input(c, &len);
    size_t edited = s->edited_bytes, raw = edited;
    enum input_event event = INPUT_NONE;

    while (raw < len && event == INPUT_NONE) {
        if (telnet && conn_room(c) < TELNET_REPLY_MAX) {
            event = INPUT_NO_ROOM;
            break;
        }
        uint8_t byte = (uint8_t)in[raw++];
        switch (telnet ? telnet_byte(s, byte) : TELNET_DATA) {
        case TELNET_DATA: event = data(s, in, &edited, byte, max_line_bytes, telnet); break;
        case TELNET_COMMAND: event = command(s, in, &edited); break;
        case TELNET_SB_TOO_LONG: event = INPUT_ABUSE; break;
        case TELNET_NOTHING:
        case TELNET_NEGOTIATED: break;
        }
    }
    conn_erase(c, edited, raw - edited);
    s->edited_bytes = (uint32_t)edited;
    s->scanned_bytes = 0;
    return event;
}

/* After IAC EOF nothing counts but the line typed before it. */
static void forget_after_eof(struct session *s)
{
    size_t len;
    conn_input(&s->conn, &len);
    if (len > s->edited_bytes)
        conn_erase(&s->conn, s->edited_bytes, len - s->edited_bytes);
}

enum input_event input_next(struct session *s, size_t max_line_bytes, bool telnet, struct input_line *line)
{
    size_t len;
    char *in = conn_input(&s->conn, &len);

    if (len == 0 && !s->eof && !conn_input_ended(&s->conn))
        return INPUT_NONE;
    if (s->edited_bytes == 0 && s->telnet.state == TELNET_IN_DATA && len > 0 && !s->eof) {
        const char *end = memchr(in, '\n', len);
        if (end) {
            size_t before = (size_t)(end - in);
            line_of(line, in, before, before + 1);
            if (!(line->classes & INPUT_FILTER) && line->len <= max_line_bytes) {
                s->interrupted_idle = false;
                s->scanned_bytes = 0;
                return INPUT_LINE;
            }
        }
    }
    enum input_event event = s->eof ? INPUT_NONE : filter(s, max_line_bytes, telnet);
    in = conn_input(&s->conn, &len);
    switch (event) {
    case INPUT_LINE: return line_of(line, in, s->edited_bytes, s->edited_bytes);
    case INPUT_TOO_LONG:
        conn_consume(&s->conn, s->edited_bytes);
        s->edited_bytes = 0;
        return event;
    case INPUT_NONE:
    case INPUT_END:
        if (s->eof)
            forget_after_eof(s);
        if (s->eof || conn_input_ended(&s->conn))
            return last_line(s, line, in, s->edited_bytes);
        return INPUT_NONE;
    default: return event;
    }
}

void input_take(struct session *s, const struct input_line *line)
{
    conn_consume(&s->conn, line->taken);
    s->edited_bytes = 0;
    s->scanned_bytes = 0;
}

enum input_event input_skip(struct session *s)
{
    size_t len;
    const char *in = conn_input(&s->conn, &len);
    size_t raw = 0;
    enum input_event event = INPUT_NONE;
    while (raw < len && event == INPUT_NONE) {
        if (conn_room(&s->conn) < TELNET_REPLY_MAX) {
            event = INPUT_NO_ROOM;
            break;
        }
        uint8_t byte = (uint8_t)in[raw++];
        switch (telnet_byte(s, byte)) {
        case TELNET_DATA:
            if (ends_line(s->skipped_cr ? '\r' : 0, byte))
                event = INPUT_LINE;
            s->skipped_cr = byte == '\r';
            s->skipped_bytes++;
            break;
        case TELNET_COMMAND:
            if (s->telnet.verb == TELNET_IP)
                event = INPUT_INTERRUPT;
            else if (s->telnet.verb == TELNET_EOF)
                event = INPUT_END;
            break;
        case TELNET_SB_TOO_LONG: event = INPUT_ABUSE; break;
        case TELNET_NOTHING:
        case TELNET_NEGOTIATED: break;
        }
    }
    conn_consume(&s->conn, raw);
    s->edited_bytes = 0;
    s->scanned_bytes = 0;
    return event == INPUT_NONE && conn_input_ended(&s->conn) ? INPUT_END : event;
}

/* A data byte of the line being scanned; true when it completes a line that is just 0x03. */
static bool scan_data(struct session *s, char before, uint8_t byte)
{
    if (ends_line(before, byte)) {
        bool interrupt = s->scan_etx && !s->scan_in_line;
        s->scan_etx = s->scan_in_line = false;
        return interrupt;
    }
    if (byte == 0x03 && !s->scan_etx)
        s->scan_etx = true;
    else if (byte != '\r')
        s->scan_in_line = true;
    return false;
}

size_t input_find_interrupt(struct session *s, bool *by_telnet)
{
    size_t len;
    const char *in = conn_input(&s->conn, &len);
    if (s->scanned_bytes <= s->edited_bytes) {
        s->scanned_bytes = s->edited_bytes;
        s->scan_state = s->telnet.state;
        s->scan_in_line = s->edited_bytes > 0;
        s->scan_etx = false;
    }
    while (s->scanned_bytes < len) {
        size_t at = s->scanned_bytes++;
        uint8_t verb = 0;
        enum telnet_event event = telnet_scan(&s->scan_state, (uint8_t)in[at], &verb);
        *by_telnet = event == TELNET_COMMAND && verb == TELNET_IP;
        if (*by_telnet)
            return at + 1;
        if (event == TELNET_DATA && scan_data(s, at > 0 ? in[at - 1] : 0, (uint8_t)in[at]))
            return at + 1;
    }
    return 0;
}

size_t input_drop(struct session *s, size_t n)
{
    size_t len;
    const char *in = conn_input(&s->conn, &len);
    size_t raw = s->edited_bytes; /* these went through the filter already */
    while (raw < n && raw < len && conn_room(&s->conn) >= TELNET_REPLY_MAX)
        telnet_byte(s, (uint8_t)in[raw++]);
    conn_consume(&s->conn, raw);
    s->edited_bytes = 0;
    s->scanned_bytes = 0;
    return n > raw ? n - raw : 0;
}

enum input_event input_commands(struct session *s)
{
    size_t len;
    const char *in = conn_input(&s->conn, &len);
    size_t raw = 0;
    enum input_event event = INPUT_NONE;
    while (raw < len && event == INPUT_NONE) {
        uint8_t state = s->telnet.state, verb = s->telnet.verb;
        enum telnet_event ahead = telnet_scan(&state, (uint8_t)in[raw], &verb);
        if (ahead == TELNET_DATA ||
            (ahead == TELNET_COMMAND && (verb == TELNET_AYT || verb == TELNET_EOF || verb == TELNET_IP))) {
            event = INPUT_LINE;
            break;
        }
        if (conn_room(&s->conn) < TELNET_REPLY_MAX) {
            event = INPUT_NO_ROOM;
            break;
        }
        uint8_t byte = (uint8_t)in[raw++];
        switch (telnet_byte(s, byte)) {
        case TELNET_NEGOTIATED:
            if (verb == TELNET_DO && byte == TELNET_OPT_TIMING_MARK)
                event = INPUT_LINE;
            break;
        case TELNET_SB_TOO_LONG: event = INPUT_ABUSE; break;
        default: break;
        }
    }
    conn_consume(&s->conn, raw);
    s->scanned_bytes = 0;
    return event == INPUT_NONE && conn_input_ended(&s->conn) ? INPUT_END : event;
}
