/* tally.h - everything a run counts: outcomes with their latencies, totals, and a slice for every second.
 *
 * Times of a request:
 *
 *     response time   from when it was due by the schedule until its answer was whole
 *     service time    from when it was sent
 *     schedule lag    from due to sent
 *
 * In a closed loop a request is due when it is sent, so response and service time
 * are the same.  The size of a tally does not depend on what it counts, but for 200 bytes a second.
 */
#ifndef MOJILOAD_TALLY_H
#define MOJILOAD_TALLY_H

#include "core/hist.h"
#include "core/outcome.h"

#include <stdbool.h>

enum {
    TALLY_FAULTS = 5, /* wrong answers that are described; more explain nothing new */
    TALLY_FAULT_TEXT = 320
};

/* One second of a run, by the time at which things ended. */
struct slice {
    uint64_t start_ns; /* from the start of the run */
    uint64_t length_ns;
    double asked_per_s; /* 0: closed loop */
    uint64_t sent;
    uint64_t outcome[OUTCOMES];
    uint64_t bytes_in;
    double mean_ns; /* judged response time, as the following */
    uint64_t p50_ns, p99_ns, max_ns;
    uint64_t service_p50_ns, service_p99_ns;
    bool warmup;
};

struct series {
    struct slice *slice;
    size_t count, capacity;
    struct slice now; /* the one being filled */
    struct hist response, service;
};

struct tally {
    uint64_t outcome[OUTCOMES];
    struct hist response[OUTCOMES]; /* refused, busy, local: from the attempt to connect */
    struct hist service;            /* of right answers */
    /* What percentiles and objectives are of: right answers, and the requests that were never answered, as at least
     * the time-out.  Without them a server that answers one request of two would look fast. */
    struct hist judged_response, judged_service;
    /* The same times without what this program may have added: late sending (response), late reading (both). */
    struct hist least_response, least_service;
    struct hist lag;     /* of all requests sent */
    struct hist own_lag; /* the part of it in which a connection was free and only this program was late */
    struct hist connect; /* connect(2) to the prompt */
    struct series series;
    uint64_t sent;
    uint64_t warmup_requests; /* ended in the warm-up, counted nowhere else */
    uint64_t bytes_in, bytes_out;
    uint64_t connects;
    uint64_t closed_idle; /* connections the server closed with nothing in flight */
    int local_errno;      /* of the first OUTCOME_LOCAL */
    size_t faults;
    char fault[TALLY_FAULTS][TALLY_FAULT_TEXT];
    char first_error_line[TALLY_FAULT_TEXT]; /* empty: none */
};

/* NULL when out of memory. */
struct tally *tally_new(void);
void tally_free(struct tally *t); /* t may be NULL */

/* response_ns is used for every outcome, service_ns for OUTCOME_OK. */
void tally_outcome(struct tally *t, enum outcome o, uint64_t response_ns, uint64_t service_ns);
/* Besides, for a right answer: its times without this program's own delay. */
void tally_least(struct tally *t, uint64_t response_ns, uint64_t service_ns);
/* Besides, for a request that was never answered: it counts as so long.  service_ns 0: it was not even sent. */
void tally_unanswered(struct tally *t, uint64_t response_ns, uint64_t service_ns);
/* Describes a wrong answer, if there is room. */
void tally_fault(struct tally *t, const char *text);

/* Ends the present slice at end_ns and begins the next.  False when there is no
 * memory for it: the slice is lost, the totals are not. */
bool tally_slice(struct tally *t, uint64_t end_ns, double asked_per_s, bool warmup);
/* The same without a new one, for the end of a run; slices shorter than 1 ms are dropped. */
void tally_finish(struct tally *t, uint64_t end_ns, double asked_per_s, bool warmup);
/* The warm-up is over: forgets all but the series and the connections. */
void tally_end_warmup(struct tally *t);
/* Adds from to t: counts, histograms, faults, and its slices moved by shift_ns. */
void tally_merge(struct tally *t, const struct tally *from, uint64_t shift_ns);

/* All but OUTCOME_OK. */
uint64_t tally_errors(const struct tally *t);
uint64_t tally_attempts(const struct tally *t);

#endif
