/* Questions about the words themselves, for every word there is: found by /words, near to what is nearly it. */
#include "answer/listing.h"
#include "unicode/label.h"
#include "unicode/near.h"
#include "unicode/vocabulary.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(vocabulary, .timeout = 120); /* one that does not get on would never end */

static const struct index *ix;

static void find_index(void)
{
    ix = index_builtin();
}

/* Lines of /words PATTERN; the first of them, up to the tab, goes to *first. */
static uint64_t list_words(const char *pattern, size_t len, char first[RENDER_BYTES])
{
    static const struct render_style style;
    struct listing *l;
    struct search_error error;
    char out[RENDER_BYTES];
    size_t out_len;
    cr_assert_eq(listing_open(&l, ix, LISTING_WORDS, pattern, len, &error), SEARCH_OPENED);
    first[0] = '\0';
    for (enum listing_step step; (step = listing_next(l, &style, out, &out_len)) != LISTING_END;)
        if (step == LISTING_RESULT && !*first)
            snprintf(first, RENDER_BYTES, "%.*s", (int)strcspn(out, "\t"), out);
    uint64_t found = listing_found(l);
    listing_close(l);
    return found;
}

Test(vocabulary, each_word_is_listed_by_itself, .init = find_index)
{
    for (uint32_t w = 0; w < index_word_count(ix); w++) {
        char word[INDEX_WORD_BYTES + 1], first[RENDER_BYTES];
        size_t len;
        const char *text = index_word_text(ix, w, &len);
        memcpy(word, text, len);
        word[len] = '\0';
        cr_assert_eq(list_words(word, len, first), 1u, "/words %s", word);
        cr_assert_str_eq(first, word);
    }
}

Test(vocabulary, all_words_are_listed, .init = find_index)
{
    static const char *const all[] = {"*", "?*", "*?", "**", "?*?*"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char first[RENDER_BYTES];
        uint32_t longer = 0; /* than one letter */
        for (uint32_t w = 0; w < index_word_count(ix); w++) {
            size_t len;
            index_word_text(ix, w, &len);
            longer += len > 1;
        }
        cr_expect_eq(list_words(all[i], strlen(all[i]), first), i < 4 ? index_word_count(ix) : longer, "%s", all[i]);
    }
}

/* The words that fit, in order, are those that a look at every word finds. */
static void check_fits(const char *pattern, size_t len, uint32_t from, uint32_t end)
{
    uint32_t at = 0, words = index_word_count(ix);
    for (uint32_t w = from; w < end; w++, at++) {
        while (!vocabulary_fits(ix, pattern, len, &at))
            cr_assert_lt(at, words, "%.*s misses %u", (int)len, pattern, w);
        cr_assert_eq(at, w, "%.*s at %u", (int)len, pattern, w);
    }
    while (at < words)
        cr_assert_not(vocabulary_fits(ix, pattern, len, &at), "%.*s also has %u", (int)len, pattern, at);
}

/* Words in alphabetical order: those with a prefix follow each other. */
Test(vocabulary, each_prefix_finds_its_words, .init = find_index)
{
    uint32_t words = index_word_count(ix);
    for (uint32_t w = 0; w < words; w++) {
        size_t len, before_len = 0;
        const char *text = index_word_text(ix, w, &len);
        const char *before = w ? index_word_text(ix, w - 1, &before_len) : "";
        for (size_t prefix = 1; prefix <= len; prefix++) {
            char pattern[INDEX_WORD_BYTES + 1];
            if (before_len >= prefix && memcmp(before, text, prefix) == 0)
                continue; /* had its turn at an earlier word */
            uint32_t end = w;
            for (size_t end_len = len; end < words; end++) {
                const char *other = index_word_text(ix, end, &end_len);
                if (end_len < prefix || memcmp(other, text, prefix) != 0)
                    break;
            }
            memcpy(pattern, text, prefix);
            pattern[prefix] = '*';
            check_fits(pattern, prefix + 1, w, end);
        }
    }
}

Test(vocabulary, patterns_find_what_a_look_at_every_word_finds, .init = find_index)
{
    static const char *const patterns[] = {"*A",  "*?A*",  "A*Z",   "*A*A*A*", "??",    "*4E0*", "?????????????????*",
                                           "*ZZ", "CH?SS", "*X*?Y", "ZZZ*",    "*ZY*Z", "0*",    "Z*"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        size_t len = strlen(patterns[i]), work = 0;
        uint32_t at = 0, words = index_word_count(ix);
        for (uint32_t w = 0; w < words; w++) {
            size_t text_len;
            const char *text = index_word_text(ix, w, &text_len);
            if (!label_fits(patterns[i], len, text, text_len, &work))
                continue;
            while (!vocabulary_fits(ix, patterns[i], len, &at))
                cr_assert_lt(at, words, "%s misses %.*s", patterns[i], (int)text_len, text);
            cr_assert_eq(at++, w, "%s at %.*s", patterns[i], (int)text_len, text);
        }
        while (at < words)
            cr_assert_not(vocabulary_fits(ix, patterns[i], len, &at), "%s also has %u", patterns[i], at);
    }
}

/* ---- near words ---- */

/* Compares the walk, which shares what neighbours have in common, with one distance after the other. */
static void check_near(const char *word, size_t len)
{
    struct vocabulary_near near;
    unsigned limit = near_limit(len);
    uint32_t within = 0, kept = 0;
    vocabulary_near_start(&near);
    while (!vocabulary_near_step(&near, ix, word, len))
        continue;
    for (uint32_t w = 0; w < index_word_count(ix); w++) {
        size_t text_len;
        const char *text = index_word_text(ix, w, &text_len);
        if (index_word_is_tail(ix, w))
            continue;
        unsigned distance = near_distance(word, len, text, text_len, limit);
        within += distance <= limit;
        for (uint32_t i = 0; i < near.count; i++) {
            if (near.best[i].word != w)
                continue;
            cr_assert_eq(near.best[i].distance, distance, "%.*s to %.*s", (int)len, word, (int)text_len, text);
            kept++;
        }
        /* What was not kept is no nearer than what was. */
        if (distance <= limit && near.count == VOCABULARY_NEAREST)
            cr_assert(near.best[VOCABULARY_NEAREST - 1].distance <= distance || near.best[0].word == w ||
                          near.best[1].word == w || near.best[2].word == w || near.best[3].word == w ||
                          near.best[4].word == w,
                      "%.*s lacks %.*s", (int)len, word, (int)text_len, text);
    }
    cr_assert_eq(kept, near.count);
    cr_assert_eq(near.count, within < VOCABULARY_NEAREST ? within : VOCABULARY_NEAREST, "%.*s: %u of %u", (int)len,
                 word, near.count, within);
}

/* Words with up to two mistakes. */
Test(vocabulary, near_words_are_the_nearest, .init = find_index)
{
    uint64_t random = test_seed();
    for (int round = 0; round < 150; round++) {
        char word[NEAR_BYTES + 2];
        size_t len;
        const char *text = index_word_text(ix, test_random(&random) % index_word_count(ix), &len);
        memcpy(word, text, len);
        for (unsigned mistakes = test_random(&random) % 3; mistakes > 0; mistakes--) {
            size_t at = test_random(&random) % len;
            char letter = (char)('A' + test_random(&random) % 26), next = word[at];
            switch (test_random(&random) % 4) {
            case 0: word[at] = letter; break;
            case 1:
                memmove(word + at + 1, word + at, len++ - at);
                word[at] = letter;
                break;
            case 2:
                if (len > 1)
                    memmove(word + at, word + at + 1, --len - at);
                break;
            default:
                if (at + 1 < len) {
                    word[at] = word[at + 1];
                    word[at + 1] = next;
                }
            }
        }
        check_near(word, len);
    }
    for (size_t len = 1; len <= NEAR_BYTES; len++) {
        char word[NEAR_BYTES];
        memset(word, 'E', len);
        check_near(word, len);
    }
}

Test(vocabulary, plain_words_are_those_that_are_no_tails, .init = find_index)
{
    struct index_runs runs = index_plain_words(ix);
    const struct index_run *run = runs.run, *end = runs.run + runs.count;
    for (uint32_t w = 0; w < index_word_count(ix); w++) {
        run += run < end && run->end == w;
        cr_assert_eq(run < end && run->first <= w, !index_word_is_tail(ix, w), "word %u", w);
    }
    cr_expect_lt(runs.count, 2000u);
}
