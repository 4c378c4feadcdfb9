/* Whichever allocation fails, a search says so or is not harmed by it, and holds nothing afterwards.
 *
 * The linker lets calls of malloc() and calloc() from the project come through here (--wrap, see rules.mk).
 */
#include "unicode/query.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t bytes);               /* NOLINT: the linker's names */
void *__real_calloc(size_t count, size_t bytes); /* NOLINT */
void *__wrap_malloc(size_t bytes);               /* NOLINT */
void *__wrap_calloc(size_t count, size_t bytes); /* NOLINT */

enum {
    MOST_ALLOCATIONS = 20, /* of one search */
    LONG = QUERY_LINE_BYTES + 1000
};

static unsigned until_failure; /* 0: none is to fail */
static bool failed;

static bool fails_now(void)
{
    if (until_failure == 0 || --until_failure > 0)
        return false;
    failed = true;
    return true;
}

void *__wrap_malloc(size_t bytes) /* NOLINT */
{
    return fails_now() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes) /* NOLINT */
{
    return fails_now() ? NULL : __real_calloc(count, bytes);
}

/* What becomes of the search when the allocation of this number fails: SEARCH_OPENED when it comes to its end. */
static enum search_result run(const char *text, size_t len, bool best, unsigned number)
{
    struct search s;
    struct search_error error;
    struct search_run found;
    failed = false;
    until_failure = number;
    enum search_result result = best ? search_open_best(&s, index_builtin(), SEARCH_DEFAULT, text, len, &error)
                                     : search_open(&s, index_builtin(), SEARCH_DEFAULT, text, len, &error);
    if (result == SEARCH_OPENED) {
        enum search_step step;
        while ((step = search_next(&s, 1000, &found)) != SEARCH_END && step != SEARCH_REFUSED)
            ;
        result = step == SEARCH_REFUSED ? search_refusal(&s, &error) : SEARCH_OPENED;
        search_close(&s);
    }
    until_failure = 0;
    return result;
}

static void survives(const char *text, size_t len)
{
    for (int best = 0; best < 2; best++) {
        enum search_result usual = run(text, len, best, 0);
        for (unsigned number = 1; number < MOST_ALLOCATIONS; number++) {
            enum search_result result = run(text, len, best, number);
            cr_expect_eq(result, failed ? SEARCH_NO_MEMORY : usual, "%.40s: allocation %u: %d", text, number, result);
        }
        cr_expect_not(failed, "%.40s allocates more than %d times", text, MOST_ALLOCATIONS);
    }
}

Test(no_memory, any_allocation_of_a_search)
{
    static const char *const lines[] = {
        "cat",     "face",           "quen", "chess|king !black gc:S", "265A, 265B", "\u265A \u00DF",
        "\"a b\"", "*a* blk:Arrows", "",     "2654..265F, 2660"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        survives(lines[i], strlen(lines[i]));
}

/* They are read in steps, so that it may show late. */
Test(no_memory, long_lines)
{
    static char line[LONG];
    for (size_t i = 0; i < sizeof line; i++)
        line[i] = "cat "[i % 4];
    survives(line, sizeof line);
    for (size_t i = 0; i < sizeof line; i++)
        line[i] = "quen "[i % 5];
    survives(line, sizeof line);
    memset(line, ' ', sizeof line);
    memcpy(line + 500, "gc:Sm arrow", 11);
    survives(line, sizeof line);
}
