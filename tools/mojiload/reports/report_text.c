/* The report for people: one screen. */
#include "reports/report.h"

#include "reports/glyphs.h"
#include "rogue.h"
#include "units.h"

#include <math.h>
#include <netdb.h>
#include <string.h>

enum {
    ROWS = 8,      /* of the histogram: what a screen has left */
    BAR_WIDTH = 50 /* cells */
};

/* ---- the head: what was done, and how much ---- */

/* Of a name with several addresses, which one was loaded. */
static void show_address(FILE *out, const struct result *r)
{
    const struct sockaddr *addr = (const struct sockaddr *)&r->target->addr[r->address];
    char host[64];
    if (r->target->addresses > 1 && r->connected &&
        getnameinfo(addr, sizeof r->target->addr[0], host, sizeof host, NULL, 0, NI_NUMERICHOST) == 0)
        fprintf(out, " (%s)", host);
}

static void line_title(FILE *out, const struct result *r)
{
    const struct config *c = r->config;
    char clients[UNITS_TEXT], time[UNITS_TEXT];
    fprintf(out, "mojiload %s  %s", MOJIFINDER_VERSION, r->target->name);
    show_address(out, r);
    fprintf(out, "  %s, %s client%s", units_show_ns(result_time_ns(r), time), units_show_count(c->clients, clients),
            c->clients == 1 ? "" : "s");
    if (c->depth > 1)
        fprintf(out, " x %u in flight", c->depth);
    fprintf(out, ", %s loop, seed %llu%s\n", r->open_loop ? "open" : "closed", (unsigned long long)c->seed,
            r->interrupted ? ", interrupted" : "");
}

static void line_answers(FILE *out, const struct result *r)
{
    char count[UNITS_TEXT], rate[UNITS_TEXT], bytes[UNITS_TEXT], asked[UNITS_TEXT];
    const struct tally *t = r->tally;
    double seconds = (double)result_time_ns(r) / 1e9;
    fprintf(out, "answers   %s right, %s/s, %s/s", units_show_count(t->outcome[OUTCOME_OK], count),
            units_show_rate(result_rate(r), rate),
            units_show_bytes(seconds > 0 ? (double)t->bytes_in / seconds : 0, bytes));
    if (r->open_loop && r->connected) /* rounded down: only all of them are 100 % */
        fprintf(out, "; asked %s/s, got %.1f %% of %s", units_show_rate(r->asked_per_s, asked),
                floor(result_kept(r) * 1000) / 10, units_show_count(r->asked, count));
    if (r->config->verify)
        fprintf(out, "; verified");
    fputc('\n', out);
}

static void line_errors(FILE *out, const struct result *r)
{
    char count[UNITS_TEXT], timeout[UNITS_TEXT];
    uint64_t errors = tally_errors(r->tally), attempts = tally_attempts(r->tally);
    fprintf(out, "errors    %s", errors == 0 ? "none" : units_show_count(errors, count));
    if (errors > 0)
        fprintf(out, " (%.3g %%):", 100 * (double)errors / (double)attempts);
    const char *between = "";
    for (int o = OUTCOME_WRONG; o < OUTCOMES; o++) {
        if (r->tally->outcome[o] == 0)
            continue;
        fprintf(out, "%s %s %s", between, units_show_count(r->tally->outcome[o], count),
                outcome_title((enum outcome)o));
        between = ",";
    }
    if (r->config->warmup_ns > 0)
        fprintf(out, "; warm-up: %s not counted", units_show_count(r->tally->warmup_requests, count));
    fputc('\n', out);
    uint64_t unanswered = r->tally->judged_response.count - r->tally->outcome[OUTCOME_OK];
    if (unanswered > 0)
        fprintf(out, "          %s never answered: in the percentiles as %s, the time-out, or more\n",
                units_show_count(unanswered, count), units_show_ns(r->config->timeout_ns, timeout));
}

/* ---- the table ---- */

/* "12.3us": without the space, to fit nine columns. */
static void cell(FILE *out, uint64_t ns, bool doubtful)
{
    char text[UNITS_TEXT + 1] = "~", *space = strchr(units_show_ns(ns, text + 1), ' ');
    if (space != NULL)
        memmove(space, space + 1, strlen(space));
    fprintf(out, "%8s", text + !doubtful);
}

/* The columns; below 0: the mean. */
static const double quantiles[] = {0, -1, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 1};
enum {
    COLUMNS = sizeof quantiles / sizeof quantiles[0]
};

/* Times that are mostly our own delay are marked; true when there were any. */
static bool line_times(FILE *out, const char *label, const struct hist *h, const struct result *r)
{
    bool service = h == &r->tally->judged_service, response = h == &r->tally->judged_response, any = false;
    fprintf(out, "%-8s", label);
    for (size_t i = 0; i < COLUMNS; i++) {
        double q = quantiles[i];
        uint64_t ns = q < 0 ? (uint64_t)hist_mean_ns(h) : q > 0 ? hist_quantile(h, q) : h->min_ns;
        bool doubtful = h->count > 0 && (service || response) && result_doubtful(r, service, q);
        any |= doubtful;
        if (h->count == 0) /* zeros would read as very fast */
            fprintf(out, "%8s", "-");
        else
            cell(out, ns, doubtful);
    }
    fputc('\n', out);
    return any;
}

static void table(FILE *out, const struct result *r)
{
    const struct tally *t = r->tally;
    fprintf(out, "%-8s%8s%8s%8s%8s%8s%8s%8s%8s%8s\n", r->open_loop ? "" : "(closed)", "min", "mean", "p50", "p90",
            "p95", "p99", "p99.9", "p99.99", "max");
    bool doubtful = line_times(out, "response", &t->judged_response, r);
    doubtful |= line_times(out, "service", &t->judged_service, r);
    line_times(out, "lag", &t->lag, r);
    line_times(out, "connect", &t->connect, r);
    if (doubtful)
        fprintf(out, "~         mostly mojiload's own delay, by what it can tell, and not the server's\n");
}

/* ---- the histogram ---- */

/* The edges 1, 2, 5, 10 … (step 1), 1, 3, 10 … (2) or 1, 10, 100 … (3) in nanoseconds. */
static uint64_t edge(unsigned i, unsigned step)
{
    static const double mantissa[3][3] = {{1, 2, 5}, {1, 3, 0}, {1, 0, 0}};
    unsigned per_decade = 4 - step, decade = i / per_decade;
    return (uint64_t)(mantissa[step - 1][i % per_decade] * pow(10, (double)decade));
}

static unsigned edge_below(uint64_t ns, unsigned step)
{
    unsigned i = 0;
    while (edge(i + 1, step) <= ns)
        i++;
    return i;
}

static void row(FILE *out, const struct hist *h, uint64_t from_ns, uint64_t to_ns, bool unicode)
{
    char text[UNITS_TEXT], bar[3 * BAR_WIDTH + 1];
    uint64_t n = hist_count_to(h, to_ns - 1) - (from_ns > 0 ? hist_count_to(h, from_ns - 1) : 0);
    double share = (double)n / (double)h->count;
    fprintf(out, "%9s %7.3f %% %s\n", units_show_ns(from_ns, text), share * 100,
            glyphs_bar(unicode, share, BAR_WIDTH, bar, sizeof bar));
}

static void histogram(FILE *out, const struct hist *h, bool unicode)
{
    unsigned step = 1, first, last;
    if (h->count == 0)
        return;
    do {
        first = edge_below(h->min_ns, step);
        last = edge_below(h->max_ns, step);
    } while (last - first >= ROWS && ++step <= 3);
    if (step > 3)
        step = 3; /* nanoseconds to an hour: thirteen rows, and rare enough */
    fprintf(out, "response times from\n");
    for (unsigned i = first; i <= last; i++)
        row(out, h, edge(i, step), edge(i + 1, step), unicode);
}

/* ---- the rest, where there is something to say ---- */

static void lines_slo(FILE *out, const struct result *r)
{
    struct slo_facts facts = result_facts(r);
    for (size_t i = 0; r->config->has_slo && i < r->config->slo.count; i++) {
        struct slo_verdict v = slo_judge(&r->config->slo, i, &facts);
        fprintf(out, "slo       %s %s (%s)\n", v.held ? "held  " : "MISSED", r->config->slo.condition[i].text,
                v.measured);
    }
}

static void lines_rogues(FILE *out, const struct result *r)
{
    for (int kind = 0; kind < ROGUE_KINDS; kind++) {
        const struct rogue_tally *t = &r->rogue[kind];
        if (r->config->rogues[kind] == 0)
            continue;
        fprintf(out,
                "%-10s %u client%s: %llu connections (%llu failed), %llu requests, %llu answered,\n"
                "           %llu wrong, %llu cut off, %llu closed by the server\n",
                rogue_name((enum rogue_kind)kind), r->config->rogues[kind], r->config->rogues[kind] == 1 ? "" : "s",
                (unsigned long long)t->connects, (unsigned long long)t->failed_connects,
                (unsigned long long)t->requests, (unsigned long long)t->answered, (unsigned long long)t->wrong,
                (unsigned long long)t->lost, (unsigned long long)t->closed);
    }
}

static void line_cost(FILE *out, const struct result *r)
{
    char cpu[UNITS_TEXT], peak[UNITS_TEXT];
    uint64_t answers = r->tally->outcome[OUTCOME_OK];
    if (!r->has_cost)
        return;
    double per = answers > 0 ? 1.0 / (double)answers : 0;
    fprintf(out, "server    %s CPU a request (%.0f %% busy), peak memory %s, %.3g switches a request\n",
            units_show_ns((uint64_t)((double)r->cost.cpu_ns * per), cpu),
            r->elapsed_ns > 0 ? 100 * (double)r->cost.cpu_ns / (double)r->elapsed_ns : 0,
            units_show_bytes((double)r->cost.peak_bytes, peak), (double)r->cost.voluntary_switches * per);
}

static void lines_trouble(FILE *out, const struct result *r)
{
    char advice[300];
    const struct tally *t = r->tally;
    if (!r->connected && r->trouble[0] != '\0')
        fprintf(out, "cannot use %s: %s\n", r->target->name, r->trouble);
    for (size_t i = 0; i < t->faults; i++)
        fprintf(out, "wrong     %s\n", t->fault[i]);
    if (t->first_error_line[0] != '\0')
        fprintf(out, "the first error was: %s\n", t->first_error_line);
    result_local_advice(r, advice, sizeof advice);
    if (advice[0] != '\0')
        fprintf(out, "%s\n", advice);
    if (!r->is_void && watch_saturated(&r->watch))
        fprintf(out, "note      mojiload's own processor was the limit: the server can do this, or more\n");
}

/* The last line, when it is not fine: why. */
static void line_status(FILE *out, const struct result *r)
{
    static const char *const words[] = {[STATUS_MISSED] = "FAILED",
                                        [STATUS_NO_CONNECTION] = "FAILED",
                                        [STATUS_WRONG] = "WRONG",
                                        [STATUS_VOID] = "VOID"};
    if (r->status != STATUS_FINE && r->status != STATUS_USAGE)
        fprintf(out, "%s: %s.\n", words[r->status], r->why);
}

static void result_text(FILE *out, const struct result *r, bool unicode)
{
    line_title(out, r);
    line_answers(out, r);
    line_errors(out, r);
    if (r->connected) {
        table(out, r);
        histogram(out, &r->tally->judged_response, unicode);
    }
    lines_slo(out, r);
    lines_rogues(out, r);
    line_cost(out, r);
    lines_trouble(out, r);
    line_status(out, r);
}

/* ---- searches and comparisons ---- */

static void lines_find(FILE *out, const struct find *f)
{
    char rate[UNITS_TEXT], achieved[UNITS_TEXT], p50[UNITS_TEXT], p99[UNITS_TEXT], max[UNITS_TEXT];
    fprintf(out, "%10s %10s %10s %10s %10s %8s\n", "rate", "achieved", "p50", "p99", "max", "errors");
    for (size_t i = 0; i < f->count; i++) {
        const struct find_point *p = &f->point[i];
        fprintf(out, "%10s %10s %10s %10s %10s %8llu  %s%s%s\n", units_show_rate(p->rate_per_s, rate),
                units_show_rate(p->achieved_per_s, achieved), units_show_ns(p->p50_ns, p50),
                units_show_ns(p->p99_ns, p99), units_show_ns(p->max_ns, max), (unsigned long long)p->errors,
                p->held      ? "held"
                : p->is_void ? "void"
                             : "missed",
                p->why[0] != '\0' ? ": " : "", p->why);
    }
    if (f->best == SIZE_MAX)
        fprintf(out, "no rate held\n");
    else
        fprintf(out, "highest rate that held: %s/s%s\n", units_show_rate(f->point[f->best].rate_per_s, rate),
                f->end == FIND_VOID    ? "; above it mojiload itself is the limit"
                : f->end == FIND_FOUND ? ""
                                       : "; the search did not end");
}

static void show_metric(enum comparison_metric m, double value, char out[UNITS_TEXT])
{
    if (m == COMPARE_RATE)
        units_show_rate(value, out);
    else
        units_show_ns((uint64_t)value, out);
}

void report_comparison(FILE *out, const struct comparison *c, const char *a, const char *b)
{
    char shown_a[UNITS_TEXT], shown_b[UNITS_TEXT], conclusion[COMPARISON_TEXT];
    fprintf(out, "A: %s (%zu slice%s)   B: %s (%zu slice%s)%s\n", a, c->slices_a, c->slices_a == 1 ? "" : "s", b,
            c->slices_b, c->slices_b == 1 ? "" : "s", c->paired ? ", in pairs" : "");
    fprintf(out, "%-6s %10s %10s %9s   %s\n", "", "A", "B", "B to A", "95 % interval");
    for (int s = 0; s < COMPARE_SHARES; s++) {
        const struct difference *d = &c->share[s];
        if (d->verdict != VERDICT_UNKNOWN)
            fprintf(out, "%-6s %8.4g %% %8.4g %% %9s   %19s   %s\n", comparison_share_name((enum comparison_share)s),
                    d->a * 100, d->b * 100, "", "", verdict_name(d->verdict));
    }
    for (int m = 0; m < COMPARE_METRICS; m++) {
        const struct difference *d = &c->metric[m];
        show_metric((enum comparison_metric)m, d->a, shown_a);
        show_metric((enum comparison_metric)m, d->b, shown_b);
        fprintf(out, "%-6s %10s %10s ", comparison_metric_name((enum comparison_metric)m), shown_a, shown_b);
        if (d->verdict == VERDICT_UNKNOWN) /* nothing was computed: zeros would read as "the same" */
            fprintf(out, "%9s   %19s   %s\n", "-", "-", verdict_name(d->verdict));
        else
            fprintf(out, "%+7.1f %%   %+6.1f to %+6.1f %%   %s\n", d->change * 100, d->low * 100, d->high * 100,
                    verdict_name(d->verdict));
    }
    fprintf(out, "B against A: %s\n", comparison_conclusion(c, conclusion));
}

static const char *failed_side(const struct report *report)
{
    return report->result->status != STATUS_FINE  ? "A is not fine, see above"
           : report->other->status != STATUS_FINE ? "B is not fine, see above"
                                                  : "this verdict is one of --fail-if";
}

void report_text_in(FILE *out, const struct report *report, bool unicode)
{
    if (report->find != NULL)
        lines_find(out, report->find);
    result_text(out, report->result, unicode);
    if (report->find != NULL && report->find->best == SIZE_MAX)
        fprintf(out, "FAILED: no rate held.\n");
    if (report->other == NULL)
        return;
    result_text(out, report->other, unicode);
    report_comparison(out, report->versus, report->result->target->name, report->other->target->name);
    if (report->status == STATUS_MISSED)
        fprintf(out, "FAILED: %s.\n", failed_side(report));
}

void report_text(FILE *out, const struct report *report)
{
    report_text_in(out, report, glyphs_unicode());
}
