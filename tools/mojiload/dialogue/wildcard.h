/* wildcard.h - does a stream of bytes match a pattern?  '*' stands for any bytes, '?' for any one.
 *
 * All the ways in which a pattern may match are followed at once, a bit for each place in it (Shift-And, Baeza-Yates
 * and Gonnet 1992, with loops for the stars): nothing is kept of the text, however long it is and wherever it is cut.
 */
#ifndef MOJILOAD_WILDCARD_H
#define MOJILOAD_WILDCARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GLOB_MAX = 60 /* bytes and '?' of a pattern, with the trailer: places in a word of 64 bits */
};

struct glob {
    uint64_t takes[256]; /* the places that go on with this byte */
    uint64_t stays;      /* the places that any byte leaves as they are: there is a star */
    uint64_t end;        /* the place behind the pattern: CR and LF leave it as it is */
    uint64_t accepts;    /* the end, and the place behind the trailer */
};

/* pattern: with C escapes, and \* and \? for the bytes themselves.  The text may end in any CR and LF, and then in
 * trailer (len bytes, may be 0).  False when it is ill-formed or too long. */
bool glob_compile(struct glob *g, const char *pattern, const char *trailer, size_t trailer_len);
/* At the start of a text. */
static inline uint64_t glob_begin(void)
{
    return 1;
}
/* The state after these bytes. */
uint64_t glob_feed(const struct glob *g, uint64_t state, const char *bytes, size_t len);
static inline bool glob_matches(const struct glob *g, uint64_t state)
{
    return (state & g->accepts) != 0;
}

#endif
