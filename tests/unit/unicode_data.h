/* unicode_data.h - what tests of the index need to know about the data it was made of. */
#ifndef TESTS_UNICODE_DATA_H
#define TESTS_UNICODE_DATA_H

#include <stdbool.h>
#include <stdint.h>

/* The Unicode Character Database on this machine, $UNICODE_DIR or Debian's.  Skips the test when there is none. */
const char *unicode_dir(void);
/* Skips the test unless the index has the names of Unicode 15.0 and aliases: its numbers are of that version. */
void only_unicode_15(void);
/* $SEED, or one from the clock; said on stderr either way, so that a failure can be repeated. */
uint64_t test_seed(void);
/* The next of a sequence of random numbers (xorshift64*); *state never 0. */
uint32_t test_random(uint64_t *state);

#endif
