/* The books of a run: the clients write, the reports read. */
#include "core/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally *tally_new(void)
{
    return calloc(1, sizeof(struct tally));
}

void tally_free(struct tally *t)
{
    if (t != NULL)
        free(t->series.slice);
    free(t);
}

static void judge(struct hist *all, struct hist *now, uint64_t ns)
{
    hist_add(all, ns);
    hist_add(now, ns);
}

void tally_outcome(struct tally *t, enum outcome o, uint64_t response_ns, uint64_t service_ns)
{
    t->outcome[o]++;
    t->series.now.outcome[o]++;
    hist_add(&t->response[o], response_ns);
    if (o != OUTCOME_OK)
        return;
    hist_add(&t->service, service_ns);
    judge(&t->judged_response, &t->series.response, response_ns);
    judge(&t->judged_service, &t->series.service, service_ns);
}

void tally_least(struct tally *t, uint64_t response_ns, uint64_t service_ns)
{
    hist_add(&t->least_response, response_ns);
    if (service_ns > 0)
        hist_add(&t->least_service, service_ns);
}

void tally_unanswered(struct tally *t, uint64_t response_ns, uint64_t service_ns)
{
    tally_least(t, response_ns, service_ns);
    judge(&t->judged_response, &t->series.response, response_ns);
    if (service_ns > 0)
        judge(&t->judged_service, &t->series.service, service_ns);
}

void tally_fault(struct tally *t, const char *text)
{
    if (t->faults < TALLY_FAULTS)
        snprintf(t->fault[t->faults++], TALLY_FAULT_TEXT, "%s", text);
}

static bool append_slice(struct series *s, const struct slice *slice)
{
    if (s->count == s->capacity) {
        size_t bigger = s->capacity == 0 ? 64 : s->capacity * 2;
        struct slice *grown = realloc(s->slice, bigger * sizeof *grown);
        if (grown == NULL)
            return false;
        s->slice = grown;
        s->capacity = bigger;
    }
    s->slice[s->count++] = *slice;
    return true;
}

bool tally_slice(struct tally *t, uint64_t end_ns, double asked_per_s, bool warmup)
{
    struct series *s = &t->series;
    struct slice *now = &s->now;
    now->length_ns = end_ns - now->start_ns;
    now->asked_per_s = asked_per_s;
    now->warmup = warmup;
    now->mean_ns = hist_mean_ns(&s->response);
    now->p50_ns = hist_quantile(&s->response, 0.5);
    now->p99_ns = hist_quantile(&s->response, 0.99);
    now->max_ns = s->response.max_ns;
    now->service_p50_ns = hist_quantile(&s->service, 0.5);
    now->service_p99_ns = hist_quantile(&s->service, 0.99);
    bool kept = append_slice(s, now);
    *now = (struct slice){.start_ns = end_ns};
    hist_reset(&s->response);
    hist_reset(&s->service);
    return kept;
}

void tally_finish(struct tally *t, uint64_t end_ns, double asked_per_s, bool warmup)
{
    if (end_ns >= t->series.now.start_ns + 1000000)
        (void)tally_slice(t, end_ns, asked_per_s, warmup);
}

void tally_end_warmup(struct tally *t)
{
    t->warmup_requests = tally_attempts(t);
    memset(t->outcome, 0, sizeof t->outcome);
    for (int o = 0; o < OUTCOMES; o++)
        hist_reset(&t->response[o]);
    hist_reset(&t->service);
    hist_reset(&t->judged_response);
    hist_reset(&t->judged_service);
    hist_reset(&t->least_response);
    hist_reset(&t->least_service);
    hist_reset(&t->lag);
    hist_reset(&t->own_lag);
    t->sent = t->bytes_in = t->bytes_out = t->closed_idle = 0;
    t->local_errno = 0;
    t->faults = 0;
    t->first_error_line[0] = '\0';
}

static void merge_faults(struct tally *t, const struct tally *from)
{
    for (size_t i = 0; i < from->faults; i++)
        tally_fault(t, from->fault[i]);
    if (t->first_error_line[0] == '\0')
        memcpy(t->first_error_line, from->first_error_line, sizeof t->first_error_line);
    if (t->local_errno == 0)
        t->local_errno = from->local_errno;
}

void tally_merge(struct tally *t, const struct tally *from, uint64_t shift_ns)
{
    for (int o = 0; o < OUTCOMES; o++) {
        t->outcome[o] += from->outcome[o];
        hist_merge(&t->response[o], &from->response[o]);
    }
    hist_merge(&t->service, &from->service);
    hist_merge(&t->judged_response, &from->judged_response);
    hist_merge(&t->judged_service, &from->judged_service);
    hist_merge(&t->least_response, &from->least_response);
    hist_merge(&t->least_service, &from->least_service);
    hist_merge(&t->lag, &from->lag);
    hist_merge(&t->own_lag, &from->own_lag);
    hist_merge(&t->connect, &from->connect);
    t->sent += from->sent;
    t->warmup_requests += from->warmup_requests;
    t->bytes_in += from->bytes_in;
    t->bytes_out += from->bytes_out;
    t->connects += from->connects;
    t->closed_idle += from->closed_idle;
    merge_faults(t, from);
    for (size_t i = 0; i < from->series.count; i++) {
        struct slice moved = from->series.slice[i];
        moved.start_ns += shift_ns;
        (void)append_slice(&t->series, &moved);
    }
}

uint64_t tally_attempts(const struct tally *t)
{
    uint64_t n = 0;
    for (int o = 0; o < OUTCOMES; o++)
        n += t->outcome[o];
    return n;
}

uint64_t tally_errors(const struct tally *t)
{
    return tally_attempts(t) - t->outcome[OUTCOME_OK];
}
