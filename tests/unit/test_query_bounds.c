/* The worst queries one can think of: what they hold in memory, and how much they do between two turns. */
#include "unicode/plan.h"
#include "unicode/search.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPEN_BYTES = 80 * 1024,
    MOST_TURNS = 100000,
    CLIENTS = 1000
};

static struct search opened(const char *query)
{
    struct search s;
    struct search_error error;
    enum search_result result = search_open(&s, index_builtin(), SEARCH_DEFAULT, query, strlen(query), &error);
    cr_assert_eq(result, SEARCH_OPENED, "%s", query);
    return s;
}

/* The query comes to an end, never holding more than it may. */
static void stays_within(const char *query)
{
    struct search s = opened(query);
    struct search_run run;
    unsigned turns = 0;
    enum search_step step = SEARCH_RUN;
    for (; step != SEARCH_END && turns < MOST_TURNS; turns += step == SEARCH_AGAIN) {
        cr_assert_leq(search_bytes(&s), OPEN_BYTES, "%.60s: %zu bytes", query, search_bytes(&s));
        step = search_next(&s, 4096, &run);
    }
    cr_expect_eq(step, SEARCH_END, "%.60s", query);
    search_close(&s);
}

static const char *repeated(const char *term, size_t times)
{
    static char line[QUERY_LINE_BYTES + 1];
    line[0] = '\0';
    for (size_t i = 0; i < times && strlen(line) + strlen(term) < sizeof line; i++)
        strcat(line, term);
    return line;
}

Test(query_bounds, memory)
{
    stays_within("*a* *e* *i*");
    stays_within("!x");
    stays_within("gc:L|gc:S|gc:P");
    stays_within("(((((((!(!*a*)|*b*)))))))");
    stays_within("?????????????????????");
    stays_within(repeated("*a* ", 64));
    stays_within(repeated("!(!(!(!(!(!(!(!a))))))) ", 64));
    stays_within(repeated("gc:L|gc:S ", 32));
    stays_within(repeated("quen ", 64));
    stays_within(repeated("\xE2\x99\x9A", QUERY_LINE_BYTES / 3));
    stays_within(repeated("*a-", QUERY_LINE_BYTES / 3));
    stays_within(repeated("*-", QUERY_LINE_BYTES / 2));
    stays_within(repeated("\\(", QUERY_LINE_BYTES / 2));
    stays_within(repeated("a-b-c-d-e-f-g-h-", QUERY_LINE_BYTES / 16));
}

/* Work is counted in units: between two SEARCH_AGAIN there is never more than a turn's worth of them. */
Test(query_bounds, a_turn_is_bounded)
{
    static const char *const queries[] = {"*a* *e* *i*", "*zq*", "h?t|*xyz*", "!(*a*|*e*)", "\"letter a\"|*q*q*"};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct search s = opened(queries[i]);
        struct search_run run;
        uint64_t found = 0, tested = index_count(index_builtin());
        unsigned turns = 1;
        for (enum search_step step; (step = search_next(&s, 1, &run)) != SEARCH_END;) {
            turns += step == SEARCH_AGAIN;
            found += step == SEARCH_RUN;
        }
        /* Testing a name costs four units at the very least. */
        cr_expect_geq(turns, tested * 4 / PLAN_STEP_UNITS, "%s: %u turns", queries[i], turns);
        cr_expect_eq(found, search_found(&s), "%s", queries[i]);
        search_close(&s);
    }
}

/* A thousand clients that do not read: each query has been begun, and waits. */
Test(query_bounds, a_thousand_at_once)
{
    static struct search waiting[CLIENTS];
    size_t bytes = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        struct search_run run;
        waiting[i] = opened("*a* *e* gc:L|gc:S|gc:P !x");
        search_next(&waiting[i], 100, &run);
        bytes += search_bytes(&waiting[i]);
    }
    cr_expect_lt(bytes, (size_t)CLIENTS * 4096, "%zu bytes", bytes);
    for (size_t i = 0; i < CLIENTS; i++)
        search_close(&waiting[i]);
}

Test(query_bounds, plain_words_hold_nothing)
{
    struct search s = opened("chess black king");
    cr_expect_eq(search_bytes(&s), 0);
    cr_expect_leq(sizeof s, 1024);
    search_close(&s);
}

/* Words that match are answered from their lists alone, however often they are repeated and whatever joins them. */
Test(query_bounds, repeated_words_hold_nothing)
{
    static const char *const lines[] = {"a ", "a-", "chess black-king "};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct search s = opened(repeated(lines[i], 30)), long_one;
        cr_expect_eq(search_bytes(&s), 0u, "%s", lines[i]);
        long_one = opened(repeated(lines[i], i == 1 ? 100 : 64 / (1 + i / 2)));
        cr_expect_eq(search_bytes(&long_one), 0u, "%s", lines[i]);
        struct search_run a, b;
        enum search_step step;
        do {
            step = search_next(&s, 1000, &a);
            cr_assert_eq(search_next(&long_one, 1000, &b), step, "%s", lines[i]);
            if (step == SEARCH_RUN)
                cr_assert(a.first == b.first && a.count == b.count && a.alias == b.alias, "%s", lines[i]);
        } while (step == SEARCH_RUN);
        search_close(&s);
        search_close(&long_one);
    }
}
