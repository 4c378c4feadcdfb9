/* The global arrival schedule of the open loop; the engine asks it what is due and when the next one is. */
#include "core/schedule.h"

#include "rng.h"

#include <math.h>

/* L⁻¹ within the ramp: a t + (b - a) t² / 2T = events, in the form that does not cancel when b ≈ a. */
static double invert_ramp(const struct schedule_config *c, double events, double ramp_s)
{
    double a = c->from_per_s, slope = (c->to_per_s - c->from_per_s) / ramp_s;
    double root = sqrt(fmax(0, a * a + 2 * slope * events));
    return a + root > 0 ? 2 * events / (a + root) : 0;
}

static uint64_t invert(const struct schedule_config *c, double events)
{
    double ramp_s = (double)c->ramp_ns / 1e9, in_ramp = (c->from_per_s + c->to_per_s) / 2 * ramp_s;
    double t_s;
    if (c->ramp_ns > 0 && events < in_ramp)
        t_s = invert_ramp(c, events, ramp_s);
    else if (c->to_per_s > 0)
        t_s = ramp_s + (events - in_ramp) / c->to_per_s;
    else
        return SCHEDULE_NEVER;
    return t_s > 1e9 ? SCHEDULE_NEVER : (uint64_t)(t_s * 1e9);
}

static double gap(const struct schedule *s, uint64_t n)
{
    return s->config.poisson ? -log(rng_unit(s->config.seed, n, RNG_GAP)) : 1;
}

void schedule_start(struct schedule *s, const struct schedule_config *config)
{
    s->config = *config;
    s->n = 0;
    s->events = config->poisson ? gap(s, 0) : 0;
    s->due_ns = invert(config, s->events);
}

void schedule_next(struct schedule *s)
{
    s->n++;
    s->events += gap(s, s->n);
    s->due_ns = invert(&s->config, s->events);
}

double schedule_rate_at(const struct schedule_config *c, uint64_t t_ns)
{
    if (t_ns >= c->ramp_ns)
        return c->to_per_s;
    return c->from_per_s + (c->to_per_s - c->from_per_s) * ((double)t_ns / (double)c->ramp_ns);
}

double schedule_expected(const struct schedule_config *c, uint64_t t_ns)
{
    uint64_t in_ns = t_ns < c->ramp_ns ? t_ns : c->ramp_ns;
    double ramped = (c->from_per_s + schedule_rate_at(c, in_ns)) / 2 * (double)in_ns / 1e9;
    if (c->ramp_ns == 0)
        ramped = 0;
    return ramped + c->to_per_s * (double)(t_ns - in_ns) / 1e9;
}

double schedule_average(const struct schedule_config *c, uint64_t from_ns, uint64_t to_ns)
{
    if (to_ns <= from_ns)
        return schedule_rate_at(c, from_ns);
    return (schedule_expected(c, to_ns) - schedule_expected(c, from_ns)) / ((double)(to_ns - from_ns) / 1e9);
}
