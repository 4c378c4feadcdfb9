/* unicode/facts.h - what reading a line brought to light besides what it asks for, for remarks on the answer.
 *
 * A search keeps these facts because they cannot be had afterwards: the pasted line is gone once it is parsed, and a
 * plan sorts and simplifies the tree.  It makes no remarks of its own: see answer/notes.h.
 */
#ifndef UNICODE_FACTS_H
#define UNICODE_FACTS_H

#include "unicode/pasted.h"
#include "unicode/plan.h"

enum {
    FACTS_TERMS = 8,  /* of the top level kept */
    FACTS_OUTSIDE = 3 /* runs of code points that are no characters */
};

struct facts {
    const char *hint; /* see pasted_hint() */
    uint32_t ignored[PASTED_IGNORED];
    uint32_t ignored_count;
    uint32_t read, different; /* code points the line listed, and how many of them differ; 0: it was no list */
    bool bytes;               /* as bytes */
    bool unread;              /* the line is longer than any that is parsed */
    bool read_as;             /* the whole query was read as a code point, for no name has the word */
    struct index_run outside[FACTS_OUTSIDE];
    uint32_t outside_count; /* may be more than are kept */
    uint16_t term[FACTS_TERMS];
    uint32_t terms; /* in the order typed */
};

/* Before plan_start(), which loses the order of what was typed: q as parsed, pasted as the line was read.  Sets
 * `excluded` in the nodes of q. */
void facts_take(struct facts *f, const struct index *ix, struct query *q, const struct pasted *pasted);

/* The code point that a query of one plain word also is: a member of the universe, or INDEX_NONE. */
uint32_t facts_codepoint(const struct plan *p);

#endif
