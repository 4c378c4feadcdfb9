/* The echo server of the tests: see echo.h. */
#include "echo.h"

#include "reactor/line.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

struct session {
    struct conn conn; /* first: the conn is the session */
    struct echo *echo;
    size_t big_left; /* bytes of a "big" answer still to come */
    size_t big_at;
    bool closed;
};

enum {
    BIG_BYTES = 100000,
    ANSWER_MAX = ECHO_MAX_LINE + 2
};

static char big[BIG_BYTES];

char echo_big_byte(size_t i)
{
    return i % 61 == 60 ? '\n' : (char)('A' + i % BIG_BYTES % 59);
}

static void fill_big(void)
{
    for (size_t i = 0; i < BIG_BYTES; i++)
        big[i] = echo_big_byte(i);
}

static bool answer_big(struct session *s)
{
    while (s->big_left > 0) {
        size_t at = s->big_at % BIG_BYTES, n = BIG_BYTES - at;
        if (n > s->big_left)
            n = s->big_left;
        if (!conn_refer(&s->conn, big + at, n))
            return false;
        s->big_at += n;
        s->big_left -= n;
    }
    return true;
}

static void answer(struct session *s, const struct line *line)
{
    conn_touch(&s->conn);
    if (line->len > 4 && memcmp(line->text, "big ", 4) == 0) {
        s->big_left = strtoul(line->text + 4, NULL, 10);
        s->big_at = 0;
        return;
    }
    /* There is room: fails only without memory, and then the conn is going to be closed. */
    if (conn_write(&s->conn, line->text, line->len))
        (void)conn_write(&s->conn, "\r\n", 2);
}

static enum conn_next serve(struct conn *c)
{
    struct session *s = (struct session *)c;
    struct line line;

    s->echo->serve_calls++;
    cr_assert(!s->closed);
    if (!answer_big(s))
        return CONN_MORE;
    while (conn_room(c) >= ANSWER_MAX) {
        switch (line_next(c, ECHO_MAX_LINE, &line)) {
        case LINE_NONE: return CONN_WAIT;
        case LINE_END: return CONN_FINISH;
        case LINE_TOO_LONG: return CONN_ABORT;
        case LINE_READY: answer(s, &line); conn_consume(c, line.taken);
        }
        if (!answer_big(s))
            return CONN_MORE;
    }
    return CONN_MORE;
}

static void expired(struct conn *c, enum conn_reason why)
{
    const struct echo *e = ((struct session *)c)->echo;
    if (why == CONN_STALLED)
        (void)conn_cut(c);
    if (e->last_words)
        cr_assert(conn_write(c, e->last_words, strlen(e->last_words)));
}

static void closed(struct conn *c, enum conn_reason why, int err)
{
    struct session *s = (struct session *)c;
    (void)why;
    (void)err;
    cr_assert(!s->closed);
    s->closed = true;
    s->echo->live--;
    if (s->echo->newest == c)
        s->echo->newest = NULL;
    sim_sys.free(s);
}

static const struct conn_ops ops = {.name = "echo", .serve = serve, .expired = expired, .closed = closed};

static void accepted(struct listener *l, int fd, const struct sockaddr *peer, socklen_t len)
{
    struct echo *e = (struct echo *)((char *)l - offsetof(struct echo, listener));
    struct session *s = sim_sys.alloc(sizeof *s);
    (void)peer;
    (void)len;
    if (!s) {
        sim_sys.close(fd);
        e->refused++;
        return;
    }
    s->echo = e;
    s->big_left = 0;
    s->closed = false;
    if (conn_start(&s->conn, e->reactor, &ops, &e->limits, fd) < 0) {
        sim_sys.free(s);
        e->refused++;
        return;
    }
    e->live++;
    e->newest = &s->conn;
}

static void shed(struct listener *l, int fd)
{
    struct echo *e = (struct echo *)((char *)l - offsetof(struct echo, listener));
    sim_sys.send(fd, "full\n", 5, MSG_DONTWAIT | MSG_NOSIGNAL);
    e->shed++;
}

static void paused(struct listener *l, int err)
{
    struct echo *e = (struct echo *)((char *)l - offsetof(struct echo, listener));
    *(err ? &e->pauses : &e->resumes) += 1;
    e->paused_err = err;
}

static const struct listener_ops listener_ops = {
    .name = "echo listener", .accepted = accepted, .shed = shed, .paused = paused};

void echo_begin(struct echo *e, uint64_t seed)
{
    const struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(ECHO_PORT)};

    fill_big();
    sim_begin(seed);
    memset(e, 0, sizeof *e);
    e->limits = (struct conn_limits){.input_max_bytes = ANSWER_MAX, .stats = &e->stats};
    e->reactor = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    cr_assert_not_null(e->reactor);
    cr_assert_eq(
        listener_start(&e->listener, e->reactor, &listener_ops, (const struct sockaddr *)&addr, sizeof addr, 8), 0);
}

void echo_end(struct echo *e)
{
    uint64_t closed_in_all = 0;

    sim_set_faults(NULL);
    listener_stop(&e->listener);
    for (unsigned i = 0; i < 1000 && e->live > 0; i++) {
        sim_reset_all();
        sim_run_until(e->reactor, sim_now_ns() + 3000000000u);
    }
    cr_assert_eq(e->live, 0, "%u conns never closed", e->live);
    for (unsigned i = 0; i < CONN_REASONS; i++)
        closed_in_all += e->stats.closed[i];
    cr_assert_eq(closed_in_all, e->stats.started, "each conn that was started is counted once");
    cr_assert_eq(reactor_turn(e->reactor, 0), 0, "the loop is not empty");
    reactor_free(e->reactor);
    cr_assert_eq(sim_end(), 0, "the server leaks");
}
