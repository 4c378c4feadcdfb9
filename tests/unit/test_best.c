/* The best matches first: exact names, exact aliases, words side by side, others; in each fewer words first. */
#include "query_answer.h"
#include "unicode/label.h"
#include "unicode/search.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEPT = 1000
};

TestSuite(best, .init = only_unicode_15);

/* The answer begins with these matches. */
static void begins(const char *query, const char *expected)
{
    const char *answer = query_answer_best(query);
    cr_expect_eq(strncmp(answer, expected, strlen(expected)), 0, "%s: %.200s", query, answer);
}

Test(best, classes)
{
    begins("space", "U+0020\n");                /* the name */
    begins("nbsp", "U+00A0 alias NBSP\n");      /* an alias */
    begins("black king", "U+265A\n");           /* scattered, but in fewest words */
    begins("digit one", "U+0031\n");            /* the name, before many that have both words */
    begins("\"black chess\" king", "U+265A\n"); /* phrases count as typed */
    begins("no-break space", "U+00A0\n");       /* hyphens are spaces */
}

/* Classes come before the number of words: the words side by side before the words alone. */
Test(best, side_by_side_before_scattered)
{
    const char *answer = query_answer_best("left arrow");
    const char *near = strstr(answer, "U+20D6\n"), *far = strstr(answer, "U+2194\n");
    /* COMBINING LEFT ARROW ABOVE has a word more than LEFT RIGHT ARROW. */
    cr_expect(near && far && near < far, "%.100s", answer);
}

Test(best, a_list_keeps_its_order)
{
    begins("265B, 265A", "U+265B\nU+265A\n");
}

/* Naively: all matches of one word that is no name, ranked by words and code point. */
struct ranked {
    size_t words;
    uint32_t ordinal;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->words != y->words)
        return x->words < y->words ? -1 : 1;
    return x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

static size_t collect(struct ranked *all, size_t cap, const char *query)
{
    struct search s;
    struct search_error error;
    struct search_run run;
    size_t count = 0;
    cr_assert_eq(search_open(&s, index_builtin(), SEARCH_DEFAULT, query, strlen(query), &error), SEARCH_OPENED);
    for (enum search_step step; (step = search_next(&s, 1000, &run)) != SEARCH_END;) {
        for (uint32_t i = 0; step == SEARCH_RUN && !run.alias && i < run.count && count < cap; i++) {
            size_t len;
            const char *name = index_name(s.index, run.first + i, &len);
            all[count++] = (struct ranked){label_words(name, len), run.first + i};
        }
    }
    search_close(&s);
    qsort(all, count, sizeof *all, by_rank);
    return count;
}

Test(best, the_best_thousand_of_many)
{
    static struct ranked all[20000];
    struct search s;
    struct search_error error;
    struct search_run run;
    size_t count = collect(all, sizeof all / sizeof *all, "letter"), shown = 0;
    cr_assert_gt(count, (size_t)10 * KEPT);
    cr_assert_eq(search_open_best(&s, index_builtin(), SEARCH_DEFAULT, "letter", 6, &error), SEARCH_OPENED);
    for (enum search_step step; (step = search_next(&s, 1000, &run)) != SEARCH_END;) {
        if (step != SEARCH_RUN || run.alias)
            continue;
        cr_assert_eq(run.count, 1u);
        cr_assert_eq(run.first, all[shown].ordinal, "match %zu", shown);
        shown++;
    }
    cr_expect_geq(shown, (size_t)KEPT - 20, "but for matches by alias");
    cr_expect_eq(search_kept(&s, search_found(&s)), (uint64_t)KEPT);
    search_close(&s);
}
