/* Text as word processors, browsers, phones and programs put it on the clipboard. */
#include "query_answer.h"
#include "unicode/index.h"
#include "unicode/props.h"
#include "unicode/text.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

TestSuite(pasted_text, .init = only_unicode_15);

static void answers(const char *query, const char *expected)
{
    const char *answer = query_answer(query);
    cr_expect_str_eq(answer, expected, "%s: %s", query, answer);
}

/* The same answer as to another query, line for line. */
static void means(const char *query, const char *other)
{
    static char expected[1 << 16];
    snprintf(expected, sizeof expected, "%s", query_answer(other));
    answers(query, expected);
}

static const char *utf8(uint32_t c)
{
    static char text[5];
    text[text_encode(c, text)] = '\0';
    return text;
}

/* ---- quotes ---- */

Test(pasted_text, any_pair_of_quotes_is_a_pair_of_quotes)
{
    static const char *const pairs[][2] = {
        {"\u201C", "\u201D"}, {"\u201E", "\u201C"}, {"\u201F", "\u201D"},
        {"\u201D", "\u201D"}, {"\u00AB", "\u00BB"}, {"\u00BB", "\u00AB"},
        {"\u2039", "\u203A"}, {"\u203A", "\u2039"}, {"\u2018", "\u2019"},
        {"\u201A", "\u2018"}, {"\u300C", "\u300D"}, {"\u300E", "\u300F"},
        {"\u301D", "\u301E"}, {"\u2033", "\u2033"}, {"\uFF02", "\uFF02"},
        {"\"", "\u201D"},     {"\u201C", "\""},     {"\u00AB\u00A0", "\u00A0\u00BB"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char query[100];
        snprintf(query, sizeof query, "%sface with tears%s", pairs[i][0], pairs[i][1]);
        means(query, "\"face with tears\"");
        snprintf(query, sizeof query, "cat !(%sface with tears%s|dog)", pairs[i][0], pairs[i][1]);
        means(query, "cat !(\"face with tears\"|dog)");
        snprintf(query, sizeof query, "king blk:%schess symbols%s", pairs[i][0], pairs[i][1]);
        means(query, "king blk:\"chess symbols\"");
    }
}

Test(pasted_text, a_quote_that_quotes_no_words_is_a_character)
{
    answers("\u201C", "U+201C\n1 found");
    answers("(\u201C)", "U+201C\n1 found");
    answers("a|\u201C !latin !letter !digraph gc:Pi", "U+201C\n1 found");
    answers("\u201C\u201D", "U+201C\nU+201D\n2 found");
    answers("d\u2019\u00E9", "U+0064\nU+00E9\nU+2019\n3 found");
    answers("\u201Ccat", "! unclosed quote: \"\"cat\"");
}

/* ---- hyphens ---- */

static const uint32_t hyphens[] = {0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D};

Test(pasted_text, any_hyphen_beside_a_letter_is_a_hyphen)
{
    for (size_t i = 0; i < sizeof hyphens / sizeof *hyphens; i++) {
        char query[100];
        snprintf(query, sizeof query, "left%spointing", utf8(hyphens[i]));
        cr_expect_eq(query_count(query), 35, "%s: %" PRIu64, query, query_count(query));
        snprintf(query, sizeof query, "\"tsa %sphru\"", utf8(hyphens[i]));
        means(query, "\"tsa -phru\"");
        snprintf(query, sizeof query, "1F935%s200D%s2642", utf8(hyphens[i]), utf8(hyphens[i]));
        answers(query, "U+1F935\nU+200D\nU+2642\n# read as 3 code points\n3 found");
    }
}

Test(pasted_text, any_hyphen_alone_is_a_character)
{
    char query[100], expected[100];
    for (size_t i = 0; i < sizeof hyphens / sizeof *hyphens; i++) {
        snprintf(expected, sizeof expected, "U+%04" PRIX32 "\n1 found", hyphens[i]);
        answers(utf8(hyphens[i]), expected);
        snprintf(query, sizeof query, "(%s)", utf8(hyphens[i]));
        answers(query, expected);
        snprintf(query, sizeof query, "%s\u00E9", utf8(hyphens[i]));
        cr_expect_eq(query_count(query), 2, "%s", query);
    }
    answers("U+2654\u2013U+2656", "U+2654\nU+2655\nU+2656\n3 found"); /* a range, as typeset */
}

/* ---- format characters ---- */

/* What an answer says that was dropped. */
static void ignores(const char *query, uint32_t c, const char *other)
{
    static char expected[1 << 16];
    const char *found = query_answer(other);
    size_t lines = 0;
    for (const char *at = found; (at = strchr(at, '\n')); at++)
        lines = (size_t)(at - found) + 1;
    uint32_t ordinal = index_ordinal(index_builtin(), c);
    size_t len = 0;
    const char *name = index_name(index_builtin(), ordinal, &len);
    snprintf(expected, sizeof expected, "%.*s# ignored: U+%04" PRIX32 " %.*s\n%s", (int)lines, found, c, (int)len, name,
             found + lines);
    answers(query, expected);
}

Test(pasted_text, every_format_character_beside_and_inside_words)
{
    const struct index *ix = index_builtin();
    uint32_t format = props_find(PROPS_CATEGORY, "Cf", 2)->low, walked = 0;
    for (uint32_t i = 0; i < index_count(ix); i++) {
        uint32_t c = index_codepoint(ix, i);
        bool selector = (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) || c == 0x034F;
        if (props_get(PROPS_CATEGORY, c) != format && !selector)
            continue;
        char query[100], expected[100];
        const char *f = utf8(c);
        static const char *const around[][2] = {{"", "weary cat face"},
                                                {"weary cat face", ""},
                                                {"wea", "ry cat face"},
                                                {"weary cat ", " face"},
                                                {"\"weary", " cat face\""}};
        for (size_t k = 0; k < sizeof around / sizeof *around; k++) {
            snprintf(query, sizeof query, "%s%s%s", around[k][0], f, around[k][1]);
            ignores(query, c, "weary cat face");
        }
        snprintf(expected, sizeof expected, "U+%04" PRIX32 "\n1 found", c);
        answers(f, expected);
        snprintf(query, sizeof query, "(%s)", f);
        answers(query, expected);
        snprintf(query, sizeof query, "\u2764%s", f);
        cr_expect_eq(query_count(query), 2, "U+%04" PRIX32, c);
        walked++;
    }
    cr_expect_gt(walked, 400);
}

Test(pasted_text, what_is_ignored_is_named_once_and_in_one_line)
{
    answers("\uFEFFweary\u200B cat\u200B\u200D face\u200E",
            "U+1F640\n# ignored: U+FEFF ZERO WIDTH NO-BREAK SPACE, U+200B ZERO WIDTH SPACE, U+200D ZERO WIDTH JOINER, "
            "U+200E LEFT-TO-RIGHT MARK\n1 found");
    answers(
        "weary\u200B cat\u200C\u200D\u200E\u200F\u2060\u2061\u2062\u2063\u2064\uFEFF face",
        "U+1F640\n# ignored: U+200B ZERO WIDTH SPACE, U+200C ZERO WIDTH NON-JOINER, U+200D ZERO WIDTH JOINER, U+200E "
        "LEFT-TO-RIGHT MARK and others\n1 found");
}

Test(pasted_text, in_a_sequence_they_are_characters_like_the_others)
{
    answers("\u2764\uFE0F", "U+2764\nU+FE0F\n2 found");
    answers("\U0001F468\u200D\U0001F469\u200D\U0001F467", "U+200D\nU+1F467\nU+1F468\nU+1F469\n4 found");
    answers("#\uFE0F\u20E3", "U+0023\nU+20E3\nU+FE0F\n3 found");
    answers("\u200B\u200D", "U+200B\nU+200D\n2 found");
}

/* ---- spaces ---- */

Test(pasted_text, any_space_is_a_space)
{
    static const char *const spaces[] = {"\u00A0", "\u2003", "\u202F", "\u3000", "\u2028", "\t", "\r", "\xC2\x85"};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        char query[100];
        snprintf(query, sizeof query, "smiling%s%s face ", spaces[i], spaces[i]);
        means(query, "smiling face");
        snprintf(query, sizeof query, "\u201Cface%swith tears\u201D%s", spaces[i], spaces[i]);
        means(query, "\"face with tears\"");
    }
}

/* ---- words of programs and sentences ---- */

Test(pasted_text, underscores_are_spaces)
{
    answers("HEAVY_CHECK_MARK", "U+2705\nU+2714\n2 found");
    means("left_parenthesis", "left parenthesis");
    means("__left__parenthesis__", "left parenthesis");
    means("heavy_ch*", "heavy ch*");
    means("\"check_mark\"", "\"check mark\"");
    means("check !heavy_check|white_check", "check !heavy-check|white-check");
    means("blk:Chess_Symbols king", "blk:\"chess symbols\" king");
    means("(black_chess king)", "black chess king");
    answers("_", "U+005F\n1 found");
    answers("\\_", "U+005F\n1 found");
    answers("quen_chess", "# no name has \"quen\"; near: QUEEN (18), QUE (2), MUEN (1), UEN (1)\n0 found");
}

Test(pasted_text, marks_of_sentences_are_dropped)
{
    ignores("weary cat face.", '.', "weary cat face");
    ignores("weary, cat, face", ',', "weary cat face");
    ignores("weary;cat;face", ';', "weary cat face");
    ignores("'weary cat face'", '\'', "weary cat face");
    ignores("\"weary cat face.\"", '.', "weary cat face");
    ignores("weary/cat face", '/', "weary cat face");
    answers("[weary cat face]", "U+1F640\n# ignored: U+005B LEFT SQUARE BRACKET, U+005D RIGHT SQUARE BRACKET\n1 found");
    means("(weary cat face)", "weary cat face");
    answers("c@t", "# no name has \"c@t\"; near: CAT (14), CUT (4), CIT (2), COT (2), CYT (2)\n0 found");
}

/* ---- shortcodes ---- */

Test(pasted_text, shortcodes_are_the_words_between_the_colons)
{
    means(":cat_face:", "cat face");
    means(":Cat-Face:", "cat face");
    means(":smile:", "smile");
    answers(":+1:", "U+1F44D\n1 found");
    answers(":-1:", "U+1F44E\n1 found");
    answers(":x", "! empty key before: \":x\"");
}
