/* Badly behaved clients: one struct, one table of habits. */
#include "rogue.h"

#include "core/attempt.h"
#include "dialogue/check.h"
#include "units.h"

#include "reactor/sys.h"

#include <errno.h>
#include <stdlib.h>

#define SLOW_TICK_NS      (100 * NS_PER_MS) /* a slow reader reads ten times a second */
#define SLOWLORIS_TICK_NS NS_PER_S
#define PAUSE_NS          (100 * NS_PER_MS) /* before connecting again: rogues annoy, they do not flood */
enum {
    SLOW_RECEIVE_BUFFER = 4096 /* bytes: what the kernel would take in its stead is not slow */
};

enum rogue_state {
    ROGUE_DOWN,
    ROGUE_DIALING,
    ROGUE_GREETING,
    ROGUE_READY,   /* greeted, nothing asked */
    ROGUE_ASKED,   /* the request is put out */
    ROGUE_ANSWERED /* the whole answer has come */
};

struct rogue {
    struct conn conn;
    struct run *run;
    struct gate_waiter waiter;
    struct attempt attempt;
    struct reactor_timer timer;
    enum rogue_kind kind;
    enum rogue_state state;
    bool gone;          /* stopped for good */
    bool leaving;       /* closed by us */
    bool shut;          /* ROGUE_HALF_CLOSE: the sending side is closed */
    uint64_t asked;     /* requests so far */
    uint64_t allowance; /* ROGUE_SLOW: bytes it may take now */
    struct check check;
    bool checking;
    struct raw_answer raw;
};

struct habit {
    const char *name;
    uint64_t tick_ns; /* 0: no timer while connected */
    bool asks;
};

static const struct habit habits[ROGUE_KINDS] = {
    [ROGUE_SLOW] = {"slow", SLOW_TICK_NS, true},
    [ROGUE_MUTE] = {"mute", 0, false},
    [ROGUE_SLOWLORIS] = {"slowloris", SLOWLORIS_TICK_NS, false},
    [ROGUE_RESET] = {"reset", 0, true},
    [ROGUE_HALF_CLOSE] = {"half-close", 0, true},
};

#define ROGUE_OF(pointer, member) ((struct rogue *)((char *)(pointer)-offsetof(struct rogue, member)))

const char *rogue_name(enum rogue_kind kind)
{
    return habits[kind].name;
}

void rogue_tally_add(struct rogue_tally *sum, const struct rogue_tally *t)
{
    sum->connects += t->connects;
    sum->failed_connects += t->failed_connects;
    sum->requests += t->requests;
    sum->answered += t->answered;
    sum->wrong += t->wrong;
    sum->lost += t->lost;
    sum->closed += t->closed;
    sum->bytes_in += t->bytes_in;
}

static struct rogue_tally *tally_of(struct rogue *g)
{
    return &g->run->rogue_tally[g->kind];
}

static void arm(struct rogue *g, uint64_t after_ns)
{
    reactor_timer_start(g->run->reactor, &g->timer, run_clock_ns(g->run) + after_ns);
}

static void go_down(struct rogue *g)
{
    g->state = ROGUE_DOWN;
    gate_leave(&g->run->gate, &g->waiter);
    reactor_timer_stop(g->run->reactor, &g->timer);
    if (!g->gone && run_may_connect(g->run))
        arm(g, PAUSE_NS);
}

/* ---- asking ---- */

/* Requests of rogues are numbered from 2^63, so that they never are those of the good clients. */
static uint64_t request_number(const struct rogue *g)
{
    return (1ull << 63) + ((uint64_t)g->kind << 40) + g->asked;
}

static void ask(struct rogue *g)
{
    const struct config *config = g->run->config;
    char buffer[MIX_EXPANDED_MAX];
    size_t len;
    uint64_t n = request_number(g);
    size_t entry = mix_pick(&config->mix, config->seed, n);
    const char *bytes = mix_request(&config->mix, entry, config->seed, n, buffer, &len);
    if (!(bytes != buffer && len > 1024 ? conn_refer(&g->conn, bytes, len) : conn_write(&g->conn, bytes, len)))
        return;
    g->asked++;
    g->state = ROGUE_ASKED;
    tally_of(g)->requests++;
    if (config->raw) {
        raw_begin(&g->raw, &config->rules);
    } else {
        check_begin(&g->check, &g->run->answers, &g->run->answers.answer[entry]);
        g->checking = true;
    }
}

/* ---- reading ---- */

static void take_greeting(struct rogue *g)
{
    g->state = ROGUE_READY;
    gate_leave(&g->run->gate, &g->waiter);
    tally_of(g)->connects++;
    if (habits[g->kind].tick_ns > 0)
        arm(g, habits[g->kind].tick_ns);
}

static size_t take_raw(struct rogue *g, const char *bytes, size_t len)
{
    enum raw_verdict verdict;
    if (g->state != ROGUE_ASKED)
        return len;
    size_t n = raw_feed(&g->raw, &g->run->config->rules, NULL, bytes, len, &verdict);
    if (verdict != RAW_MORE) {
        g->state = ROGUE_ANSWERED;
        tally_of(g)->answered += verdict != RAW_BROKEN;
        tally_of(g)->wrong += verdict == RAW_BROKEN;
    }
    return n;
}

/* Bytes of an answer, or what a silent client is sent nevertheless. */
static size_t take(struct rogue *g, const char *bytes, size_t len)
{
    enum check_verdict verdict = CHECK_MORE;
    if (g->run->config->raw)
        return take_raw(g, bytes, len);
    if (!g->checking)
        return len;
    size_t n = check_feed(&g->check, bytes, len, &verdict);
    if (g->state == ROGUE_GREETING) {
        if (verdict == CHECK_RIGHT) {
            g->checking = false;
            take_greeting(g);
        }
    } else if (verdict != CHECK_MORE) {
        g->checking = false;
        g->state = ROGUE_ANSWERED;
        tally_of(g)->answered += verdict != CHECK_WRONG;
        tally_of(g)->wrong += verdict == CHECK_WRONG;
    }
    return n;
}

static void take_input(struct rogue *g)
{
    size_t len, taken = 0;
    const char *bytes = conn_input(&g->conn, &len);
    if (g->kind == ROGUE_SLOW && g->state != ROGUE_GREETING) {
        len = len < g->allowance ? len : (size_t)g->allowance;
        g->allowance -= len;
    }
    tally_of(g)->bytes_in += len;
    while (taken < len)
        taken += take(g, bytes + taken, len - taken);
    conn_consume(&g->conn, len);
}

/* ---- the habits ---- */

static enum conn_next leave(struct rogue *g)
{
    g->leaving = true;
    return CONN_ABORT;
}

/* The answer has begun (or would soon): closes so that the peer gets a reset. */
static enum conn_next reset(struct rogue *g)
{
    struct linger none = {.l_onoff = 1, .l_linger = 0};
    reactor_sys_of(g->run->reactor)->setsockopt(conn_fd(&g->conn), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    return leave(g);
}

static enum conn_next half_close(struct rogue *g)
{
    if (conn_unsent(&g->conn) > 0)
        return CONN_MORE;
    if (!g->shut)
        reactor_sys_of(g->run->reactor)->shutdown(conn_fd(&g->conn), SHUT_WR);
    g->shut = true;
    return CONN_WAIT;
}

static enum conn_next behave(struct rogue *g)
{
    if (g->state == ROGUE_ANSWERED && g->kind == ROGUE_SLOW)
        g->state = ROGUE_READY;
    if (g->state == ROGUE_READY && habits[g->kind].asks && !g->shut) {
        ask(g);
        return CONN_MORE;
    }
    bool begun = g->run->config->raw ? g->raw.bytes > 0 : check_begun(&g->check);
    if (g->kind == ROGUE_RESET && g->state >= ROGUE_ASKED && begun)
        return reset(g);
    if (g->kind == ROGUE_HALF_CLOSE && g->state >= ROGUE_ASKED)
        return half_close(g);
    return CONN_WAIT;
}

static void tick(struct reactor_timer *t)
{
    struct rogue *g = ROGUE_OF(t, timer);
    uint64_t limit = g->run->config->slow_bytes_per_s;
    switch (g->state) {
    case ROGUE_DOWN: gate_enter(&g->run->gate, &g->waiter); return;
    case ROGUE_DIALING: /* the kernel's own limit ends that */
    case ROGUE_GREETING: return;
    case ROGUE_READY:
    case ROGUE_ASKED:
    case ROGUE_ANSWERED: break;
    }
    arm(g, habits[g->kind].tick_ns);
    if (g->kind == ROGUE_SLOWLORIS) {
        /* One send past the conn, which owes nothing here: a byte that does not fit is no loss. */
        (void)reactor_sys_of(g->run->reactor)->send(conn_fd(&g->conn), "a", 1, MSG_NOSIGNAL);
        return;
    }
    uint64_t share = limit * SLOW_TICK_NS / NS_PER_S;
    g->allowance = share > 0 ? share : 1;
    conn_wake(&g->conn);
}

/* ---- connections ---- */

static const struct conn_ops rogue_ops;

static void try_next(struct rogue *g)
{
    const struct conn_limits *limits = g->kind == ROGUE_SLOW ? &g->run->slow_limits : &g->run->limits;
    if (g->gone || attempt_next(&g->attempt, g->run, &g->conn, &rogue_ops, limits) != 0) {
        tally_of(g)->failed_connects += !g->gone;
        go_down(g);
        return;
    }
    g->run->open++;
    g->state = ROGUE_DIALING;
}

/* An address has answered. */
static void reached(struct rogue *g)
{
    g->leaving = g->shut = false;
    g->raw.bytes = 0;
    g->state = ROGUE_GREETING;
    if (g->run->config->raw) {
        take_greeting(g);
        return;
    }
    check_begin(&g->check, &g->run->answers, &g->run->greeting);
    g->checking = true;
}

static void closed(struct conn *conn, enum conn_reason why, int err)
{
    struct rogue *g = ROGUE_OF(conn, conn);
    (void)why;
    (void)err;
    g->run->open--;
    if (g->state == ROGUE_DIALING) {
        try_next(g);
        return;
    }
    if (g->checking)
        check_abandon(&g->check);
    g->checking = false;
    if (g->state == ROGUE_GREETING)
        tally_of(g)->failed_connects++;
    else if (!g->leaving && !g->gone && g->state == ROGUE_ASKED)
        tally_of(g)->lost++;
    else if (!g->leaving && !g->gone)
        tally_of(g)->closed++;
    go_down(g);
}

static enum conn_next serve(struct conn *conn)
{
    struct rogue *g = ROGUE_OF(conn, conn);
    if (g->state == ROGUE_DIALING)
        reached(g);
    take_input(g);
    if (conn_input_ended(conn)) {
        if (g->state == ROGUE_ANSWERED && g->shut)
            g->leaving = true; /* just as it should be */
        return CONN_ABORT;
    }
    return behave(g);
}

static const struct conn_ops rogue_ops = {.name = "rogue", .serve = serve, .closed = closed};

static void admitted(struct gate_waiter *w)
{
    struct rogue *g = ROGUE_OF(w, waiter);
    const struct config *config = g->run->config;
    g->attempt = (struct attempt){
        .source = config->sources > 0 ? &config->source[0] : NULL,
        .receive_buffer_bytes = g->kind == ROGUE_SLOW ? SLOW_RECEIVE_BUFFER : 0,
    };
    try_next(g);
}

/* ---- all of them ---- */

struct rogue *rogues_new(struct run *run)
{
    uint32_t count = 0;
    for (int kind = 0; kind < ROGUE_KINDS; kind++)
        count += run->config->rogues[kind];
    run->rogues = count;
    struct rogue *all = count > 0 ? calloc(count, sizeof *all) : NULL;
    struct rogue *g = all;
    for (int kind = 0; all != NULL && kind < ROGUE_KINDS; kind++) {
        for (uint32_t i = 0; i < run->config->rogues[kind]; i++, g++) {
            g->run = run;
            g->kind = (enum rogue_kind)kind;
            g->waiter.admitted = admitted;
            g->timer.fn = tick;
            g->timer.name = "rogue";
        }
    }
    return all;
}

void rogues_start(struct run *run)
{
    for (uint32_t i = 0; i < run->rogues; i++)
        gate_enter(&run->gate, &run->rogue[i].waiter);
}

void rogues_stop(struct run *run)
{
    for (uint32_t i = 0; i < run->rogues; i++) {
        struct rogue *g = &run->rogue[i];
        g->gone = true;
        reactor_timer_stop(run->reactor, &g->timer);
        if (g->state != ROGUE_DOWN)
            conn_abort(&g->conn);
    }
}

void rogues_free(struct run *run)
{
    free(run->rogue);
    run->rogue = NULL;
}
