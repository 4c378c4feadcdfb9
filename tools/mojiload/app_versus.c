/* --versus: two servers are loaded in turn, and the turns of each are summed. */
#include "app.h"

#include "rogue.h"
#include "units.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* How long one server is loaded before it is the other's turn.  Long enough for a p99, short against the
 * drift of a machine. */
#define TURN_NS NS_PER_S

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
    int rc = app_load(a, config, target, &turn, &result);
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

int app_versus(struct app *a, struct app_outcome *out)
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
