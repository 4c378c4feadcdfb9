/* The good client: connects, keeps up to --pipeline requests in flight, and says how each ended. */
#include "core/client_internal.h"

#include "units.h"

#include "reactor/sys.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

/* The pause before connecting again: short enough to see a restart, long enough not to be an attack. */
#define PAUSE_MIN_NS (10 * NS_PER_MS)
enum {
    PAUSE_DOUBLINGS = 7 /* 10 ms to 1.28 s */
};

#define CLIENT_OF(pointer, member) ((struct client *)((char *)(pointer)-offsetof(struct client, member)))

struct client_row *client_row(struct client *c)
{
    return &c->row;
}

bool client_up(const struct client *c)
{
    return c->state == CLIENT_UP;
}

static bool churned(const struct client *c)
{
    uint64_t churn = c->run->config->churn;
    return churn > 0 && c->on_connection >= churn;
}

bool client_has_room(const struct client *c)
{
    return c->state == CLIENT_UP && c->held < c->run->config->depth && !churned(c);
}

/* ---- going down and coming up again ---- */

static void settle(struct client *c)
{
    if (!c->settled)
        run_settled(c->run);
    c->settled = true;
}

/* No socket is left: tries again, if that makes sense. */
static void go_down(struct client *c, bool at_once)
{
    struct run *run = c->run;
    c->state = CLIENT_DOWN;
    c->doomed = false;
    gate_leave(&run->gate, &c->waiter);
    reactor_timer_stop(run->reactor, &c->timer);
    reactor_timer_stop(run->reactor, &c->think);
    settle(c);
    if (!run_may_connect(run))
        return;
    if (at_once) {
        gate_enter(&run->gate, &c->waiter);
        return;
    }
    uint32_t doublings = c->pauses < PAUSE_DOUBLINGS ? c->pauses : PAUSE_DOUBLINGS;
    c->pauses++;
    reactor_timer_start(run->reactor, &c->timer, run_clock_ns(run) + (PAUSE_MIN_NS << doublings));
}

static void not_connected(struct client *c, enum outcome o, int err)
{
    run_not_connected(c->run, o, err, run_clock_ns(c->run) - c->dialed_ns);
    go_down(c, false);
}

/* The time-out of the first request in flight, or of greeting; armed anew only when it has fired, so
 * that it costs nothing per request. */
static void arm_timeout(struct client *c, uint64_t since_ns)
{
    if (!reactor_timer_armed(&c->timer))
        reactor_timer_start(c->run->reactor, &c->timer, since_ns + c->run->config->timeout_ns);
}

void client_go_up(struct client *c, uint64_t now_ns)
{
    struct run *run = c->run;
    c->state = CLIENT_UP;
    c->free_since_ns = now_ns;
    c->on_connection = c->held; /* those that wait for this connection count for it */
    reactor_timer_stop(run->reactor, &c->timer);
    run->ever_connected = true;
    run->tally->connects++;
    hist_add(&run->tally->connect, now_ns - c->dialed_ns);
    gate_leave(&run->gate, &c->waiter);
    settle(c);
}

/* ---- connecting ---- */

static const struct conn_ops client_ops;

/* The next address; without one, err is why the last could not be connected to. */
static void try_next(struct client *c, int err)
{
    struct run *run = c->run;
    c->doomed = false;
    errno = err;
    if (attempt_next(&c->attempt, run, &c->conn, &client_ops, &run->limits) != 0) {
        not_connected(c, outcome_of_errno(errno), errno);
        return;
    }
    run->open++;
    c->state = CLIENT_DIALING;
    arm_timeout(c, run_clock_ns(run));
}

/* An address has answered. */
static void reached(struct client *c)
{
    struct run *run = c->run;
    run->ever_reached = true;
    run->address = c->attempt.at;
    c->state = CLIENT_GREETING;
    if (run->config->raw && run->config->greeting.len == 0)
        client_go_up(c, run_clock_ns(run));
}

static void admitted(struct gate_waiter *w)
{
    struct client *c = CLIENT_OF(w, waiter);
    struct run *run = c->run;
    const struct config *config = run->config;
    if (!run_may_connect(run)) {
        gate_leave(&run->gate, w);
        return;
    }
    c->attempt = (struct attempt){
        .source = config->sources > 0 ? &config->source[c->number % config->sources] : NULL,
    };
    c->dialed_ns = run_clock_ns(run);
    try_next(c, 0);
}

/* ---- requests ---- */

/* The only place where room is used up, and so the one that ends a client's waiting in the row: were it to stand there
 * without room, it would be given a request more than the ring has slots for. */
static void hold(struct client *c, const struct run_request *q)
{
    assert(c->held < c->run->config->depth);
    *client_request(c, c->held) = *q;
    c->held++;
    c->on_connection++;
    if (!client_has_room(c))
        run_withdraw(c->run, c);
}

void client_assign(struct client *c, const struct run_request *q)
{
    hold(c, q);
    if (client_request(c, c->held - 1)->base_ns < c->free_since_ns)
        client_request(c, c->held - 1)->base_ns = c->free_since_ns;
    conn_wake(&c->conn);
}

void client_wake(struct client *c)
{
    if (c->state == CLIENT_UP)
        conn_wake(&c->conn);
}

/* Takes requests, as the kind of loop allows. */
static void take_requests(struct client *c, uint64_t now_ns)
{
    struct run *run = c->run;
    struct run_request q;
    bool open = run->config->open_loop;
    if (reactor_timer_armed(&c->think))
        return;
    while (client_has_room(c) && (open ? run_take_due(run, now_ns, &q) : run_take(run, now_ns, &q))) {
        /* While anybody stands in the row, what is due has waited for this program and not for a connection. */
        if (TAILQ_EMPTY(&run->free))
            q.base_ns = now_ns;
        hold(c, &q);
    }
    if (open && client_has_room(c))
        run_offer(run, c);
}

/* False when the output is full. */
static bool put_request(struct client *c, struct run_request *q, char *buffer)
{
    const struct config *config = c->run->config;
    size_t len;
    const char *bytes = mix_request(&config->mix, q->entry, config->seed, q->n, buffer, &len);
    /* Small ones are copied, so that a whole pipeline leaves in one piece; the bytes of the mix stay where they are. */
    bool fits = bytes != buffer && len > 1024 ? conn_refer(&c->conn, bytes, len) : conn_write(&c->conn, bytes, len);
    if (fits)
        c->run->tally->bytes_out += len;
    return fits;
}

/* Puts out what is held and not sent; false when it did not fit. */
static bool send_requests(struct client *c, uint64_t now_ns)
{
    char buffer[MIX_EXPANDED_MAX];
    while (c->sent < c->held) {
        struct run_request *q = client_request(c, c->sent);
        if (!put_request(c, q, buffer))
            return false;
        q->sent_ns = now_ns;
        if (!c->run->config->open_loop)
            q->due_ns = q->base_ns = now_ns;
        c->sent++;
        run_sent(c->run, q);
        arm_timeout(c, now_ns);
    }
    return true;
}

void client_end_first(struct client *c, enum outcome o, uint64_t now_ns)
{
    struct run_request q = *client_request(c, 0);
    c->head = (c->head + 1) % c->run->config->depth;
    c->sent--;
    c->held--;
    c->checking = false;
    c->last_n = q.n;
    c->free_since_ns = now_ns;
    if (o == OUTCOME_OK)
        c->pauses = 0;
    run_ended(c->run, &q, o, now_ns);
    if (c->run->config->think_ns > 0 && c->held == 0 && !c->run->config->open_loop)
        reactor_timer_start(c->run->reactor, &c->think, now_ns + c->run->config->think_ns);
}

static void thought(struct reactor_timer *t)
{
    client_wake(CLIENT_OF(t, think));
}

/* Closes at once: everything asked is answered.  Waiting for the server's own close would cost two seconds of lingering
 * with a server that does not notice, in which nothing is asked. */
static enum conn_next close_churned(struct client *c)
{
    run_withdraw(c->run, c);
    c->state = CLIENT_CLOSING;
    reactor_timer_stop(c->run->reactor, &c->timer);
    return CONN_ABORT;
}

static enum conn_next serve(struct conn *conn)
{
    struct client *c = CLIENT_OF(conn, conn);
    uint64_t now_ns = run_clock_ns(c->run);
    if (c->state == CLIENT_DIALING)
        reached(c);
    if (!client_take_input(c, now_ns)) {
        run_withdraw(c->run, c);
        return CONN_ABORT;
    }
    if (conn_input_ended(conn)) {
        run_withdraw(c->run, c);
        return CONN_ABORT; /* closed() tells what that means for those in flight */
    }
    if (c->state != CLIENT_UP)
        return CONN_WAIT;
    take_requests(c, now_ns);
    if (!send_requests(c, now_ns))
        return CONN_MORE;
    return churned(c) && c->held == 0 ? close_churned(c) : CONN_WAIT;
}

/* ---- the end of a connection ---- */

static bool begun(const struct client *c)
{
    return c->checking && c->state != CLIENT_GREETING &&
           (c->run->config->raw ? c->raw.bytes > 0 : check_begun(&c->check));
}

/* What it means that the first answer has not ended in time: a cut one has been silent for half of it. */
static enum outcome timeout_of(const struct client *c, uint64_t now_ns)
{
    if (!begun(c))
        return OUTCOME_TIMEOUT_FIRST;
    return now_ns - c->input_ns > c->run->config->timeout_ns / 2 ? OUTCOME_CUT : OUTCOME_TIMEOUT_WITHIN;
}

/* What a connection closed by the other side, or failing, means for the requests in flight. */
static enum outcome outcome_of(const struct client *c, enum conn_reason why, int err)
{
    if (c->doomed)
        return c->doom;
    if (why == CONN_NO_MEMORY)
        return OUTCOME_LOCAL;
    return err != 0 ? outcome_of_errno(err) : begun(c) ? OUTCOME_CUT : OUTCOME_EARLY_EOF;
}

/* o: of the first; behind: of those behind it, of which no byte has come. */
static void lose_requests(struct client *c, enum outcome o, enum outcome behind, uint64_t now_ns)
{
    for (; c->sent > 0; o = behind)
        client_end_first(c, o, now_ns);
}

static void closed(struct conn *conn, enum conn_reason why, int err)
{
    struct client *c = CLIENT_OF(conn, conn);
    enum client_state was = c->state;
    enum outcome o = outcome_of(c, why, err);
    if (was == CLIENT_DIALING && err != ECONNRESET) {
        c->run->open--;
        try_next(c, c->doomed ? ETIMEDOUT : err);
        return;
    }
    bool greeted_busy = was == CLIENT_GREETING && c->checking && !c->run->config->raw && c->check.error;
    c->run->open--;
    run_withdraw(c->run, c);
    if (c->checking && !c->run->config->raw)
        check_abandon(&c->check);
    c->checking = false;
    c->greeted = 0;
    if (was == CLIENT_GREETING) {
        not_connected(c, greeted_busy ? OUTCOME_BUSY : o, err);
        return;
    }
    bool idle = was == CLIENT_UP && c->sent == 0;
    if (idle && c->doomed && o == OUTCOME_WRONG)
        tally_outcome(c->run->tally, OUTCOME_WRONG, 0, 0);
    else if (idle)
        c->run->tally->closed_idle++;
    enum outcome behind = o != OUTCOME_CUT && o != OUTCOME_TIMEOUT_WITHIN ? o
                          : c->doomed                                     ? OUTCOME_TIMEOUT_FIRST
                                                                          : OUTCOME_EARLY_EOF;
    lose_requests(c, o, behind, run_clock_ns(c->run));
    go_down(c, was == CLIENT_CLOSING);
}

static const struct conn_ops client_ops = {.name = "client", .serve = serve, .closed = closed};

/* ---- timers ---- */

static void time_out(struct client *c)
{
    c->doomed = true;
    c->doom = timeout_of(c, run_clock_ns(c->run));
    run_withdraw(c->run, c);
    conn_abort(&c->conn);
}

static void timer_fired(struct reactor_timer *t)
{
    struct client *c = CLIENT_OF(t, timer);
    uint64_t now_ns = reactor_now_ns(c->run->reactor);
    switch (c->state) {
    case CLIENT_DOWN: gate_enter(&c->run->gate, &c->waiter); return;
    case CLIENT_DIALING:
    case CLIENT_GREETING: time_out(c); return;
    case CLIENT_UP:
        if (c->sent == 0)
            return;
        if (client_request(c, 0)->sent_ns + c->run->config->timeout_ns <= now_ns)
            time_out(c);
        else
            arm_timeout(c, client_request(c, 0)->sent_ns);
        return;
    case CLIENT_CLOSING: return;
    }
}

/* ---- life ---- */

struct client *client_new(struct run *run, uint32_t number)
{
    struct client *c = calloc(1, sizeof *c + run->config->depth * sizeof c->ring[0]);
    if (c == NULL)
        return NULL;
    c->run = run;
    c->row.client = c;
    c->number = number;
    c->waiter.admitted = admitted;
    c->timer.fn = timer_fired;
    c->timer.name = "client";
    c->think.fn = thought;
    c->think.name = "think";
    return c;
}

void client_start(struct client *c)
{
    gate_enter(&c->run->gate, &c->waiter);
}

void client_stop(struct client *c, bool quiet)
{
    uint64_t now_ns = run_clock_ns(c->run);
    if (!quiet && c->state == CLIENT_UP)
        lose_requests(c, timeout_of(c, now_ns), OUTCOME_TIMEOUT_FIRST, now_ns);
    for (; !quiet && c->sent == 0 && c->held > 0; c->held--, c->head = (c->head + 1) % c->run->config->depth)
        run_ended(c->run, client_request(c, 0), OUTCOME_UNSENT, now_ns);
    c->sent = c->held = 0;
    reactor_timer_stop(c->run->reactor, &c->timer);
    reactor_timer_stop(c->run->reactor, &c->think);
    run_withdraw(c->run, c);
    if (c->state != CLIENT_DOWN) {
        c->state = CLIENT_CLOSING;
        conn_abort(&c->conn);
    }
}

void client_free(struct client *c)
{
    free(c);
}
