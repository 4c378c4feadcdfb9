/* The latency histogram: where every sample of a run ends, and what all percentiles are read from. */
#include "core/hist.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define SUB (1u << HIST_SUB_BITS)

void hist_reset(struct hist *h)
{
    memset(h, 0, sizeof *h);
}

size_t hist_bucket_of(uint64_t value_ns)
{
    if (value_ns >> HIST_TOP_BIT != 0)
        return HIST_BUCKETS - 1;
    if (value_ns < 2 * SUB)
        return (size_t)value_ns;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value_ns) - HIST_SUB_BITS;
    return (size_t)(((uint64_t)shift << HIST_SUB_BITS) + (value_ns >> shift));
}

uint64_t hist_bucket_low_ns(size_t bucket)
{
    if (bucket < 2 * SUB)
        return bucket;
    unsigned shift = (unsigned)(bucket >> HIST_SUB_BITS) - 1;
    return (uint64_t)(SUB + (bucket & (SUB - 1))) << shift;
}

uint64_t hist_bucket_high_ns(size_t bucket)
{
    return bucket + 1 == HIST_BUCKETS ? UINT64_MAX : hist_bucket_low_ns(bucket + 1) - 1;
}

static void add_sum(struct hist *h, uint64_t low, uint64_t high)
{
    h->sum_ns += low;
    h->sum_high += high + (h->sum_ns < low);
}

void hist_add(struct hist *h, uint64_t value_ns)
{
    if (h->count == 0 || value_ns < h->min_ns)
        h->min_ns = value_ns;
    if (value_ns > h->max_ns)
        h->max_ns = value_ns;
    h->count++;
    add_sum(h, value_ns, 0);
    h->bucket[hist_bucket_of(value_ns)]++;
}

void hist_merge(struct hist *h, const struct hist *from)
{
    if (from->count == 0)
        return;
    if (h->count == 0 || from->min_ns < h->min_ns)
        h->min_ns = from->min_ns;
    if (from->max_ns > h->max_ns)
        h->max_ns = from->max_ns;
    h->count += from->count;
    add_sum(h, from->sum_ns, from->sum_high);
    size_t last = hist_bucket_of(from->max_ns);
    for (size_t i = hist_bucket_of(from->min_ns); i <= last; i++)
        h->bucket[i] += from->bucket[i];
}

/* The middle of a bucket, but never outside what was really seen. */
static uint64_t representative(const struct hist *h, size_t bucket)
{
    uint64_t low = hist_bucket_low_ns(bucket);
    uint64_t value = bucket + 1 == HIST_BUCKETS ? h->max_ns : low + (hist_bucket_high_ns(bucket) - low) / 2;
    return value < h->min_ns ? h->min_ns : value > h->max_ns ? h->max_ns : value;
}

uint64_t hist_quantile(const struct hist *h, double q)
{
    if (h->count == 0)
        return 0;
    /* The factor keeps 0.99 * 100 from ceiling to 100: doubles are off by an ulp, ranks are not. */
    double exact = ceil(q * (double)h->count * (1 - 1e-12));
    uint64_t rank = exact < 1 ? 1 : (uint64_t)exact;
    if (rank >= h->count)
        return h->max_ns;
    if (rank == 1)
        return h->min_ns;
    uint64_t seen = 0;
    size_t last = hist_bucket_of(h->max_ns);
    for (size_t i = hist_bucket_of(h->min_ns); i <= last; i++) {
        seen += h->bucket[i];
        if (seen >= rank)
            return representative(h, i);
    }
    return h->max_ns;
}

double hist_mean_ns(const struct hist *h)
{
    if (h->count == 0)
        return 0;
    return ((double)h->sum_high * 0x1p64 + (double)h->sum_ns) / (double)h->count;
}

uint64_t hist_count_to(const struct hist *h, uint64_t value_ns)
{
    uint64_t n = 0;
    size_t last = hist_bucket_of(value_ns);
    for (size_t i = 0; i <= last; i++)
        n += h->bucket[i];
    return n;
}
