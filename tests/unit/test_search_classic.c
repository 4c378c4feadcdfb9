/* The corners of the classic dialect: what is a word, what is white space, what cannot be decoded. */
#include "unicode/query.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static uint64_t count_bytes(const char *text, size_t len)
{
    struct search s;
    struct search_run run;
    struct search_error error;
    cr_assert_eq(search_open(&s, index_builtin(), SEARCH_CLASSIC, text, len, &error), SEARCH_OPENED, "%s", text);
    enum search_step step = SEARCH_RUN;
    while (step == SEARCH_RUN || (step == SEARCH_AGAIN && len > QUERY_LINE_BYTES))
        step = search_next(&s, 7, &run);
    cr_assert_eq(step, SEARCH_END);
    search_close(&s);
    return search_found(&s);
}

static uint64_t count(const char *text)
{
    return count_bytes(text, strlen(text));
}

Test(search_classic, words_in_any_case_and_order, .init = only_unicode_15)
{
    cr_assert_eq(count("cat face"), 10u);
    cr_assert_eq(count("FACE cAt"), 10u);
    cr_assert_eq(count("face face cat cat face"), 10u);
    cr_assert_eq(count("-cat--face-"), 10u);
}

Test(search_classic, white_space, .init = only_unicode_15)
{
    cr_assert_eq(count("cat\x1C\x1D\x1E\x1F\x0B\x0C\r\tface"), 10u);
    cr_assert_eq(count("cat\xC2\x85"
                       "face"),
                 10u);
    cr_assert_eq(count("\xE3\x80\x80"
                       "cat\xC2\xA0"
                       "face\xE2\x80\xA9"),
                 10u);
    cr_assert_eq(count("cat\xE2\x80\x8B"
                       "face"),
                 0u); /* ZERO WIDTH SPACE is none */
}

Test(search_classic, full_upper_case, .init = only_unicode_15)
{
    cr_assert_eq(count("\xC5\xBFharp"), count("SHARP"));        /* ſ */
    cr_assert_eq(count("\xEF\xAC\x82oral"), count("FLORAL"));   /* ﬂ */
    cr_assert_eq(count("cro\xC3\x9F"), count("CROSS"));         /* ß */
    cr_assert_eq(count("d\xC4\xB1g\xC4\xB1t"), count("DIGIT")); /* ı */
    cr_assert_gt(count("CROSS"), 0u);
    cr_assert_eq(count("\xE2\x84\xAAing"), 0u); /* KELVIN SIGN stays */
}

Test(search_classic, other_bytes_are_parts_of_words, .init = only_unicode_15)
{
    cr_assert_eq(count_bytes("cat\0face", 8), 0u);
    cr_assert_eq(count_bytes("cat \0", 5), 0u);
    cr_assert_eq(count("cat \x7F"), 0u);
    cr_assert_eq(count("cat's"), 0u);
    cr_assert_eq(count("cat*"), 0u);
    cr_assert_eq(count("nbsp"), 0u); /* an alias */
}

Test(search_classic, no_word_finds_nothing)
{
    cr_assert_eq(count(""), 0u);
    cr_assert_eq(count("---"), 0u);
    cr_assert_eq(count(" \xC2\xA0 "), 0u);
}

Test(search_classic, not_utf8)
{
    static const char *const texts[] = {"\xFF",         "cat \x80",  "zzz \xC0\x80",
                                        "\xED\xA0\x80", "a\xE2\x99", "\xF4\x90\x80\x80"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct search s;
        struct search_error error;
        cr_assert_eq(search_open(&s, index_builtin(), SEARCH_CLASSIC, texts[i], strlen(texts[i]), &error),
                     SEARCH_BAD_UTF8);
    }
}

/* A word longer than any, also one that a word of a name begins. */
Test(search_classic, long_words_find_nothing)
{
    static char text[8192];
    for (size_t len = 1; len <= sizeof text; len = len < 300 ? len + 1 : 2 * len) {
        memset(text, 'q', len);
        cr_assert_eq(count_bytes(text, len) > 0, len == 1, "%zu", len); /* Q is a word, QQ is not */
    }
}

/* More words than a name can have: nothing, unless they are the same ones again. */
Test(search_classic, many_words, .init = only_unicode_15)
{
    static char text[8192];
    size_t len = 0;
    for (const char *again = "cat face "; len < sizeof text / 9 * 9; len++)
        text[len] = again[len % 9];
    cr_assert_eq(count_bytes(text, len), 10u);
    cr_assert_eq(
        count("latin small letter a with acute and grave sign mark face cat dog one two three four five six seven "
              "eight nine ten"),
        0u);
}
