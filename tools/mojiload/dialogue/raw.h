/* raw.h - is this a right answer of a foreign protocol?  As far as the user has told: its framing (frame.h), what a
 * right answer looks like, and what an error begins with.
 */
#ifndef MOJILOAD_RAW_H
#define MOJILOAD_RAW_H

#include "dialogue/frame.h"
#include "dialogue/wildcard.h"

enum {
    RAW_ERRORS = 8,
    RAW_HEAD = 64 /* bytes of an answer that are kept, for messages and to know it again when it comes twice */
};

struct raw_rules {
    struct framing framing;
    struct glob error[RAW_ERRORS];
    unsigned errors;
};

struct raw_answer {
    struct frame frame;
    uint64_t expected, error[RAW_ERRORS]; /* states of the patterns */
    uint64_t bytes;
    char head[RAW_HEAD];
};

enum raw_verdict {
    RAW_MORE,
    RAW_RIGHT,
    RAW_ERROR,
    RAW_UNEXPECTED, /* whole, and not what was expected */
    RAW_BROKEN      /* framing is lost */
};

/* An answer that begins with the pattern is an error.  False when it is ill-formed, or one too many. */
bool raw_add_error(struct raw_rules *rules, const char *pattern);
/* Those of the protocol itself. */
void raw_add_errors_of_framing(struct raw_rules *rules);
/* What stands behind each answer and is no part of what patterns are about: *len bytes of it. */
const char *raw_trailer(const struct raw_rules *rules, size_t *len);

void raw_begin(struct raw_answer *a, const struct raw_rules *rules);
/* Takes bytes of the answer, as many as returned.  expect: NULL, anything is right. */
size_t raw_feed(struct raw_answer *a, const struct raw_rules *rules, const struct glob *expect, const char *bytes,
                size_t len, enum raw_verdict *verdict);
/* The bytes are the whole last answer, once more. */
bool raw_again(const struct raw_answer *a, const char *bytes, size_t len);

#endif
