/* The engine: phases, and the loop that all of it turns in. */
#include "core/run_internal.h"

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
#define LOOK_NS    (200 * NS_PER_MS) /* five looks a second: as fast as a person reads numbers */
#define CLOSING_NS NS_PER_S          /* for the conns to report that they are closed; they need two turns */
enum {
    INPUT_MAX_BYTES = 256 << 10 /* everything is consumed at once; this is only how much one read may bring */
};

uint64_t run_clock_ns(const struct run *run)
{
    return reactor_sys_of(run->reactor)->monotonic_ns();
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
    bool loaded = run->phase == RUN_DRAIN, waiting = TAILQ_EMPTY(&run->free);
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
    if (run->phase == RUN_DRAIN && (run_all_done(run) || now_ns >= run->deadline_ns || run->interrupted))
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
    if (!TAILQ_EMPTY(&run->free))
        at_ns = earlier(at_ns, run_next_due_ns(run));
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
        run_dispatch(run, now_ns);
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
    TAILQ_INIT(&run->free);
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
