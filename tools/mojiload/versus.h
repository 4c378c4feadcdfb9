/* versus.h - better, worse, or no difference to be seen?
 *
 * Two servers (or two versions of one) are compared by their slices of about a second: throughput, mean, p50 and
 * p99 of response times.  The difference of the means comes with a 95 % confidence interval; when it
 * holds zero, or is smaller than 1 %, there is no difference to be seen.  Slices of one interleaved run are
 * compared in pairs (machines drift: neighbours in time share the weather), those of two separate
 * runs by Welch's method.
 */
#ifndef MOJILOAD_VERSUS_H
#define MOJILOAD_VERSUS_H

#include <stdbool.h>
#include <stddef.h>

enum comparison_metric {
    COMPARE_RATE, /* right answers a second: more is better */
    COMPARE_MEAN, /* response times, ns: less is better */
    COMPARE_P50,
    COMPARE_P99,
    COMPARE_METRICS
};

enum verdict {
    VERDICT_SAME,   /* no difference seen */
    VERDICT_BETTER, /* the second is better than the first */
    VERDICT_WORSE,
    VERDICT_UNKNOWN /* fewer than three slices */
};

struct slice;

/* One metric: means of both, and the difference b - a as a share of a. */
struct difference {
    double a, b;
    double change, low, high; /* 0.05: b is 5 % above a; the 95 % interval */
    enum verdict verdict;
};

struct comparison {
    struct difference metric[COMPARE_METRICS];
    bool paired;
    bool fixed_rate; /* both at a given rate: throughput says nothing and is left out of the verdict */
    size_t slices_a, slices_b;
    enum verdict verdict; /* better: at least one metric is better and none worse */
};

/* Warm-up slices and those shorter than half of the longest are left out.  paired: a[i] belongs to b[i]. */
void compare_slices(struct comparison *out, const struct slice *a, size_t a_count, const struct slice *b,
                    size_t b_count, bool paired);
/* "rate", "mean", "p50", "p99" and "better", "worse", "no difference seen", "too few slices". */
const char *comparison_metric_name(enum comparison_metric m);
const char *verdict_name(enum verdict v);
/* Student's t: the two-sided 95 % quantile for so many degrees of freedom (> 0). */
double student_t95(double degrees);

#endif
