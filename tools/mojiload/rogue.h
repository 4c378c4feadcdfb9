/* rogue.h - clients that behave badly, so that what the good ones suffer from them has a number.
 *
 * They connect like everybody else, are counted apart (struct rogue_tally) and never touch the run's tally.
 */
#ifndef MOJILOAD_ROGUE_H
#define MOJILOAD_ROGUE_H

#include "core/run.h"

/* "slow", "mute", "slowloris", "reset", "half-close": as in options and reports. */
const char *rogue_name(enum rogue_kind kind);
void rogue_tally_add(struct rogue_tally *sum, const struct rogue_tally *t);
/* All rogues of a run, unconnected; NULL when there are none or no memory (errno ENOMEM). */
struct rogue *rogues_new(struct run *run);
void rogues_start(struct run *run);
void rogues_stop(struct run *run);
void rogues_free(struct run *run);

#endif
