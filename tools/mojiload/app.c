/* Puts runs together: one, a search over rates, or two servers in turn. */
#include "app.h"

#include "rogue.h"
#include "units.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --versus: how long one server is loaded before it is the other's turn.  Long enough for a p99, short against the
 * drift of a machine. */
#define TURN_NS NS_PER_S

static void interrupt(struct app *a)
{
    a->interrupted = true;
    if (a->current != NULL)
        run_interrupt(a->current);
}

static void on_signal(struct reactor_signal *s, int signo)
{
    (void)signo;
    interrupt(((struct app_signal *)s)->app); /* its first member */
}

/* Every way in which people end a program while it runs: Ctrl-C, kill, a terminal that is closed, Ctrl-\. */
static const int signals[APP_SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

static int start_signals(struct app *a)
{
    struct sigaction old;
    for (int i = 0; i < APP_SIGNALS; i++) {
        bool nohup = signals[i] == SIGHUP && sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler == SIG_IGN;
        a->signal[i] = (struct app_signal){.watcher = {.fn = on_signal, .name = "interrupt"}, .app = a};
        if (!nohup && reactor_signal_start(a->reactor, &a->signal[i].watcher, signals[i]) != 0)
            return -1;
    }
    return 0;
}

int app_init(struct app *a, const struct config *config)
{
    *a = (struct app){.config = config};
    a->reactor = reactor_new(NULL);
    if (a->reactor == NULL)
        return -1;
    live_init(&a->live, stderr, config->quiet);
    if (start_signals(a) == 0)
        return 0;
    int err = errno;
    app_free(a);
    errno = err;
    return -1;
}

void app_free(struct app *a)
{
    if (a->reactor == NULL)
        return;
    for (int i = 0; i < APP_SIGNALS; i++)
        reactor_signal_stop(&a->signal[i].watcher);
    reactor_free(a->reactor);
    a->reactor = NULL;
}

static void on_window(bool begins, void *context)
{
    struct app *a = context;
    if (begins)
        a->sampled = proc_sample(a->config->pid, &a->before);
    else
        a->sampled = a->sampled && proc_sample(a->config->pid, &a->after);
}

/* One run of config against target into run (zeroed, first_n set) and result. */
static int load(struct app *a, const struct config *config, const struct target *target, struct run *run,
                struct result *result)
{
    struct proc_cost cost;
    run->config = config;
    run->target = target;
    run->reactor = a->reactor;
    run->observe = live_look;
    run->observe_context = &a->live;
    run->window = config->pid != 0 ? on_window : NULL;
    run->window_context = a;
    a->sampled = false;
    a->current = run;
    int rc = run_execute(run);
    a->current = NULL;
    live_end(&a->live);
    if (rc != 0)
        return -1;
    if (a->sampled)
        cost = proc_between(&a->before, &a->after);
    result_of(result, run, a->sampled ? &cost : NULL);
    return 0;
}

/* ---- one server ---- */

static int execute_one(struct app *a, struct app_outcome *out)
{
    if (load(a, a->config, &a->config->target, &out->run, &out->result) != 0)
        return -1;
    out->report.status = out->result.status;
    return 0;
}

/* ---- --find ---- */

/* The share of the requests due that must be answered for a rate to have been kept. */
static const double KEPT_SHARE = 0.99;

/* The first thing that keeps this point from holding, into why; true when there is none. */
static bool point_held(const struct result *r, char why[FIND_WHY])
{
    struct slo_facts facts = result_facts(r);
    char errors[RESULT_WHY];
    why[0] = '\0';
    if (r->status == STATUS_WRONG)
        snprintf(why, FIND_WHY, "wrong answers");
    else if (!r->connected)
        snprintf(why, FIND_WHY, "no connection");
    else if (r->is_void)
        snprintf(why, FIND_WHY, "%.*s", FIND_WHY - 1, r->void_why);
    else if (tally_errors(r->tally) > 0 && !result_errors_allowed(r->config, true, &r->config->find))
        snprintf(why, FIND_WHY, "%.*s", FIND_WHY - 1, result_errors(r, errors));
    else if (result_kept(r) < KEPT_SHARE)
        snprintf(why, FIND_WHY, "got %.1f %% of %llu", result_kept(r) * 100, (unsigned long long)r->asked);
    else if (result_fell_behind(r))
        snprintf(why, FIND_WHY, "fell behind: %llu answered while %llu were due", (unsigned long long)r->half_ended,
                 (unsigned long long)r->half_due);
    for (size_t i = 0; why[0] == '\0' && i < r->config->find.count; i++) {
        struct slo_verdict v = slo_judge(&r->config->find, i, &facts);
        if (!v.held)
            snprintf(why, FIND_WHY, "%s (%s)", r->config->find.condition[i].text, v.measured);
    }
    return why[0] == '\0';
}

static struct find_point point_of(const struct result *r)
{
    const struct hist *h = &r->tally->judged_response;
    struct find_point point = {
        .rate_per_s = r->config->rate.to_per_s,
        .achieved_per_s = result_rate(r),
        .p50_ns = hist_quantile(h, 0.5),
        .p99_ns = hist_quantile(h, 0.99),
        .p999_ns = hist_quantile(h, 0.999),
        .max_ns = h->count > 0 ? h->max_ns : 0,
        .errors = tally_errors(r->tally),
        .is_void = r->is_void,
    };
    point.held = point_held(r, point.why);
    return point;
}

/* What was tried last becomes what is reported, in place of an earlier point. */
static void keep_point(struct app_outcome *out)
{
    run_free(&out->run);
    out->variant[0] = out->variant[1];
    out->run = out->other_run;
    out->other_run = (struct run){0};
    out->result = out->other;
    out->run.config = out->result.config = &out->variant[0];
}

static int try_rate(struct app *a, struct app_outcome *out, uint64_t first_n)
{
    struct find *f = &out->find;
    struct config *c = &out->variant[1];
    char rate[UNITS_TEXT];
    *c = *a->config;
    c->open_loop = true;
    c->rate.from_per_s = c->rate.to_per_s = find_next(f);
    snprintf(a->live.label, sizeof a->live.label, "%s/s", units_show_rate(c->rate.to_per_s, rate));
    run_free(&out->other_run);
    out->other_run = (struct run){.first_n = first_n};
    if (load(a, c, &c->target, &out->other_run, &out->other) != 0)
        return -1;
    struct find_point point = point_of(&out->other);
    if (a->interrupted || !out->other.connected || out->other.status == STATUS_WRONG)
        f->end = FIND_BROKEN;
    else
        find_add(f, &point);
    if (f->end == FIND_BROKEN || point.held || f->best == SIZE_MAX)
        keep_point(out);
    return 0;
}

/* The status of a search: what broke it, else whether any rate held. */
static enum status find_status(const struct app_outcome *out)
{
    const struct find *f = &out->find;
    if (f->end == FIND_BROKEN && (out->result.status == STATUS_WRONG || out->result.status == STATUS_NO_CONNECTION))
        return out->result.status;
    if (f->best == SIZE_MAX)
        return f->end == FIND_VOID || (f->count > 0 && f->point[f->count - 1].is_void) ? STATUS_VOID : STATUS_MISSED;
    return STATUS_FINE;
}

static int execute_find(struct app *a, struct app_outcome *out)
{
    double first = a->config->rate.to_per_s > 0 ? a->config->rate.to_per_s : 1000;
    find_begin(&out->find, first);
    while (out->find.end == FIND_GOING) {
        uint64_t first_n = out->run.next_n > out->other_run.next_n ? out->run.next_n : out->other_run.next_n;
        if (try_rate(a, out, first_n) != 0)
            return -1;
    }
    out->report.find = &out->find;
    out->report.status = find_status(out);
    return 0;
}

/* ---- --versus ---- */

/* Adds what one turn gave to the sum of that server. */
static void add_turn(struct run *sum, const struct run *turn)
{
    tally_merge(sum->tally, turn->tally, sum->elapsed_ns);
    watch_merge(&sum->watch, &turn->watch);
    for (int kind = 0; kind < ROGUE_KINDS; kind++)
        rogue_tally_add(&sum->rogue_tally[kind], &turn->rogue_tally[kind]);
    uint64_t loaded_ns = sum->loaded_ns + turn->loaded_ns;
    if (loaded_ns > 0)
        sum->asked_per_s = (sum->asked_per_s * (double)sum->loaded_ns + turn->asked_per_s * (double)turn->loaded_ns) /
                           (double)loaded_ns;
    sum->loaded_ns = loaded_ns;
    sum->elapsed_ns += turn->elapsed_ns;
    sum->setup_ns += turn->setup_ns;
    sum->lived_ns += turn->lived_ns;
    sum->asked += turn->asked;
    sum->half_due += turn->half_due;
    sum->half_ended += turn->half_ended;
    sum->address = turn->address;
    sum->interrupted |= turn->interrupted;
    sum->ever_connected |= turn->ever_connected;
    sum->next_n = turn->next_n;
    if (sum->trouble[0] == '\0')
        memcpy(sum->trouble, turn->trouble, sizeof sum->trouble);
}

static int take_turn(struct app *a, const struct config *config, const struct target *target, struct run *sum)
{
    struct run turn = {.first_n = sum->next_n};
    struct result result;
    snprintf(a->live.label, sizeof a->live.label, "%.60s", target->name);
    int rc = load(a, config, target, &turn, &result);
    if (rc == 0)
        add_turn(sum, &turn);
    int err = errno;
    run_free(&turn);
    errno = err;
    return rc;
}

static int take_turns(struct app *a, struct app_outcome *out)
{
    const struct config *c = a->config;
    struct config *turn = &out->variant[0];
    uint64_t turns = (c->duration_ns + TURN_NS - 1) / TURN_NS;
    struct run *sums[] = {&out->run, &out->other_run};
    const struct target *targets[] = {&c->target, &c->versus};
    *turn = *c;
    turn->duration_ns = turns > 1 ? TURN_NS : c->duration_ns;
    turn->warmup_ns = c->warmup_ns < TURN_NS ? c->warmup_ns : TURN_NS;
    for (uint64_t i = 0; i < turns && !a->interrupted; i++) {
        /* A B, B A, A B …: whoever goes second gains nothing from a trend. */
        for (unsigned k = 0; k < 2 && !a->interrupted; k++) {
            unsigned who = (unsigned)(i + k) % 2;
            if (take_turn(a, turn, targets[who], sums[who]) != 0)
                return -1;
        }
    }
    return 0;
}

static enum status worse_status(enum status a, enum status b)
{
    static const enum status order[] = {STATUS_USAGE, STATUS_NO_CONNECTION, STATUS_WRONG, STATUS_VOID, STATUS_MISSED};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (a == order[i] || b == order[i])
            return order[i];
    }
    return STATUS_FINE;
}

static int execute_versus(struct app *a, struct app_outcome *out)
{
    const struct config *c = a->config;
    struct run *sums[] = {&out->run, &out->other_run};
    for (int i = 0; i < 2; i++) {
        sums[i]->tally = tally_new();
        if (sums[i]->tally == NULL) {
            errno = ENOMEM;
            return -1;
        }
        sums[i]->config = c;
        sums[i]->target = i == 0 ? &c->target : &c->versus;
    }
    if (take_turns(a, out) != 0)
        return -1;
    result_of(&out->result, &out->run, NULL);
    result_of(&out->other, &out->other_run, NULL);
    const struct compared x = result_compared(&out->result), y = result_compared(&out->other);
    compare_runs(&out->versus, &x, &y, true);
    out->report.other = &out->other;
    out->report.versus = &out->versus;
    bool fails = (c->fail_if >> out->versus.verdict & 1) != 0;
    out->report.status = worse_status(worse_status(out->result.status, out->other.status),
                                      fails ? STATUS_MISSED : STATUS_FINE);
    return 0;
}

int app_execute(struct app *a, struct app_outcome *out)
{
    memset(out, 0, sizeof *out);
    out->report = (struct report){.config = a->config, .result = &out->result};
    if (a->config->finding)
        return execute_find(a, out);
    if (a->config->versus.name[0] != '\0')
        return execute_versus(a, out);
    return execute_one(a, out);
}

void app_outcome_free(struct app_outcome *out)
{
    run_free(&out->run);
    run_free(&out->other_run);
}
