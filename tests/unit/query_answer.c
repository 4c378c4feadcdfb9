/* Runs a query to its end and writes down what comes out. */
#include "query_answer.h"
#include "answer/notes.h"
#include "unicode/search.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char answer[1 << 16];
static size_t used;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(answer + used, sizeof answer - used, format, args);
    va_end(args);
    used += n > 0 && (size_t)n < sizeof answer - used ? (size_t)n : 0; /* of long answers the beginning is enough */
}

static void put_run(const struct index *ix, const struct search_run *run)
{
    if (run->alias) {
        size_t len;
        const char *alias = index_alias(ix, run->first, &len);
        put("U+%04" PRIX32 " alias %.*s\n", index_codepoint(ix, index_alias_ordinal(ix, run->first)), (int)len, alias);
        return;
    }
    for (uint32_t i = 0; i < run->count; i++)
        put("U+%04" PRIX32 "\n", index_codepoint(ix, run->first + i));
}

static void put_notes(struct search *s)
{
    struct notes notes;
    const struct facts *facts;
    struct plan *plan;
    if (!search_about(s, &facts, &plan))
        return;
    notes_start(&notes, facts, plan, search_found(s));
    for (enum notes_step step; (step = notes_next(&notes)) != NOTES_NONE;)
        if (step == NOTES_LINE)
            put("# %.*s\n", (int)notes.len, notes.text);
}

static const char *run_query(const char *query, bool best)
{
    struct search s;
    struct search_run run;
    struct search_error error;
    used = 0;
    answer[0] = '\0';
    enum search_result result = best ? search_open_best(&s, index_builtin(), SEARCH_DEFAULT, query, strlen(query),
                                                        &error)
                                     : search_open(&s, index_builtin(), SEARCH_DEFAULT, query, strlen(query), &error);
    if (result == SEARCH_ILL_FORMED)
        put("! %s", error.text);
    if (result != SEARCH_OPENED)
        return answer;
    for (enum search_step step; (step = search_next(&s, 1000, &run)) != SEARCH_END;) {
        if (step == SEARCH_RUN)
            put_run(s.index, &run);
        if (step == SEARCH_REFUSED) {
            put(search_refusal(&s, &error) == SEARCH_BAD_UTF8 ? "! not valid UTF-8" : "! %s", error.text);
            search_close(&s);
            return answer;
        }
    }
    put_notes(&s);
    put("%" PRIu64 " found", search_found(&s));
    search_close(&s);
    return answer;
}

const char *query_answer(const char *query)
{
    return run_query(query, false);
}

const char *query_answer_best(const char *query)
{
    return run_query(query, true);
}

uint64_t query_count(const char *query)
{
    struct search s;
    struct search_run run;
    struct search_error error;
    if (search_open(&s, index_builtin(), SEARCH_DEFAULT, query, strlen(query), &error) != SEARCH_OPENED)
        return UINT64_MAX;
    while (search_next(&s, UINT32_MAX, &run) != SEARCH_END)
        continue;
    uint64_t found = search_found(&s);
    search_close(&s);
    return found;
}
