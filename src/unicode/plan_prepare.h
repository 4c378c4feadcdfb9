/* What a plan does with its query before the first match: looks the terms up, simplifies them, puts the cheap ones
 * first. A line of 4,096 bytes has up to 2,000 words or characters to look up, so this is done in steps, too.
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
