/* The requests of a run: who gets which, from the schedule to the books. */
#include "core/run_internal.h"

#include "core/client.h"
#include "units.h"

#include <stdio.h>
#include <string.h>

#define SLEPT_NS (10 * NS_PER_US) /* a wait that lasted longer was one */

/* ---- requests ---- */

static bool may_issue(const struct run *run)
{
    return (run->phase == RUN_WARMUP || run->phase == RUN_MEASURE || run->phase == RUN_DRAIN) &&
           run->issued < run->config->requests;
}

static uint64_t half_ns(const struct run *run)
{
    return run->end_ns - run->config->duration_ns / 2;
}

static void issue(struct run *run, uint64_t n, uint64_t due_ns, struct run_request *out)
{
    *out = (struct run_request){.n = n, .due_ns = due_ns, .base_ns = due_ns};
    out->entry = (uint32_t)mix_pick(&run->config->mix, run->config->seed, n);
    run->issued += due_ns >= run->measure_ns;
    run->half_due += due_ns >= half_ns(run);
    run->outstanding++;
    run->next_n = n + 1;
}

bool run_take(struct run *run, uint64_t now_ns, struct run_request *out)
{
    if (!may_issue(run) || now_ns >= run->end_ns)
        return false;
    issue(run, run->next_n, now_ns, out);
    return true;
}

uint64_t run_next_due_ns(const struct run *run)
{
    if (!run->config->open_loop || !may_issue(run) || run->schedule.due_ns == SCHEDULE_NEVER)
        return UINT64_MAX;
    uint64_t due_ns = run->epoch_ns + run->schedule.due_ns;
    return due_ns < run->end_ns ? due_ns : UINT64_MAX;
}

bool run_all_done(const struct run *run)
{
    return run->outstanding == 0 && run_next_due_ns(run) == UINT64_MAX;
}

bool run_may_connect(const struct run *run)
{
    return run->phase <= RUN_MEASURE || (run->phase == RUN_DRAIN && !run_all_done(run));
}

bool run_take_due(struct run *run, uint64_t now_ns, struct run_request *out)
{
    uint64_t due_ns = run_next_due_ns(run);
    if (due_ns > now_ns)
        return false;
    issue(run, run->first_n + run->schedule.n, due_ns, out);
    schedule_next(&run->schedule);
    return true;
}

/* Requests of the warm-up count nowhere, whenever they end. */
static bool measured(const struct run *run, const struct run_request *q)
{
    return run->phase == RUN_WARMUP || q->due_ns >= run->measure_ns;
}

void run_sent(struct run *run, const struct run_request *q)
{
    if (!measured(run, q))
        return;
    run->tally->sent++;
    run->tally->series.now.sent++;
    hist_add(&run->tally->lag, q->sent_ns - q->due_ns);
    hist_add(&run->tally->own_lag, q->sent_ns > q->base_ns ? q->sent_ns - q->base_ns : 0);
}

/* However soon the connection was lost: who asked would have waited, and asked again. */
static void count_unanswered(struct run *run, const struct run_request *q, uint64_t now_ns)
{
    uint64_t least_ns = run->config->timeout_ns;
    tally_unanswered(run->tally, later(now_ns - q->due_ns, least_ns),
                     q->sent_ns > 0 ? later(now_ns - q->sent_ns, least_ns) : 0);
}

/* Since when an answer that is read in this turn may have lain in its socket.  While the loop slept it would have been
 * woken by it, unless it was held up beyond the time for which it had set its alarm; an answer that was there before
 * has come since the loop looked last. */
static uint64_t readable_since_ns(const struct run *run)
{
    uint64_t woke_ns = reactor_now_ns(run->reactor);
    if (woke_ns < run->turn_from_ns + SLEPT_NS)
        return run->woke_ns;
    return earlier(woke_ns, later(run->turn_until_ns, run->turn_from_ns));
}

/* The times of an answer without what this program itself may have added to them; at least 1 ns. */
static void count_least(struct run *run, const struct run_request *q, uint64_t now_ns)
{
    uint64_t since_ns = later(earlier(readable_since_ns(run), now_ns), q->sent_ns);
    uint64_t late_ns = q->sent_ns > q->base_ns ? q->sent_ns - q->base_ns : 0;
    uint64_t service_ns = since_ns - q->sent_ns, waited_ns = q->sent_ns - q->due_ns;
    tally_least(run->tally, service_ns + (waited_ns > late_ns ? waited_ns - late_ns : 0), later(service_ns, 1));
}

void run_ended(struct run *run, const struct run_request *q, enum outcome o, uint64_t now_ns)
{
    run->outstanding--;
    if (!measured(run, q)) {
        run->tally->warmup_requests++;
        return;
    }
    run->asked++;
    run->half_ended += now_ns >= half_ns(run) && now_ns <= run->end_ns;
    tally_outcome(run->tally, o, now_ns - q->due_ns, now_ns - q->sent_ns);
    if (outcome_unanswered(o))
        count_unanswered(run, q, now_ns);
    if (o != OUTCOME_OK)
        return;
    count_least(run, q, now_ns);
    run->last_answer_ns = now_ns;
}

void run_not_connected(struct run *run, enum outcome o, int err, uint64_t took_ns)
{
    tally_outcome(run->tally, o, took_ns, 0);
    if (o == OUTCOME_LOCAL && run->tally->local_errno == 0)
        run->tally->local_errno = err;
    if (run->trouble[0] != '\0')
        return;
    bool raw = run->config->raw;
    if (o == OUTCOME_EARLY_EOF)
        snprintf(run->trouble, sizeof run->trouble, "the server closes the connection before its %s",
                 raw ? "greeting" : "prompt");
    else if (run->ever_reached && o == OUTCOME_TIMEOUT_FIRST)
        snprintf(run->trouble, sizeof run->trouble,
                 raw ? "no --greeting came in time" : "no prompt came in time (another protocol? see --raw)");
    else if (err != 0)
        snprintf(run->trouble, sizeof run->trouble, "%s", strerror(err));
}

/* ---- the row of free clients ---- */

void run_offer(struct run *run, struct client *c)
{
    struct client_row *row = client_row(c);
    if (row->in)
        return;
    row->in = true;
    TAILQ_INSERT_TAIL(&run->free, row, link);
}

void run_withdraw(struct run *run, struct client *c)
{
    struct client_row *row = client_row(c);
    if (!row->in)
        return;
    row->in = false;
    TAILQ_REMOVE(&run->free, row, link);
}

void run_dispatch(struct run *run, uint64_t now_ns)
{
    struct run_request q;
    while (!TAILQ_EMPTY(&run->free) && run_take_due(run, now_ns, &q)) {
        struct client *c = TAILQ_FIRST(&run->free)->client;
        client_assign(c, &q);
        run_withdraw(run, c); /* to the end of the row, if it has room for more */
        if (client_has_room(c))
            run_offer(run, c);
    }
}
