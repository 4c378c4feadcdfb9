/* Every named character outside ASCII stands whole wherever a query may have it: the whole of them is walked, for
 * bytes such as 0x85 and 0xA0, which are white space by themselves, occur in thousands. */
#include "unicode/query.h"
#include "unicode/text.h"
#include "unicode_data.h"

#include "../../src/unicode/query_tree.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(query_characters, .init = only_unicode_15);

enum {
    NAMED_OUTSIDE_ASCII = 149073 /* less the 18 that are white space */
};

/* The next character of the walk from ordinal *at on, as UTF-8; false at the end. */
static bool next_character(uint32_t *at, uint32_t *codepoint, char utf8[5])
{
    const struct index *ix = index_builtin();
    for (; *at < index_count(ix); ++*at) {
        *codepoint = index_codepoint(ix, *at);
        if (*codepoint < 0x80 || index_is_control(ix, *at) || text_is_space(*codepoint))
            continue;
        utf8[text_encode(*codepoint, utf8)] = '\0';
        ++*at;
        return true;
    }
    return false;
}

static bool finds_first(const char *query, uint32_t codepoint)
{
    struct search s;
    struct search_run run = {0, 0, false};
    struct search_error error;
    if (search_open(&s, index_builtin(), SEARCH_DEFAULT, query, strlen(query), &error) != SEARCH_OPENED)
        return false;
    enum search_step step = search_next(&s, 1, &run);
    search_close(&s);
    return step == SEARCH_RUN && !run.alias && index_codepoint(index_builtin(), run.first) == codepoint;
}

Test(query_characters, alone_each_finds_itself_first)
{
    char c[5];
    uint32_t codepoint, walked = 0, wrong = 0;
    for (uint32_t at = 0; next_character(&at, &codepoint, c); walked++)
        if (!finds_first(c, codepoint) && wrong++ < 10)
            cr_expect_fail("U+%04X does not find itself", codepoint);
    cr_expect_eq(walked, NAMED_OUTSIDE_ASCII);
    cr_expect_eq(wrong, 0, "%u characters do not find themselves", wrong);
}

/* The first node of this kind. */
static const struct query_node *node_of(const struct query *q, enum query_kind kind)
{
    for (uint16_t i = 1; i < q->nodes; i++)
        if (q->node[i].kind == kind)
            return &q->node[i];
    return NULL;
}

/* The query's only list of characters is these. */
static bool lists(const char *text, const uint32_t *expected, size_t count)
{
    struct query q;
    struct search_error error;
    if (query_parse(&q, text, strlen(text), &error) != SEARCH_OPENED)
        return false;
    const struct query_node *node = node_of(&q, QUERY_RANGES);
    bool same = node && node->ranges.count == count && q.ranges == count;
    for (size_t i = 0; same && i < count; i++) {
        const struct index_run *run = &q.range[node->ranges.at + i];
        same = run->first == expected[i] && run->end == expected[i] + 1;
    }
    query_free(&q);
    return same;
}

/* Characters that upper-case to letters of ASCII: in longer atoms they read as these. */
static bool reads_as_letters(const char *c)
{
    char upper[16];
    size_t len = text_upper(c, strlen(c), upper, sizeof upper);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)upper[i] >= 0x80)
            return false;
    return true;
}

/* What stands before and behind the character, and whether it becomes part of a longer atom "a.b". */
struct around {
    const char *before, *behind;
    bool inside;
};

static bool stands_whole(const struct around *around, const char *utf8, uint32_t c)
{
    char query[64];
    uint32_t expected[] = {'a', c, 'b'};
    snprintf(query, sizeof query, "%s%s%s", around->before, utf8, around->behind);
    if (around->inside)
        return reads_as_letters(utf8) || lists(query, expected, 3);
    return lists(query, expected + 1, 1);
}

Test(query_characters, each_stands_whole_beside_marks)
{
    static const struct around arounds[] = {
        {"!", "", false},  {"a|", "", false},    {"", "|a", false},    {"(", ")", false},
        {"a ", "", false}, {"", " a", false},    {"!(", "|a)", false}, {"(a) ", "", false},
        {"a", "b", true},  {"x|(a", "b)", true}, {"!a", "b", true},    {"x a", "b|x", true},
    };
    char c[5];
    uint32_t codepoint, wrong = 0;
    for (uint32_t at = 0; next_character(&at, &codepoint, c);)
        for (size_t i = 0; i < sizeof arounds / sizeof *arounds; i++)
            if (!stands_whole(&arounds[i], c, codepoint) && wrong++ < 10)
                cr_expect_fail("%s%s%s: U+%04X", arounds[i].before, c, arounds[i].behind, codepoint);
    cr_expect_eq(wrong, 0, "%u wrong", wrong);
    cr_expect_eq(tree_refused(), 0);
}

/* A message has the character whole, or its code point where showing it could harm. */
static bool error_shows(const char *what, const char *utf8, uint32_t c)
{
    char query[64], raw[64], escaped[64];
    struct query q;
    struct search_error error;
    snprintf(query, sizeof query, "blk:\"x%sy\"", utf8);
    snprintf(raw, sizeof raw, "%s \"x%sy\"", what, utf8);
    snprintf(escaped, sizeof escaped, "%s \"x\\u{%04X}y\"", what, c);
    return query_parse(&q, query, strlen(query), &error) == SEARCH_ILL_FORMED &&
           (strncmp(error.text, raw, strlen(raw)) == 0 || strncmp(error.text, escaped, strlen(escaped)) == 0);
}

Test(query_characters, errors_name_each_whole)
{
    char c[5];
    uint32_t codepoint, wrong = 0;
    for (uint32_t at = 0; next_character(&at, &codepoint, c);)
        if (codepoint % 64 == 5 || codepoint < 0x1000) /* an unknown value is compared with all there are */
            if (!error_shows("unknown block", c, codepoint) && wrong++ < 10)
                cr_expect_fail("U+%04X", codepoint);
    cr_expect_eq(wrong, 0, "%u wrong", wrong);
}

/* Every length up to the longest query that has room for it, in one atom and in two. */
Test(query_characters, any_number_of_them_fits)
{
    static char line[QUERY_LINE_BYTES + 8];
    static const char *const characters[] = {"\xF0\xA0\x80\x81", "\xE8\xA3\x85", "\xC3\xA0", "\xC2\x85\xC3\xA0"};
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        size_t len = 0;
        for (size_t n = 1; len + strlen(characters[i]) <= QUERY_LINE_BYTES; n++) {
            struct query q;
            struct search_error error;
            memcpy(line + len, characters[i], strlen(characters[i]));
            len += strlen(characters[i]);
            if (query_parse(&q, line, len, &error) == SEARCH_OPENED)
                query_free(&q);
            else
                cr_expect(n > QUERY_ATOMS, "%zu times %s: %s", n, characters[i], error.text);
        }
    }
    cr_expect_eq(tree_refused(), 0);
}

/* What was not foreseen is refused, not written. */
Test(query_characters, an_append_too_many_is_refused)
{
    struct query q;
    struct query_size size = {.atoms = 1, .characters = 1, .text = 3};
    cr_assert(tree_start(&q, &size, "x", 1));
    unsigned nodes = 0, ranges = 0;
    while (tree_add(&q, QUERY_WORD) != TREE_FULL)
        nodes++;
    while (tree_add_range(&q, 'x', 'x'))
        ranges++;
    cr_expect_eq(nodes, 3);
    cr_expect_eq(ranges, 1);
    cr_expect_not_null(tree_text(&q, 3));
    cr_expect_null(tree_text(&q, 4));
    q.text_len = 3;
    cr_expect_null(tree_text(&q, 1));
    cr_expect_eq(tree_refused(), 4);
    query_free(&q);
}
