/* result.h - what a run came to, as all reports show it.
 */
#ifndef MOJILOAD_RESULT_H
#define MOJILOAD_RESULT_H

#include "config.h"
#include "core/run.h"
#include "proc.h"
#include "reports/versus.h"
#include "slo.h"

/* The exit statuses.  When several apply the first of: 2, 3, 4, 5, 1. */
enum status {
    STATUS_FINE = 0,
    STATUS_MISSED = 1,        /* an objective missed, errors that no option allows, nothing answered, -n not reached */
    STATUS_USAGE = 2,         /* bad options, or an output that could not be written */
    STATUS_NO_CONNECTION = 3, /* never one usable connection */
    STATUS_WRONG = 4,         /* wrong answers */
    STATUS_VOID = 5           /* mojiload itself was the bottleneck */
};

enum {
    RESULT_WHY = 240
};

struct result {
    const struct config *config;
    const struct target *target;
    const struct tally *tally; /* the run's: lives as long */
    struct watch watch;
    struct rogue_tally rogue[ROGUE_KINDS];
    uint64_t elapsed_ns, loaded_ns, setup_ns;
    uint64_t asked; /* requests that were due */
    uint64_t half_due, half_ended;
    double asked_per_s; /* open loop */
    unsigned address;   /* of the target's: the one that answered */
    bool open_loop, interrupted, connected;
    char trouble[TALLY_FAULT_TEXT];
    bool is_void;
    char void_why[WATCH_TEXT];
    bool has_cost;
    struct proc_cost cost;
    char finished[32]; /* ISO 8601, UTC */
    enum status status;
    char why[RESULT_WHY]; /* what the status is for, in a sentence; empty when fine */
};

void result_of(struct result *out, const struct run *run, const struct proc_cost *cost);
/* What there is to judge. */
struct slo_facts result_facts(const struct result *r);
/* The time that rates are of: closed loop, until the last answer; open loop, that of the schedule - an answer that
 * comes after its end is late, which latencies tell, and not missing. */
uint64_t result_time_ns(const struct result *r);
/* Right answers of those due, in [0, 1]; 0 when nothing was due. */
double result_kept(const struct result *r);
/* Open loop: more requests became due than ended, for longer than they take: what is answered in the end is answered
 * later and later. */
bool result_fell_behind(const struct result *r);
/* Errors count against the run unless objectives speak of errors, or --allow-errors was given. */
bool result_errors_allowed(const struct config *config, bool has_slo, const struct slo *slo);
/* Most of this quantile (0 to 1; negative: of the mean) of the response or service times may be this program's own
 * delay: it is not the server's to answer for. */
bool result_doubtful(const struct result *r, bool service, double quantile);
/* The first objective that does not hold, SIZE_MAX: all do.  *doubtful: it is about such a time, so there is no
 * telling. */
size_t result_missed(const struct result *r, const struct slo *slo, bool *doubtful);
/* "12 errors (7 reset, 5 unsent)" */
char *result_errors(const struct result *r, char out[RESULT_WHY]);
/* Right answers a second.  Open loop: that share of the rate asked for, so that neither the chance of Poisson arrivals
 * nor the first request of a rate below one a second makes it more than was asked. */
double result_rate(const struct result *r);
/* "ports: ..." how to raise the limit of this machine that was hit; empty when none was. */
void result_local_advice(const struct result *r, char *out, size_t cap);
/* The run as it is compared with another: lives as long as the result. */
struct compared result_compared(const struct result *r);
/* One sentence for the status. */
const char *status_text(enum status s);

#endif
