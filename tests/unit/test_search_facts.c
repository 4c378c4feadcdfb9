/* How many characters well-known queries find: the index is complete and the name rules are right. */
#include "unicode/search.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <string.h>

/* Opens a search that must open. */
static struct search opened(const char *text)
{
    struct search s;
    struct search_error error;
    cr_assert_eq(search_open(&s, index_builtin(), SEARCH_CLASSIC, text, strlen(text), &error), SEARCH_OPENED);
    return s;
}

static uint64_t count(const char *text)
{
    struct search s = opened(text);
    struct search_run run;
    while (search_next(&s, UINT32_MAX, &run) == SEARCH_RUN)
        continue;
    search_close(&s);
    return search_found(&s);
}

/* The code points of all matches, at most 4. */
static uint32_t finds(const char *text, uint32_t out[4])
{
    struct search s = opened(text);
    struct search_run run;
    uint32_t n = 0;
    while (search_next(&s, 1, &run) == SEARCH_RUN && n < 4)
        out[n++] = index_codepoint(index_builtin(), run.first);
    search_close(&s);
    return n;
}

Test(search_facts, counts, .init = only_unicode_15)
{
    static const struct {
        const char *query;
        uint64_t found;
    } facts[] = {{"cjk", 98263}, {"hangul", 11735}, {"letter", 10859}, {"a", 821},
                 {"face", 179},  {"cat face", 10},  {"gani", 0},       {"-", 0}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        cr_assert_eq(count(facts[i].query), facts[i].found, "%s", facts[i].query);
    cr_assert_eq(index_named_count(index_builtin()), 149186);
    cr_assert_eq(index_count(index_builtin()), 149251);
}

Test(search_facts, single_characters, .init = only_unicode_15)
{
    static const struct {
        const char *query;
        uint32_t found[2];
    } facts[] = {{"ganj", {0xAC05}},   {"cjk 4e00", {0x4E00, 0x1F229}},       {"9fff", {0x9FFF}},
                 {"2b739", {0x2B739}}, {"variation selector 256", {0xE01EF}}, {"tangut 17000", {0x17000}}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        uint32_t found[4] = {0};
        uint32_t n = finds(facts[i].query, found);
        cr_assert_eq(n, facts[i].found[1] ? 2u : 1u, "%s", facts[i].query);
        cr_assert_eq(found[0], facts[i].found[0], "%s", facts[i].query);
        cr_assert_eq(found[1], facts[i].found[1], "%s", facts[i].query);
    }
}
