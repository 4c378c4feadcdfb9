/* Parses and judges service level objectives: the pass-or-fail of a run and of each point of a search. */
#include "slo.h"

#include "units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fail(char error[SLO_TEXT], const char *what, const char *part)
{
    char shown[64];
    units_escape(part, strlen(part), shown, sizeof shown);
    snprintf(error, SLO_TEXT, "%s: \"%s\"", what, shown);
    return false;
}

/* Copies [from, to) without blanks at its ends; false when that is empty or too long. */
static bool trimmed(const char *from, const char *to, char *out, size_t cap)
{
    while (from < to && *from == ' ')
        from++;
    while (from < to && to[-1] == ' ')
        to--;
    size_t len = (size_t)(to - from);
    if (len == 0 || len >= cap)
        return false;
    memcpy(out, from, len);
    out[len] = '\0';
    return true;
}

/* "99.9" of p99.9: digits with at most one point, in (0, 100]. */
static bool parse_percentile(const char *text, double *quantile)
{
    size_t len = strlen(text);
    if (len == 0 || len > 12 || strspn(text, "0123456789.") != len || strchr(text, '.') != strrchr(text, '.') ||
        text[0] == '.' || text[len - 1] == '.')
        return false;
    double percent = strtod(text, NULL);
    *quantile = percent / 100;
    return percent > 0 && percent <= 100;
}

static bool parse_metric(const char *text, struct slo_condition *c)
{
    static const char service[] = "service.";
    if (strcmp(text, "errors") == 0 || strcmp(text, "rate") == 0) {
        c->metric = text[0] == 'e' ? SLO_ERRORS : SLO_RATE;
        return true;
    }
    if (strncmp(text, service, sizeof service - 1) == 0) {
        c->service = true;
        text += sizeof service - 1;
    }
    c->metric = SLO_QUANTILE;
    if (strcmp(text, "mean") == 0)
        c->metric = SLO_MEAN;
    else if (strcmp(text, "max") == 0)
        c->quantile = 1;
    else if (strcmp(text, "min") != 0)
        return text[0] == 'p' && parse_percentile(text + 1, &c->quantile);
    return true;
}

static bool parse_value(const char *text, struct slo_condition *c, char error[SLO_TEXT])
{
    uint64_t whole;
    switch (c->metric) {
    case SLO_QUANTILE:
    case SLO_MEAN:
        if (!units_duration(text, false, &whole))
            return fail(error, "a time needs a number and a unit (5ms, 300us, 1s)", text);
        c->value = (double)whole;
        return true;
    case SLO_ERRORS:
        c->share = units_share(text, &c->value);
        if (c->share)
            return true;
        if (!units_count(text, UINT64_MAX, &whole))
            return fail(error, "errors are a share (0.1%) or a count", text);
        c->value = (double)whole;
        return true;
    case SLO_RATE:
        c->share = units_share(text, &c->value);
        if (!c->share && !units_rate(text, &c->value))
            return fail(error, "a rate is a share of that asked for (99%) or a number (5k)", text);
        return true;
    }
    return false;
}

static bool parse_condition(const char *from, const char *to, struct slo_condition *c, char error[SLO_TEXT])
{
    char text[SLO_CONDITION], metric[SLO_CONDITION], value[SLO_CONDITION];
    memset(c, 0, sizeof *c);
    if (!trimmed(from, to, text, sizeof text))
        return fail(error, from == to ? "an empty condition" : "a condition is empty or too long", "");
    memcpy(c->text, text, sizeof text);
    const char *op = text + strcspn(text, "<>");
    if (*op == '\0')
        return fail(error, "no < or > in the condition", text);
    c->upper = *op == '<';
    c->inclusive = op[1] == '=';
    if (!trimmed(text, op, metric, sizeof metric) || !parse_metric(metric, c))
        return fail(error, "unknown metric (p99, min, mean, max, errors, rate, service.p99) in", text);
    op += c->inclusive ? 2 : 1;
    if (!trimmed(op, op + strlen(op), value, sizeof value))
        return fail(error, "no value in the condition", text);
    return parse_value(value, c, error);
}

bool slo_parse(const char *text, struct slo *out, char error[SLO_TEXT])
{
    out->count = 0;
    for (;;) {
        const char *end = text + strcspn(text, ",");
        if (out->count == SLO_MAX)
            return fail(error, "more than 16 conditions", text);
        if (!parse_condition(text, end, &out->condition[out->count], error))
            return false;
        out->count++;
        if (*end == '\0')
            return true;
        text = end + 1;
    }
}

bool slo_needs_rate(const struct slo *slo)
{
    for (size_t i = 0; i < slo->count; i++) {
        if (slo->condition[i].metric == SLO_RATE && slo->condition[i].share)
            return true;
    }
    return false;
}

bool slo_judges_errors(const struct slo *slo)
{
    for (size_t i = 0; i < slo->count; i++) {
        if (slo->condition[i].metric == SLO_ERRORS)
            return true;
    }
    return false;
}

/* The measured value in the unit of the condition; false when there is none. */
static bool measure(const struct slo_condition *c, const struct slo_facts *f, double *value)
{
    const struct hist *h = c->service ? f->service : f->response;
    switch (c->metric) {
    case SLO_QUANTILE:
        *value = (double)(c->quantile > 0 ? hist_quantile(h, c->quantile) : h->min_ns);
        return h->count > 0;
    case SLO_MEAN: *value = hist_mean_ns(h); return h->count > 0;
    case SLO_ERRORS:
        *value = (double)f->errors;
        if (c->share)
            *value = f->attempts > 0 ? *value / (double)f->attempts : 1;
        return true;
    case SLO_RATE:
        *value = f->rate_per_s;
        if (c->share)
            *value = f->asked_per_s > 0 ? *value / f->asked_per_s : 0;
        return true;
    }
    return false;
}

struct slo_verdict slo_judge(const struct slo *slo, size_t i, const struct slo_facts *facts)
{
    const struct slo_condition *c = &slo->condition[i];
    struct slo_verdict verdict = {.held = false, .measured = "no sample"};
    double value;
    if (!measure(c, facts, &value))
        return verdict;
    verdict.held = (c->upper ? value < c->value : value > c->value) || (c->inclusive && value == c->value);
    if (c->metric == SLO_QUANTILE || c->metric == SLO_MEAN)
        units_show_ns((uint64_t)value, verdict.measured);
    else if (c->share) /* rounded away from the bound: what reads as 100 % is all of it */
        snprintf(verdict.measured, sizeof verdict.measured, "%.4g %%",
                 c->metric == SLO_RATE ? floor(value * 1e4) / 1e2 : ceil(value * 1e6) / 1e4);
    else if (c->metric == SLO_ERRORS)
        units_show_count((uint64_t)value, verdict.measured);
    else
        units_show_rate(value, verdict.measured);
    return verdict;
}

bool slo_holds(const struct slo *slo, const struct slo_facts *facts)
{
    for (size_t i = 0; i < slo->count; i++) {
        if (!slo_judge(slo, i, facts).held)
            return false;
    }
    return true;
}
