/* hist.h - a histogram of durations: log-linear buckets, three significant digits, no sample limit.
 *
 * Values are nanoseconds.  Below 2048 ns every value has a bucket of its own;
 * above, each power of two is cut into 1024 equal buckets, so a bucket is never wider than
 * 1/1024 of its values and what hist_quantile() returns (the middle of the bucket, within the exact
 * minimum and maximum) is within 0.05 % of the sample.  The same layout as HdrHistogram
 * (Gil Tene), with a fixed range: 1 us to 1 h is what is promised, finer values are kept
 * too, values above 1 h 13 min share the last bucket.  Minimum, mean and maximum are exact.
 *
 * Not HdrHistogram's own C library: Debian 12 has its Go and Java siblings only; what it would save is about 100 lines
 * here, against an exact mean, values past the range that are kept, and a histogram that is plain memory inside
 * struct tally.  Its correction for coordinated omission is not needed: times count from the schedule.
 *
 * 260 KB each, always: memory depends neither on the number nor on the spread
 * of the samples.  Recording is a few instructions and cannot fail.
 */
#ifndef MOJILOAD_HIST_H
#define MOJILOAD_HIST_H

#include <stddef.h>
#include <stdint.h>

enum {
    HIST_SUB_BITS = 10, /* 2^10 buckets a power of two: 0.1 % */
    HIST_TOP_BIT = 42,  /* 2^42 ns = 73 min, the first power of two above an hour */
    HIST_BUCKETS = (HIST_TOP_BIT - HIST_SUB_BITS + 1) << HIST_SUB_BITS
};

struct hist {
    uint64_t count;
    uint64_t min_ns, max_ns;   /* valid when count > 0 */
    uint64_t sum_ns, sum_high; /* 128 bits: 2^64 ns are only 584 years of samples */
    uint64_t bucket[HIST_BUCKETS];
};

void hist_reset(struct hist *h);
void hist_add(struct hist *h, uint64_t value_ns);
/* Adds all samples of from; the result is what recording them into h would have given. */
void hist_merge(struct hist *h, const struct hist *from);
/* The value at quantile q in [0, 1] by nearest rank: the smallest with at least
 * q * count samples at or below it.  0 when empty. */
uint64_t hist_quantile(const struct hist *h, double q);
/* 0 when empty. */
double hist_mean_ns(const struct hist *h);
/* Samples at or below the bucket of value_ns. */
uint64_t hist_count_to(const struct hist *h, uint64_t value_ns);

/* The layout, for those who walk the buckets: the bucket of a value and a bucket's bounds [low, high]. */
size_t hist_bucket_of(uint64_t value_ns);
uint64_t hist_bucket_low_ns(size_t bucket);
uint64_t hist_bucket_high_ns(size_t bucket);

#endif
