/* test_lines.c - what ends, edits and overflows a line: every length near the limit, every line end, every cut, in and
 * out of BINARY, compared with a model that has all of the input before it and looks ahead.
 */
#include "sessions.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(lines, .timeout = 300);

enum {
    LIMIT = 16,
    TEXT_BYTES = 4096
};

#define IAC         "\377"
#define WILL_BINARY IAC "\373\0"
#define WONT_BINARY IAC "\374\0"
#define DO_BINARY   IAC "\375\0"
#define DONT_BINARY IAC "\376\0"
#define NOP         IAC "\361"
#define EC          IAC "\367"
#define EL          IAC "\370"
#define IP          IAC "\364"
#define AYT         IAC "\366"
#define PROMPT      "?> "
#define TOO_LONG    "! line too long (limit 16 bytes)\r\n"
#define NOT_UTF8    "! not valid UTF-8\r\n" PROMPT

struct text {
    char bytes[TEXT_BYTES];
    size_t len;
};

static void add(struct text *t, const char *bytes, size_t len)
{
    cr_assert_leq(t->len + len, sizeof t->bytes);
    memcpy(t->bytes + t->len, bytes, len);
    t->len += len;
}

#define COUNT(array)    (sizeof(array) / sizeof(array)[0])
#define ADD(t, literal) add((t), (literal), sizeof(literal) - 1)

/* ---- the sessions ---- */

/* All that came back, telnet's own replies taken out. */
static void data_of(const struct sim_peer *peer, struct text *out)
{
    const char *bytes = sim_peer_text(peer);
    size_t len = sim_peer_len(peer);
    out->len = 0;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '\377')
            i += 2;
        else
            add(out, bytes + i, 1);
    }
}

/* A session's answers to input that comes in two parts, and ends. */
static void converse(const struct text *input, size_t cut, struct text *out)
{
    struct sim_peer *peer = sessions_connect();
    sim_peer_read_all(peer);
    sim_peer_send(peer, input->bytes, cut);
    sim_run(sessions_reactor, 1000);
    sim_peer_send(peer, input->bytes + cut, input->len - cut);
    sim_peer_end(peer);
    sim_run(sessions_reactor, 1000);
    cr_assert_eq(sessions_clients.count, 0u, "it has not closed");
    data_of(peer, out);
}

/* ---- the model ---- */

/* One data byte or command of the input. */
struct token {
    enum {
        DATA,
        ERASE_CHARACTER,
        ERASE_LINE,
        SETTING,
        OTHER
    } kind;
    unsigned char byte; /* DATA: it; SETTING: the verb, of BINARY */
    size_t bytes;
};

static struct token token_at(const struct text *in, size_t at)
{
    const unsigned char *b = (const unsigned char *)in->bytes + at;
    if (b[0] != 0xFF)
        return (struct token){DATA, b[0], 1};
    switch (b[1]) {
    case 0xFF: return (struct token){DATA, 0xFF, 2};
    case 0xF7: return (struct token){ERASE_CHARACTER, 0, 2};
    case 0xF8: return (struct token){ERASE_LINE, 0, 2};
    case 0xF1: return (struct token){OTHER, 0, 2};
    default: return (struct token){SETTING, b[1], 3};
    }
}

struct model {
    char line[TEXT_BYTES];
    size_t len;
    bool skipping;
    bool telnet, his_binary, our_binary;
    struct text *out;
};

/* The next token is this byte, settings and commands without effect aside: *at moves behind it. */
static bool followed_by(const struct text *in, size_t *at, char byte)
{
    for (size_t i = *at; i < in->len;) {
        struct token t = token_at(in, i);
        i += t.bytes;
        if (t.kind == DATA && t.byte == (unsigned char)byte) {
            memset((char *)(uintptr_t)in->bytes + i - 1, '\376', 1); /* taken: see model_run() */
            return true;
        }
        if (t.kind != SETTING && t.kind != OTHER)
            return false;
    }
    return false;
}

/* What is answered to a line, with the prompt: what a client without telnet gets for it. */
static void add_answer(struct text *out, const char *line, size_t len)
{
    static struct known {
        struct text line, answer;
    } known[256];
    static size_t count;
    size_t i = 0;
    while (i < count && (known[i].line.len != len || memcmp(known[i].line.bytes, line, len) != 0))
        i++;
    if (i == count) {
        cr_assert_lt(count, COUNT(known));
        struct text input = {.len = 0};
        add(&known[count].line, line, len);
        add(&input, line, len);
        ADD(&input, "\n");
        converse(&input, 0, &known[count++].answer);
    }
    add(out, known[i].answer.bytes + strlen(PROMPT), known[i].answer.len - strlen(PROMPT));
}

static void model_return(struct model *m)
{
    if (m->our_binary)
        ADD(m->out, "\r");
}

static void model_line(struct model *m)
{
    model_return(m);
    if (m->skipping)
        ADD(m->out, PROMPT);
    else if (memchr(m->line, 0xFF, m->len))
        ADD(m->out, NOT_UTF8);
    else
        add_answer(m->out, m->line, m->len);
    m->len = 0;
    m->skipping = false;
}

static void model_text(struct model *m, char byte, bool spared)
{
    if (m->skipping)
        return;
    m->line[m->len++] = byte;
    if (m->len <= LIMIT || spared)
        return;
    model_return(m);
    ADD(m->out, TOO_LONG);
    m->skipping = true;
}

static void model_erase(struct model *m)
{
    while (m->len > 0 && ((unsigned char)m->line[m->len - 1] & 0xC0) == 0x80)
        m->len--;
    m->len -= m->len > 0;
}

static void model_erase_word(struct model *m)
{
    while (m->len > 0 && (m->line[m->len - 1] == ' ' || m->line[m->len - 1] == '\r'))
        m->len--;
    while (m->len > 0 && m->line[m->len - 1] != ' ' && m->line[m->len - 1] != '\r')
        m->len--;
}

/* A CR that belongs to no line end counts for the limit, unless it is erased at once or the last byte of all. */
static bool is_spared(const struct model *m, const struct text *in, size_t at)
{
    while (at < in->len) {
        struct token t = token_at(in, at);
        if (t.kind == DATA)
            return m->telnet && memchr("\b\x7f\x15\x17", t.byte, 4);
        if (t.kind == ERASE_CHARACTER || t.kind == ERASE_LINE)
            return true;
        at += t.bytes;
    }
    return true;
}

static void model_data(struct model *m, const struct text *in, size_t *at, unsigned char byte)
{
    bool edits = m->telnet && !m->skipping;
    if (byte == '\n') {
        model_line(m);
    } else if (byte == '\r' && m->his_binary) {
        model_line(m);
        if (!followed_by(in, at, '\n'))
            followed_by(in, at, '\0');
    } else if (byte == '\r' && (followed_by(in, at, '\n') || followed_by(in, at, '\0'))) {
        model_line(m);
    } else if (edits && (byte == 0x08 || byte == 0x7F)) {
        model_erase(m);
    } else if (edits && byte == 0x15) {
        m->len = 0;
    } else if (edits && byte == 0x17) {
        model_erase_word(m);
    } else {
        model_text(m, (char)byte, byte == '\r' && is_spared(m, in, *at));
    }
}

static void model_setting(struct model *m, unsigned char verb)
{
    if (verb == 0xFB || verb == 0xFC)
        m->his_binary = verb == 0xFB;
    else
        m->our_binary = verb == 0xFD;
}

/* What a session should answer.  A byte 0xFE stands where a line end of two bytes has taken its second. */
static void model_run(const struct text *input, struct text *out)
{
    static struct model m;
    struct text in = *input;
    m = (struct model){.out = out};
    out->len = 0;
    ADD(out, PROMPT);
    for (size_t at = 0; at < in.len;) {
        struct token t = token_at(&in, at);
        at += t.bytes;
        m.telnet |= t.kind != DATA || t.byte == 0xFF;
        if (t.kind == DATA && t.byte != 0xFE)
            model_data(&m, &in, &at, t.byte);
        else if (t.kind == ERASE_CHARACTER)
            model_erase(&m);
        else if (t.kind == ERASE_LINE)
            m.len = 0;
        else if (t.kind == SETTING)
            model_setting(&m, t.byte);
    }
    if (m.skipping || m.len > 0)
        model_line(&m);
}

/* ---- the walks ---- */

/* For messages: escaped, without the bars.  The last three results are valid. */
static const char *shown(const struct text *t)
{
    static char text[3][4 * TEXT_BYTES + 1];
    static int turn;
    char *out = text[turn = (turn + 1) % 3];
    size_t len = 0;
    for (size_t i = 0; i < t->len; i++) {
        if (i + 3 <= t->len && memcmp(t->bytes + i, "\u2500", 3) == 0)
            i += 2;
        else
            len += (size_t)sprintf(out + len, t->bytes[i] >= ' ' && t->bytes[i] < 0x7F ? "%c" : "\\x%02X",
                                   (unsigned char)t->bytes[i]);
    }
    return out;
}

static void expect_as_model(const struct text *input)
{
    static struct text expected, got;
    model_run(input, &expected);
    for (size_t cut = 0; cut < input->len; cut++) {
        converse(input, cut, &got);
        if (got.len != expected.len || memcmp(got.bytes, expected.bytes, got.len) != 0)
            cr_assert_fail("%s cut at %zu\nexpected %s\ngot      %s", shown(input), cut, shown(&expected), shown(&got));
    }
}

#define PART(literal)                                                                                                  \
    {                                                                                                                  \
        literal, sizeof(literal) - 1                                                                                   \
    }
struct part {
    const char *bytes;
    size_t len;
};

static const struct part manners[] = {
    PART(""), PART(NOP), PART(WILL_BINARY), PART(DO_BINARY), PART(WILL_BINARY DO_BINARY),
};

static const struct part line_ends[] = {
    PART("\n"),
    PART("\r\n"),
    PART("\r\0"),
    PART("\r"),
    PART("\r\r\n"),
    PART("\r\r\0"),
    PART("\r \n"),
    PART("\r\r \n"),
    PART("\n\r"),
    PART("\r" NOP "\n"),
    PART("\r" NOP "\0"),
    PART("\r\0\n"),
    PART("\r" WILL_BINARY "\n"),
    PART("\r" WONT_BINARY "\n"),
    PART("\r" WONT_BINARY WILL_BINARY "\0"),
    PART("\r" WONT_BINARY " \r" WILL_BINARY "\0\r"),
};

/* Line ends that an editing key comes into. */
static const struct part edited_ends[] = {
    PART("\r" EC "\0\n"), PART("\r" EC "\n"), PART("\r\b\0\n"), PART("\r" EL "\0\n"), PART("\r\x15\r\n"),
};

/* How the text comes to its length. */
static const struct part endings[] = {
    PART(""),          PART("x\b"),           PART("x" EC),       PART("\u265a\x7f"), PART(" \u265a" EC " "),
    PART(IAC IAC),     PART(IAC IAC "\b"),    PART(" xy zw\x17"), PART("x\b\b\b   "), PART("\u265a" NOP),
    PART(WONT_BINARY), PART(" " WILL_BINARY),
};

/* "weary cat", blanks up to a length, an ending, a line end; and two requests that must be answered whatever that came
 * to. */
static void walk(const struct part *manner, const struct part *ends, size_t end_count, const struct part *ending)
{
    for (size_t len = LIMIT - 3; len <= LIMIT + 3; len++)
        for (size_t e = 0; e < end_count; e++) {
            struct text input = {.len = 0};
            add(&input, manner->bytes, manner->len);
            add(&input, "weary cat           ", len);
            add(&input, ending->bytes, ending->len);
            add(&input, ends[e].bytes, ends[e].len);
            ADD(&input, "weary cat\nweary cat\r\n");
            expect_as_model(&input);
        }
}

static void walk_all(const struct part *ends, size_t end_count, const struct part *some_endings, size_t ending_count)
{
    sessions_begin(LIMIT);
    for (size_t m = 0; m < COUNT(manners); m++)
        for (size_t i = 0; i < ending_count; i++)
            walk(&manners[m], ends, end_count, &some_endings[i]);
    sessions_end();
}

Test(lines, every_length_near_the_limit_every_line_end_every_cut)
{
    walk_all(line_ends, COUNT(line_ends), endings, 1);
}

Test(lines, edited_near_the_limit)
{
    walk_all(line_ends, 6, endings + 1, COUNT(endings) - 1);
    walk_all(edited_ends, COUNT(edited_ends), endings, 2);
}

/* The line end is lost neither in what is skipped nor behind it. */
Test(lines, skipped_to_every_line_end)
{
    sessions_begin(LIMIT);
    for (size_t m = 0; m < COUNT(manners); m++)
        for (size_t e = 0; e < COUNT(line_ends); e++) {
            struct text input = {.len = 0};
            add(&input, manners[m].bytes, manners[m].len);
            ADD(&input, "too long for this limit\b\b\b\b\b\b\b\x15");
            add(&input, line_ends[e].bytes, line_ends[e].len);
            ADD(&input, "weary cat\n");
            expect_as_model(&input);
        }
    sessions_end();
}

/* Everything waits but the first byte, and more than the limit goes on: 64 KiB of it are skipped, no byte more. */
Test(lines, skipped_to_the_last_byte)
{
    static char filler[65536 + LIMIT + 1];
    memset(filler, 'x', sizeof filler);
    for (size_t more = 0; more < 2; more++) {
        sessions_begin(LIMIT);
        struct sim_peer *peer = sessions_connect();
        sim_peer_read_all(peer);
        sim_peer_send(peer, filler, LIMIT + 1 + 65535 + more);
        sim_peer_send(peer, "\nweary cat\n", 11);
        sim_peer_end(peer);
        sim_run(sessions_reactor, 1000);
        struct text got;
        data_of(peer, &got);
        const char *closed = memmem(got.bytes, got.len, "# closing: line without end\r\n", 29);
        cr_expect_eq(closed != NULL, more == 1, "%s", shown(&got));
        cr_expect_eq(memmem(got.bytes, got.len, TOO_LONG PROMPT "U+1F640", 43) != NULL, more == 0, "%s", shown(&got));
        sessions_end();
    }
}

/* ---- the byte order mark ---- */

#define MARK "\xef\xbb\xbf"

/* With a mark at its start the input is answered as without, wherever it is cut, also behind a negotiation. */
static void expect_as_without(const struct part *manner, const char *bytes, size_t len)
{
    static struct text with, without, expected, got;
    with.len = without.len = 0;
    add(&with, manner->bytes, manner->len);
    add(&without, manner->bytes, manner->len);
    ADD(&with, MARK);
    add(&with, bytes, len);
    add(&without, bytes, len);
    converse(&without, 0, &expected);
    for (size_t cut = 0; cut <= with.len; cut++) {
        converse(&with, cut, &got);
        if (got.len != expected.len || memcmp(got.bytes, expected.bytes, got.len) != 0)
            cr_assert_fail("%s cut at %zu\nexpected %s\ngot      %s", shown(&with), cut, shown(&expected), shown(&got));
    }
}

Test(lines, a_byte_order_mark_is_dropped)
{
    static const struct part inputs[] = {
        PART(""),
        PART("\n"),
        PART("weary cat\n"),
        PART("weary cat\r\nweary cat"),
        PART("weary cat       \n"),
        PART("\x04\n"),
        PART("caf\xe9\n"),
        PART("\n" MARK "\n"),
        PART("\xef\xbb\n"),
    };
    sessions_begin(LIMIT);
    for (size_t m = 0; m < COUNT(manners); m++)
        for (size_t i = 0; i < COUNT(inputs); i++)
            expect_as_without(&manners[m], inputs[i].bytes, inputs[i].len);
    sessions_end();
}

/* What only begins like one is no mark, and is not lost. */
Test(lines, the_beginning_of_a_mark_is_text)
{
    static const struct part inputs[] = {PART("\xef\xbb"), PART("\xef"), PART("\xef\xbb\n"), PART("\xef\xbbx\n")};
    sessions_begin(LIMIT);
    for (size_t i = 0; i < COUNT(inputs); i++) {
        struct text input = {.len = 0}, got;
        add(&input, inputs[i].bytes, inputs[i].len);
        for (size_t cut = 0; cut < input.len; cut++) {
            converse(&input, cut, &got);
            cr_expect_eq(memcmp(got.bytes, PROMPT NOT_UTF8, strlen(PROMPT NOT_UTF8)), 0, "%s", shown(&got));
        }
    }
    struct text mark = {.len = 0}, got;
    ADD(&mark, MARK "weary cat\n");
    sessions_kind.classic = true;
    converse(&mark, 0, &got);
    cr_expect(memmem(got.bytes, got.len, " 0 found\r\n", 10), "the classic dialect drops nothing: %s", shown(&got));
    sessions_end();
}

/* ---- bounds ---- */

/* However many bytes are piled up, and however little they ask for, they are taken once: no command makes the rest be
 * moved or looked through again.  Time would tell: each of these would take minutes. */
Test(lines, a_megabyte_of_commands)
{
    static const struct part units[] = {PART(AYT),
                                        PART("x" AYT),
                                        PART("x" IP),
                                        PART("\r" NOP),
                                        PART("x\b"),
                                        PART("\n"),
                                        PART("\U0001F1E9\U0001F1E9\b")};
    enum {
        BYTES = 1 << 20
    };
    static char input[BYTES + 64];
    for (size_t i = 0; i < COUNT(units); i++) {
        sessions_begin(BYTES);
        size_t len = 0;
        for (; len < BYTES; len += units[i].len)
            memcpy(input + len, units[i].bytes, units[i].len);
        struct sim_peer *peer = sessions_connect();
        sim_peer_read_all(peer);
        sim_peer_send(peer, NOP, 2);
        sim_peer_send(peer, input, len);
        sim_peer_send(peer, "\x15\nweary cat\n", 12);
        sim_peer_end(peer);
        sim_run(sessions_reactor, 1000000);
        cr_expect_eq(sessions_clients.count, 0u);
        cr_expect(memmem(sim_peer_text(peer), sim_peer_len(peer), "WEARY CAT FACE", 14), "unit %zu", i);
        sessions_end();
    }
}
