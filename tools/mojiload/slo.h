/* slo.h - service level objectives: "p99<5ms,p99.9<20ms,errors<0.1%,rate>99%".
 *
 *     slo       = condition { "," condition }            blanks around each part are ignored
 *     condition = metric ( "<" | "<=" | ">" | ">=" ) value
 *     metric    = [ "service." ] ( "min" | "mean" | "max" | "p" NUMBER )     value: a duration with its unit
 *               | "errors"                                                   value: a share (0.1%) or a count
 *               | "rate"                                                     value: a share of the rate asked, or a
 * rate (5k)
 *
 * Times are those of correct answers and, as at least the time-out, of requests never answered; from the schedule, or
 * with "service." from the sending.
 */
#ifndef MOJILOAD_SLO_H
#define MOJILOAD_SLO_H

#include "core/hist.h"

#include <stdbool.h>

enum {
    SLO_MAX = 16,   /* conditions; more than anyone reads */
    SLO_TEXT = 160, /* bytes of a message */
    SLO_CONDITION = 48
};

enum slo_metric {
    SLO_QUANTILE, /* min and max are quantiles 0 and 1 */
    SLO_MEAN,
    SLO_ERRORS,
    SLO_RATE
};

struct slo_condition {
    char text[SLO_CONDITION]; /* as typed, for reports */
    enum slo_metric metric;
    bool service;
    bool share;      /* value is a share, not a count or rate */
    bool upper;      /* "<": the value is the upper bound */
    bool inclusive;  /* "<=", ">=" */
    double quantile; /* SLO_QUANTILE */
    double value;    /* ns, a share in [0, 1], a count or requests per second */
};

struct slo {
    struct slo_condition condition[SLO_MAX];
    size_t count;
};

/* What a run gives to judge. */
struct slo_facts {
    const struct hist *response, *service; /* as tally.h judges them */
    uint64_t attempts, errors;             /* errors among attempts */
    double rate_per_s;                     /* correct answers */
    double asked_per_s;                    /* 0: closed loop */
};

struct slo_verdict {
    bool held;
    char measured[32]; /* in the unit of the condition */
};

/* False with a message (one line, printable) in error when text is not a slo. */
bool slo_parse(const char *text, struct slo *out, char error[SLO_TEXT]);
/* True when some condition is about a share of the rate asked for: such a slo needs a rate. */
bool slo_needs_rate(const struct slo *slo);
/* True when some condition is about errors: then they are judged by it alone. */
bool slo_judges_errors(const struct slo *slo);
/* Judges condition i.  Times of no sample at all do not hold. */
struct slo_verdict slo_judge(const struct slo *slo, size_t i, const struct slo_facts *facts);
/* True when all hold. */
bool slo_holds(const struct slo *slo, const struct slo_facts *facts);

#endif
