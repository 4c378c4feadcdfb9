/* What a search has besides words: the plan of a query, and the notes that follow its matches. */
#ifndef UNICODE_QUERY_PLAN_H
#define UNICODE_QUERY_PLAN_H

#include "unicode/notes.h"

struct query_plan {
    struct plan plan;
    struct notes notes;
    bool matched; /* every match is handed out: notes come next */
};

/* Opens text (valid UTF-8) as a query of any form into *qp. */
enum search_result query_plan_open(struct query_plan **qp, const struct index *ix, const char *text, size_t len,
                                   struct search_error *error);
/* found: matches so far. */
enum search_step query_plan_next(struct query_plan *qp, uint32_t max, uint64_t found, struct search_run *run);
/* It is known that nothing matches: only notes are left. */
void query_plan_end(struct query_plan *qp);
void query_plan_close(struct query_plan *qp);

#endif
