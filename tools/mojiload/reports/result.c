/* Draws the conclusions from a run: rate, verdict, exit status, advice. */
#include "reports/result.h"

#include "units.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

uint64_t result_time_ns(const struct result *r)
{
    return r->open_loop ? r->loaded_ns : r->elapsed_ns;
}

double result_kept(const struct result *r)
{
    return r->asked > 0 ? (double)r->tally->outcome[OUTCOME_OK] / (double)r->asked : 0;
}

/* A constant delay moves what ends by a request at most from one half of the load to the other; the share is for
 * chance.
 */
bool result_fell_behind(const struct result *r)
{
    return r->open_loop && (double)r->half_ended + 1 < (double)r->half_due * 0.95;
}

double result_rate(const struct result *r)
{
    if (r->open_loop)
        return r->asked_per_s * result_kept(r);
    return r->elapsed_ns > 0 ? (double)r->tally->outcome[OUTCOME_OK] / ((double)r->elapsed_ns / 1e9) : 0;
}

struct slo_facts result_facts(const struct result *r)
{
    return (struct slo_facts){
        .response = &r->tally->judged_response,
        .service = &r->tally->judged_service,
        .attempts = tally_attempts(r->tally),
        .errors = tally_errors(r->tally),
        .rate_per_s = result_rate(r),
        .asked_per_s = r->asked_per_s,
    };
}

struct compared result_compared(const struct result *r)
{
    const struct tally *t = r->tally;
    return (struct compared){
        .slice = t->series.slice,
        .slices = t->series.count,
        .open_loop = r->open_loop,
        .is_void = r->is_void,
        .part = {[COMPARE_ERRORS] = tally_errors(t), [COMPARE_KEPT] = t->outcome[OUTCOME_OK]},
        .whole = {[COMPARE_ERRORS] = tally_attempts(t), [COMPARE_KEPT] = r->open_loop ? r->asked : 0},
    };
}

bool result_errors_allowed(const struct config *config, bool has_slo, const struct slo *slo)
{
    return config->allow_errors || (has_slo && slo_judges_errors(slo));
}

char *result_errors(const struct result *r, char out[RESULT_WHY])
{
    char count[UNITS_TEXT];
    uint64_t errors = tally_errors(r->tally);
    size_t len = (size_t)snprintf(out, RESULT_WHY, "%s error%s", units_show_count(errors, count),
                                  errors == 1 ? "" : "s");
    const char *between = " (";
    for (int o = OUTCOME_WRONG; o < OUTCOMES; o++) {
        if (r->tally->outcome[o] == 0)
            continue;
        len += (size_t)snprintf(out + len, RESULT_WHY - len, "%s%s %s", between,
                                units_show_count(r->tally->outcome[o], count), outcome_title((enum outcome)o));
        between = ", ";
    }
    if (errors > 0)
        snprintf(out + len, RESULT_WHY - len, ")");
    return out;
}

bool result_doubtful(const struct result *r, bool service, double quantile)
{
    const struct tally *t = r->tally;
    const struct hist *all = service ? &t->judged_service : &t->judged_response;
    const struct hist *least = service ? &t->least_service : &t->least_response;
    double ns = quantile < 0 ? hist_mean_ns(all) : (double)hist_quantile(all, quantile);
    double own_ns = ns - (quantile < 0 ? hist_mean_ns(least) : (double)hist_quantile(least, quantile));
    return own_ns > WATCH_OWN_NS && own_ns > ns / 2;
}

size_t result_missed(const struct result *r, const struct slo *slo, bool *doubtful)
{
    struct slo_facts facts = result_facts(r);
    *doubtful = false;
    for (size_t i = 0; i < slo->count; i++) {
        const struct slo_condition *c = &slo->condition[i];
        if (slo_judge(slo, i, &facts).held)
            continue;
        bool time = c->metric == SLO_QUANTILE || c->metric == SLO_MEAN;
        *doubtful = time && c->upper && result_doubtful(r, c->service, c->metric == SLO_MEAN ? -1 : c->quantile);
        return i;
    }
    return SIZE_MAX;
}

/* Whether what was asked for has come about; why not, in out. */
static enum status judge(const struct result *r, char out[RESULT_WHY])
{
    const struct config *c = r->config;
    bool doubtful;
    size_t missed = c->has_slo ? result_missed(r, &c->slo, &doubtful) : SIZE_MAX;
    char a[UNITS_TEXT], b[UNITS_TEXT], errors[RESULT_WHY];
    out[0] = '\0';
    if (missed != SIZE_MAX)
        snprintf(out, RESULT_WHY, "missed %s", c->slo.condition[missed].text);
    else if (r->tally->outcome[OUTCOME_OK] == 0)
        snprintf(out, RESULT_WHY, "%s",
                 r->interrupted ? "stopped before anything was answered" : "not one request was answered right");
    else if (!r->interrupted && c->requests != UINT64_MAX && r->asked < c->requests)
        snprintf(out, RESULT_WHY, "%s of %s requests in the time given (--requests, --duration)",
                 units_show_count(r->asked, a), units_show_count(c->requests, b));
    else if (tally_errors(r->tally) > 0 && !result_errors_allowed(c, c->has_slo, &c->slo))
        snprintf(out, RESULT_WHY, "%.160s; --slo errors or --allow-errors says how many are fine",
                 result_errors(r, errors));
    return out[0] != '\0' ? STATUS_MISSED : STATUS_FINE;
}

static enum status conclude(const struct result *r, char why[RESULT_WHY])
{
    char count[UNITS_TEXT];
    uint64_t wrong = r->tally->outcome[OUTCOME_WRONG];
    if (wrong > 0) {
        snprintf(why, RESULT_WHY, "%s wrong answer%s", units_show_count(wrong, count), wrong == 1 ? "" : "s");
        return STATUS_WRONG;
    }
    if (!r->connected && !r->interrupted) {
        snprintf(why, RESULT_WHY, "not one usable connection");
        return STATUS_NO_CONNECTION;
    }
    if (r->is_void) {
        snprintf(why, RESULT_WHY, "%s", r->void_why);
        return STATUS_VOID;
    }
    return judge(r, why);
}

/* A time that no request of this run can have taken: a fault of this program, whatever else the figures say. */
static bool impossible(const struct run *run, char why[WATCH_TEXT])
{
    const struct tally *t = run->tally;
    uint64_t longest_ns = t->service.max_ns > t->lag.max_ns ? t->service.max_ns : t->lag.max_ns;
    char shown[UNITS_TEXT], lived[UNITS_TEXT];
    for (int o = 0; o < OUTCOMES; o++)
        longest_ns = t->response[o].max_ns > longest_ns ? t->response[o].max_ns : longest_ns;
    if (longest_ns <= run->lived_ns || run->lived_ns == 0)
        return false;
    snprintf(why, WATCH_TEXT, "a fault in mojiload: a time of %s in a run of %s", units_show_ns(longest_ns, shown),
             units_show_ns(run->lived_ns, lived));
    return true;
}

/* An objective that was missed by a time of which most may be our own delay says nothing about the server. */
static void doubt(struct result *r)
{
    const struct slo *slo = r->config->finding ? &r->config->find : &r->config->slo;
    bool doubtful = false;
    size_t i = r->config->finding || r->config->has_slo ? result_missed(r, slo, &doubtful) : SIZE_MAX;
    if (i == SIZE_MAX || !doubtful || r->is_void)
        return;
    r->is_void = true;
    snprintf(r->void_why, WATCH_TEXT, "%s was missed by times that are mostly mojiload's own delay",
             slo->condition[i].text);
}

void result_of(struct result *out, const struct run *run, const struct proc_cost *cost)
{
    *out = (struct result){
        .config = run->config,
        .target = run->target,
        .tally = run->tally,
        .watch = run->watch,
        .elapsed_ns = run->elapsed_ns,
        .loaded_ns = run->loaded_ns,
        .setup_ns = run->setup_ns,
        .asked = run->asked,
        .half_due = run->half_due,
        .half_ended = run->half_ended,
        .asked_per_s = run->asked_per_s,
        .open_loop = run->config->open_loop,
        .address = run->address,
        .interrupted = run->interrupted,
        .connected = run->ever_connected,
        .has_cost = cost != NULL,
    };
    if (cost != NULL)
        out->cost = *cost;
    memcpy(out->rogue, run->rogue_tally, sizeof out->rogue);
    memcpy(out->trouble, run->trouble, sizeof out->trouble);
    const struct config *config = run->config;
    out->is_void = out->connected && (impossible(run, out->void_why) ||
                                      watch_void(&run->watch, config->open_loop || config->has_slo,
                                                 &run->tally->own_lag, &run->tally->judged_response, out->void_why));
    doubt(out);
    time_t now = time(NULL);
    struct tm tm;
    strftime(out->finished, sizeof out->finished, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
    out->status = conclude(out, out->why);
}

static void port_advice(char *out, size_t cap)
{
    unsigned low = 32768, high = 60999;
    FILE *in = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
    if (in != NULL) {
        if (fscanf(in, "%u %u", &low, &high) != 2)
            low = high = 0;
        fclose(in);
    }
    snprintf(out, cap,
             "out of local ports: one address has %u to a server (net.ipv4.ip_local_port_range = %u %u); "
             "add addresses with --source, or sysctl -w net.ipv4.ip_local_port_range='1024 65535'",
             high - low + 1, low, high);
}

void result_local_advice(const struct result *r, char *out, size_t cap)
{
    struct rlimit limit = {0};
    out[0] = '\0';
    switch (r->tally->local_errno) {
    case 0: break;
    case EADDRNOTAVAIL: port_advice(out, cap); break;
    case EMFILE:
        getrlimit(RLIMIT_NOFILE, &limit);
        snprintf(out, cap,
                 "out of descriptors: this process may have %llu (ulimit -n); raise the hard limit, ulimit -Hn %u",
                 (unsigned long long)limit.rlim_cur, r->config->clients + 100);
        break;
    case ENFILE:
        snprintf(out, cap, "out of descriptors: the whole system may have fs.file-max; raise it with sysctl -w");
        break;
    default: snprintf(out, cap, "this machine: %s", strerror(r->tally->local_errno)); break;
    }
}

const char *status_text(enum status s)
{
    switch (s) {
    case STATUS_FINE: return "fine";
    case STATUS_MISSED: return "missed";
    case STATUS_USAGE: return "usage or output error";
    case STATUS_NO_CONNECTION: return "no connection";
    case STATUS_WRONG: return "wrong answers";
    case STATUS_VOID: return "void";
    }
    return "";
}
