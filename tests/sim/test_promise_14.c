/* Promise 14: a turn does a bounded amount of work, and what is left is served first in the next. */
#include "echo.h"
#include "world.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#define MS ((uint64_t)1000000)

enum {
    MANY = 900
};

static struct reactor *r;

/* A descriptor that is always readable and whose call costs time of the loop's clock. */
struct worker {
    struct reactor_fd fd;
    struct sim_peer *peer;
    uint64_t cost_ns;
    unsigned calls, last_turn, longest_wait;
    bool once; /* readable only until it is called */
    char name[8];
};

static unsigned turns, order_len;
static struct worker *order[100000];

static void work(struct reactor_fd *w, uint32_t events)
{
    struct worker *me = (struct worker *)w;
    (void)events;
    sim_spend_ns(me->cost_ns);
    me->calls++;
    if (me->once) {
        char byte;
        cr_expect_eq(sim_sys.recv(w->fd, &byte, 1, 0), 1, "%s is called for nothing", me->name);
    }
    if (order_len < sizeof order / sizeof order[0])
        order[order_len++] = me;
}

static void worker_start(struct worker *w, const char *name, uint64_t cost_ns, bool once)
{
    int number;
    memset(w, 0, sizeof *w);
    w->fd.fn = work;
    strncpy(w->name, name, sizeof w->name - 1);
    w->fd.name = w->name;
    w->cost_ns = cost_ns;
    w->once = once;
    w->peer = sim_socket(&number);
    if (!once)
        sim_peer_send(w->peer, "x", 1);
    cr_assert_eq(reactor_fd_start(r, &w->fd, number, EPOLLIN), 0);
}

static void worker_stop(struct worker *w)
{
    int number = w->fd.fd;
    reactor_fd_stop(&w->fd);
    sim_sys.close(number);
}

static void begin(uint64_t seed)
{
    r = world_begin(seed);
    turns = order_len = 0;
}

/* A turn and what it took. */
static uint64_t turn(void)
{
    uint64_t before_ns = sim_now_ns();
    cr_assert_eq(reactor_turn(r, 0), 1);
    turns++;
    return sim_now_ns() - before_ns;
}

static struct worker many[MANY];

static void start_many(uint64_t cost_ns)
{
    for (int i = 0; i < MANY; i++)
        worker_start(&many[i], "many", cost_ns, false);
}

static void stop_many(void)
{
    for (int i = 0; i < MANY; i++)
        worker_stop(&many[i]);
}

/* ---- the bound, and fairness ---- */

Test(promise_14, a_turn_ends_when_its_budget_is_over)
{
    static const uint64_t costs[] = {20000, 100000, 300000, 1000000, 3000000};
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        begin(1);
        start_many(costs[i]);
        turn(); /* has not learnt yet what they cost */
        for (unsigned n = 0; n < 300; n++) {
            uint64_t took_ns = turn();
            cr_assert_leq(took_ns, 4 * MS + MS / 4 + 2 * costs[i], "a turn of %llu us with calls of %llu us",
                          (unsigned long long)took_ns / 1000, (unsigned long long)costs[i] / 1000);
        }
        cr_expect_gt(reactor_stats(r)->worst_turn_ns, 3 * MS);
        stop_many();
        world_end(r);
    }
}

Test(promise_14, the_first_turn_is_bounded_too)
{
    begin(1);
    start_many(MS);
    cr_expect_leq(turn(), 5 * MS);
    stop_many();
    world_end(r);
}

Test(promise_14, the_budget_can_be_set)
{
    sim_begin(1);
    order_len = 0;
    r = reactor_new(&(struct reactor_config){.sys = &sim_sys, .turn_budget_ns = 20 * MS});
    cr_assert(r);
    start_many(MS);
    for (int i = 0; i < 20; i++) {
        uint64_t took_ns = turn();
        cr_expect_leq(took_ns, 21 * MS);
        cr_expect_geq(took_ns, 19 * MS);
    }
    stop_many();
    world_end(r);
}

/* Between two calls of one nobody else is called twice, once it is known what they cost. */
Test(promise_14, nobody_is_passed_over_twice)
{
    static const uint64_t costs[] = {20000, 100000, 300000, 1000000};
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        begin(1);
        start_many(costs[i]);
        while (order_len < 20 * MANY)
            turn();
        for (int a = 0; a < MANY; a++)
            many[a].calls = 0;
        for (unsigned n = 5 * MANY; n < 15 * MANY; n++)
            order[n]->calls++;
        for (int a = 0; a < MANY; a++) {
            cr_assert_geq(many[a].calls, 8u, "cost %llu: passed over", (unsigned long long)costs[i]);
            cr_assert_leq(many[a].calls, 12u, "cost %llu: preferred", (unsigned long long)costs[i]);
        }
        stop_many();
        world_end(r);
    }
}

/* ---- cheap ones first ---- */

Test(promise_14, cheap_ones_do_not_wait_for_dear_ones)
{
    struct worker cheap;
    begin(1);
    start_many(MS);
    worker_start(&cheap, "cheap", 1000, true);
    while (order_len < 3 * MANY)
        turn(); /* all have been seen to be dear */
    for (int i = 0; i < 50; i++) {
        unsigned before = cheap.calls;
        sim_peer_send(cheap.peer, "x", 1);
        for (int n = 0; n < 4 && cheap.calls == before; n++)
            turn(); /* 901 are fetched in four turns */
        cr_expect_eq(cheap.calls, before + 1, "not called as soon as it is fetched");
    }
    worker_stop(&cheap);
    stop_many();
    world_end(r);
}

/* The processor is taken away in each call of the cheap one, for longer than a dear one works. */
static void be_preempted(struct reactor_fd *w, uint32_t events)
{
    work(w, events);
    sim_preempt_ns(2 * MS);
}

Test(promise_14, who_is_interrupted_is_not_dear)
{
    static struct worker dear[100];
    struct worker cheap;
    begin(1);
    for (int i = 0; i < 100; i++)
        worker_start(&dear[i], "dear", MS, false);
    worker_start(&cheap, "cheap", 1000, true);
    cheap.fd.fn = be_preempted;
    for (int i = 0; i < 60; i++)
        turn();
    for (int i = 0; i < 50; i++) {
        unsigned before = cheap.calls;
        sim_peer_send(cheap.peer, "x", 1);
        turn();
        cr_expect_eq(cheap.calls, before + 1, "round %d", i);
    }
    worker_stop(&cheap);
    for (int i = 0; i < 100; i++)
        worker_stop(&dear[i]);
    world_end(r);
}

/* However many cheap ones there are, dear ones have their share. */
Test(promise_14, dear_ones_are_not_starved)
{
    struct worker dear;
    begin(1);
    worker_start(&dear, "dear", MS, false);
    start_many(50000);
    for (int i = 0; i < 100; i++)
        turn();
    unsigned before = dear.calls;
    for (int i = 0; i < 100; i++)
        turn();
    cr_expect_geq(dear.calls - before, 25u, /* 256 of 901 are fetched in a turn */ "called %u times in 100 turns",
                  dear.calls - before);
    worker_stop(&dear);
    stop_many();
    world_end(r);
}

/* Who was dear once and is not any more is treated so. */
Test(promise_14, dear_is_what_the_last_call_cost)
{
    struct worker was, is;
    begin(1);
    worker_start(&was, "was", MS, false);
    worker_start(&is, "is", MS, false);
    turn();
    was.cost_ns = 0;
    turn();
    order_len = 0;
    turn();
    cr_expect_eq(order_len, 2u);
    cr_expect_eq(order[0], &was);
    cr_expect_eq(order[1], &is);
    worker_stop(&was);
    worker_stop(&is);
    world_end(r);
}

/* ---- what is carried over ---- */

/* Calls of 3 ms: the first two run, the third and fourth are carried over. */
static struct worker four[4];

static void start_four(bool once)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    for (int i = 0; i < 4; i++) {
        worker_start(&four[i], names[i], 3 * MS, once);
        if (once)
            sim_peer_send(four[i].peer, "x", 1);
    }
    turn();
    cr_assert_eq(order_len, 2u);
}

static void stop_four(void)
{
    for (int i = 0; i < 4; i++)
        if (reactor_fd_started(&four[i].fd))
            worker_stop(&four[i]);
    world_end(r);
}

Test(promise_14, what_is_left_comes_first_in_the_next_turn)
{
    struct worker fresh;
    begin(1);
    start_four(true);
    cr_expect_eq(reactor_stats(r)->carried_events, 2u);
    worker_start(&fresh, "fresh", 0, true);
    sim_peer_send(fresh.peer, "x", 1);
    turn();
    cr_assert_eq(order_len, 4u);
    cr_expect_eq(order[2], &four[2]);
    cr_expect_eq(order[3], &four[3]);
    turn();
    cr_assert_eq(order_len, 5u);
    cr_expect_eq(order[4], &fresh);
    worker_stop(&fresh);
    stop_four();
}

Test(promise_14, the_loop_does_not_wait_with_work_left)
{
    uint64_t before_ns;
    begin(1);
    start_four(true);
    before_ns = sim_now_ns();
    cr_expect_eq(reactor_turn(r, (int64_t)(1000 * MS)), 1);
    cr_expect_eq(order_len, 4u);
    cr_expect_leq(sim_now_ns() - before_ns, 6 * MS);
    stop_four();
}

Test(promise_14, a_stopped_watcher_s_event_is_dropped)
{
    begin(1);
    start_four(true);
    worker_stop(&four[2]);
    turn();
    cr_assert_eq(order_len, 3u);
    cr_expect_eq(order[2], &four[3]);
    stop_four();
}

/* The number of a descriptor that had an event left over goes to another watcher. */
Test(promise_14, a_closed_descriptor_s_event_is_not_the_next_one_s)
{
    struct worker next;
    int number;
    begin(1);
    start_four(true);
    number = four[2].fd.fd;
    worker_stop(&four[2]);
    worker_start(&next, "next", 0, true);
    cr_assert_eq(next.fd.fd, number);
    turn();
    turn();
    cr_expect_eq(next.calls, 0u);
    sim_peer_send(next.peer, "x", 1);
    turn();
    cr_expect_eq(next.calls, 1u);
    worker_stop(&next);
    stop_four();
}

static uint32_t seen_events;
static unsigned seen_calls;

static void see(struct reactor_fd *w, uint32_t events)
{
    (void)w;
    seen_events |= events;
    seen_calls++;
}

Test(promise_14, events_of_one_descriptor_are_merged)
{
    begin(1);
    start_four(true);
    seen_events = seen_calls = 0;
    four[3].fd.fn = see;
    four[2].cost_ns = 5 * MS;
    four[0].cost_ns = 5 * MS;
    turn(); /* c; d waits once more, is reported once more, and with an end this time */
    sim_peer_end(four[3].peer);
    reactor_fd_again(&four[3].fd);
    turn();
    cr_expect_eq(seen_calls, 1u);
    cr_expect(seen_events & EPOLLIN);
    reactor_fd_stop(&four[3].fd);
    sim_sys.close(four[3].fd.fd);
    stop_four();
}

Test(promise_14, what_is_not_watched_any_more_is_not_reported)
{
    begin(1);
    start_four(true);
    cr_assert_eq(reactor_fd_modify(&four[2].fd, EPOLLOUT), 0);
    cr_assert_eq(reactor_fd_modify(&four[2].fd, 0), 0);
    turn();
    turn();
    cr_expect_eq(four[2].calls, 0u);
    cr_assert_eq(reactor_fd_modify(&four[2].fd, EPOLLIN), 0);
    turn();
    cr_expect_eq(four[2].calls, 1u, "reported anew");
    stop_four();
}

static void stop_the_next(struct reactor_fd *w, uint32_t events)
{
    work(w, events);
    if (reactor_fd_started(&four[3].fd))
        worker_stop(&four[3]);
}

Test(promise_14, stopped_by_the_one_before_it_in_the_queue)
{
    begin(1);
    start_four(true);
    four[2].fd.fn = stop_the_next;
    turn();
    turn();
    cr_expect_eq(four[3].calls, 0u);
    stop_four();
}

/* ---- the other phases ---- */

static void count_task(struct reactor_task *t)
{
    (void)t;
    sim_spend_ns(MS);
    record("task");
}

Test(promise_14, tasks_have_their_share_and_keep_their_order)
{
    struct reactor_task tasks[20];
    unsigned seen = 0;
    begin(1);
    start_many(MS);
    for (int i = 0; i < 50; i++)
        turn();
    for (int i = 0; i < 20; i++) {
        tasks[i] = (struct reactor_task){.fn = count_task, .name = "task"};
        reactor_post(r, &tasks[i]);
    }
    for (int i = 0; i < 20; i++) {
        cr_expect_leq(turn(), 6 * MS);
        if (strstr(recorded(), "task"))
            seen++;
    }
    cr_expect_eq(seen, 20u, "one in each turn at least");
    stop_many();
    world_end(r);
}

/* A task that is taken back while it waits for time. */
Test(promise_14, a_task_left_over_can_be_cancelled)
{
    struct reactor_task tasks[20];
    begin(1);
    for (int i = 0; i < 20; i++) {
        tasks[i] = (struct reactor_task){.fn = count_task, .name = "task"};
        reactor_post(r, &tasks[i]);
    }
    cr_expect_leq(turn(), 5 * MS);
    for (int i = 0; i < 20; i++)
        reactor_cancel(r, &tasks[i]);
    (void)recorded();
    cr_expect_eq(reactor_turn(r, 0), 0);
    cr_expect_str_eq(recorded(), "");
    world_end(r);
}

static uint64_t latest_ns;

static void note_lateness(struct reactor_timer *t)
{
    uint64_t late_ns = sim_now_ns() - t->deadline_ns;
    if (late_ns > latest_ns)
        latest_ns = late_ns;
}

Test(promise_14, timers_are_due_within_10_ms)
{
    struct reactor_timer timers[200];
    begin(1);
    latest_ns = 0;
    start_many(MS);
    for (int i = 0; i < 200; i++) {
        timers[i] = (struct reactor_timer){.fn = note_lateness, .name = "timer"};
        reactor_timer_start(r, &timers[i], sim_now_ns() + 20 * MS + (uint64_t)i * 1700000);
    }
    for (int i = 0; i < 200; i++)
        turn();
    cr_expect_eq(reactor_stats(r)->timers_fired, 200u);
    cr_expect_leq(latest_ns, 10 * MS, "%llu us late", (unsigned long long)latest_ns / 1000);
    stop_many();
    world_end(r);
}

static void dear_timer(struct reactor_timer *t)
{
    (void)t;
    sim_spend_ns(MS);
    record("timer");
}

/* More dear timers than a turn has time for: in order, some in each turn, and one that is stopped meanwhile never. */
Test(promise_14, timers_left_over_come_first)
{
    struct reactor_timer timers[20];
    unsigned fired = 0;
    begin(1);
    for (int i = 0; i < 20; i++) {
        timers[i] = (struct reactor_timer){.fn = dear_timer, .name = "timer"};
        reactor_timer_start(r, &timers[i], sim_now_ns());
    }
    cr_expect_leq(turn(), 5 * MS);
    reactor_timer_stop(r, &timers[19]);
    reactor_timer_start(r, &timers[18], sim_now_ns() + 1000 * MS);
    while (reactor_timer_armed(&timers[17])) {
        cr_expect_leq(turn(), 5 * MS);
        fired++;
    }
    cr_expect_leq(fired, 7u);
    cr_expect_eq(reactor_stats(r)->timers_fired, 18u);
    reactor_timer_stop(r, &timers[18]);
    world_end(r);
}

static void on_signal(struct reactor_signal *s, int signo)
{
    (void)s;
    (void)signo;
    record("signal");
}

Test(promise_14, signals_are_never_carried_over)
{
    struct reactor_signal sig = {.fn = on_signal, .name = "signal"};
    begin(1);
    start_many(MS);
    cr_assert_eq(reactor_signal_start(r, &sig, SIGHUP), 0);
    for (int i = 0; i < 40; i++) {
        bool raised = i % 2;
        if (raised)
            sim_raise(SIGHUP);
        (void)recorded();
        turn();
        /* Fetched 256 at a time: it may wait for its place among those that are ready, but not for calls. */
        if (raised && !strstr(recorded(), "signal"))
            for (int n = 0; n < 4 && !strstr(recorded(), "signal"); n++)
                turn();
    }
    cr_expect_eq(reactor_stats(r)->stale_events, 0u);
    reactor_signal_stop(&sig);
    stop_many();
    world_end(r);
}

/* ---- conns ---- */

/* Each serve() of these costs 0.2 ms of work and asks whether its share is over. */
struct digger {
    struct conn conn;
    struct sim_peer *peer;
    unsigned runs;
};

static bool digging;

static enum conn_next dig(struct conn *c)
{
    struct digger *d = (struct digger *)c;
    if (!digging)
        return CONN_WAIT;
    do {
        sim_spend_ns(MS / 5);
    } while (!conn_share_over(c));
    d->runs++;
    return CONN_MORE;
}

static void dug(struct conn *c, enum conn_reason why, int err)
{
    (void)c;
    (void)why;
    (void)err;
}

Test(promise_14, conns_share_a_turn_and_a_cheap_one_waits_for_one_turn)
{
    static const struct conn_ops ops = {.name = "digger", .serve = dig, .closed = dug};
    static const struct conn_limits limits = {.input_max_bytes = 100};
    static struct digger diggers[50];
    struct echo e;
    struct sim_peer *small;
    unsigned fewest = UINT32_MAX, most = 0;

    echo_begin(&e, 1);
    r = e.reactor;
    small = sim_connect(ECHO_PORT);
    sim_peer_read_all(small);
    digging = true;
    for (int i = 0; i < 50; i++) {
        int fd;
        diggers[i].peer = sim_socket(&fd);
        cr_assert_eq(conn_start(&diggers[i].conn, r, &ops, &limits, fd), 0);
    }
    turn();
    for (unsigned n = 0; n < 200; n++) {
        size_t before = sim_peer_len(small);
        sim_peer_send(small, "me\n", 3);
        cr_expect_leq(turn(), 4 * MS + 3 * (MS / 5), "turn %u", n);
        for (int i = 0; n == 15 && i < 50; i++)
            diggers[i].runs = 0; /* by now it is known what they cost */
        if (n > 15)
            cr_expect_eq(sim_peer_len(small), before + 4, "turn %u: not answered at once", n);
    }
    for (int i = 0; i < 50; i++) {
        unsigned runs = diggers[i].runs;
        fewest = runs < fewest ? runs : fewest;
        most = runs > most ? runs : most;
    }
    cr_expect_geq(fewest, 18u);
    cr_expect_leq(most - fewest, 1u, "%u and %u runs", fewest, most);
    digging = false;
    for (int i = 0; i < 50; i++)
        conn_abort(&diggers[i].conn);
    echo_end(&e);
}

/* A newcomer is greeted although all others are dear. */
Test(promise_14, newcomers_are_accepted_at_once)
{
    struct echo e;
    echo_begin(&e, 1);
    r = e.reactor;
    start_many(MS);
    for (int i = 0; i < 300; i++)
        turn();
    for (int i = 0; i < 20; i++) {
        struct sim_peer *peer = sim_connect(ECHO_PORT);
        sim_peer_read_all(peer);
        sim_peer_send(peer, "hi\n", 3);
        for (int n = 0; n < 8; n++)
            turn(); /* 900 descriptors are fetched in four turns */
        cr_expect_str_eq(sim_peer_text(peer), "hi\r\n");
    }
    stop_many();
    echo_end(&e);
}
