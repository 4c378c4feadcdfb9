/* The engine: phases, the schedule, the row of free clients, and the loop that all of it turns in. */
#include "core/run.h"

#include "core/client.h"
#include "rogue.h"
#include "units.h"

#include "reactor/sys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define SLICE_REST_NS (50 * NS_PER_MS) /* too short to be a slice of its own */
/* Wakes at least so often while it measures: a wait that ends late is only noticed by an alarm that was due. */
#define ALARM_NS   (2 * NS_PER_MS)
#define SLEPT_NS   (10 * NS_PER_US)  /* a wait that lasted longer was one */
#define LOOK_NS    (200 * NS_PER_MS) /* five looks a second: as fast as a person reads numbers */
#define CLOSING_NS NS_PER_S          /* for the conns to report that they are closed; they need two turns */
enum {
    INPUT_MAX_BYTES = 256 << 10 /* everything is consumed at once; this is only how much one read may bring */
};

uint64_t run_clock_ns(const struct run *run)
{
    return reactor_sys_of(run->reactor)->monotonic_ns();
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

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

/* When the next scheduled request is due, UINT64_MAX: never. */
static uint64_t next_due_ns(const struct run *run)
{
    if (!run->config->open_loop || !may_issue(run) || run->schedule.due_ns == SCHEDULE_NEVER)
        return UINT64_MAX;
    uint64_t due_ns = run->epoch_ns + run->schedule.due_ns;
    return due_ns < run->end_ns ? due_ns : UINT64_MAX;
}

static bool all_done(const struct run *run)
{
    return run->outstanding == 0 && next_due_ns(run) == UINT64_MAX;
}

bool run_may_connect(const struct run *run)
{
    return run->phase <= RUN_MEASURE || (run->phase == RUN_DRAIN && !all_done(run));
}

bool run_take_due(struct run *run, uint64_t now_ns, struct run_request *out)
{
    uint64_t due_ns = next_due_ns(run);
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

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
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
    *row = (struct client_row){.in = true, .prev = run->free_last};
    if (run->free_last != NULL)
        client_row(run->free_last)->next = c;
    else
        run->free_first = c;
    run->free_last = c;
}

void run_withdraw(struct run *run, struct client *c)
{
    struct client_row *row = client_row(c);
    if (!row->in)
        return;
    if (row->prev != NULL)
        client_row(row->prev)->next = row->next;
    else
        run->free_first = row->next;
    if (row->next != NULL)
        client_row(row->next)->prev = row->prev;
    else
        run->free_last = row->prev;
    *row = (struct client_row){0};
}

/* Hands out what is due, in turn. */
static void dispatch(struct run *run, uint64_t now_ns)
{
    struct run_request q;
    while (run->free_first != NULL && run_take_due(run, now_ns, &q)) {
        struct client *c = run->free_first;
        client_assign(c, &q);
        run_withdraw(run, c); /* to the end of the row, if it has room for more */
        if (client_has_room(c))
            run_offer(run, c);
    }
}

/* ---- phases ---- */

void run_settled(struct run *run)
{
    run->unsettled--;
}

/* The rate asked for in the middle of the present slice. */
static double slice_rate(const struct run *run, uint64_t now_ns)
{
    uint64_t from_ns = run->epoch_ns + run->tally->series.now.start_ns;
    uint64_t to_ns = now_ns < run->end_ns ? now_ns : run->end_ns;
    if (!run->config->open_loop || from_ns >= to_ns)
        return 0;
    return schedule_rate_at(&run->config->rate, from_ns + (to_ns - from_ns) / 2 - run->epoch_ns);
}

static void wake_clients(struct run *run)
{
    for (uint32_t i = 0; i < run->config->clients; i++) {
        if (!run->config->open_loop)
            client_wake(run->client[i]);
        else if (client_has_room(run->client[i]))
            run_offer(run, run->client[i]);
    }
}

static void tell_window(const struct run *run, bool begins)
{
    if (run->window != NULL)
        run->window(begins, run->window_context);
}

static void begin_measure(struct run *run, uint64_t now_ns)
{
    if (run->phase == RUN_WARMUP) {
        tally_finish(run->tally, now_ns - run->epoch_ns, slice_rate(run, now_ns), true);
        tally_end_warmup(run->tally);
        run->asked = 0;
    }
    run->next_slice_ns = now_ns + NS_PER_S;
    run->phase = RUN_MEASURE;
    tell_window(run, true);
    watch_begin(&run->watch);
}

/* The clock of the load starts here; the attempts to connect so far stay in the books. */
static void begin_load(struct run *run, uint64_t now_ns)
{
    const struct config *config = run->config;
    run->epoch_ns = now_ns;
    run->setup_ns = now_ns - run->setup_began_ns;
    run->measure_ns = now_ns + config->warmup_ns;
    run->end_ns = run->measure_ns + config->duration_ns;
    run->deadline_ns = run->end_ns + config->drain_ns;
    run->last_answer_ns = run->measure_ns;
    run->next_slice_ns = now_ns + NS_PER_S;
    run->next_n = run->first_n;
    run->tally->series.now = (struct slice){0};
    if (config->open_loop)
        schedule_start(&run->schedule, &config->rate);
    if (config->warmup_ns == 0)
        begin_measure(run, now_ns);
    else
        run->phase = RUN_WARMUP;
    wake_clients(run);
}

static void begin_drain(struct run *run, uint64_t now_ns)
{
    uint64_t to_ns = now_ns < run->end_ns ? now_ns : run->end_ns;
    /* --requests of them at a rate: the gap after the last is as much of the load as the one after any other. */
    if (run->config->open_loop && !run->interrupted && run->issued >= run->config->requests)
        to_ns = earlier(run->end_ns, run->epoch_ns + run->schedule.due_ns);
    run->phase = RUN_DRAIN;
    run->loaded_ns = to_ns - run->measure_ns;
    watch_end(&run->watch);
    tell_window(run, false);
}

/* Ends what was due and never sent: all that was still to come when the deadline came; when it is interrupted, what
 * waits for a connection. */
static void end_unsent(struct run *run, bool waiting, uint64_t now_ns)
{
    struct run_request q;
    uint64_t until_ns = !run->interrupted ? UINT64_MAX - 1 : waiting ? now_ns : 0;
    run->phase = RUN_DRAIN;
    while (run_take_due(run, until_ns, &q))
        run_ended(run, &q, OUTCOME_UNSENT, now_ns);
    run->phase = RUN_DONE;
}

/* Nobody is there: of all the clients none has ever been connected. */
static bool hopeless(const struct run *run)
{
    return !run->ever_connected && !run->keep_trying;
}

/* Room for a time-out of each address and one more, one after the other, and for the pace asked for: who has not
 * connected by then is not waited for. */
static uint64_t setup_limit_ns(const struct config *config, unsigned addresses)
{
    uint64_t pace_ns = config->connect_rate_per_s > 0 ? (uint64_t)(config->clients / config->connect_rate_per_s * 1e9)
                                                      : 0;
    return (1 + addresses) * config->timeout_ns + pace_ns;
}

static void finish(struct run *run, uint64_t now_ns)
{
    const struct config *config = run->config;
    bool loaded = run->phase == RUN_DRAIN, waiting = run->free_first == NULL;
    run->phase = RUN_DONE;
    for (uint32_t i = 0; i < config->clients; i++)
        client_stop(run->client[i], run->interrupted);
    rogues_stop(run);
    if (!loaded)
        return;
    end_unsent(run, waiting, now_ns);
    uint64_t to_ns = run->measure_ns + run->loaded_ns;
    run->elapsed_ns = (run->last_answer_ns > to_ns ? run->last_answer_ns : to_ns) - run->measure_ns;
    run->lived_ns = now_ns - run->setup_began_ns;
    if (config->open_loop)
        run->asked_per_s = schedule_average(&config->rate, run->measure_ns - run->epoch_ns, to_ns - run->epoch_ns);
    tally_finish(run->tally, now_ns - run->epoch_ns, slice_rate(run, now_ns), false);
}

void run_interrupt(struct run *run)
{
    run->interrupted = true;
}

/* Moves on to where now_ns belongs. */
static void step(struct run *run, uint64_t now_ns)
{
    if (run->phase == RUN_SETUP) {
        bool over = run->unsettled == 0 || now_ns >= run->setup_deadline_ns;
        if (run->interrupted || (over && hopeless(run)))
            finish(run, now_ns);
        else if (over)
            begin_load(run, now_ns);
        return;
    }
    if (run->phase == RUN_WARMUP && run->interrupted)
        run->measure_ns = now_ns;
    if (run->phase == RUN_WARMUP && now_ns >= run->measure_ns)
        begin_measure(run, now_ns);
    bool over = now_ns >= run->end_ns || run->interrupted || run->issued >= run->config->requests;
    if (run->phase == RUN_MEASURE && over)
        begin_drain(run, now_ns);
    if (run->phase == RUN_DRAIN && (all_done(run) || now_ns >= run->deadline_ns || run->interrupted))
        finish(run, now_ns);
}

static void end_slice(struct run *run, uint64_t now_ns)
{
    run->next_slice_ns += NS_PER_S;
    if (run->phase == RUN_MEASURE && now_ns + SLICE_REST_NS >= run->end_ns)
        return; /* the last slice ends with the last answer */
    (void)tally_slice(run->tally, now_ns - run->epoch_ns, slice_rate(run, now_ns), run->phase == RUN_WARMUP);
    if (run->next_slice_ns <= now_ns) /* held up for seconds: one long slice tells it */
        run->next_slice_ns = now_ns + NS_PER_S;
}

static void look(struct run *run, uint64_t now_ns)
{
    if (run->phase != RUN_SETUP && run->phase != RUN_DONE && now_ns >= run->next_slice_ns)
        end_slice(run, now_ns);
    if (run->observe != NULL && now_ns >= run->next_look_ns) {
        run->observe(run, run->observe_context);
        run->next_look_ns = now_ns + LOOK_NS;
    }
}

/* Until when the loop may sleep, for all it knows itself. */
static uint64_t wake_ns(const struct run *run)
{
    uint64_t at_ns = gate_due_ns(&run->gate);
    if (run->observe != NULL)
        at_ns = earlier(at_ns, run->next_look_ns);
    if (run->phase == RUN_SETUP)
        return earlier(at_ns, run->setup_deadline_ns);
    at_ns = earlier(at_ns, run->next_slice_ns);
    if (run->free_first != NULL)
        at_ns = earlier(at_ns, next_due_ns(run));
    if (run->phase == RUN_WARMUP)
        return earlier(at_ns, run->measure_ns);
    return earlier(at_ns, run->phase == RUN_MEASURE ? run->end_ns : run->deadline_ns);
}

static int turn(struct run *run, uint64_t from_ns, uint64_t *done_ns)
{
    uint64_t until_ns = wake_ns(run), last_ns = run->last_answer_ns, woke_ns = reactor_now_ns(run->reactor);
    if (run->phase == RUN_MEASURE)
        until_ns = earlier(until_ns, from_ns + ALARM_NS);
    run->turn_from_ns = from_ns;
    run->turn_until_ns = until_ns;
    run->woke_ns = woke_ns;
    uint64_t busy_before_ns = reactor_stats(run->reactor)->busy_ns;
    if (reactor_turn(run->reactor, until_ns > from_ns ? (int64_t)(until_ns - from_ns) : 0) < 0)
        return -1;
    uint64_t busy_ns = reactor_stats(run->reactor)->busy_ns - busy_before_ns;
    *done_ns = reactor_now_ns(run->reactor);
    if (run->phase == RUN_DRAIN && run->last_answer_ns > last_ns)
        tell_window(run, false);
    if (run->phase == RUN_MEASURE)
        watch_turn(&run->watch, from_ns, until_ns, *done_ns - busy_ns, *done_ns);
    return 0;
}

static int loop(struct run *run)
{
    uint64_t now_ns = run_clock_ns(run);
    while (run->phase != RUN_DONE) {
        step(run, now_ns);
        look(run, now_ns);
        gate_turn(&run->gate, now_ns);
        dispatch(run, now_ns);
        if (run->phase != RUN_DONE && turn(run, now_ns, &now_ns) != 0)
            return -1;
    }
    uint64_t until_ns = now_ns + CLOSING_NS;
    while (run->open > 0 && now_ns < until_ns) {
        if (reactor_turn(run->reactor, (int64_t)(until_ns - now_ns)) < 0)
            return -1;
        now_ns = run_clock_ns(run);
    }
    return 0;
}

/* ---- life ---- */

static bool make_clients(struct run *run)
{
    const struct config *config = run->config;
    run->client = calloc(config->clients, sizeof(struct client *));
    if (run->client == NULL)
        return false;
    for (uint32_t i = 0; i < config->clients; i++) {
        run->client[i] = client_new(run, i);
        if (run->client[i] == NULL)
            return false;
    }
    run->rogue = rogues_new(run);
    return run->rogue != NULL || run->rogues == 0;
}

static bool prepare(struct run *run)
{
    const struct config *config = run->config;
    uint64_t slow_bytes = config->slow_bytes_per_s / 10;
    run->limits.input_max_bytes = INPUT_MAX_BYTES;
    run->slow_limits.input_max_bytes = slow_bytes > 4096 ? (size_t)slow_bytes : 4096;
    run->greeting = (struct answer){.kind = ANSWER_GREETING, .query = "", .state = ANSWER_NOT_KEPT};
    gate_init(&run->gate, config->connect_rate_per_s);
    run->tally = tally_new();
    if (run->tally != NULL && answers_init(&run->answers, &config->mix, config->verify, config->classic) &&
        make_clients(run))
        return true;
    errno = ENOMEM;
    return false;
}

int run_execute(struct run *run)
{
    if (!prepare(run))
        return -1;
    /* Sleeps end when they are meant to, not up to 50 us later (prctl(2): the default slack). */
    prctl(PR_SET_TIMERSLACK, 1ul, 0ul, 0ul, 0ul);
    run->phase = RUN_SETUP;
    run->setup_began_ns = run_clock_ns(run);
    run->setup_deadline_ns = run->setup_began_ns + setup_limit_ns(run->config, run->target->addresses);
    run->unsettled = run->config->clients;
    for (uint32_t i = 0; i < run->config->clients; i++)
        client_start(run->client[i]);
    rogues_start(run);
    int rc = loop(run);
    if (run->observe != NULL)
        run->observe(run, run->observe_context);
    return rc;
}

void run_free(struct run *run)
{
    for (uint32_t i = 0; run->client != NULL && i < run->config->clients; i++)
        client_free(run->client[i]);
    free(run->client);
    run->client = NULL;
    rogues_free(run);
    answers_free(&run->answers);
    tally_free(run->tally);
    run->tally = NULL;
}
