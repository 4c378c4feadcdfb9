/* result.h - what a run came to, as all reports show it.
 */
#ifndef MOJILOAD_RESULT_H
#define MOJILOAD_RESULT_H

#include "config.h"
#include "proc.h"
#include "run.h"
#include "slo.h"

/* The exit statuses.  When several apply the first of: 2, 3, 4, 5, 1. */
enum status {
    STATUS_FINE = 0,
    STATUS_MISSED = 1,        /* an objective was missed, or not one request was answered right */
    STATUS_USAGE = 2,         /* bad options, or an output that could not be written */
    STATUS_NO_CONNECTION = 3, /* never one usable connection */
    STATUS_WRONG = 4,         /* wrong answers */
    STATUS_VOID = 5           /* mojiload itself was the bottleneck */
};

struct result {
    const struct config *config;
    const struct target *target;
    const struct tally *tally; /* the run's: lives as long */
    struct watch watch;
    struct rogue_tally rogue[ROGUE_KINDS];
    uint64_t elapsed_ns, loaded_ns, setup_ns;
    double asked; /* requests */
    bool open_loop, interrupted, connected;
    char trouble[TALLY_FAULT_TEXT];
    bool is_void;
    char void_why[WATCH_TEXT];
    bool has_cost;
    struct proc_cost cost;
    char finished[32]; /* ISO 8601, UTC */
    enum status status;
};

void result_of(struct result *out, const struct run *run, const struct proc_cost *cost);
/* What there is to judge. */
struct slo_facts result_facts(const struct result *r);
/* Right answers a second. */
double result_rate(const struct result *r);
/* "ports: ..." how to raise the limit of this machine that was hit; empty when none was. */
void result_local_advice(const struct result *r, char *out, size_t cap);
/* One sentence for the status. */
const char *status_text(enum status s);

#endif
