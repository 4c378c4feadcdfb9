/* One query from its first match to its last. */
#include "query_plan.h"
#include "unicode/text.h"

#include <stdlib.h>
#include <string.h>

/* Takes over the query, which is the one of an empty line if the answer is a list. */
static struct query_plan *make(const struct index *ix, struct query *query, const struct pasted *pasted)
{
    size_t items = pasted->is_list ? pasted->items : 0;
    struct query_plan *made = malloc(sizeof *made + items * sizeof *made->item);
    if (!made) {
        query_free(query);
        return NULL;
    }
    made->matched = false;
    made->listed = 0;
    made->items = (uint32_t)items;
    memcpy(made->item, pasted->item, items * sizeof *made->item);
    facts_take(&made->facts, ix, query, pasted);
    if (plan_start(&made->plan, ix, query) != 0) {
        free(made);
        return NULL;
    }
    return made;
}

/* A line of words too long to be parsed: they find nothing, and that is all there is to say. */
static enum search_result open_unread(struct query_plan **qp, const struct index *ix, struct search_error *error)
{
    struct query query;
    struct pasted pasted;
    pasted_as_typed(&pasted, "", 0);
    enum search_result result = query_parse(&query, "", 0, error);
    if (result != SEARCH_OPENED)
        return result;
    *qp = make(ix, &query, &pasted);
    if (*qp)
        (*qp)->facts.unread = true;
    return *qp ? SEARCH_OPENED : SEARCH_NO_MEMORY;
}

enum search_result query_plan_open(struct query_plan **qp, const struct index *ix, const char *text, size_t len,
                                   enum query_words words, struct search_error *error)
{
    struct query query;
    struct pasted pasted;
    *qp = NULL;
    text_strip(&text, &len);
    if (len > QUERY_LINE_BYTES)
        return words == QUERY_WORDS_NOTHING ? open_unread(qp, ix, error) : query_parse(&query, text, len, error);
    if (words == QUERY_WORDS_ANSWER || len == 0)
        pasted_as_typed(&pasted, text, len);
    else
        pasted_read(&pasted, ix, text, len);
    enum search_result result = query_parse(&query, pasted.line, pasted.is_list ? 0 : pasted.len, error);
    if (result != SEARCH_OPENED)
        return result;
    *qp = make(ix, &query, &pasted);
    if (!*qp)
        return SEARCH_NO_MEMORY;
    bool points = (*qp)->plan.query.ranges > 0; /* "0x41" looks like a word and is none */
    bool known_to_fail = words == QUERY_WORDS_NOTHING && !pasted.changed && !points;
    (*qp)->matched = words == QUERY_WORDS_ANSWER || known_to_fail;
    return SEARCH_OPENED;
}

/* The next code point of the list that is a character. */
static bool next_listed(struct query_plan *qp, struct search_run *run)
{
    while (qp->listed < qp->items) {
        uint32_t ordinal = index_ordinal(qp->plan.index, qp->item[qp->listed++].first);
        if (ordinal == INDEX_NONE)
            continue;
        *run = (struct search_run){ordinal, 1, false};
        return true;
    }
    return false;
}

/* Where no name has the one word, it may be a code point. */
static bool read_as_code_point(struct query_plan *qp, uint64_t found, struct search_run *run)
{
    uint32_t c = facts_codepoint(&qp->plan);
    if (found || qp->facts.read_as || c == INDEX_NONE)
        return false;
    qp->facts.read_as = true;
    *run = (struct search_run){index_ordinal(qp->plan.index, c), 1, false};
    return true;
}

enum search_step query_plan_next(struct query_plan *qp, uint32_t max, uint64_t found, struct search_run *run)
{
    bool again = false;
    if (next_listed(qp, run))
        return SEARCH_RUN;
    if (!qp->matched) {
        if (plan_next(&qp->plan, max, run, &again))
            return SEARCH_RUN;
        if (again)
            return SEARCH_AGAIN;
        qp->matched = true;
    }
    if (read_as_code_point(qp, found, run))
        return SEARCH_RUN;
    return SEARCH_END;
}

size_t query_plan_bytes(const struct query_plan *qp)
{
    return sizeof *qp + qp->items * sizeof *qp->item + plan_bytes(&qp->plan);
}

void query_plan_close(struct query_plan *qp)
{
    if (!qp)
        return;
    plan_free(&qp->plan);
    free(qp);
}
