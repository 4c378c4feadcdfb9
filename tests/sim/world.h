/* A reactor in a simulated world, and a record of which callback ran when:
 * what the tests of the promises have in common.
 */
#ifndef WORLD_H
#define WORLD_H

#include "sim.h"

/* Begins a world and makes a reactor in it. */
struct reactor *world_begin(uint64_t seed);
/* Checks that the loop is empty, frees it, checks that nothing is left. */
void world_end(struct reactor *r);

/* The record: a word for each callback, "fd:a timer:b …", up to 1000 characters. */
void record(const char *what);
/* What was recorded since the last call, blanks between; valid until the next call. */
const char *recorded(void);

#endif
