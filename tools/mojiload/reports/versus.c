/* The statistics of comparing two runs. */
#include "reports/versus.h"

#include "core/tally.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Less than this is nothing to act on, however many slices prove it. */
static const double NEGLIGIBLE = 0.01;
/* The same for shares of requests: errors come in bursts, which the test of proportions does not know. */
static const double NEGLIGIBLE_SHARE = 0.001;

const char *comparison_share_name(enum comparison_share s)
{
    return s == COMPARE_ERRORS ? "errors" : "kept";
}

const char *comparison_metric_name(enum comparison_metric m)
{
    static const char *const names[COMPARE_METRICS] = {"rate", "mean", "p50", "p99"};
    return names[m];
}

const char *verdict_name(enum verdict v)
{
    switch (v) {
    case VERDICT_SAME: return "no difference seen";
    case VERDICT_BETTER: return "better";
    case VERDICT_WORSE: return "worse";
    case VERDICT_UNKNOWN: return "too few slices";
    }
    return "";
}

/* Cornish and Fisher's expansion about the normal quantile (Abramowitz and Stegun 26.7.5): within 1 % from
 * three degrees on; below, the table. */
double student_t95(double degrees)
{
    static const double z = 1.959964;
    if (degrees < 1.5)
        return 12.706;
    if (degrees < 2.5)
        return 4.303;
    double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z, z9 = z7 * z * z, v = degrees;
    return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v) +
           (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * v * v * v) +
           (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92160 * v * v * v * v);
}

static double value_of(const struct slice *s, enum comparison_metric m)
{
    switch (m) {
    case COMPARE_RATE: return s->length_ns > 0 ? (double)s->outcome[OUTCOME_OK] / ((double)s->length_ns / 1e9) : 0;
    case COMPARE_MEAN: return s->mean_ns;
    case COMPARE_P50: return (double)s->p50_ns;
    case COMPARE_P99: return (double)s->p99_ns;
    case COMPARE_METRICS: break;
    }
    return 0;
}

struct moments {
    double n, mean, m2; /* m2: sum of squared deviations (Welford) */
};

static void add(struct moments *m, double x)
{
    m->n++;
    double delta = x - m->mean;
    m->mean += delta / m->n;
    m->m2 += delta * (x - m->mean);
}

static double variance(const struct moments *m)
{
    return m->n > 1 ? m->m2 / (m->n - 1) : 0;
}

static uint64_t longest(const struct slice *s, size_t count)
{
    uint64_t ns = 0;
    for (size_t i = 0; i < count; i++) {
        if (!s[i].warmup && s[i].length_ns > ns)
            ns = s[i].length_ns;
    }
    return ns;
}

/* Short slices at the end would be noise, and where nothing was answered there is a rate, but no time. */
static bool counts(const struct slice *s, uint64_t longest_ns, enum comparison_metric m)
{
    return !s->warmup && s->length_ns * 2 >= longest_ns && (s->outcome[OUTCOME_OK] > 0 || m == COMPARE_RATE);
}

static struct moments gather(const struct slice *s, size_t count, enum comparison_metric m)
{
    struct moments all = {0};
    uint64_t longest_ns = longest(s, count);
    for (size_t i = 0; i < count; i++) {
        if (counts(&s[i], longest_ns, m))
            add(&all, value_of(&s[i], m));
    }
    return all;
}

static enum verdict judge(const struct difference *d, enum comparison_metric m)
{
    if ((d->low <= 0 && d->high >= 0) || fabs(d->change) < NEGLIGIBLE)
        return VERDICT_SAME;
    bool more = d->change > 0;
    return more == (m == COMPARE_RATE) ? VERDICT_BETTER : VERDICT_WORSE;
}

static void set(struct difference *d, enum comparison_metric m, double difference, double half_width)
{
    if (d->a <= 0)
        return;
    d->change = difference / d->a;
    d->low = (difference - half_width) / d->a;
    d->high = (difference + half_width) / d->a;
    d->verdict = judge(d, m);
}

static void compare_welch(struct difference *d, enum comparison_metric m, const struct moments *a,
                          const struct moments *b)
{
    double va = variance(a) / a->n, vb = variance(b) / b->n, both = va + vb;
    double degrees = both > 0 ? both * both / (va * va / (a->n - 1) + vb * vb / (b->n - 1)) : a->n + b->n - 2;
    set(d, m, b->mean - a->mean, student_t95(degrees) * sqrt(both));
}

static void compare_paired(struct difference *d, enum comparison_metric m, const struct slice *a, const struct slice *b,
                           size_t count)
{
    struct moments differences = {0};
    uint64_t la = longest(a, count), lb = longest(b, count);
    for (size_t i = 0; i < count; i++) {
        if (counts(&a[i], la, m) && counts(&b[i], lb, m))
            add(&differences, value_of(&b[i], m) - value_of(&a[i], m));
    }
    if (differences.n < 3)
        return;
    double half = student_t95(differences.n - 1) * sqrt(variance(&differences) / differences.n);
    set(d, m, differences.mean, half);
}

static bool fixed_rate(const struct slice *s, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!s[i].warmup && s[i].asked_per_s > 0)
            return true;
    }
    return false;
}

static enum verdict overall(const struct comparison *c)
{
    bool better = false, worse = false, known = false;
    for (int m = c->fixed_rate ? COMPARE_MEAN : COMPARE_RATE; m < COMPARE_METRICS; m++) {
        known |= c->metric[m].verdict != VERDICT_UNKNOWN;
        better |= c->metric[m].verdict == VERDICT_BETTER;
        worse |= c->metric[m].verdict == VERDICT_WORSE;
    }
    if (!known)
        return VERDICT_UNKNOWN;
    return better == worse ? VERDICT_SAME : better ? VERDICT_BETTER : VERDICT_WORSE;
}

void compare_slices(struct comparison *out, const struct slice *a, size_t a_count, const struct slice *b,
                    size_t b_count, bool paired)
{
    *out = (struct comparison){.paired = paired, .fixed_rate = fixed_rate(a, a_count) && fixed_rate(b, b_count)};
    for (int i = 0; i < COMPARE_METRICS; i++) {
        enum comparison_metric m = (enum comparison_metric)i;
        struct moments ma = gather(a, a_count, m), mb = gather(b, b_count, m);
        struct difference *d = &out->metric[m];
        *d = (struct difference){.a = ma.mean, .b = mb.mean, .verdict = VERDICT_UNKNOWN};
        out->slices_a = (size_t)ma.n;
        out->slices_b = (size_t)mb.n;
        if (paired)
            compare_paired(d, m, a, b, a_count < b_count ? a_count : b_count);
        else if (ma.n >= 3 && mb.n >= 3)
            compare_welch(d, m, &ma, &mb);
    }
    out->verdict = overall(out);
}

/* Two proportions (z-test, pooled), and how much they differ. */
static struct difference compare_share(const struct compared *a, const struct compared *b, enum comparison_share s)
{
    double n = (double)a->whole[s], m = (double)b->whole[s];
    struct difference d = {.verdict = VERDICT_UNKNOWN};
    if (n <= 0 || m <= 0)
        return d;
    d.a = (double)a->part[s] / n;
    d.b = (double)b->part[s] / m;
    double pooled = (double)(a->part[s] + b->part[s]) / (n + m), gap = fabs(d.b - d.a);
    d.verdict = VERDICT_SAME;
    if (gap >= NEGLIGIBLE_SHARE && gap > student_t95(n + m) * sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)))
        d.verdict = (d.b > d.a) == (s == COMPARE_KEPT) ? VERDICT_BETTER : VERDICT_WORSE;
    return d;
}

void compare_runs(struct comparison *out, const struct compared *a, const struct compared *b, bool paired)
{
    compare_slices(out, a->slice, a->slices, b->slice, b->slices, paired);
    out->by = "times";
    for (int i = COMPARE_SHARES - 1; i >= 0; i--) {
        enum comparison_share s = (enum comparison_share)i;
        out->share[s] = compare_share(a, b, s);
        if (out->share[s].verdict == VERDICT_BETTER || out->share[s].verdict == VERDICT_WORSE) {
            out->verdict = out->share[s].verdict;
            out->by = comparison_share_name(s);
        }
    }
    if (a->is_void || b->is_void) {
        out->verdict = VERDICT_UNKNOWN;
        out->by = "void";
    }
}

const char *comparison_conclusion(const struct comparison *c, char out[COMPARISON_TEXT])
{
    if (strcmp(c->by, "void") == 0)
        snprintf(out, COMPARISON_TEXT, "no telling: mojiload itself was the limit");
    else if (strcmp(c->by, "times") == 0)
        snprintf(out, COMPARISON_TEXT, "%s", verdict_name(c->verdict));
    else
        snprintf(out, COMPARISON_TEXT, "%s, by %s", verdict_name(c->verdict), c->by);
    return out;
}

bool verdicts_parse(const char *list, unsigned *out)
{
    static const char *const words[] = {"same", "better", "worse", "unknown"};
    for (*out = 0;; list++) {
        size_t len = strcspn(list, ","), i = 0;
        while (i < 4 && (strlen(words[i]) != len || memcmp(words[i], list, len) != 0))
            i++;
        if (i == 4)
            return false;
        *out |= 1u << i;
        list += len;
        if (*list == '\0')
            return true;
    }
}
