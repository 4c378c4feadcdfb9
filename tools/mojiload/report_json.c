/* The JSON report, schema "mojiload/1":
 *
 *     schema, versions {mojiload, unicode, source}, finished (ISO 8601), status, status_text
 *     config    everything that was asked for, defaults included
 *     result    of the server; with --versus result_b besides, and comparison
 *         outcomes {class: count}, errors, attempts, sent, elapsed_ns …
 *         asked (requests due), kept (the share of them answered right), ok_per_s (open loop: kept of asked_per_s)
 *         latency {response, service, least, lag, own_lag, connect: {count, min_ns … max_ns, buckets [[low_ns, count],
 * …]}} response and service: of right answers and, as at least the time-out, of requests never answered least: response
 * without what may be mojiload's own delay by_outcome {class: …the same, of response times as they were}, for classes
 * that occurred series [{start_ns, length_ns, …} a second] self, rogues, server, slo, faults find      {points,
 * best_per_s}, with --find
 *
 * Times are whole nanoseconds.  Members may be added; what is here keeps its name and meaning while the number
 * in the schema stays.
 */
#include "report.h"

#include "json.h"
#include "rogue.h"
#include "units.h"

#include "unicode/index.h"

#include <string.h>

#define SCHEMA "mojiload/1"

static void versions(struct json_writer *w)
{
    json_open(w, "versions", '{');
    json_text(w, "mojiload", MOJIFINDER_VERSION);
    json_text(w, "unicode", index_unicode_version(index_builtin()));
    json_text(w, "source", index_source(index_builtin()));
    json_close(w, '}');
}

static void mix(struct json_writer *w, const struct mix *m)
{
    json_open(w, "mix", '[');
    for (size_t i = 0; i < m->count; i++) {
        json_open(w, NULL, '{');
        json_uint(w, "weight", m->entry[i].weight);
        json_bytes(w, "request", m->entry[i].request, m->entry[i].query_len);
        if (m->entry[i].expect != NULL)
            json_text(w, "expect", m->entry[i].expect);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void slo_texts(struct json_writer *w, const char *key, const struct slo *slo)
{
    json_open(w, key, '[');
    for (size_t i = 0; i < slo->count; i++)
        json_text(w, NULL, slo->condition[i].text);
    json_close(w, ']');
}

static void config_load(struct json_writer *w, const struct config *c)
{
    json_uint(w, "clients", c->clients);
    json_uint(w, "pipeline", c->depth);
    json_text(w, "loop", c->open_loop ? "open" : "closed");
    json_real(w, "rate_from_per_s", c->rate.from_per_s);
    json_real(w, "rate_per_s", c->rate.to_per_s);
    json_uint(w, "ramp_ns", c->rate.ramp_ns);
    json_text(w, "arrivals", c->rate.poisson ? "poisson" : "fixed");
    json_uint(w, "duration_ns", c->duration_ns);
    json_uint(w, "warmup_ns", c->warmup_ns);
    json_uint(w, "timeout_ns", c->timeout_ns);
    json_uint(w, "drain_ns", c->drain_ns);
    if (c->requests != UINT64_MAX)
        json_uint(w, "requests", c->requests);
    json_uint(w, "think_ns", c->think_ns);
    json_uint(w, "churn", c->churn);
    json_real(w, "connect_rate_per_s", c->connect_rate_per_s);
    json_uint(w, "sources", c->sources);
    json_uint(w, "seed", c->seed);
}

static void config(struct json_writer *w, const struct config *c)
{
    json_open(w, "config", '{');
    json_text(w, "target", c->target.name);
    if (c->versus.name[0] != '\0')
        json_text(w, "versus", c->versus.name);
    config_load(w, c);
    json_bool(w, "verify", c->verify);
    json_bool(w, "classic", c->classic);
    json_bool(w, "raw", c->raw);
    if (c->raw) {
        json_text(w, "framing", framing_name(&c->rules.framing));
        json_bytes(w, "until", c->rules.framing.until.bytes, c->rules.framing.until.len);
        json_bytes(w, "greeting", c->greeting.bytes, c->greeting.len);
    }
    mix(w, &c->mix);
    json_open(w, "rogues", '{');
    for (int kind = 0; kind < ROGUE_KINDS; kind++)
        json_uint(w, rogue_name((enum rogue_kind)kind), c->rogues[kind]);
    json_close(w, '}');
    json_uint(w, "slow_bytes_per_s", c->slow_bytes_per_s);
    if (c->has_slo)
        slo_texts(w, "slo", &c->slo);
    if (c->finding)
        slo_texts(w, "find", &c->find);
    if (c->pid != 0)
        json_uint(w, "pid", (uint64_t)c->pid);
    json_close(w, '}');
}

static void histogram(struct json_writer *w, const char *key, const struct hist *h)
{
    static const struct {
        const char *key;
        double q;
    } quantiles[] = {{"p50_ns", 0.5},  {"p75_ns", 0.75},   {"p90_ns", 0.9},     {"p95_ns", 0.95},
                     {"p99_ns", 0.99}, {"p999_ns", 0.999}, {"p9999_ns", 0.9999}};
    json_open(w, key, '{');
    json_uint(w, "count", h->count);
    json_uint(w, "min_ns", h->min_ns);
    json_real(w, "mean_ns", hist_mean_ns(h));
    for (size_t i = 0; i < sizeof quantiles / sizeof quantiles[0]; i++)
        json_uint(w, quantiles[i].key, hist_quantile(h, quantiles[i].q));
    json_uint(w, "max_ns", h->max_ns);
    json_open(w, "buckets", '[');
    for (size_t i = 0; i < HIST_BUCKETS; i++) {
        if (h->bucket[i] == 0)
            continue;
        json_open(w, NULL, '[');
        json_uint(w, NULL, hist_bucket_low_ns(i));
        json_uint(w, NULL, h->bucket[i]);
        json_close(w, ']');
    }
    json_close(w, ']');
    json_close(w, '}');
}

static void latencies(struct json_writer *w, const struct tally *t)
{
    json_open(w, "latency", '{');
    histogram(w, "response", &t->judged_response);
    histogram(w, "service", &t->judged_service);
    histogram(w, "least", &t->least_response);
    histogram(w, "lag", &t->lag);
    histogram(w, "own_lag", &t->own_lag);
    histogram(w, "connect", &t->connect);
    json_close(w, '}');
    json_open(w, "by_outcome", '{');
    for (int o = 0; o < OUTCOMES; o++) {
        if (t->outcome[o] > 0)
            histogram(w, outcome_key((enum outcome)o), &t->response[o]);
    }
    json_close(w, '}');
}

static void one_slice(struct json_writer *w, const struct slice *s)
{
    json_open(w, NULL, '{');
    json_uint(w, "start_ns", s->start_ns);
    json_uint(w, "length_ns", s->length_ns);
    json_bool(w, "warmup", s->warmup);
    json_real(w, "asked_per_s", s->asked_per_s);
    json_uint(w, "sent", s->sent);
    for (int o = 0; o < OUTCOMES; o++) {
        if (o == OUTCOME_OK || s->outcome[o] > 0)
            json_uint(w, outcome_key((enum outcome)o), s->outcome[o]);
    }
    json_uint(w, "bytes_in", s->bytes_in);
    json_real(w, "mean_ns", s->mean_ns);
    json_uint(w, "p50_ns", s->p50_ns);
    json_uint(w, "p99_ns", s->p99_ns);
    json_uint(w, "max_ns", s->max_ns);
    json_uint(w, "service_p50_ns", s->service_p50_ns);
    json_uint(w, "service_p99_ns", s->service_p99_ns);
    json_close(w, '}');
}

static void counts(struct json_writer *w, const struct result *r)
{
    const struct tally *t = r->tally;
    json_text(w, "target", r->target->name);
    json_text(w, "status", status_text(r->status));
    if (r->why[0] != '\0')
        json_text(w, "why", r->why);
    json_bool(w, "connected", r->connected);
    json_bool(w, "interrupted", r->interrupted);
    if (r->trouble[0] != '\0')
        json_text(w, "trouble", r->trouble);
    json_uint(w, "elapsed_ns", r->elapsed_ns);
    json_uint(w, "loaded_ns", r->loaded_ns);
    json_uint(w, "setup_ns", r->setup_ns);
    json_text(w, "loop", r->open_loop ? "open" : "closed");
    json_uint(w, "asked", r->asked);
    json_real(w, "kept", result_kept(r));
    json_real(w, "asked_per_s", r->asked_per_s);
    json_real(w, "ok_per_s", result_rate(r));
    json_uint(w, "sent", t->sent);
    json_uint(w, "attempts", tally_attempts(t));
    json_uint(w, "errors", tally_errors(t));
    json_uint(w, "warmup_requests", t->warmup_requests);
    json_uint(w, "bytes_in", t->bytes_in);
    json_uint(w, "bytes_out", t->bytes_out);
    json_uint(w, "connects", t->connects);
    json_uint(w, "closed_idle", t->closed_idle);
    json_open(w, "outcomes", '{');
    for (int o = 0; o < OUTCOMES; o++)
        json_uint(w, outcome_key((enum outcome)o), t->outcome[o]);
    json_close(w, '}');
}

static void self(struct json_writer *w, const struct result *r)
{
    json_open(w, "self", '{');
    json_bool(w, "void", r->is_void);
    if (r->is_void)
        json_text(w, "why", r->void_why);
    json_bool(w, "saturated", watch_saturated(&r->watch));
    json_real(w, "cpu_share", watch_cpu_share(&r->watch));
    json_uint(w, "busy_ns", r->watch.busy_ns);
    json_uint(w, "idle_ns", r->watch.idle_ns);
    json_uint(w, "held_ns", r->watch.held_ns);
    json_uint(w, "longest_hold_ns", r->watch.longest_hold_ns);
    json_close(w, '}');
}

static void rogues(struct json_writer *w, const struct result *r)
{
    json_open(w, "rogues", '{');
    for (int kind = 0; kind < ROGUE_KINDS; kind++) {
        const struct rogue_tally *t = &r->rogue[kind];
        if (r->config->rogues[kind] == 0)
            continue;
        json_open(w, rogue_name((enum rogue_kind)kind), '{');
        json_uint(w, "clients", r->config->rogues[kind]);
        json_uint(w, "connects", t->connects);
        json_uint(w, "failed_connects", t->failed_connects);
        json_uint(w, "requests", t->requests);
        json_uint(w, "answered", t->answered);
        json_uint(w, "wrong", t->wrong);
        json_uint(w, "cut_off", t->lost);
        json_uint(w, "closed_by_server", t->closed);
        json_uint(w, "bytes_in", t->bytes_in);
        json_close(w, '}');
    }
    json_close(w, '}');
}

static void server_cost(struct json_writer *w, const struct result *r)
{
    if (!r->has_cost)
        return;
    json_open(w, "server", '{');
    json_uint(w, "cpu_ns", r->cost.cpu_ns);
    json_uint(w, "voluntary_switches", r->cost.voluntary_switches);
    json_uint(w, "peak_bytes", r->cost.peak_bytes);
    json_uint(w, "resident_before_bytes", r->cost.resident_before_bytes);
    json_uint(w, "resident_after_bytes", r->cost.resident_after_bytes);
    json_close(w, '}');
}

static void slo_verdicts(struct json_writer *w, const struct result *r)
{
    struct slo_facts facts = result_facts(r);
    json_open(w, "slo", '[');
    for (size_t i = 0; r->config->has_slo && i < r->config->slo.count; i++) {
        struct slo_verdict v = slo_judge(&r->config->slo, i, &facts);
        json_open(w, NULL, '{');
        json_text(w, "condition", r->config->slo.condition[i].text);
        json_bool(w, "held", v.held);
        json_text(w, "measured", v.measured);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void result(struct json_writer *w, const char *key, const struct result *r)
{
    json_open(w, key, '{');
    counts(w, r);
    latencies(w, r->tally);
    json_open(w, "series", '[');
    for (size_t i = 0; i < r->tally->series.count; i++)
        one_slice(w, &r->tally->series.slice[i]);
    json_close(w, ']');
    self(w, r);
    rogues(w, r);
    server_cost(w, r);
    slo_verdicts(w, r);
    json_open(w, "faults", '[');
    for (size_t i = 0; i < r->tally->faults; i++)
        json_text(w, NULL, r->tally->fault[i]);
    json_close(w, ']');
    json_close(w, '}');
}

static void find(struct json_writer *w, const struct find *f)
{
    json_open(w, "find", '{');
    json_open(w, "points", '[');
    for (size_t i = 0; i < f->count; i++) {
        const struct find_point *p = &f->point[i];
        json_open(w, NULL, '{');
        json_real(w, "rate_per_s", p->rate_per_s);
        json_real(w, "achieved_per_s", p->achieved_per_s);
        json_uint(w, "p50_ns", p->p50_ns);
        json_uint(w, "p99_ns", p->p99_ns);
        json_uint(w, "p999_ns", p->p999_ns);
        json_uint(w, "max_ns", p->max_ns);
        json_uint(w, "errors", p->errors);
        json_bool(w, "held", p->held);
        json_bool(w, "void", p->is_void);
        json_text(w, "why", p->why);
        json_close(w, '}');
    }
    json_close(w, ']');
    if (f->best != SIZE_MAX)
        json_real(w, "best_per_s", f->point[f->best].rate_per_s);
    else
        json_text(w, "best_per_s", NULL);
    json_close(w, '}');
}

static void comparison(struct json_writer *w, const struct comparison *c)
{
    json_open(w, "comparison", '{');
    json_text(w, "verdict", verdict_name(c->verdict));
    json_text(w, "by", c->by);
    for (int s = 0; s < COMPARE_SHARES; s++) {
        json_open(w, comparison_share_name((enum comparison_share)s), '{');
        json_real(w, "a", c->share[s].a);
        json_real(w, "b", c->share[s].b);
        json_text(w, "verdict", verdict_name(c->share[s].verdict));
        json_close(w, '}');
    }
    for (int m = 0; m < COMPARE_METRICS; m++) {
        const struct difference *d = &c->metric[m];
        json_open(w, comparison_metric_name((enum comparison_metric)m), '{');
        json_real(w, "a", d->a);
        json_real(w, "b", d->b);
        json_real(w, "change", d->change);
        json_real(w, "low", d->low);
        json_real(w, "high", d->high);
        json_text(w, "verdict", verdict_name(d->verdict));
        json_close(w, '}');
    }
    json_close(w, '}');
}

void report_json(FILE *out, const struct report *report)
{
    struct json_writer w = {.out = out, .first = true};
    json_open(&w, NULL, '{');
    json_text(&w, "schema", SCHEMA);
    versions(&w);
    json_text(&w, "finished", report->result->finished);
    json_uint(&w, "status", report->status);
    json_text(&w, "status_text", status_text(report->status));
    config(&w, report->config);
    result(&w, "result", report->result);
    if (report->other != NULL)
        result(&w, "result_b", report->other);
    if (report->versus != NULL)
        comparison(&w, report->versus);
    if (report->find != NULL)
        find(&w, report->find);
    json_close(&w, '}');
}
