/* unicode/cursor.h - a position in the intersection of posting lists.
 *
 * Finds what is in all of its lists, in ascending order, one maximal run at a
 * time, without ever holding a result: the state is a position in each list.
 * A step leaps: each list is searched, from where it stands, for the first run that ends
 * behind the largest beginning seen so far, in steps that double; so a short list beside a
 * long one costs about log2 of the gap, not the long list's length.
 *
 * Rejected: merging the lists step by step, which costs the longest list ("chess" has 2 runs,
 * "letter" 284); collecting the members of the shortest list and filtering them, which needs memory
 * for an answer that nobody may read to its end; a binary search in the whole list at each step,
 * which forgets that matches come in order.
 */
#ifndef UNICODE_CURSOR_H
#define UNICODE_CURSOR_H

#include "unicode/index.h"

struct cursor_list {
    const struct index_run *run, *end; /* the runs not passed, at least one */
};

/* Private fields.  Copying a cursor copies its position. */
struct cursor {
    uint32_t at;    /* everything below is done */
    uint32_t lists; /* shortest first; 0: nothing matches */
    struct cursor_list list[INDEX_NAME_WORDS];
};

/* A cursor without lists matches nothing. */
void cursor_start(struct cursor *c);
/* Asks for the members of one more list, before the first cursor_next(); a list it has
 * already changes nothing.  false: the list is empty or there are INDEX_NAME_WORDS of them already,
 * so nothing can match: the cursor is without lists again. */
bool cursor_add(struct cursor *c, struct index_runs runs);
/* The next run of at most max (> 0) members: maximal, but for max.  false: there are no more, *run
 * is unchanged. */
bool cursor_next(struct cursor *c, uint32_t max, struct index_run *run);

#endif
