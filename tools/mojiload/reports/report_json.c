/* The JSON report, schema "mojiload/1":
 *
 *     schema, versions {mojiload, unicode, source}, finished (ISO 8601), status, status_text
 *     config    everything that was asked for, defaults included
 *     result    of the server; with --versus result_b besides, and comparison
 *         outcomes {class: count}, errors, attempts, sent, elapsed_ns …
 *         asked (requests due), kept (the share of them answered right), ok_per_s (open loop: kept of asked_per_s)
 *         latency {response, service, least, lag, own_lag, connect: {count, min_ns … max_ns, buckets [[low_ns, count]
 * …]}} response, service: of right answers and, as at least the time-out, of requests never answered least: response
 * without what may be mojiload's own delay by_outcome {class: the same, of response times as they were}, for classes
 * that occurred series [{start_ns, length_ns …}] a second each self, rogues, server, slo, faults find      {points,
 * best_per_s}, with --find
 *
 * Times are whole nanoseconds.  Members may be added; what is here keeps its name and meaning while the number
 * in the schema stays.
 */
#include "reports/report.h"

#include "reports/json.h"
#include "rogue.h"
#include "units.h"

#include "unicode/index.h"

#include <errno.h>
#include <string.h>

#define SCHEMA "mojiload/1"

/* ---- members that are no field of a struct ---- */

static void put(struct json_object *to, const char *key, struct json_object *value)
{
    json_object_object_add(to, key, value);
}

static void put_text(struct json_object *to, const char *key, const char *text)
{
    put(to, key, json_text(text, strlen(text)));
}

static void put_uint(struct json_object *to, const char *key, uint64_t value)
{
    put(to, key, json_object_new_uint64(value));
}

static void put_bool(struct json_object *to, const char *key, bool value)
{
    put(to, key, json_object_new_boolean(value));
}

static void add(struct json_object *list, struct json_object *value)
{
    json_object_array_add(list, value);
}

static struct json_object *of_fields(const void *from, const struct json_field *field, size_t count)
{
    struct json_object *o = json_object_new_object();
    json_put(o, from, field, count);
    return o;
}

/* ---- what was asked for ---- */

static struct json_object *versions(void)
{
    struct json_object *o = json_object_new_object();
    put_text(o, "mojiload", MOJIFINDER_VERSION);
    put_text(o, "unicode", index_unicode_version(index_builtin()));
    put_text(o, "source", index_source(index_builtin()));
    return o;
}

static struct json_object *mix(const struct mix *m)
{
    struct json_object *list = json_object_new_array();
    for (const struct mix_entry *e = m->entry; e < m->entry + m->count; e++) {
        struct json_object *o = json_object_new_object();
        put_uint(o, "weight", e->weight);
        put(o, "request", json_text(e->request, e->query_len));
        if (e->expect != NULL)
            put_text(o, "expect", e->expect);
        add(list, o);
    }
    return list;
}

static struct json_object *slo_texts(const struct slo *slo)
{
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; i < slo->count; i++)
        add(list, json_text(slo->condition[i].text, strlen(slo->condition[i].text)));
    return list;
}

#define CONFIG(member)         JSON_FIELD(struct config, member)
#define CONFIG_AS(key, member) JSON_AS(struct config, key, member)

static void config_load(struct json_object *o, const struct config *c)
{
    static const struct json_field clients[] = {CONFIG(clients), CONFIG_AS("pipeline", depth)};
    static const struct json_field rates[] = {CONFIG_AS("rate_from_per_s", rate.from_per_s),
                                              CONFIG_AS("rate_per_s", rate.to_per_s),
                                              CONFIG_AS("ramp_ns", rate.ramp_ns)};
    static const struct json_field times[] = {CONFIG(duration_ns), CONFIG(warmup_ns), CONFIG(timeout_ns),
                                              CONFIG(drain_ns)};
    static const struct json_field rest[] = {CONFIG(think_ns), CONFIG(churn), CONFIG(connect_rate_per_s),
                                             CONFIG(sources), CONFIG(seed)};
    json_put(o, c, JSON_TABLE(clients));
    put_text(o, "loop", c->open_loop ? "open" : "closed");
    json_put(o, c, JSON_TABLE(rates));
    put_text(o, "arrivals", c->rate.poisson ? "poisson" : "fixed");
    json_put(o, c, JSON_TABLE(times));
    if (c->requests != UINT64_MAX)
        put_uint(o, "requests", c->requests);
    json_put(o, c, JSON_TABLE(rest));
}

static void config_what(struct json_object *o, const struct config *c)
{
    static const struct json_field flags[] = {CONFIG(verify), CONFIG(classic), CONFIG(raw)};
    json_put(o, c, JSON_TABLE(flags));
    if (c->raw) {
        put_text(o, "framing", framing_name(&c->rules.framing));
        put(o, "until", json_text(c->rules.framing.until.bytes, c->rules.framing.until.len));
        put(o, "greeting", json_text(c->greeting.bytes, c->greeting.len));
    }
    put(o, "mix", mix(&c->mix));
}

static struct json_object *config(const struct config *c)
{
    struct json_object *o = json_object_new_object(), *rogues = json_object_new_object();
    put_text(o, "target", c->target.name);
    if (c->versus.name[0] != '\0')
        put_text(o, "versus", c->versus.name);
    config_load(o, c);
    config_what(o, c);
    for (int kind = 0; kind < ROGUE_KINDS; kind++)
        put_uint(rogues, rogue_name((enum rogue_kind)kind), c->rogues[kind]);
    put(o, "rogues", rogues);
    put_uint(o, "slow_bytes_per_s", c->slow_bytes_per_s);
    if (c->has_slo)
        put(o, "slo", slo_texts(&c->slo));
    if (c->finding)
        put(o, "find", slo_texts(&c->find));
    if (c->pid != 0)
        put_uint(o, "pid", (uint64_t)c->pid);
    return o;
}

/* ---- what came of it ---- */

static struct json_object *buckets(const struct hist *h)
{
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; i < HIST_BUCKETS; i++) {
        if (h->bucket[i] == 0)
            continue;
        struct json_object *pair = json_object_new_array();
        add(pair, json_object_new_uint64(hist_bucket_low_ns(i)));
        add(pair, json_object_new_uint64(h->bucket[i]));
        add(list, pair);
    }
    return list;
}

static struct json_object *histogram(const struct hist *h)
{
    static const struct {
        const char *key;
        double q;
    } quantiles[] = {{"p50_ns", 0.5},  {"p75_ns", 0.75},   {"p90_ns", 0.9},     {"p95_ns", 0.95},
                     {"p99_ns", 0.99}, {"p999_ns", 0.999}, {"p9999_ns", 0.9999}};
    struct json_object *o = json_object_new_object();
    put_uint(o, "count", h->count);
    put_uint(o, "min_ns", h->min_ns);
    put(o, "mean_ns", json_real(hist_mean_ns(h)));
    for (size_t i = 0; i < sizeof quantiles / sizeof quantiles[0]; i++)
        put_uint(o, quantiles[i].key, hist_quantile(h, quantiles[i].q));
    put_uint(o, "max_ns", h->max_ns);
    put(o, "buckets", buckets(h));
    return o;
}

static struct json_object *latency(const struct tally *t)
{
    struct json_object *o = json_object_new_object();
    put(o, "response", histogram(&t->judged_response));
    put(o, "service", histogram(&t->judged_service));
    put(o, "least", histogram(&t->least_response));
    put(o, "lag", histogram(&t->lag));
    put(o, "own_lag", histogram(&t->own_lag));
    put(o, "connect", histogram(&t->connect));
    return o;
}

static struct json_object *by_outcome(const struct tally *t)
{
    struct json_object *o = json_object_new_object();
    for (int i = 0; i < OUTCOMES; i++) {
        if (t->outcome[i] > 0)
            put(o, outcome_key((enum outcome)i), histogram(&t->response[i]));
    }
    return o;
}

#define SLICE(member) JSON_FIELD(struct slice, member)
static const struct json_field slice_fields[] = {
    SLICE(start_ns), SLICE(length_ns), SLICE(warmup), SLICE(asked_per_s), SLICE(sent),           SLICE(bytes_in),
    SLICE(mean_ns),  SLICE(p50_ns),    SLICE(p99_ns), SLICE(max_ns),      SLICE(service_p50_ns), SLICE(service_p99_ns)};

static struct json_object *series(const struct series *s)
{
    struct json_object *list = json_object_new_array();
    for (const struct slice *now = s->slice; now < s->slice + s->count; now++) {
        struct json_object *o = of_fields(now, JSON_TABLE(slice_fields));
        for (int i = 0; i < OUTCOMES; i++) {
            if (i == OUTCOME_OK || now->outcome[i] > 0)
                put_uint(o, outcome_key((enum outcome)i), now->outcome[i]);
        }
        add(list, o);
    }
    return list;
}

struct slice report_json_slice(struct json_object *slice)
{
    struct slice s = {0};
    json_get(slice, &s, JSON_TABLE(slice_fields));
    s.outcome[OUTCOME_OK] = (uint64_t)json_number(slice, outcome_key(OUTCOME_OK));
    return s;
}

#define RESULT(member) JSON_FIELD(struct result, member)
#define TALLY(member)  JSON_FIELD(struct tally, member)

static void counts(struct json_object *o, const struct result *r)
{
    static const struct json_field state[] = {RESULT(connected), RESULT(interrupted)};
    static const struct json_field times[] = {RESULT(elapsed_ns), RESULT(loaded_ns), RESULT(setup_ns)};
    static const struct json_field tally[] = {TALLY(warmup_requests), TALLY(bytes_in), TALLY(bytes_out),
                                              TALLY(connects), TALLY(closed_idle)};
    const struct tally *t = r->tally;
    struct json_object *outcomes = json_object_new_object();
    put_text(o, "target", r->target->name);
    put_text(o, "status", status_text(r->status));
    if (r->why[0] != '\0')
        put_text(o, "why", r->why);
    json_put(o, r, JSON_TABLE(state));
    if (r->trouble[0] != '\0')
        put_text(o, "trouble", r->trouble);
    json_put(o, r, JSON_TABLE(times));
    put_text(o, "loop", r->open_loop ? "open" : "closed");
    put_uint(o, "asked", r->asked);
    put(o, "kept", json_real(result_kept(r)));
    put(o, "asked_per_s", json_real(r->asked_per_s));
    put(o, "ok_per_s", json_real(result_rate(r)));
    put_uint(o, "sent", t->sent);
    put_uint(o, "attempts", tally_attempts(t));
    put_uint(o, "errors", tally_errors(t));
    json_put(o, t, JSON_TABLE(tally));
    for (int i = 0; i < OUTCOMES; i++)
        put_uint(outcomes, outcome_key((enum outcome)i), t->outcome[i]);
    put(o, "outcomes", outcomes);
}

#define WATCH(member) JSON_FIELD(struct watch, member)

static struct json_object *self(const struct result *r)
{
    static const struct json_field times[] = {WATCH(busy_ns), WATCH(idle_ns), WATCH(held_ns), WATCH(longest_hold_ns)};
    struct json_object *o = json_object_new_object();
    put_bool(o, "void", r->is_void);
    if (r->is_void)
        put_text(o, "why", r->void_why);
    put_bool(o, "saturated", watch_saturated(&r->watch));
    put(o, "cpu_share", json_real(watch_cpu_share(&r->watch)));
    json_put(o, &r->watch, JSON_TABLE(times));
    return o;
}

#define ROGUE(member)         JSON_FIELD(struct rogue_tally, member)
#define ROGUE_AS(key, member) JSON_AS(struct rogue_tally, key, member)

static struct json_object *rogues(const struct result *r)
{
    static const struct json_field fields[] = {ROGUE(connects),
                                               ROGUE(failed_connects),
                                               ROGUE(requests),
                                               ROGUE(answered),
                                               ROGUE(wrong),
                                               ROGUE_AS("cut_off", lost),
                                               ROGUE_AS("closed_by_server", closed),
                                               ROGUE(bytes_in)};
    struct json_object *all = json_object_new_object();
    for (int kind = 0; kind < ROGUE_KINDS; kind++) {
        if (r->config->rogues[kind] == 0)
            continue;
        struct json_object *o = json_object_new_object();
        put_uint(o, "clients", r->config->rogues[kind]);
        json_put(o, &r->rogue[kind], JSON_TABLE(fields));
        put(all, rogue_name((enum rogue_kind)kind), o);
    }
    return all;
}

#define COST(member) JSON_FIELD(struct proc_cost, member)
static const struct json_field cost_fields[] = {COST(cpu_ns), COST(voluntary_switches), COST(peak_bytes),
                                                COST(resident_before_bytes), COST(resident_after_bytes)};

static struct json_object *slo_verdicts(const struct result *r)
{
    struct slo_facts facts = result_facts(r);
    struct json_object *list = json_object_new_array();
    for (size_t i = 0; r->config->has_slo && i < r->config->slo.count; i++) {
        struct slo_verdict v = slo_judge(&r->config->slo, i, &facts);
        struct json_object *o = json_object_new_object();
        put_text(o, "condition", r->config->slo.condition[i].text);
        put_bool(o, "held", v.held);
        put_text(o, "measured", v.measured);
        add(list, o);
    }
    return list;
}

static struct json_object *result(const struct result *r)
{
    struct json_object *o = json_object_new_object(), *faults = json_object_new_array();
    counts(o, r);
    put(o, "latency", latency(r->tally));
    put(o, "by_outcome", by_outcome(r->tally));
    put(o, "series", series(&r->tally->series));
    put(o, "self", self(r));
    put(o, "rogues", rogues(r));
    if (r->has_cost)
        put(o, "server", of_fields(&r->cost, JSON_TABLE(cost_fields)));
    put(o, "slo", slo_verdicts(r));
    for (size_t i = 0; i < r->tally->faults; i++)
        add(faults, json_text(r->tally->fault[i], strlen(r->tally->fault[i])));
    put(o, "faults", faults);
    return o;
}

/* ---- --find and --versus ---- */

#define POINT(member) JSON_FIELD(struct find_point, member)

static struct json_object *find(const struct find *f)
{
    static const struct json_field fields[] = {
        POINT(rate_per_s), POINT(achieved_per_s), POINT(p50_ns),
        POINT(p99_ns),     POINT(p999_ns),        POINT(max_ns),
        POINT(errors),     POINT(held),           JSON_AS(struct find_point, "void", is_void),
        POINT(why)};
    struct json_object *o = json_object_new_object(), *points = json_object_new_array();
    for (size_t i = 0; i < f->count; i++)
        add(points, of_fields(&f->point[i], JSON_TABLE(fields)));
    put(o, "points", points);
    put(o, "best_per_s", f->best != SIZE_MAX ? json_real(f->point[f->best].rate_per_s) : NULL);
    return o;
}

#define DIFFERENCE(member) JSON_FIELD(struct difference, member)

static void difference(struct json_object *to, const char *key, const struct difference *d, bool change)
{
    static const struct json_field both[] = {DIFFERENCE(a), DIFFERENCE(b)};
    static const struct json_field interval[] = {DIFFERENCE(change), DIFFERENCE(low), DIFFERENCE(high)};
    struct json_object *o = of_fields(d, JSON_TABLE(both));
    if (change)
        json_put(o, d, JSON_TABLE(interval));
    put_text(o, "verdict", verdict_name(d->verdict));
    put(to, key, o);
}

static struct json_object *comparison(const struct comparison *c)
{
    struct json_object *o = json_object_new_object();
    put_text(o, "verdict", verdict_name(c->verdict));
    put_text(o, "by", c->by);
    for (int s = 0; s < COMPARE_SHARES; s++)
        difference(o, comparison_share_name((enum comparison_share)s), &c->share[s], false);
    for (int m = 0; m < COMPARE_METRICS; m++)
        difference(o, comparison_metric_name((enum comparison_metric)m), &c->metric[m], true);
    return o;
}

bool report_json(FILE *out, const struct report *report)
{
    errno = 0;
    struct json_object *o = json_object_new_object();
    put_text(o, "schema", SCHEMA);
    put(o, "versions", versions());
    put_text(o, "finished", report->result->finished);
    put_uint(o, "status", report->status);
    put_text(o, "status_text", status_text(report->status));
    put(o, "config", config(report->config));
    put(o, "result", result(report->result));
    if (report->other != NULL)
        put(o, "result_b", result(report->other));
    if (report->versus != NULL)
        put(o, "comparison", comparison(report->versus));
    if (report->find != NULL)
        put(o, "find", find(report->find));
    bool whole = errno != ENOMEM;
    json_write(out, o);
    json_object_put(o);
    return whole;
}
