/* The histogram: ten million values with known quantiles, merging, exact ends. */
#include "core/hist.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

static struct hist *new_hist(void)
{
    struct hist *h = calloc(1, sizeof *h);
    cr_assert_not_null(h);
    return h;
}

static void expect_quantile(const struct hist *h, double q, double want)
{
    double got = (double)hist_quantile(h, q);
    cr_expect(fabs(got - want) <= want / 1000, "p%g: %.0f, not %.0f", q * 100, got, want);
}

Test(hist, ten_million_values_within_a_tenth_of_a_percent)
{
    enum {
        COUNT = 10000000
    };
    static const double quantiles[] = {0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999};
    struct hist *h = new_hist();
    /* Log-uniform from 1 us to 1 h, in a scattered order: quantile q is 1 us * (3.6e9)^q. */
    for (uint64_t i = 0; i < COUNT; i++) {
        uint64_t scattered = i * 7368787u % COUNT; /* coprime with COUNT: a permutation */
        hist_add(h, (uint64_t)(1e3 * pow(3.6e9, ((double)scattered + 0.5) / COUNT)));
    }
    cr_expect_eq(h->count, COUNT);
    for (size_t i = 0; i < sizeof quantiles / sizeof quantiles[0]; i++)
        expect_quantile(h, quantiles[i], 1e3 * pow(3.6e9, quantiles[i]));
    free(h);
}

Test(hist, min_mean_and_max_are_exact)
{
    struct hist *h = new_hist();
    uint64_t sum = 0;
    for (uint64_t v = 123457; v < 987654321; v += 1234567) {
        hist_add(h, v);
        sum += v;
    }
    cr_expect_eq(h->min_ns, 123457);
    cr_expect_float_eq(hist_mean_ns(h), (double)sum / (double)h->count, 1e-3);
    cr_expect_eq(hist_quantile(h, 1), h->max_ns);
    cr_expect_eq(hist_quantile(h, 0), h->min_ns);
    free(h);
}

Test(hist, sums_go_beyond_64_bits)
{
    struct hist *h = new_hist();
    for (int i = 0; i < 6; i++)
        hist_add(h, UINT64_MAX / 2);
    cr_expect_float_eq(hist_mean_ns(h) / (double)(UINT64_MAX / 2), 1, 1e-9);
    cr_expect_eq(hist_quantile(h, 0.5), UINT64_MAX / 2, "beyond the range: between minimum and maximum");
    free(h);
}

Test(hist, merged_is_what_one_would_have_been)
{
    struct hist *a = new_hist(), *b = new_hist(), *both = new_hist();
    for (uint64_t i = 1; i < 100000; i++) {
        hist_add(i % 3 == 0 ? a : b, i * i);
        hist_add(both, i * i);
    }
    hist_merge(a, b);
    cr_expect_arr_eq(a, both, sizeof *a);
    hist_reset(b);
    hist_merge(a, b);
    cr_expect_arr_eq(a, both, sizeof *a, "merging nothing changes nothing");
    free(a);
    free(b);
    free(both);
}

Test(hist, nearest_rank)
{
    struct hist *h = new_hist();
    for (uint64_t v = 1; v <= 100; v++)
        hist_add(h, v);
    cr_expect_eq(hist_quantile(h, 0.5), 50);
    cr_expect_eq(hist_quantile(h, 0.99), 99);
    cr_expect_eq(hist_quantile(h, 0.991), 100);
    cr_expect_eq(hist_quantile(h, 0.001), 1);
    cr_expect_eq(hist_count_to(h, 42), 42);
    free(h);
}

Test(hist, buckets_cover_everything_without_gaps)
{
    for (size_t i = 0; i + 1 < HIST_BUCKETS; i++) {
        uint64_t low = hist_bucket_low_ns(i), high = hist_bucket_high_ns(i);
        cr_assert_leq(low, high);
        cr_assert_eq(hist_bucket_of(low), i);
        cr_assert_eq(hist_bucket_of(high), i);
        cr_assert_eq(high + 1, hist_bucket_low_ns(i + 1));
        cr_assert_leq((double)(high - low), (double)low / 1024, "bucket %zu is too wide", i);
    }
    cr_expect_eq(hist_bucket_of(UINT64_MAX), HIST_BUCKETS - 1);
}

Test(hist, empty)
{
    struct hist *h = new_hist();
    cr_expect_eq(hist_quantile(h, 0.5), 0);
    cr_expect_float_eq(hist_mean_ns(h), 0, 0);
    free(h);
}
