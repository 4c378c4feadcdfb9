/* Folding and search against a naive evaluator, on a small index of names chosen to share words.
 *
 * Odd inputs are lines as they are.  Even ones spell a line from a table of words, gaps and trouble, a byte an
 * entry, so that most of them find something.
 */
#include "mkindex/builder.h"
#include "unicode/query.h"
#include "unicode/text.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unistr.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char derived_name[] = "0041 ; LATIN CAPITAL LETTER A\n"
                                   "0042 ; LATIN CAPITAL LETTER B\n"
                                   "0061 ; LATIN SMALL LETTER A\n"
                                   "0062 ; LATIN SMALL LETTER B\n"
                                   "0063..0069 ; LETTER-*\n"
                                   "00A0 ; NO-BREAK SPACE\n"
                                   "0100..0180 ; SMALL FI-*\n"
                                   "2654 ; WHITE CHESS KING\n"
                                   "2655 ; BLACK CHESS KING\n"
                                   "2656 ; BLACK CHESS BLACK\n"
                                   "2657 ; A A LETTER-A\n"
                                   "1FA00 ; KISS SMALL A\n";
static const char name_aliases[] = "0009;TAB;abbreviation\n"
                                   "0009;SMALL TAB;control\n"
                                   "00A0;NBSP;abbreviation\n"
                                   "2655;BLACK LETTER;alternate\n"
                                   "2655;LETTER TAB;alternate\n";
static const char *const spelt[] = {
    " ",
    "-",
    "\t",
    "\xC2\xA0",
    "\x1C",
    "\xE3\x80\x80",
    "A",
    "b",
    "Latin",
    "small",
    "CAPITAL",
    "letter",
    "\xEF\xAC\x81",
    "f\xC4\xB1",
    "fi",
    "0110",
    "017f",
    "k\xC4\xB1ss",
    "ki",
    "\xC3\x9F",
    "chess",
    "black",
    "king",
    "white",
    "nbsp",
    "tab",
    "no-break",
    "space",
    "\xC5\xBF",
    "mall",
    "\x7F",
    "\x01",
    "\xF0\x9F\x90\xB1",
    "KISS",
    "\xE2\x84\xAA",
    "0063",
};
enum {
    TEXT_BYTES = 4096,
    WORDS = TEXT_BYTES
};

static const struct index *ix;

int LLVMFuzzerInitialize(int *argc, char ***argv) // NOLINT(readability-non-const-parameter): so libFuzzer calls it
{
    static struct buffer image; /* lives as long as the process */
    struct names names;
    struct ucd_error error;
    struct ucd_file n, a;
    (void)argc, (void)argv;
    ucd_open_memory(&n, "DerivedName.txt", derived_name, sizeof derived_name - 1, UCD_CODEPOINTS, &error);
    ucd_open_memory(&a, "NameAliases.txt", name_aliases, sizeof name_aliases - 1, UCD_CODEPOINTS, &error);
    if (!names_from_files(&names, &n, &a) || !builder_build(&names, &image, &error))
        abort();
    names_free(&names);
    ix = (const struct index *)(const void *)image.data;
    return 0;
}

/* ---- the naive way ---- */

struct word {
    const char *text;
    size_t len;
};

/* Words of upper-cased text: hyphens are spaces; with `controls` control bytes are, too. */
static size_t split(const char *text, size_t len, bool controls, struct word out[WORDS])
{
    size_t count = 0;
    const char *start = text, *end = text + len;
    for (const char *at = text; at <= end;) {
        uint32_t c = ' ';
        size_t bytes = at < end ? text_decode(at, (size_t)(end - at), &c) : 1;
        if (text_is_space(c) || c == '-' || (controls && (c < 0x20 || c == 0x7F))) {
            if (at > start)
                out[count++] = (struct word){start, (size_t)(at - start)};
            start = at + bytes;
        }
        at += bytes;
    }
    return count;
}

static bool holds(const char *text, size_t len, const struct word *query, size_t count)
{
    static struct word have[WORDS];
    size_t words = split(text, len, false, have);
    for (size_t q = 0; q < count; q++) {
        size_t i = 0;
        while (i < words && (have[i].len != query[q].len || memcmp(have[i].text, query[q].text, have[i].len) != 0))
            i++;
        if (i == words)
            return false;
    }
    return count > 0;
}

/* The first way in which a character matches: by name, by an alias (in *alias), or not. */
static bool matches(uint32_t ordinal, const struct word *query, size_t count, bool aliases, uint32_t *alias)
{
    size_t len;
    const char *name = index_name(ix, ordinal, &len);
    *alias = INDEX_NONE;
    if (!index_is_control(ix, ordinal) && holds(name, len, query, count))
        return true;
    struct index_run run = index_aliases_of(ix, ordinal);
    for (uint32_t a = run.first; aliases && a < run.end; a++) {
        const char *text = index_alias(ix, a, &len);
        if (holds(text, len, query, count)) {
            *alias = a;
            return true;
        }
    }
    return false;
}

/* ---- comparison ---- */

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void compare(struct search *s, const char *text, size_t len, enum search_dialect dialect, uint32_t max)
{
    static struct word query[WORDS];
    static uint8_t upper[3 * TEXT_BYTES];
    size_t upper_len = sizeof upper;
    expect(u8_toupper((const uint8_t *)text, len, NULL, NULL, upper, &upper_len) == upper);
    size_t count = split((const char *)upper, upper_len, dialect == SEARCH_DEFAULT, query);
    struct search_run run = {0, 0, false};
    enum search_step step = SEARCH_RUN;
    for (uint32_t i = 0; i < index_count(ix); i++) {
        uint32_t alias;
        if (!matches(i, query, count, dialect == SEARCH_DEFAULT, &alias))
            continue;
        while (!run.count && (step = search_next(s, max, &run)) != SEARCH_RUN)
            expect(step != SEARCH_END);
        expect(run.alias == (alias != INDEX_NONE) && run.first == (run.alias ? alias : i) && run.count <= max);
        run.first++;
        run.count--;
    }
    expect(!run.count);
    while ((step = search_next(s, max, &run)) != SEARCH_END)
        expect(step != SEARCH_RUN);
}

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* "u1F468", "uni2660": a word that begins so may be read as a code point. */
static size_t glyph_prefix(const char *text, size_t len)
{
    if (len > 3 && (text[0] | 0x20) == 'u' && text[1] == 'n' && text[2] == 'i')
        return 3;
    return len > 1 && (text[0] | 0x20) == 'u';
}

/* In the default dialect only texts of letters, digits and white space are plain words; words of
 * hex digits may be read as code points, and those that begin with "0x" are. */
static bool is_plain(const char *text, size_t len)
{
    bool other = false, inside = false;
    size_t digits_from = 0; /* of the word, if it is a code point */
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        bool digit = c >= '0' && c <= '9', letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (!digit && !letter && c > ' ' && c != 0x7F)
            return false;
        if (!inside && c == '0' && i + 1 < len && (text[i + 1] | 0x20) == 'x')
            return false;
        if (!inside && letter)
            digits_from = i + glyph_prefix(text + i, len - i);
        inside = digit || letter;
        other |= letter && i >= digits_from && (c | 0x20) > 'f';
    }
    return other;
}

/* A query of the default dialect has at most 64 atoms, words like any others; this one is short enough to be told so
 * even if all it has is words. */
static bool has_too_many(const char *text, size_t len)
{
    size_t atoms = 0;
    for (size_t i = 0; i < len; i++)
        atoms += is_letter_or_digit(text[i]) && (i == 0 || !is_letter_or_digit(text[i - 1]));
    return atoms > QUERY_ATOMS;
}

static size_t spell(const uint8_t *data, size_t size, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < size; i++) {
        const char *piece = spelt[data[i] % (sizeof spelt / sizeof *spelt)];
        if (len + strlen(piece) > TEXT_BYTES)
            break;
        memcpy(out + len, piece, strlen(piece) + 1);
        len += strlen(piece);
    }
    return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[TEXT_BYTES + 1];
    size_t len = size ? size - 1 : 0;
    if (len > TEXT_BYTES)
        return 0;
    if (len && data[0] % 2)
        memcpy(text, data + 1, len);
    else
        len = spell(data + 1, len, text);
    uint32_t max = size && data[0] / 2 % 8 ? data[0] / 2 % 8 : UINT32_MAX;
    for (int dialect = SEARCH_CLASSIC; dialect <= SEARCH_DEFAULT; dialect++) {
        struct search s;
        struct search_error error;
        if (dialect == SEARCH_DEFAULT && !is_plain(text, len))
            continue;
        enum search_result result = search_open(&s, ix, (enum search_dialect)dialect, text, len, &error);
        if (dialect == SEARCH_DEFAULT && has_too_many(text, len))
            expect(result == SEARCH_ILL_FORMED);
        else
            expect(result == (u8_check((const uint8_t *)text, len) ? SEARCH_BAD_UTF8 : SEARCH_OPENED));
        if (result != SEARCH_OPENED)
            continue;
        compare(&s, text, len, (enum search_dialect)dialect, max);
        search_close(&s);
    }
    return 0;
}
