/* Code point forms: every character in every form, every name, every named reference, and what is none of them. */
#include "unicode/codepoint.h"
#include "unicode/query.h"
#include "unicode/text.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(query_forms, .init = only_unicode_15);

/* The form is read whole, from a buffer of just its length, and stands for this code point. */
static bool reads(const char *text, size_t len, uint32_t c)
{
    struct query_form form;
    struct search_error error;
    char *exact = malloc(len);
    memcpy(exact, text, len);
    bool starts = query_starts_codepoint(exact, len);
    size_t taken = query_form(exact, len, &form, &error);
    free(exact);
    return starts && taken == len && form.count == 1 && form.codepoint[0] == c;
}

static size_t plus(uint32_t c, char *out)
{
    return (size_t)snprintf(out, CODEPOINT_BYTES, "U+%04" PRIX32, c);
}

static size_t zero_x(uint32_t c, char *out)
{
    return (size_t)snprintf(out, CODEPOINT_BYTES, "0x%" PRIx32, c);
}

static size_t braces_u(uint32_t c, char *out)
{
    return (size_t)snprintf(out, CODEPOINT_BYTES, "\\u{%" PRIx32 "}", c);
}

static size_t braces_x(uint32_t c, char *out)
{
    return (size_t)snprintf(out, CODEPOINT_BYTES, "\\x{%08" PRIX32 "}", c);
}

static size_t braces_name(uint32_t c, char *out)
{
    return (size_t)snprintf(out, CODEPOINT_BYTES, "\\N{U+%" PRIX32 "}", c);
}

static size_t long_u(uint32_t c, char *out)
{
    return (size_t)snprintf(out, CODEPOINT_BYTES, "\\U%08" PRIx32, c);
}

static size_t decimal(uint32_t c, char *out)
{
    return (size_t)snprintf(out, CODEPOINT_BYTES, "&#%" PRIu32 ";", c);
}

static size_t bytes(uint32_t c, char *out)
{
    char utf8[4];
    size_t len = text_encode(c, utf8), used = 0;
    for (size_t i = 0; i < len; i++)
        used += (size_t)snprintf(out + used, CODEPOINT_BYTES - used, "\\x%02X", (unsigned)(unsigned char)utf8[i]);
    return used;
}

static size_t references(uint32_t c, char *out)
{
    if (c < 0x10000)
        return codepoint_html(c, out);
    return (size_t)snprintf(out, CODEPOINT_BYTES, "&#%" PRIu32 ";&#x%" PRIX32 ";", 0xD800 + ((c - 0x10000) >> 10),
                            0xDC00 + (c & 0x3FF));
}

/* Also the forms that cards show: what is copied from there can be asked for. */
Test(query_forms, every_code_point_in_every_form)
{
    size_t (*const spell[])(uint32_t, char *) = {plus,           zero_x,        braces_u,   braces_x,       braces_name,
                                                 long_u,         decimal,       bytes,      codepoint_html, references,
                                                 codepoint_json, codepoint_url, codepoint_c};
    unsigned wrong = 0;
    for (uint32_t c = 0; c < 0x110000; c += c < 0x30000 ? 1 : 37) {
        char text[CODEPOINT_BYTES];
        if (c >= 0xD800 && c < 0xE000)
            continue;
        for (size_t i = 0; i < sizeof spell / sizeof *spell; i++) {
            size_t len = spell[i](c, text);
            if (len && !reads(text, len, c) && wrong++ < 10) /* 0: it has no such spelling */
                cr_expect_fail("%.*s", (int)len, text);
        }
    }
    cr_expect_eq(wrong, 0, "%u wrong", wrong);
}

static bool finds_by_name(const char *name, size_t len, uint32_t c)
{
    char text[160];
    int n = snprintf(text, sizeof text, "\\N{%.*s}", (int)len, name);
    return reads(text, (size_t)n, c);
}

/* As it stands, and as programs write it: small letters, underscores. */
static bool finds_in_every_spelling(const char *name, size_t len, uint32_t c)
{
    char other[160];
    for (size_t i = 0; i < len; i++)
        other[i] = name[i] == ' ' ? '_' : name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 0x20) : name[i];
    return finds_by_name(name, len, c) && finds_by_name(other, len, c);
}

Test(query_forms, every_name_and_alias)
{
    const struct index *ix = index_builtin();
    unsigned wrong = 0;
    for (uint32_t i = 0; i < index_count(ix); i++) {
        size_t len;
        const char *name = index_name(ix, i, &len);
        if (!finds_in_every_spelling(name, len, index_codepoint(ix, i)) && wrong++ < 10)
            cr_expect_fail("%.*s", (int)len, name);
    }
    for (uint32_t a = 0; a < index_alias_count(ix); a++) {
        size_t len;
        const char *alias = index_alias(ix, a, &len);
        if (!finds_in_every_spelling(alias, len, index_codepoint(ix, index_alias_ordinal(ix, a))) && wrong++ < 10)
            cr_expect_fail("alias %.*s", (int)len, alias);
    }
    cr_expect_eq(wrong, 0, "%u wrong", wrong);
}

/* The whole of HTML's list, from the file it is made from. */
Test(query_forms, every_named_reference)
{
    char line[128], last[64] = "";
    unsigned names = 0, pairs = 0;
    FILE *in = fopen("tools/mkindex/html-names.txt", "re");
    cr_assert_not_null(in);
    while (fgets(line, sizeof line, in)) {
        char name[64], text[80];
        uint32_t first = 0, second = 0;
        struct query_form form;
        struct search_error error;
        if (*line == '#')
            continue;
        int fields = sscanf(line, "%63s %" SCNx32 " %" SCNx32, name, &first, &second);
        cr_assert_geq(fields, 2);
        cr_assert_lt(strcmp(last, name), 0, "%s before %s: not sorted", last, name);
        strcpy(last, name);
        size_t len = (size_t)snprintf(text, sizeof text, "&%s;", name);
        cr_expect_eq(query_form(text, len, &form, &error), len, "%s: %s", text, error.text);
        cr_expect(form.count == (unsigned)fields - 1 && form.codepoint[0] == first, "%s", text);
        cr_expect(form.count == 1 || form.codepoint[1] == second, "%s", text);
        names++;
        pairs += fields == 3;
    }
    fclose(in);
    cr_expect_eq(names, 2125);
    cr_expect_eq(pairs, 93);
}

static void means(const char *query, const char *expected)
{
    struct query q;
    struct search_error error;
    char found[200] = "";
    size_t used = 0;
    if (query_parse(&q, query, strlen(query), &error) != SEARCH_OPENED) {
        cr_expect_str_eq(expected, error.text, "%s: %s", query, error.text);
        return;
    }
    for (uint32_t i = 0; i < q.ranges; i++) {
        const struct index_run *run = &q.range[i];
        used += (size_t)snprintf(found + used, sizeof found - used, i ? " %" PRIX32 : "%" PRIX32, run->first);
        if (run->end - run->first > 1)
            used += (size_t)snprintf(found + used, sizeof found - used, "..%" PRIX32, run->end - 1);
    }
    query_free(&q);
    cr_expect_str_eq(found, expected, "%s: %s", query, found);
}

Test(query_forms, some_by_hand)
{
    means("&rarr;", "2192");
    means("&NotEqualTilde;", "2242 338");
    means("&fjlig;", "66 6A");
    means("\\N{BLACK CHESS KING}", "265A");
    means("\\N{black-chess_king}", "265A");
    means("\\N{YI-SYLLABLE-YI}", "A473");
    means("\\N{hangul jungseong o e}", "1180");
    means("\\N{TIBETAN LETTER A}", "F68");
    means("\\N{TIBETAN LETTER -A}", "F60");
    means("\\N{line feed}", "A");
    means("\\N{NBSP}", "A0");
    means("!\\N{CAT FACE}|(\\N{DOG FACE} a)", "1F431 1F436");
}

Test(query_forms, follow_each_other)
{
    means("\\u265A\\u265B", "265A 265B");
    means("%E2%99%9A%E2%99%9B", "265A 265B");
    means("&rarr;&larr;", "2192 2190");
    means("&rarr;\\u265A%E2%99%9B\\N{CAT FACE}&#65;U+265A", "2192 265A 265B 1F431 41 265A");
    means("\\u265A\\(\\x41", "265A 28 41");
    means("caf\\u00e9\\!", "63 61 66 E9 21");
    means("\\uD83D\\uDC31\\uD83D\\uDC36", "1F431 1F436");
    means("&#55357;&#56369;", "1F431");
    means("\\x{D83D}\\u{DC31}", "1F431");
    means("\\uD83D\\u265A", "D83D 265A");
    means("\\uDC31\\uD83D", "DC31 D83D");
}

Test(query_forms, ranges)
{
    means("U+2654..U+265F", "2654..265F");
    means("0x2654..0x265F", "2654..265F");
    means("\\u2654..\\u{265F}", "2654..265F");
    means("&#9812;..&#x265F;", "2654..265F");
    means("%E2%99%94..\\xE2\\x99\\x9F", "2654..265F");
    means("\\N{WHITE CHESS KING}..\\N{BLACK CHESS PAWN}", "2654..265F");
    means("\\uD83D\\uDC31..\\uD83D\\uDC36", "1F431..1F436");
    means("in:2654..265F", "2654..265F");
    means("in:0x2654..U+265F", "2654..265F");
    means("in:&larr;..&darr;", "2190..2193");
    means("in:\"\\N{WHITE CHESS KING}..265F\"", "2654..265F");
    means("in:\xE2\x99\x94..\xE2\x99\x9F", "2654..265F");
    means("U+265F..U+2654", "range runs backwards: \"U+265F..U+2654\"");
    means("0x0..0x110000", "code point above 10FFFF: \"0x110000\"");
    means("U+2654..", "not a code point: \"U+2654..\"");
    means("in:2654..", "not a code point, and no range A..B: \"2654..\"");
    means("U+2654..&fjlig;", "two code points are no end of a range: \"&fjlig;\"");
    means("\\u2654\\u2655..\\u2656", "not a code point: \"\\u2654\\u2655..\\u2656\"");
}

#define LETTERS "a backslash stands before punctuation or begins \\u265A, \\x{265A}, \\N{NAME}"

Test(query_forms, what_begins_as_one_and_is_none)
{
    means("0x", "not a code point: \"0x\"");
    means("0xyz", "not a code point: \"0xyz\"");
    means("U+123456789", "not a code point: \"U+123456789\"; at most 8 hex digits");
    means("U+265Ax", "not a code point: \"U+265Ax\"");
    means("\\u26", "not a code point: \"\\u26\"; \\u takes 4 hex digits, \\u{...} 1 to 8");
    means("\\u{}", "not a code point: \"\\u{}\"; between the braces stand 1 to 8 hex digits");
    means("\\u{265A", "not a code point: \"\\u{265A\"; between the braces stand 1 to 8 hex digits");
    means("\\u{110000}", "code point above 10FFFF: \"\\u{110000}\"");
    means("&#1114112;", "code point above 10FFFF: \"&#1114112;\"");
    means("&#9818", "not a code point: \"&#9818\"; a reference ends with \";\"");
    means("&rarr", "not a code point: \"&rarr\"; did you mean &rarr;");
    means("&EURO;", "unknown reference \"&EURO;\"; near: &euro;");
    means("&rar;", "unknown reference \"&rar;\"; near: &par;, &rHar;, &rarr;, &rfr;, &rpar;");
    means("\\N{CAT FAC}", "no character has this name: \"\\N{CAT FAC}\"");
    means("\\N{}", "no character has this name: \"\\N{}\"");
    means("\\N{CAT FACE", "unclosed brace: \"\\N{CAT FACE\"");
    means("x \\xE2",
          "not a code point: \"\\xE2\"; the bytes of a UTF-8 character stand together, as \\xE2\\x99\\x9A or "
          "%E2%99%9A");
    means("\\xC0\\x80", "not a code point: \"\\xC0\\x80\"; the bytes of a UTF-8 character stand together, as "
                        "\\xE2\\x99\\x9A or %E2%99%9A");
    means("\\alpha", LETTERS ": \"\\alpha\"");
    means("\\upsilon", LETTERS ": \"\\upsilon\"");
    means("\\ubar", LETTERS ": \"\\ubar\"");
    means("\\xi", LETTERS ": \"\\xi\"");
    means("\\Nabla", LETTERS ": \"\\Nabla\"");
    means("a\\", LETTERS ": \"\\\"");
}

/* Cut anywhere, a form is read as far as it goes and not a byte further: address sanitizers watch. */
Test(query_forms, cut_anywhere)
{
    static const char *const forms[] = {"U+265A..U+265F",  "0x265A",      "\\uD83D\\uDC31",  "\\U0001F431", "\\x{265A}",
                                        "\\N{CAT FACE}",   "&#x265A;",    "&#9818;",         "&rarr;",      "%E2%99%9A",
                                        "\\xE2\\x99\\x9A", "\\N{U+265A}", "&#55357;&#56369;"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        for (size_t len = 1; len < strlen(forms[i]); len++) {
            struct query_form form;
            struct search_error error;
            struct query q;
            char *exact = malloc(len);
            memcpy(exact, forms[i], len);
            size_t taken = query_form(exact, len, &form, &error);
            cr_expect_leq(taken, len, "%.*s", (int)len, forms[i]);
            if (query_parse(&q, exact, len, &error) == SEARCH_OPENED)
                query_free(&q);
            else
                cr_expect_neq(error.text[0], '\0');
            free(exact);
        }
}

/* However many names are asked for, looking them up ends. */
Test(query_forms, names_are_bounded)
{
    char line[33 * 8] = "";
    struct query q;
    struct search_error error;
    for (int i = 0; i < 32; i++)
        strcat(line, "\\N{LF}");
    cr_expect_eq(query_parse(&q, line, strlen(line), &error), SEARCH_OPENED);
    query_free(&q);
    strcat(line, "\\N{LF}");
    cr_expect_eq(query_parse(&q, line, strlen(line), &error), SEARCH_ILL_FORMED);
    cr_expect_str_eq(error.text, "more than 32 names of characters");
}
