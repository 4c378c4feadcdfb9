/* versus.h - better, worse, or no difference to be seen?
 *
 * Two servers (or two versions of one) are compared by their slices of about a second: throughput, mean, p50 and
 * p99 of response times.  But a server that loses requests is not better for answering the rest fast: when the shares
 * of errors differ, they decide; else, at a given rate, the shares of it that were kept; else the times.  The
 * difference of the means comes with a 95 % confidence interval; when it holds zero, or is smaller than 1 %, there is
 * no difference to be seen.  Slices of one interleaved run are compared in pairs (machines drift: neighbours in time
 * share the weather), those of two separate runs by Welch's method.
 */
#ifndef MOJILOAD_VERSUS_H
#define MOJILOAD_VERSUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    COMPARISON_TEXT = 64
};

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

/* The shares that come first, each tested as two proportions at 95 %. */
enum comparison_share {
    COMPARE_ERRORS, /* of all attempts: less is better */
    COMPARE_KEPT,   /* right answers of the requests due, at a given rate: more is better */
    COMPARE_SHARES
};

struct slice;

/* One run, as it is compared. */
struct compared {
    const struct slice *slice;
    size_t slices;
    bool open_loop, is_void;
    uint64_t part[COMPARE_SHARES], whole[COMPARE_SHARES];
};

/* One metric: means of both, and the difference b - a as a share of a. */
struct difference {
    double a, b;
    double change, low, high; /* 0.05: b is 5 % above a; the 95 % interval */
    enum verdict verdict;
};

struct comparison {
    struct difference share[COMPARE_SHARES]; /* change, low and high are not used */
    struct difference metric[COMPARE_METRICS];
    bool paired;
    bool fixed_rate; /* both at a given rate: throughput says nothing and is left out of the verdict */
    size_t slices_a, slices_b;
    enum verdict verdict; /* of the times: better when at least one metric is better and none worse */
    const char *by;       /* what decided: "errors", "kept", "times", "void" */
};

/* Both of one kind of loop.  When a side is void there is no telling. */
void compare_runs(struct comparison *out, const struct compared *a, const struct compared *b, bool paired);

/* The times alone.  Warm-up slices and those shorter than half of the longest are left out.  paired: a[i] belongs to
 * b[i]. */
void compare_slices(struct comparison *out, const struct slice *a, size_t a_count, const struct slice *b,
                    size_t b_count, bool paired);
/* "errors", "kept"; "rate", "mean", "p50", "p99"; and "better", "worse", "no difference seen", "too few slices". */
const char *comparison_share_name(enum comparison_share s);
const char *comparison_metric_name(enum comparison_metric m);
const char *verdict_name(enum verdict v);
/* The verdict in words: "worse, by errors". */
const char *comparison_conclusion(const struct comparison *c, char out[COMPARISON_TEXT]);
/* --fail-if: "worse,unknown" into a set of bits 1 << verdict; false when it is none. */
bool verdicts_parse(const char *list, unsigned *out);
/* Student's t: the two-sided 95 % quantile for so many degrees of freedom (> 0). */
double student_t95(double degrees);

#endif
