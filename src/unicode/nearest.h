/* The few names of a list that are nearest to one that is not in it: "did you mean".
 *
 * For lists of some hundred names (keys, values, HTML's references) that are walked anyway; words
 * of names, of which there are thousands, have unicode/vocabulary.h.
 */
#ifndef UNICODE_NEAREST_H
#define UNICODE_NEAREST_H

#include "unicode/query.h"

enum {
    NEAREST = 5 /* names kept */
};

struct nearest {
    const char *wanted; /* the caller's */
    size_t len;
    struct {
        const char *shown; /* the caller's, not terminated */
        size_t len;
        unsigned rank;
    } best[NEAREST]; /* nearest first, as offered among equals */
    unsigned count;
};

/* wanted, in the spelling in which names are compared, has to live as long as n. */
void nearest_start(struct nearest *n, const char *wanted, size_t len);
/* Offers a name that could have been meant: candidate is what is compared, shown (which has to live
 * on) what a message calls it.  It is near within near_limit() edits, or, behind all of these, when
 * it has the wanted name in it somewhere.  One shown twice is kept once, at its best. */
void nearest_offer(struct nearest *n, const char *candidate, size_t candidate_len, const char *shown, size_t len);

/* Goes on with another spelling of what is wanted: what was near in the first one stays in
 * front. */
void nearest_also(struct nearest *n, const char *wanted, size_t len);
/* Appends "; near: A, B" to an error, each between these two; nothing when nothing is near. */
void nearest_say(const struct nearest *n, const char *before, const char *behind, struct search_error *error);

#endif
