/* Lines longer than any query, which --max-line may let in: what they find is what a short line would. */
#include "unicode/query.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LONG = 5 * QUERY_LINE_BYTES
};

static char line[LONG + 1];

/* The piece over and over. */
static size_t repeated(const char *piece)
{
    size_t len = strlen(piece), at = 0;
    for (; at + len <= LONG; at += len)
        memcpy(line + at, piece, len);
    return at;
}

/* The text with spaces around it. */
static size_t padded(const char *text)
{
    memset(line, ' ', LONG);
    memcpy(line + LONG / 2, text, strlen(text));
    return LONG;
}

/* What an answer comes to: the matches in order, or why there is none. */
struct outcome {
    uint64_t found;
    uint32_t first, latest; /* matches, by ordinal or alias number */
    enum search_result why;
    struct search_error error;
};

static struct outcome finish(struct search *s)
{
    struct outcome o = {.first = INDEX_NONE, .latest = INDEX_NONE};
    struct search_run run;
    for (enum search_step step; (step = search_next(s, 1000, &run)) != SEARCH_END;) {
        if (step == SEARCH_REFUSED) {
            o.why = search_refusal(s, &o.error);
            cr_expect_eq(search_next(s, 1000, &run), SEARCH_END, "nothing follows");
            break;
        }
        if (step != SEARCH_RUN)
            continue;
        o.first = o.first == INDEX_NONE ? run.first : o.first;
        o.latest = run.first + run.count - 1;
    }
    o.found = search_found(s);
    search_close(s);
    return o;
}

static struct outcome ask(enum search_dialect dialect, const char *text, size_t len, bool best)
{
    struct search s;
    struct search_error error;
    enum search_result result = best ? search_open_best(&s, index_builtin(), dialect, text, len, &error)
                                     : search_open(&s, index_builtin(), dialect, text, len, &error);
    if (result != SEARCH_OPENED)
        return (struct outcome){.first = INDEX_NONE, .latest = INDEX_NONE, .why = result, .error = error};
    return finish(&s);
}

/* Repeated words are no name, so that the best of their matches may be other ones. */
static void same(enum search_dialect dialect, size_t len, const char *text)
{
    bool padding = line[0] == ' ';
    for (int best = 0; best < 2; best++) {
        struct outcome o = ask(dialect, line, len, best), wanted = ask(dialect, text, strlen(text), best);
        cr_expect_eq(o.why, wanted.why, "%s", text);
        cr_expect_eq(o.found, wanted.found, "%s", text);
        if (best && !padding)
            continue;
        cr_expect_eq(o.first, wanted.first, "%s", text);
        cr_expect_eq(o.latest, wanted.latest, "%s", text);
        if (wanted.why == SEARCH_ILL_FORMED)
            cr_expect_str_eq(o.error.text, wanted.error.text);
    }
}

static void refused(enum search_dialect dialect, size_t len, enum search_result why)
{
    struct outcome o = ask(dialect, line, len, false);
    cr_expect_eq(o.why, why);
    if (why == SEARCH_ILL_FORMED)
        cr_expect_str_eq(o.error.text, "query too long (limit 4096 bytes)");
}

Test(long_lines, words_find_what_they_find)
{
    for (enum search_dialect dialect = SEARCH_CLASSIC; dialect <= SEARCH_DEFAULT; dialect++) {
        same(dialect, repeated("cat "), "cat");
        same(dialect, repeated("chess king-"), "chess king");
        same(dialect, repeated("no-break space "), "no break space");
        same(dialect, repeated("quen "), "quen");
        same(dialect, repeated("q"), "qqqqqqqqqq");
    }
}

/* U+017F is an S in upper case, U+FB01 two letters, U+3000 a space; the classic dialect reads them all as words. */
Test(long_lines, words_outside_ascii)
{
    same(SEARCH_CLASSIC, repeated("che\u017F\u017F\u3000"), "chess");
    same(SEARCH_CLASSIC, repeated("\uFB01sh "), "fish");
    same(SEARCH_CLASSIC, repeated("caf\u00E9 "), "caf\u00E9");
    same(SEARCH_CLASSIC, repeated("\u265A"), "\u265A");
}

/* What is short without the white space at its ends is a query like others, errors and remarks and all. */
Test(long_lines, white_space_at_the_ends)
{
    same(SEARCH_DEFAULT, padded("chess black king"), "chess black king");
    same(SEARCH_DEFAULT, padded("gc:Sm arrow|plus"), "gc:Sm arrow|plus");
    same(SEARCH_DEFAULT, padded("\u265A \u00DF"), "\u265A \u00DF");
    same(SEARCH_DEFAULT, padded("265A, 265B"), "265A, 265B");
    same(SEARCH_DEFAULT, padded("(a"), "(a");
    same(SEARCH_DEFAULT, padded("blk:arows"), "blk:arows");
    same(SEARCH_DEFAULT, padded(""), "");
    same(SEARCH_CLASSIC, padded("chess \u017Fquare"), "chess square");
    same(SEARCH_CLASSIC, padded(""), "");
}

Test(long_lines, what_is_more_than_words_is_refused)
{
    refused(SEARCH_DEFAULT, repeated("*a* "), SEARCH_ILL_FORMED);
    refused(SEARCH_DEFAULT, repeated("a|b "), SEARCH_ILL_FORMED);
    refused(SEARCH_DEFAULT, repeated("\u265A "), SEARCH_ILL_FORMED);
}

Test(long_lines, what_is_not_utf8_is_refused)
{
    for (enum search_dialect dialect = SEARCH_CLASSIC; dialect <= SEARCH_DEFAULT; dialect++) {
        size_t len = repeated("cat ");
        line[len - 2] = (char)0xFF;
        refused(dialect, len, SEARCH_BAD_UTF8);
        line[0] = (char)0xC3; /* also in front of words, and behind a mark */
        refused(dialect, len, SEARCH_BAD_UTF8);
        line[0] = '(';
        refused(dialect, len, SEARCH_BAD_UTF8);
        len = padded("cat \xE2\x99");
        refused(dialect, len, SEARCH_BAD_UTF8);
    }
}

/* It goes on behind a place where it was before, and has one only in code point order. */
Test(long_lines, resuming)
{
    struct search s;
    struct search_error error;
    struct search_run run;
    size_t len = repeated("chess ");
    cr_assert_eq(search_open(&s, index_builtin(), SEARCH_DEFAULT, line, len, &error), SEARCH_OPENED);
    cr_expect(search_in_order(&s));
    cr_expect_gt(search_bytes(&s), len, "the line is kept while it is read");
    while (search_next(&s, 5, &run) != SEARCH_RUN)
        ;
    cr_expect_eq(search_bytes(&s), 0u, "and only so long");
    uint32_t from = run.first + run.count;
    uint64_t found = search_found(&s);
    search_close(&s);
    cr_assert_eq(search_open(&s, index_builtin(), SEARCH_DEFAULT, line, len, &error), SEARCH_OPENED);
    search_resume(&s, from, found);
    while (search_next(&s, 1, &run) != SEARCH_RUN)
        ;
    cr_expect_eq(run.first, from);
    cr_expect_eq(search_found(&s), found + 1);
    search_close(&s);
    cr_assert_eq(search_open_best(&s, index_builtin(), SEARCH_DEFAULT, line, len, &error), SEARCH_OPENED);
    cr_expect_not(search_in_order(&s));
    cr_expect_eq(search_kept(&s, 7), 0u, "none is ranked yet");
    while (search_next(&s, 1, &run) != SEARCH_RUN)
        ;
    cr_expect_eq(search_kept(&s, 7), 96u);
    search_close(&s);
}
