/* core/run_internal.h - what run.c (phases, loop) and run_requests.c (requests) share.
 */
#ifndef MOJILOAD_RUN_INTERNAL_H
#define MOJILOAD_RUN_INTERNAL_H

#include "core/run.h"

static inline uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* When the next scheduled request is due, UINT64_MAX: never. */
uint64_t run_next_due_ns(const struct run *run);
/* Nothing is due any more, and nothing is open. */
bool run_all_done(const struct run *run);
/* Hands what is due to the free clients, in turn. */
void run_dispatch(struct run *run, uint64_t now_ns);

#endif
