/* What a search has besides words: the plan of a query or a list of code points, and what reading it showed. */
#ifndef UNICODE_QUERY_PLAN_H
#define UNICODE_QUERY_PLAN_H

#include "unicode/facts.h"

/* What the words of a line are known to find, before it is opened as a query. */
enum query_words {
    QUERY_WORDS_OTHER,  /* it has other forms than words */
    QUERY_WORDS_ANSWER, /* they find something: nothing else can be meant, and only what there is to
                           remark on is asked for */
    QUERY_WORDS_NOTHING /* they find nothing */
};

struct query_plan {
    struct plan plan; /* of an empty query, when the line is a list */
    struct facts facts;
    bool matched;            /* every match is handed out */
    uint32_t listed;         /* code points of the list handed out or passed over */
    uint32_t items;          /* of the list; 0: it is none */
    struct index_run item[]; /* single code points, which are the matches in this order */
};

/* Opens text (valid UTF-8) as a query of any form into *qp, or as what it was pasted for (unicode/pasted.h). */
enum search_result query_plan_open(struct query_plan **qp, const struct index *ix, const char *text, size_t len,
                                   enum query_words words, struct search_error *error);
/* found: matches so far. */
enum search_step query_plan_next(struct query_plan *qp, uint32_t max, uint64_t found, struct search_run *run);
/* Bytes held. */
size_t query_plan_bytes(const struct query_plan *qp);
void query_plan_close(struct query_plan *qp);

#endif
