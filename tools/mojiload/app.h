/* app.h - the modes of mojiload: a run, a search, two servers in turn.
 */
#ifndef MOJILOAD_APP_H
#define MOJILOAD_APP_H

#include "reports/live.h"
#include "reports/report.h"

enum {
    APP_SIGNALS = 4
};

struct app {
    const struct config *config;
    struct reactor *reactor;
    struct live live;
    struct run *current; /* under way; NULL: none */
    bool interrupted;    /* one of the signals below came */
    struct app_signal {
        struct reactor_signal watcher;
        struct app *app;
    } signal[APP_SIGNALS];
    struct proc_sample before, after; /* of config->pid: at the ends of the measured time */
    bool sampled;                     /* both are valid */
};

/* A reactor, the signals and the live view.  0, or -1 with errno. */
int app_init(struct app *a, const struct config *config);
void app_free(struct app *a);

/* What the modes leave: everything in the report points into it. */
struct app_outcome {
    struct config variant[2]; /* --find, --versus: what a point or a server was loaded with */
    struct run run, other_run;
    struct result result, other;
    struct find find;
    struct comparison versus;
    struct report report;
};

/* Runs what the config asks for.  0, or -1 with errno when a run could not begin.  Give back with app_outcome_free() in
 * both cases. */
int app_execute(struct app *a, struct app_outcome *out);
void app_outcome_free(struct app_outcome *out);

/* ---- for the modes ---- */

/* One run of config against target into run (zeroed, first_n set) and result. */
int app_load(struct app *a, const struct config *config, const struct target *target, struct run *run,
             struct result *result);
/* --find and --versus: what app_execute() does then. */
int app_find(struct app *a, struct app_outcome *out);
int app_versus(struct app *a, struct app_outcome *out);

#endif
