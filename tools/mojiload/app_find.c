/* --find: runs at one rate after the other, and whether each held. */
#include "app.h"

#include "units.h"

#include <stdio.h>

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
    if (app_load(a, c, &c->target, &out->other_run, &out->other) != 0)
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

int app_find(struct app *a, struct app_outcome *out)
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
