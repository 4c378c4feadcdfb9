/* unicode/plan.h - evaluates a parsed query: which characters match, one run at a time.
 *
 * Nothing is ever collected.  Each node of the tree can say whether it holds at an ordinal and up
 * to where that stays so: words, ranges and properties by a position in their sorted runs, patterns
 * and phrases by looking at the one name.  ALL, ANY and NOT combine these answers, so that an
 * answer is walked in leaps as long as its terms are.  Characters with aliases (some 400) are
 * tested label by label instead. Rejected: bitmaps of all characters, 19 KB each, which 64 terms
 * would outgrow; a list of matches for each node, which a slow reader would keep the server from
 * freeing; testing the tree on every name, 149,251 times what one costs.
 *
 * An example, "gc:So !black chess": asked about an ordinal in the middle of the CJK ideographs,
 * `chess` answers "does not hold, nor up to U+1FA00", and the next ordinal asked about is that one.
 * Asked at U+2654, all three hold: `chess` up to U+2660, `!black` up to U+265A, the category at
 * least as far.  So U+2654 … U+2659 is a run of matches.
 *
 * Memory: what the query holds (unicode/query.h), one allocation for the plan; both together at
 * most PLAN_BYTES_MAX.
 * Time: work is counted in units of some 5 ns, most of them by what was really done.  (Rejected:
 * looking at the clock, some 25 ns each time, and a test could not tell where a turn ends.)  From
 * one "again" to the next, over however many calls, there are at most PLAN_STEP_UNITS, give or take
 * the test of one character, which no query makes more expensive than that.
 */
#ifndef UNICODE_PLAN_H
#define UNICODE_PLAN_H

#include "unicode/query.h"

enum {
    PLAN_BYTES_MAX = 80 * 1024, /* protects a server with many clients that do not read */
    PLAN_STEP_UNITS = 32768     /* about 0.16 ms, protects the other clients' turns */
};

/* What a node knows about the stretch of ordinals it was last asked about. */
struct plan_state {
    const struct index_run *run; /* WORD, PHRASE, PATTERN, RANGES: runs outside of which it does not hold */
    uint32_t left, total;        /* runs not yet passed, and in all */
    uint32_t until;              /* `holds` is right for all ordinals from the last one asked up to here */
    bool holds : 1;
    bool bounded : 1; /* has runs */
    bool exact : 1;   /* holds everywhere in its runs */
    bool never : 1;   /* no label can have it, not even an alias */
    uint8_t cost : 2; /* set once all are prepared */
};

struct plan {
    const struct index *index;
    struct query query;
    struct plan_state *state; /* by node number */
    uint32_t at;              /* ordinals below are done */
    uint32_t alias;           /* the first alias of an ordinal >= at */
    uint32_t units;           /* left until the next *again */
    uint32_t named;           /* the ordinal whose name is at hand, or INDEX_NONE */
    const char *name;
    size_t name_len;
    uint16_t skip;     /* a child of the root that counts as holding, 0: none */
    uint16_t prepared; /* nodes below are looked up */
};

/* Takes over q, also when it fails (then it is freed): 0, or -1 when there is no memory.  Looks
 * nothing up yet. */
int plan_start(struct plan *p, const struct index *ix, struct query *q);
void plan_free(struct plan *p);
/* Begins anew, from the ordinal `from` on, as if the term `skip` at the top level were not
 * there. */
void plan_restart(struct plan *p, uint32_t from, uint16_t skip);
/* The next matches: true, or false with *again set when it is time for others, clear at the end. */
bool plan_next(struct plan *p, uint32_t max, struct search_run *run, bool *again);
/* Adds the matches from here on to *found: true when that was all, false when the time is up. */
bool plan_count(struct plan *p, uint64_t *found);
/* Bytes held. */
size_t plan_bytes(const struct plan *p);

#endif
