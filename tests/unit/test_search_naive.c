/* Searches find what a naive evaluator finds: random words of random names, both dialects, any maximum. */
#include "unicode/search.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS = 50, /* each looks at every name */
    WORDS = 6,
    QUERY_BYTES = 512
};

static const struct index *ix;

static void find_index(void)
{
    ix = index_builtin();
}

struct word {
    const char *text;
    size_t len;
};

/* Splits at spaces and hyphens. */
static size_t split(const char *text, size_t len, struct word *out, size_t cap)
{
    size_t count = 0;
    for (size_t at = 0, end; at < len; at = end + 1) {
        for (end = at; end < len && text[end] != ' ' && text[end] != '-';)
            end++;
        if (end > at && count < cap)
            out[count++] = (struct word){text + at, end - at};
    }
    return count;
}

/* Every word of the query is one of the words of the text. */
static bool holds(const char *text, size_t len, const struct word *query, size_t words)
{
    struct word have[INDEX_NAME_WORDS];
    if (words && !memmem(text, len, query->text, query->len)) /* spares most names the work */
        return false;
    size_t count = split(text, len, have, INDEX_NAME_WORDS);
    for (size_t q = 0; q < words; q++) {
        size_t i = 0;
        while (i < count && (have[i].len != query[q].len || memcmp(have[i].text, query[q].text, have[i].len) != 0))
            i++;
        if (i == count)
            return false;
    }
    return words > 0;
}

/* How a character matches: 0 not, 1 by name, 2 + n by alias n. */
static uint32_t naive(uint32_t ordinal, const struct word *query, size_t words, enum search_dialect dialect)
{
    size_t len;
    const char *name = index_name(ix, ordinal, &len);
    if (!index_is_control(ix, ordinal) && holds(name, len, query, words))
        return 1;
    struct index_run aliases = index_aliases_of(ix, ordinal);
    for (uint32_t a = aliases.first; dialect == SEARCH_DEFAULT && a < aliases.end; a++) {
        const char *alias = index_alias(ix, a, &len);
        if (holds(alias, len, query, words))
            return 2 + a;
    }
    return 0;
}

/* A few words of one name or alias, sometimes one of another, in any order and case. */
static size_t random_query(uint64_t *random, struct word out[WORDS])
{
    size_t len, count = 0;
    while (count == 0) {
        const char *text = !index_alias_count(ix) || test_random(random) % 4
                               ? index_name(ix, test_random(random) % index_count(ix), &len)
                               : index_alias(ix, test_random(random) % index_alias_count(ix), &len);
        struct word words[INDEX_NAME_WORDS];
        size_t have = split(text, len, words, INDEX_NAME_WORDS);
        for (size_t wanted = 1 + test_random(random) % 4; have && count < wanted && count < WORDS - 1; count++)
            out[count] = words[test_random(random) % have];
    }
    if (test_random(random) % 4 == 0) {
        uint32_t word = test_random(random) % index_word_count(ix);
        out[count].text = index_word_text(ix, word, &out[count].len);
        count++;
    }
    return count;
}

static size_t spell(uint64_t *random, const struct word *words, size_t count, char out[QUERY_BYTES])
{
    static const char *const between[] = {" ", "-", "  ", " - ", "\t"};
    size_t at = 0;
    for (size_t w = 0; w < count; w++) {
        for (size_t i = 0; i < words[w].len; i++) {
            char c = words[w].text[i];
            out[at++] = c >= 'A' && c <= 'Z' && test_random(random) % 2 ? (char)(c - 'A' + 'a') : c;
        }
        for (const char *gap = between[test_random(random) % (sizeof between / sizeof *between)]; *gap; gap++)
            out[at++] = *gap;
    }
    return at;
}

/* All hex digits: where they find nothing as words, the default dialect may read them as code points. */
static bool may_be_list(const struct word *words, size_t count, enum search_dialect dialect)
{
    for (size_t w = 0; w < count; w++)
        if (strspn(words[w].text, "0123456789ABCDEF") < words[w].len)
            return false;
    return dialect == SEARCH_DEFAULT;
}

static void check_query(const struct word *words, size_t count, const char *query, size_t len,
                        enum search_dialect dialect, uint32_t max)
{
    struct search s;
    struct search_run run = {0, 0, false};
    struct search_error error;
    enum search_step step = SEARCH_RUN;
    uint64_t found = 0;
    cr_assert_eq(search_open(&s, ix, dialect, query, len, &error), SEARCH_OPENED, "%.*s", (int)len, query);
    for (uint32_t i = 0; i < index_count(ix); i++) {
        uint32_t how = naive(i, words, count, dialect);
        if (!how)
            continue;
        while (run.count == 0 && (step = search_next(&s, max, &run)) != SEARCH_RUN)
            cr_assert_neq(step, SEARCH_END, "%.*s misses U+%04X", (int)len, query, index_codepoint(ix, i));
        cr_assert(run.count <= max && (!run.alias || run.count == 1));
        cr_assert_eq(run.first, how == 1 ? i : how - 2, "%.*s at U+%04X", (int)len, query, index_codepoint(ix, i));
        cr_assert_eq(run.alias, how != 1);
        run.first++;
        run.count--;
        found++;
    }
    if (!found && may_be_list(words, count, dialect)) {
        search_close(&s);
        return;
    }
    cr_assert_eq(run.count, 0u, "%.*s finds too much", (int)len, query);
    while ((step = search_next(&s, max, &run)) != SEARCH_END)
        cr_assert_neq(step, SEARCH_RUN, "%.*s finds too much", (int)len, query);
    cr_assert_eq(search_found(&s), found);
    search_close(&s);
}

static void compare(enum search_dialect dialect)
{
    uint64_t random = test_seed();
    for (int round = 0; round < ROUNDS; round++) {
        struct word words[WORDS];
        char query[QUERY_BYTES];
        size_t count = random_query(&random, words), len = spell(&random, words, count, query);
        check_query(words, count, query, len, dialect,
                    test_random(&random) % 2 ? UINT32_MAX : 1 + test_random(&random) % 40);
    }
}

Test(search_naive, classic, .init = find_index)
{
    compare(SEARCH_CLASSIC);
}

Test(search_naive, by_default, .init = find_index)
{
    compare(SEARCH_DEFAULT);
}
