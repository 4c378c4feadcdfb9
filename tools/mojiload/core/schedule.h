/* schedule.h - when each request of an open loop is due: one schedule for all connections.
 *
 * The rate may ramp linearly from one value to another and then stays there.
 * With L(t) the number of requests due until t, arrival n is at L⁻¹(S(n)), where S(n) is n for
 * fixed arrivals and, for a Poisson process, the sum of n exponential gaps of mean 1.  So the
 * times are a pure function of rate, seed and n, and the state is one number.
 */
#ifndef MOJILOAD_SCHEDULE_H
#define MOJILOAD_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#define SCHEDULE_NEVER UINT64_MAX

struct schedule_config {
    double from_per_s, to_per_s; /* equal without a ramp */
    uint64_t ramp_ns;            /* 0: to_per_s from the start */
    bool poisson;
    uint64_t seed;
};

struct schedule {
    struct schedule_config config;
    uint64_t n;      /* the next arrival */
    uint64_t due_ns; /* when, from the start; SCHEDULE_NEVER: no more (the rate fell to 0) */
    double events;   /* S(n) */
};

/* Stands at arrival 0: at time 0 when fixed, after the first gap when Poisson. */
void schedule_start(struct schedule *s, const struct schedule_config *config);
void schedule_next(struct schedule *s);
/* The number of arrivals before t_ns that the rates ask for (for Poisson: on average). */
double schedule_expected(const struct schedule_config *config, uint64_t t_ns);
/* The rate asked for between two times, on average; of no time at all, the rate then. */
double schedule_average(const struct schedule_config *config, uint64_t from_ns, uint64_t to_ns);
/* The rate asked for at t_ns. */
double schedule_rate_at(const struct schedule_config *config, uint64_t t_ns);

#endif
