/* The vocabulary and its posting lists say exactly which words stand in which names and aliases. */
#include "unicode/index.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* For each word, how many of its posting lists' members have been met in texts. */
static uint32_t *met;

static void fill(void)
{
    met = calloc(index_word_count(index_builtin()), sizeof *met);
    cr_assert(met);
}

static bool holds(struct index_runs runs, uint32_t member)
{
    for (uint32_t i = 0; i < runs.count; i++)
        if (member >= runs.run[i].first && member < runs.run[i].end)
            return true;
    return false;
}

/* Words of a text are in the vocabulary, and the text in their lists. */
static void check_text(const char *text, size_t len, enum index_part part, uint32_t member)
{
    const struct index *ix = index_builtin();
    uint32_t seen[INDEX_NAME_WORDS], count = 0;
    for (size_t at = 0, end; at < len; at = end + 1) {
        for (end = at; end < len && text[end] != ' ' && text[end] != '-';)
            end++;
        if (end == at)
            continue;
        uint32_t word = index_word(ix, text + at, end - at), i = 0;
        cr_assert_neq(word, INDEX_NONE, "%.*s", (int)(end - at), text + at);
        cr_assert(holds(index_postings(ix, word, part), member), "%.*s in %.*s", (int)(end - at), text + at, (int)len,
                  text);
        while (i < count && seen[i] != word)
            i++;
        if (i == count) {
            seen[count++] = word;
            met[word]++;
        }
    }
}

/* Nothing is in the lists but what was met, and the lists are well-formed. */
static void check_lists(enum index_part part, uint32_t universe)
{
    const struct index *ix = index_builtin();
    for (uint32_t w = 0; w < index_word_count(ix); w++) {
        struct index_runs runs = index_postings(ix, w, part);
        uint32_t members = 0;
        for (uint32_t i = 0; i < runs.count; i++) {
            cr_assert_lt(runs.run[i].first, runs.run[i].end);
            cr_assert(i == 0 || runs.run[i].first > runs.run[i - 1].end, "runs that touch");
            cr_assert_leq(runs.run[i].end, universe);
            members += runs.run[i].end - runs.run[i].first;
        }
        cr_assert_eq(members, runs.members);
        cr_assert_eq(members, met[w], "word %u", w);
    }
}

Test(index_words, names, .init = fill)
{
    const struct index *ix = index_builtin();
    for (uint32_t i = 0; i < index_count(ix); i++) {
        size_t len;
        const char *name = index_name(ix, i, &len);
        if (!index_is_control(ix, i))
            check_text(name, len, INDEX_NAMES, i);
    }
    check_lists(INDEX_NAMES, index_count(ix));
    free(met);
}

Test(index_words, aliases, .init = fill)
{
    const struct index *ix = index_builtin();
    for (uint32_t a = 0; a < index_alias_count(ix); a++) {
        size_t len;
        const char *alias = index_alias(ix, a, &len);
        check_text(alias, len, INDEX_ALIASES, a);
    }
    check_lists(INDEX_ALIASES, index_alias_count(ix));
    free(met);
}

Test(index_words, byte_order_and_lookup)
{
    const struct index *ix = index_builtin();
    const char *before = NULL;
    size_t before_len = 0, len;
    for (uint32_t w = 0; w < index_word_count(ix); w++) {
        const char *text = index_word_text(ix, w, &len);
        cr_assert_eq(index_word(ix, text, len), w);
        if (before) {
            int order = memcmp(before, text, before_len < len ? before_len : len);
            cr_assert(order < 0 || (order == 0 && before_len < len));
        }
        before = text;
        before_len = len;
    }
}

static uint32_t word(const char *text)
{
    return index_word(index_builtin(), text, strlen(text));
}

Test(index_words, strangers_are_no_words)
{
    static const char *const strangers[] = {"", "A ", " A", "a", "CHES", "CHESSS", "-", "U+0041", "\xC3\x89", "4e00"};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        cr_assert_eq(word(strangers[i]), INDEX_NONE, "%s", strangers[i]);
    static const char zeros[64];
    for (size_t len = 0; len <= sizeof zeros; len++)
        cr_assert_eq(index_word(index_builtin(), zeros, len), INDEX_NONE);
}

/* FACE is the tail of U+FACE, but no word of less meaning for that; U+1F229 is named after U+4E00. */
Test(index_words, tails)
{
    const struct index *ix = index_builtin();
    cr_assert(index_word_is_tail(ix, word("9FFF")));
    cr_assert(index_word_is_tail(ix, word("17000")));
    cr_assert_not(index_word_is_tail(ix, word("FACE")));
    cr_assert_not(index_word_is_tail(ix, word("4E00")));
    cr_assert_not(index_word_is_tail(ix, word("CJK")));
}
