/* input.c - the way from raw bytes to lines: one pass in the usual case, a filter in place for the rest. */
#include "input.h"

#include "session.h"

#include "unicode/erase.h"

#include <string.h>

/* What each byte asks for: see the INPUT_ classes.  CR is in INPUT_FILTER because CR NUL ends a line,
 * and in BINARY it does so alone. */
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
static enum input_event last_line(struct session *s, struct input_line *line, char *in)
{
    if (s->edited_bytes == 0)
        return INPUT_END;
    return line_of(line, in, s->edited_bytes, s->edited_bytes);
}

/* One byte through the telnet machine, with its replies put out.  Needs TELNET_REPLY_MAX of room. */
static enum telnet_key key_of(struct session *s, uint8_t byte)
{
    uint8_t reply[TELNET_REPLY_MAX];
    size_t reply_len;
    enum telnet_key key = telnet_key(&s->telnet, byte, reply, &reply_len);
    if (reply_len > 0) {
        conn_write(&s->conn, reply, reply_len);
        conn_mark(&s->conn); /* an interrupt may cut answers, not what the option states rest on */
    }
    return key;
}

/* The same without replies, ahead of what is taken. */
static enum telnet_key key_ahead(struct telnet *t, uint8_t byte)
{
    uint8_t reply[TELNET_REPLY_MAX];
    size_t reply_len;
    return telnet_key(t, byte, reply, &reply_len);
}

static size_t piece_of(size_t len)
{
    return len < INPUT_PIECE_BYTES ? len : INPUT_PIECE_BYTES;
}

/* All that is held was looked at, or a piece of it. */
static enum input_event piece_over(struct session *s, size_t looked_at, size_t len)
{
    if (looked_at < len)
        return INPUT_AGAIN;
    return conn_input_ended(&s->conn) ? INPUT_END : INPUT_NONE;
}

/* ---- the line being typed ---- */

/* A key that is no text counts for so many bytes of a piece: erasing one of a row of flags takes some 3 us. */
enum {
    KEY_COST_BYTES = 256
};

/* What an editing key leaves of it. */
static size_t edit(const char *text, size_t len, enum telnet_key key)
{
    switch (key) {
    case TELNET_KEY_ERASE_CHARACTER: return erase_character(text, len);
    case TELNET_KEY_ERASE_WORD: return erase_word(text, len);
    case TELNET_KEY_ERASE_LINE: return 0;
    default: return len;
    }
}

/* The first bytes of a session: U+FEFF, as editors put it in front of a file, is dropped.  They are
 * looked at until they are no longer the beginning of one. */
static void drop_byte_order_mark(struct session *s, const char *in, size_t *edited)
{
    static const char mark[] = {'\xEF', '\xBB', '\xBF'};
    bool like_mark = memcmp(in, mark, *edited) == 0;
    s->begun = !like_mark || *edited == sizeof mark;
    if (like_mark && s->begun)
        *edited = 0;
}

/* A byte joins the line; INPUT_TOO_LONG when it is one too many. */
static enum input_event join(struct session *s, char *in, size_t *edited, uint8_t byte, size_t max_line_bytes)
{
    s->interrupted_idle = false;
    in[(*edited)++] = (char)byte;
    if (!s->begun)
        drop_byte_order_mark(s, in, edited);
    return content_bytes(in, *edited) > max_line_bytes ? INPUT_TOO_LONG : INPUT_NONE;
}

/* AYT answers a second: enough for a person, too few to be used as an amplifier. */
enum {
    AYT_PER_SECOND = 10
};

static bool ayt_is_due(struct session *s)
{
    uint16_t second = (uint16_t)(reactor_now_ns(session_kind_of(s)->reactor) / 1000000000u);
    if (second != s->ayt_second) {
        s->ayt_second = second;
        s->ayt_count = 0;
    }
    if (s->ayt_count >= AYT_PER_SECOND)
        return false;
    s->ayt_count++;
    return true;
}

/* INPUT_NONE: go on. */
static enum input_event apply(struct session *s, char *in, size_t *edited, enum telnet_key key)
{
    switch (key) {
    case TELNET_KEY_LINE_END:
        s->interrupted_idle = false;
        s->begun = true;
        return INPUT_LINE;
    case TELNET_KEY_INTERRUPT: return *edited > 0 ? INPUT_CLEARED : INPUT_INTERRUPT;
    case TELNET_KEY_AYT: return ayt_is_due(s) ? INPUT_AYT : INPUT_NONE;
    case TELNET_KEY_EOF: s->eof = true; return INPUT_END;
    case TELNET_KEY_ABUSE: return INPUT_ABUSE;
    default: *edited = edit(in, *edited, key); return INPUT_NONE;
    }
}

/* Keeps the line typed so far, if it goes on, and takes what was read beyond it. */
static void filtered(struct session *s, size_t edited, size_t raw, enum input_event event)
{
    bool goes_on = event != INPUT_TOO_LONG && event != INPUT_INTERRUPT && event != INPUT_CLEARED;
    s->edited_bytes = goes_on ? (uint32_t)edited : 0;
    s->scanned_bytes = 0;
    if (s->edited_bytes > 0)
        conn_erase(&s->conn, edited, raw - edited);
    else
        conn_consume(&s->conn, raw);
}

static enum input_event filter(struct session *s, size_t max_line_bytes, bool telnet, struct input_line *line)
{
    size_t len;
    char *in = conn_input(&s->conn, &len);
    size_t edited = s->edited_bytes, raw = edited, end = edited + piece_of(len - edited);
    enum input_event event = INPUT_NONE;
    s->begun |= !telnet;

    while (raw < end && event == INPUT_NONE) {
        if (telnet && conn_room(&s->conn) < TELNET_REPLY_MAX) {
            event = INPUT_NO_ROOM;
            break;
        }
        uint8_t byte = (uint8_t)in[raw++];
        enum telnet_key key = TELNET_KEY_TEXT;
        if (telnet)
            key = key_of(s, byte);
        else if (byte == '\n')
            key = TELNET_KEY_LINE_END;
        if (key == TELNET_KEY_TEXT) {
            event = join(s, in, &edited, byte, max_line_bytes);
        } else if (key != TELNET_KEY_NONE) {
            event = apply(s, in, &edited, key);
            end -= end - raw < KEY_COST_BYTES ? end - raw : KEY_COST_BYTES;
        }
    }
    if (event == INPUT_LINE) /* taken at once when it is done with: nothing need be moved */
        return line_of(line, in, edited, raw);
    filtered(s, edited, raw, event);
    return event == INPUT_NONE ? piece_over(s, raw, len) : event;
}

/* After IAC EOF nothing counts but the line typed before it. */
static enum input_event after_eof(struct session *s, struct input_line *line)
{
    size_t len;
    char *in = conn_input(&s->conn, &len);
    conn_erase(&s->conn, s->edited_bytes, len - s->edited_bytes);
    return last_line(s, line, in);
}

/* True when a line of these classes needs the filter: for what it holds, or for where it stands. */
static bool needs_filter(const struct session *s, unsigned classes)
{
    return classes != 0 && (classes & INPUT_FILTER || (classes & INPUT_CONTROL && s->telnet.peer) ||
                            (classes & INPUT_HIGH && !s->begun));
}

enum input_event input_next(struct session *s, size_t max_line_bytes, bool telnet, struct input_line *line)
{
    size_t len;
    char *in = conn_input(&s->conn, &len);

    if (len == 0 && !s->eof && !conn_input_ended(&s->conn))
        return INPUT_NONE;
    if (s->edited_bytes == 0 && s->telnet.state == TELNET_IN_DATA && s->telnet.after == TELNET_AFTER_OTHER && len > 0 &&
        !s->eof) {
        const char *end = memchr(in, '\n', piece_of(len));
        if (end) {
            size_t before = (size_t)(end - in);
            line_of(line, in, before, before + 1);
            if (!needs_filter(s, line->classes) && line->len <= max_line_bytes) {
                s->interrupted_idle = false;
                s->begun = true;
                return INPUT_LINE;
            }
        }
    }
    if (s->eof)
        return after_eof(s, line);
    enum input_event event = filter(s, max_line_bytes, telnet, line);
    if (event != INPUT_END)
        return event;
    return s->eof ? after_eof(s, line) : last_line(s, line, conn_input(&s->conn, &len));
}

void input_take(struct session *s, const struct input_line *line)
{
    conn_consume(&s->conn, line->taken);
    s->edited_bytes = 0;
    s->scanned_bytes = 0;
}

/* ---- a line that is too long ---- */

static enum input_event skip(struct session *s, enum telnet_key key)
{
    switch (key) {
    case TELNET_KEY_NONE:
    case TELNET_KEY_TIMING_MARK: return INPUT_NONE;
    case TELNET_KEY_LINE_END: return INPUT_LINE;
    case TELNET_KEY_INTERRUPT: return INPUT_CLEARED;
    case TELNET_KEY_AYT: return ayt_is_due(s) ? INPUT_AYT : INPUT_NONE;
    case TELNET_KEY_EOF: return INPUT_END;
    case TELNET_KEY_ABUSE: return INPUT_ABUSE;
    default: return ++s->skipped_bytes < INPUT_SKIP_MAX_BYTES ? INPUT_NONE : INPUT_ENDLESS;
    }
}

enum input_event input_skip(struct session *s)
{
    size_t len;
    const char *in = conn_input(&s->conn, &len);
    size_t raw = 0, end = piece_of(len);
    enum input_event event = INPUT_NONE;
    while (raw < end && event == INPUT_NONE) {
        if (conn_room(&s->conn) < TELNET_REPLY_MAX)
            event = INPUT_NO_ROOM;
        else
            event = skip(s, key_of(s, (uint8_t)in[raw++]));
    }
    conn_consume(&s->conn, raw);
    return event == INPUT_NONE ? piece_over(s, raw, len) : event;
}

/* ---- looking ahead ---- */

static const char etx = 0x03;

/* The state of the telnet machine at the start of the line being scanned, or where its edited part ends. */
static struct telnet telnet_at_scan_line(const struct session *s, const char *in)
{
    if (s->scan_line == 0)
        return s->telnet;
    bool ended_by_cr = in[s->scan_line - 1] == '\r';
    return (struct telnet){.peer = s->scan.peer, .after = ended_by_cr ? TELNET_AFTER_CR_ENDED : TELNET_AFTER_OTHER};
}

/* True when the line being scanned, which ends at `end`, comes to just 0x03.  One that is longer meanwhile than
 * anybody types before giving up is not looked at closer. */
static bool comes_to_etx(const struct session *s, const char *in, size_t end)
{
    char text[64] = "";
    size_t typed = 0;
    struct telnet t = telnet_at_scan_line(s, in);
    for (size_t at = s->scan_line; at < end && typed < sizeof text; at++) {
        enum telnet_key key = at < s->edited_bytes ? TELNET_KEY_TEXT : key_ahead(&t, (uint8_t)in[at]);
        if (key == TELNET_KEY_TEXT)
            text[typed++] = in[at];
        else
            typed = edit(text, typed, key);
    }
    return content_bytes(text, typed) == 1 && text[0] == etx;
}

static void scan_from_here(struct session *s, const char *in)
{
    s->scanned_bytes = s->edited_bytes;
    s->scan = s->telnet;
    s->scan_line = 0;
    s->scan_etx = s->edited_bytes == 1 && in[0] == etx;
}

/* The byte at `at` was looked at; true when it completes an interrupt. */
static bool is_interrupt(struct session *s, const char *in, size_t at, enum telnet_key key)
{
    if (key == TELNET_KEY_INTERRUPT)
        return true;
    if (key == TELNET_KEY_TEXT && in[at] == etx)
        s->scan_etx = true;
    if (key != TELNET_KEY_LINE_END)
        return false;
    bool interrupts = s->scan_etx && at - s->scan_line < INPUT_PIECE_BYTES && comes_to_etx(s, in, at);
    s->scan_line = (uint32_t)at + 1;
    s->scan_etx = false;
    return interrupts;
}

size_t input_find_interrupt(struct session *s, bool *by_telnet, bool *more)
{
    size_t len;
    const char *in = conn_input(&s->conn, &len);
    if (s->scanned_bytes <= s->edited_bytes)
        scan_from_here(s, in);
    size_t end = s->scanned_bytes + piece_of(len - s->scanned_bytes);
    while (s->scanned_bytes < end) {
        size_t at = s->scanned_bytes++;
        enum telnet_key key = key_ahead(&s->scan, (uint8_t)in[at]);
        *by_telnet = key == TELNET_KEY_INTERRUPT;
        if (is_interrupt(s, in, at, key))
            return at + 1;
    }
    *more = end < len;
    return 0;
}

size_t input_drop(struct session *s, size_t n)
{
    size_t len;
    const char *in = conn_input(&s->conn, &len);
    size_t raw = s->edited_bytes; /* these went through the filter already */
    size_t end = raw + piece_of((n < len ? n : len) - raw);
    while (raw < end && conn_room(&s->conn) >= TELNET_REPLY_MAX)
        key_of(s, (uint8_t)in[raw++]);
    conn_consume(&s->conn, raw);
    s->edited_bytes = 0;
    s->scanned_bytes = 0;
    return n - raw;
}

/* One byte that says nothing; INPUT_LINE when it does say something, and is not taken. */
static enum input_event take_silent(struct session *s, uint8_t byte)
{
    struct telnet ahead = s->telnet;
    switch (key_ahead(&ahead, byte)) {
    case TELNET_KEY_NONE:
    case TELNET_KEY_TIMING_MARK: break;
    case TELNET_KEY_ABUSE: return INPUT_ABUSE;
    default: return INPUT_LINE;
    }
    if (conn_room(&s->conn) < TELNET_REPLY_MAX)
        return INPUT_NO_ROOM;
    return key_of(s, byte) == TELNET_KEY_TIMING_MARK ? INPUT_MARK : INPUT_NONE;
}

enum input_event input_commands(struct session *s)
{
    size_t len;
    const char *in = conn_input(&s->conn, &len);
    size_t raw = 0, end = piece_of(len);
    enum input_event event = INPUT_NONE;
    while (raw < end && event == INPUT_NONE) {
        event = take_silent(s, (uint8_t)in[raw]);
        raw += event == INPUT_NONE || event == INPUT_MARK;
    }
    conn_consume(&s->conn, raw);
    s->scanned_bytes = 0;
    return event == INPUT_NONE ? piece_over(s, raw, len) : event;
}
