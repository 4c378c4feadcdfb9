/* The answer checker: compares with known answers as long as it can, then reads line by line. */
#include "dialogue/check.h"

#include "units.h"

#include "unicode/text.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char PROMPT[] = "?> ";
#define RULE10 "──────────"
static const char RULE[] = RULE10 RULE10 RULE10 RULE10 RULE10 RULE10 "──────"; /* 66 times U+2500 */

__attribute__((format(printf, 2, 3))) static void blame(struct check *k, const char *format, ...)
{
    if (k->wrong)
        return; /* the first fault explains the others */
    k->wrong = true;
    va_list args;
    va_start(args, format);
    vsnprintf(k->why, sizeof k->why, format, args);
    va_end(args);
}

/* ---- one line ---- */

static bool starts(const char *text, size_t len, const char *with, size_t with_len)
{
    return len >= with_len && memcmp(text, with, with_len) == 0;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/* The column of the character: its own UTF-8, or any one picture for a control. */
static bool right_character(const char *text, size_t len, uint32_t codepoint)
{
    char own[4];
    if (is_control(codepoint))
        return len >= 1 && len <= 4 && (unsigned char)text[0] > 0x20 && text[0] != 0x7F;
    size_t own_len = text_encode(codepoint, own);
    return len == own_len && memcmp(text, own, len) == 0;
}

/* True when the word stands in text between spaces, hyphens and the ends. */
static bool has_word(const char *text, size_t len, const char *word, size_t word_len)
{
    for (size_t at = 0; at + word_len <= len;) {
        const char *hit = memmem(text + at, len - at, word, word_len);
        if (hit == NULL)
            return false;
        const char *after = hit + word_len;
        if ((hit == text || hit[-1] == ' ' || hit[-1] == '-') &&
            (after == text + len || *after == ' ' || *after == '-'))
            return true;
        at = (size_t)(hit - text) + 1;
    }
    return false;
}

static bool has_all_words(const struct answer *a, const char *text, size_t len)
{
    for (unsigned i = 0; i < a->words; i++) {
        if (!has_word(text, len, a->word_text + a->word[i].at, a->word[i].len))
            return false;
    }
    return true;
}

static bool is_name(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != ' ' && c != '-')
            return false;
    }
    return len > 0;
}

/* name [TAB "alias " alias] */
static void check_name(struct check *k, uint32_t codepoint, const char *text, size_t len)
{
    static const char intro[] = "alias ";
    const char *tab = memchr(text, '\t', len), *alias = NULL;
    size_t name_len = tab == NULL ? len : (size_t)(tab - text), alias_len = 0;
    if (tab != NULL) {
        alias = tab + 1;
        alias_len = len - name_len - 1;
        if (k->all->classic || alias_len <= sizeof intro - 1 || memcmp(alias, intro, sizeof intro - 1) != 0) {
            blame(k, "line %llu: U+%04X has a fourth column that is no alias", (unsigned long long)k->lines, codepoint);
            return;
        }
        alias += sizeof intro - 1;
        alias_len -= sizeof intro - 1;
    }
    const char *held = alias != NULL ? alias : text;
    size_t held_len = alias != NULL ? alias_len : name_len;
    if (!is_name(text, name_len) || !is_name(held, held_len))
        blame(k, "line %llu: the name of U+%04X is not one", (unsigned long long)k->lines, codepoint);
    else if (!has_all_words(k->about, held, held_len))
        blame(k, "line %llu: U+%04X %.*s does not have every word of the query", (unsigned long long)k->lines,
              codepoint, (int)held_len, held);
}

static void check_result(struct check *k, const char *text, size_t len)
{
    size_t digits = strspn(text + 2, "0123456789ABCDEF"); /* up to CR at the latest */
    unsigned long value = digits >= 4 && digits <= 6 ? strtoul(text + 2, NULL, 16) : ULONG_MAX;
    uint32_t codepoint = (uint32_t)value;
    const char *character = text + 2 + digits + 1, *end = text + len;
    k->results++;
    if (value > 0x10FFFF || (digits > 4 && text[2] == '0') || character[-1] != '\t') {
        blame(k, "line %llu: not a code point and a TAB", (unsigned long long)k->lines);
        return;
    }
    const char *tab = memchr(character, '\t', (size_t)(end - character));
    if (tab == NULL || !right_character(character, (size_t)(tab - character), codepoint)) {
        char shown[32];
        size_t shown_len = tab == NULL ? (size_t)(end - character) : (size_t)(tab - character);
        blame(k, "line %llu: U+%04X stands beside the bytes \"%s\"", (unsigned long long)k->lines, codepoint,
              units_escape(character, shown_len, shown, sizeof shown));
        return;
    }
    if ((int64_t)codepoint <= k->last_codepoint && !k->all->directives)
        blame(k, "line %llu: U+%04X comes after U+%04X", (unsigned long long)k->lines, codepoint,
              (unsigned)k->last_codepoint);
    k->last_codepoint = codepoint;
    check_name(k, codepoint, tab + 1, (size_t)(end - tab - 1));
}

static void check_status(struct check *k, const char *text, size_t len)
{
    char want[sizeof RULE + 32];
    const char *number = text + sizeof RULE; /* behind the space */
    uint64_t count = len > sizeof RULE && isdigit((unsigned char)*number) ? strtoull(number, NULL, 10) : 0;
    int want_len = snprintf(want, sizeof want, "%s %llu found", RULE, (unsigned long long)count);
    k->ended = true;
    bool exact = len == (size_t)want_len && memcmp(text, want, len) == 0;
    if (k->all->directives)
        return; /* a limit or a count may be in force */
    if (!exact)
        blame(k, "line %llu: a status line that is not \"N found\"", (unsigned long long)k->lines);
    else if (count != k->results)
        blame(k, "the status line says %llu found after %llu lines", (unsigned long long)count,
              (unsigned long long)k->results);
}

static void check_error_line(struct check *k, const char *text, size_t len)
{
    if (k->all->classic)
        blame(k, "line %llu: an error line in the classic dialect", (unsigned long long)k->lines);
    units_escape(text + 2, len - 2, k->said, sizeof k->said);
    k->error = k->ended = true;
}

/* A line without its end. */
static void check_text(struct check *k, const char *text, size_t len)
{
    bool note = starts(text, len, "# ", 2) && !k->all->classic;
    bool rule = starts(text, len, RULE, sizeof RULE - 1);
    if (k->ended)
        blame(k, "line %llu: a line after the answer had ended", (unsigned long long)k->lines);
    else if (k->farewell ? !note : len == 0 && k->lines > 1)
        blame(k, "line %llu: not a line of an answer", (unsigned long long)k->lines);
    else if (len == 0)
        k->farewell = true;
    else if (starts(text, len, "! ", 2))
        check_error_line(k, text, len);
    else if (!note && k->about->kind == ANSWER_GREETING)
        blame(k, "the server does not greet with the prompt \"?> \"");
    else if (starts(text, len, "U+", 2))
        check_result(k, text, len);
    else if (rule)
        check_status(k, text, len);
    else if (!note) {
        char shown[48];
        blame(k, "line %llu: not a line of an answer: \"%s\"", (unsigned long long)k->lines,
              units_escape(text, len, shown, sizeof shown));
    }
    if (k->about->kind == ANSWER_BLANK && !k->farewell)
        blame(k, "an answer to a blank line");
}

/* len bytes with LF at the end; cut: there were more than were kept. */
static void check_line(struct check *k, const char *line, size_t len, bool cut)
{
    k->lines++;
    if (cut && line[0] != '#')
        blame(k, "line %llu: longer than %d bytes", (unsigned long long)k->lines, CHECK_LINE_MAX);
    else if (!cut && (len < 2 || line[len - 2] != '\r'))
        blame(k, "line %llu: ends in LF without CR", (unsigned long long)k->lines);
    else
        check_text(k, line, len - 2);
}

/* ---- the stream of lines ---- */

/* The prompt has come: is the answer whole? */
static void check_whole(struct check *k)
{
    enum answer_kind kind = k->about->kind;
    if (k->farewell)
        blame(k, "a prompt after the farewell");
    else if (kind == ANSWER_QUERY && !k->ended)
        blame(k, k->lines == 0 ? "a prompt and no answer" : "no status line");
    else if (kind == ANSWER_DIRECTIVE && k->lines == 0)
        blame(k, "a prompt and no answer");
}

static size_t feed_prompt(struct check *k, const char *bytes, size_t len, bool *whole)
{
    size_t n = 0;
    while (n < len && k->prompt_matched < 3 && bytes[n] == PROMPT[k->prompt_matched]) {
        k->prompt_matched++;
        n++;
    }
    *whole = k->prompt_matched == 3;
    if (*whole)
        check_whole(k);
    else if (n < len) { /* what looked like a prompt is the start of some other line */
        memcpy(k->partial, PROMPT, k->prompt_matched);
        k->partial_len = k->prompt_matched;
        k->prompt_matched = 0;
    }
    return n;
}

static void keep_partial(struct check *k, const char *bytes, size_t len)
{
    size_t room = CHECK_LINE_MAX - k->partial_len;
    if (len > room)
        len = room;
    memcpy(k->partial + k->partial_len, bytes, len);
    k->partial_len = (uint16_t)(k->partial_len + len);
}

/* Takes the rest of a line, or what there is of it. */
static size_t feed_line(struct check *k, const char *bytes, size_t len)
{
    const char *end = memchr(bytes, '\n', len);
    size_t n = end == NULL ? len : (size_t)(end - bytes) + 1;
    if (end != NULL && k->partial_len == 0) {
        check_line(k, bytes, n, false);
        return n;
    }
    bool cut = k->partial_len + n > CHECK_LINE_MAX;
    keep_partial(k, bytes, n);
    if (end != NULL) {
        check_line(k, k->partial, k->partial_len, cut);
        k->partial_len = 0;
    }
    return n;
}

static size_t feed_lines(struct check *k, const char *bytes, size_t len, bool *whole)
{
    size_t at = 0;
    *whole = false;
    while (at < len && !*whole) {
        if (k->partial_len == 0 && (k->prompt_matched > 0 || bytes[at] == PROMPT[0]))
            at += feed_prompt(k, bytes + at, len - at, whole);
        else
            at += feed_line(k, bytes + at, len - at);
    }
    return at;
}

/* ---- against what is known ---- */

void check_begin(struct check *k, struct answers *all, struct answer *about)
{
    k->all = all;
    k->about = about;
    k->offset = 0;
    k->wrong = k->ended = k->error = k->farewell = k->recording = false;
    k->results = k->lines = 0;
    k->last_codepoint = -1;
    k->prompt_matched = 0;
    k->partial_len = 0;
    k->known = about->kind == ANSWER_GREETING ? NULL : answers_acquire(all, about);
    k->comparing = k->known != NULL;
    if (!k->comparing && about->kind != ANSWER_GREETING)
        k->recording = answers_record(all, about, k);
}

void check_abandon(struct check *k)
{
    if (k->known != NULL)
        answers_release(k->known);
    if (k->recording)
        answers_end(k->all, k->about, false);
    k->known = NULL;
    k->recording = false;
}

static enum check_verdict conclude(struct check *k)
{
    if (k->known != NULL && !k->wrong && !k->comparing && !k->error)
        blame(k, "well formed, but not the answer that an earlier request for the same got");
    if (k->recording)
        answers_end(k->all, k->about, !k->wrong && !k->error);
    k->recording = false;
    check_abandon(k);
    return k->wrong ? CHECK_WRONG : k->error ? CHECK_ERROR : CHECK_RIGHT;
}

/* All bytes were equal to what is known. */
static enum check_verdict conclude_equal(struct check *k)
{
    const struct answer *known = k->known;
    k->error = known->error;
    if (known->error) /* without "! " and the line end and the prompt */
        units_escape(known->bytes + 2, known->len - 2 - 5, k->said, sizeof k->said);
    return conclude(k);
}

/* The bytes differ from what is known at the present offset: reads again from the start, line by line. */
static void differ(struct check *k, const char *bytes, size_t len)
{
    bool whole;
    struct answer *known = k->known;
    k->comparing = false;
    if (known->rendered) {
        char want[48], got[48];
        blame(k, "byte %zu: \"%s\" where the index has \"%s\"", k->offset, units_escape(bytes, len, got, sizeof got),
              units_escape(known->bytes + k->offset, known->len - k->offset, want, sizeof want));
    }
    feed_lines(k, known->bytes, k->offset, &whole);
}

/* The length of the common prefix, in steps that the compiler turns into memcmp(). */
static size_t common_prefix(const char *a, const char *b, size_t len)
{
    size_t n = 0;
    while (n + 256 <= len && memcmp(a + n, b + n, 256) == 0)
        n += 256;
    while (n < len && a[n] == b[n])
        n++;
    return n;
}

size_t check_feed(struct check *k, const char *bytes, size_t len, enum check_verdict *verdict)
{
    size_t taken = 0;
    *verdict = CHECK_MORE;
    if (k->comparing) {
        const struct answer *known = k->known;
        size_t left = known->len - k->offset, most = len < left ? len : left;
        bool equal = memcmp(bytes, known->bytes + k->offset, most) == 0;
        taken = equal ? most : common_prefix(bytes, known->bytes + k->offset, most);
        k->offset += taken;
        if (equal) {
            if (k->offset == known->len)
                *verdict = conclude_equal(k);
            return taken;
        }
        differ(k, bytes + taken, len - taken);
    }
    bool whole;
    size_t n = feed_lines(k, bytes + taken, len - taken, &whole);
    if (k->recording)
        answers_append(k->all, k->about, bytes + taken, n);
    k->offset += n;
    if (whole)
        *verdict = conclude(k);
    return taken + n;
}
