/* tests/fuzz/quick.h - the simulated world, for targets that make a new one for each input. */
#ifndef TESTS_FUZZ_QUICK_H
#define TESTS_FUZZ_QUICK_H

#include "reactor/sys.h"

/* sim_sys, but that the cache of answers is no allocation of the simulator's, which fills what it hands out: two
 * megabytes of it would take ten times as long as all the rest.  One cache at a time. */
const struct reactor_sys *quick_sys(void);

#endif
