/* One query from its first match to its last note. */
#include "query_plan.h"

#include <stdlib.h>

enum search_result query_plan_open(struct query_plan **qp, const struct index *ix, const char *text, size_t len,
                                   struct search_error *error)
{
    struct query query;
    enum search_result result = query_parse(&query, text, len, error);
    *qp = NULL;
    if (result != SEARCH_OPENED)
        return result;
    struct query_plan *made = calloc(1, sizeof *made);
    if (!made)
        query_free(&query);
    if (!made || plan_start(&made->plan, ix, &query) != 0) {
        free(made);
        return SEARCH_NO_MEMORY;
    }
    notes_start(&made->notes, &made->plan);
    *qp = made;
    return SEARCH_OPENED;
}

/* Where no name has the one word, it may be a code point. */
static bool read_as_code_point(struct query_plan *qp, uint64_t found, struct search_run *run)
{
    uint32_t c = notes_codepoint(&qp->plan);
    if (found || qp->notes.read_as || c == INDEX_NONE)
        return false;
    qp->notes.read_as = true;
    *run = (struct search_run){index_ordinal(qp->plan.index, c), 1, false};
    return true;
}

enum search_step query_plan_next(struct query_plan *qp, uint32_t max, uint64_t found, struct search_run *run)
{
    bool again = false;
    if (!qp->matched) {
        if (plan_next(&qp->plan, max, run, &again))
            return SEARCH_RUN;
        if (again)
            return SEARCH_AGAIN;
        qp->matched = true;
    }
    if (read_as_code_point(qp, found, run))
        return SEARCH_RUN;
    if (notes_next(&qp->notes, &qp->plan, found, &again))
        return SEARCH_NOTE;
    return again ? SEARCH_AGAIN : SEARCH_END;
}

void query_plan_end(struct query_plan *qp)
{
    qp->matched = true;
}

void query_plan_close(struct query_plan *qp)
{
    if (!qp)
        return;
    plan_free(&qp->plan);
    free(qp);
}
