/* The best matches first: what /sort best keeps of an answer, and in which order.
 *
 * All matches have to be seen before the first can be handed out, so something must be kept of
 * them: the best 1,000, in a heap with the worst on top, each as one number whose high bits are its
 * rank, so that comparing two matches is comparing two numbers.  Rejected: sorting them all, up to
 * 1.2 MB of keys, for a list that nobody reads to its end; ranking in several passes, one for each
 * class, which needs no memory but finds everything four times.
 */
#ifndef UNICODE_BEST_H
#define UNICODE_BEST_H

#include "unicode/query.h"

enum {
    BEST_KEPT = 1000,     /* of an answer; 8 KB, so that sorting needs no more memory than streaming */
    BEST_TEXT_BYTES = 256 /* of the words asked for: no name is longer */
};

struct best {
    const struct index *index;
    char text[BEST_TEXT_BYTES]; /* the plain words and phrases of the top level, one space between */
    size_t len;
    uint32_t count, shown;
    bool complete; /* every match has been entered */
    bool sorted;
    uint64_t key[BEST_KEPT]; /* rank and match in one number, a heap with the worst on top until sorted */
};

/* Without words yet.  NULL when memory is out; free() it. */
struct best *best_new(const struct index *ix);
/* One more word to rank by, in upper case. */
void best_add(struct best *b, const char *word, size_t len);
/* The words and phrases of a query's top level instead of those added so far. */
void best_take_terms(struct best *b, const struct query *q);
/* Forgets the words. */
void best_clear(struct best *b);
/* Enters every match of a run. */
void best_enter(struct best *b, const struct search_run *run);
/* The next best match; the first call sorts. */
bool best_next(struct best *b, struct search_run *run);

#endif
