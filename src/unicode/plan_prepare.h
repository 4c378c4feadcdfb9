/* What a plan does with its query before the first match: looks the terms up, simplifies them, puts
 * the cheap ones first. A line of 4,096 bytes has up to 2,000 words or characters to look up, so
 * this is done in steps, too.
 *
 * For each kind of term:
 *
 *   word      one: its posting list tells all.  Several, joined by hyphens: the list of the rarest
 *             tells where it can hold at all, and only the names there are looked at.
 *   phrase    the same with the words in it; always looked at, because their order counts.
 *   pattern   simplified, so that "a***b" costs what "a*b" does; bounded by what words without
 *             wildcards are beside it ("*ing-box"), else it is tried on every name.  Rejected: the
 *             union of the posting lists of all words that fit: "*a*" fits 29,600 words, and their
 *             lists together take longer to walk than the names.
 *   ranges    turned from code points into sorted runs of ordinals, which are then a posting list
 *             like others.
 *   property  nothing: the tables are runs as they are.
 */
#ifndef UNICODE_PLAN_PREPARE_H
#define UNICODE_PLAN_PREPARE_H

#include "unicode/plan.h"

/* Prepares the nodes from p->prepared on: true when all are done, false when the time is up. */
bool plan_prepare(struct plan *p);
/* Takes units off what is left of the step. */
static inline void plan_spend(struct plan *p, size_t units)
{
    p->units = units < p->units ? p->units - (uint32_t)units : 0;
}

#endif
