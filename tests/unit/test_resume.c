/* A search goes on behind any of its matches as if it had come there by itself, and looks for nothing before. */
#include "unicode/search.h"

#include <criterion/criterion.h>
#include <string.h>

static struct search opened(const char *query)
{
    struct search s;
    struct search_error error;
    cr_assert_eq(search_open(&s, index_builtin(), SEARCH_DEFAULT, query, strlen(query), &error), SEARCH_OPENED);
    return s;
}

/* The next match; *again counts how often others had their turn before it. */
static bool next(struct search *s, struct search_run *run, unsigned *again)
{
    for (enum search_step step; (step = search_next(s, 1, run)) != SEARCH_END; *again += step == SEARCH_AGAIN)
        if (step == SEARCH_RUN)
            return true;
    return false;
}

static uint32_t ordinal_of(const struct search_run *run)
{
    return run->alias ? index_alias_ordinal(index_builtin(), run->first) : run->first;
}

/* From each `stride`th match on, the next few are the same. */
static void check(const char *query, uint64_t stride)
{
    struct search whole = opened(query);
    struct search_run run, other;
    unsigned again = 0;
    uint64_t before = 0;
    for (; next(&whole, &run, &again); before++) {
        if (before % stride)
            continue;
        struct search part = opened(query);
        struct search ahead = whole; /* a plan has one position, so only the next match is compared then */
        search_resume(&part, ordinal_of(&run), before);
        unsigned waited = 0;
        cr_assert(next(&part, &other, &waited), "%s after %llu", query, (unsigned long long)before);
        cr_assert(other.first == run.first && other.alias == run.alias, "%s after %llu", query,
                  (unsigned long long)before);
        cr_assert_eq(search_found(&part), before + 1);
        cr_assert_eq(waited, 0u, "%s after %llu: %u turns", query, (unsigned long long)before, waited);
        while (!whole.plan && next(&ahead, &run, &again)) {
            cr_assert(next(&part, &other, &again));
            cr_assert(other.first == run.first && other.alias == run.alias, "%s", query);
        }
        search_close(&part);
    }
    cr_assert_gt(before, 0u, "%s", query);
    search_close(&whole);
}

Test(resume, behind_any_match)
{
    check("cat", 1);
    check("line", 1);
    check("cat face", 1);
    check("capital letter a", 1);
    check("letter", 997);
    check("nbsp|tab|bell", 1);
    check("null|del|lf|space", 1);
    check("*a* *e* *i*", 997);
    check("!*a*", 9973);
    check("gc:Sm|gc:Sc", 7);
    check("is:alpha *ar*", 97);
    check("\xE2\x99\x9A\xE2\x99\x9B U+2600..U+26FF", 1);
    check("\"letter a\"", 1);
}
