/* Percentile distributions in the text format of HdrHistogram, which its plotter and many tools read. */
#include "reports/report.h"

#include <math.h>

/* HdrHistogram's PercentileIterator with five ticks per half distance: 0, 10, 20 … 50, 55 … 75, 77.5 … percent. */
enum {
    TICKS_PER_HALF = 5
};

static void line(FILE *out, const struct hist *h, double quantile)
{
    uint64_t value = hist_quantile(h, quantile), count = hist_count_to(h, value);
    fprintf(out, "%12.3f %2.12f %10llu", (double)value / 1e6, quantile, (unsigned long long)count);
    if (quantile < 1)
        fprintf(out, " %14.2f", 1 / (1 - quantile));
    fputc('\n', out);
}

static double deviation(const struct hist *h)
{
    double mean = hist_mean_ns(h), sum = 0;
    for (size_t i = 0; i < HIST_BUCKETS && h->count > 0; i++) {
        double d = (double)hist_bucket_low_ns(i) - mean;
        if (h->bucket[i] > 0)
            sum += (double)h->bucket[i] * d * d;
    }
    return h->count > 0 ? sqrt(sum / (double)h->count) : 0;
}

void report_hgrm(FILE *out, const struct result *r)
{
    const struct hist *h = &r->tally->judged_response;
    fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
    double quantile = 0;
    while (h->count > 0 && (1 - quantile) * (double)h->count >= 1) {
        line(out, h, quantile);
        double half = pow(2, floor(log2(1 / (1 - quantile))) + 1);
        quantile += 1 / (half * TICKS_PER_HALF);
    }
    if (h->count > 0)
        line(out, h, 1);
    fprintf(out, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", hist_mean_ns(h) / 1e6, deviation(h) / 1e6);
    fprintf(out, "#[Max     = %12.3f, Total count    = %12llu]\n", (double)h->max_ns / 1e6,
            (unsigned long long)h->count);
    fprintf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n", HIST_TOP_BIT - HIST_SUB_BITS, 2 << HIST_SUB_BITS);
}
