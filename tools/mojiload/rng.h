/* rng.h - random numbers without state: a hash of (seed, n, stream).
 *
 * The n-th request must be the same whatever was asked before it, on whichever
 * connection, so there is no generator to advance.  The mixer is SplitMix64's finaliser (Steele, Lea,
 * Flood: "Fast splittable pseudorandom number generators", 2014).
 */
#ifndef MOJILOAD_RNG_H
#define MOJILOAD_RNG_H

#include <stdint.h>

/* What the number is for: different uses of one n must not be correlated. */
enum rng_stream {
    RNG_MIX = 1,  /* which query */
    RNG_GAP,      /* how long until the next arrival */
    RNG_TEMPLATE, /* {random} in a template */
    RNG_SHUFFLE   /* which clients misbehave */
};

static inline uint64_t rng_mix64(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline uint64_t rng_u64(uint64_t seed, uint64_t n, enum rng_stream stream)
{
    uint64_t key = rng_mix64(seed + (uint64_t)stream * 0x9E3779B97F4A7C15u);
    return rng_mix64(key + n * 0x9E3779B97F4A7C15u);
}

/* In (0, 1]: never 0, so that its logarithm is finite. */
static inline double rng_unit(uint64_t seed, uint64_t n, enum rng_stream stream)
{
    return (double)((rng_u64(seed, n, stream) >> 11) + 1) * 0x1p-53;
}

#endif
