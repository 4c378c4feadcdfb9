/* The rest of an answer: its line and how much of it was shown, which is all that /more needs. */
#ifndef ANSWER_REST_H
#define ANSWER_REST_H

#include "answer/answer.h"

struct answer_rest {
    uint64_t before; /* matches shown by earlier answers to the line */
    uint64_t shown;  /* and by the newest one */
    uint64_t found;
    uint64_t most; /* of them, how many can be shown: of the best only so many are kept */
    struct answer_place place[ANSWER_PLACES + 1]; /* in it, in any order */
    uint32_t len;
    bool best;
    bool classic;
    bool newest; /* no other answer, as to /words or /count, came after it */
    char line[];
};

/* With nothing but the line.  NULL without memory. */
struct answer_rest *rest_new(const char *line, size_t len);
/* What is left of a complete answer; NULL for nothing, or without memory.  Takes a->rest over. */
struct answer_rest *rest_of(struct answer *a);
/* The last place known that comes after no more than so many matches. */
struct answer_place rest_place_before(const struct answer_rest *rest, uint64_t matches);

#endif
