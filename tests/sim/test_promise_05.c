/* Promise 5: the order within a turn is wait, clock, signals and wake-ups,
 * descriptors (the kernel's order, then those that asked to be seen again),
 * timers (by deadline, then in arming order), tasks, releases.
 */
#include "world.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>

static struct reactor *r;

static void on_fd(struct reactor_fd *w, uint32_t events)
{
    (void)events;
    record(w->name);
    reactor_fd_stop(w);
}

static void on_timer(struct reactor_timer *t)
{
    record(t->name);
}

static void on_task(struct reactor_task *t)
{
    record(t->name);
}

static void on_signal(struct reactor_signal *s, int signo)
{
    (void)signo;
    record(s->name);
}

static void on_wakeup(struct reactor_wakeup *w)
{
    record(w->name);
}

Test(promise_05, phases_come_in_order)
{
    struct reactor_fd a = {.fn = on_fd, .name = "fd:a"}, b = {.fn = on_fd, .name = "fd:b"},
                      again = {.fn = on_fd, .name = "again"};
    struct reactor_timer late = {.fn = on_timer, .name = "timer:2"}, early = {.fn = on_timer, .name = "timer:1"},
                         equal = {.fn = on_timer, .name = "timer:2b"};
    struct reactor_task task = {.fn = on_task, .name = "task:a"}, task2 = {.fn = on_task, .name = "task:b"},
                        release = {.fn = on_task, .name = "release"};
    struct reactor_signal sig = {.fn = on_signal, .name = "signal"};
    struct reactor_wakeup wakeup = {.fn = on_wakeup, .name = "wakeup"};
    struct sim_peer *peer_a, *peer_b;
    int fd_a, fd_b, fd_again;

    r = world_begin(1);
    /* Everything started in another order than it is to run. */
    reactor_release(r, &release);
    reactor_post(r, &task);
    reactor_post(r, &task2);
    reactor_timer_start(r, &late, reactor_now_ns(r) + 20);
    reactor_timer_start(r, &early, reactor_now_ns(r) + 10);
    reactor_timer_start(r, &equal, reactor_now_ns(r) + 20);
    peer_a = sim_socket(&fd_a);
    peer_b = sim_socket(&fd_b);
    (void)sim_socket(&fd_again);
    cr_assert_eq(reactor_fd_start(r, &again, fd_again, EPOLLIN), 0);
    reactor_fd_again(&again);
    cr_assert_eq(reactor_fd_start(r, &a, fd_a, EPOLLIN), 0);
    cr_assert_eq(reactor_fd_start(r, &b, fd_b, EPOLLIN), 0);
    sim_peer_send(peer_a, "x", 1);
    sim_peer_send(peer_b, "x", 1);
    cr_assert_eq(reactor_wakeup_start(r, &wakeup), 0);
    cr_assert_eq(reactor_signal_start(r, &sig, SIGHUP), 0);
    sim_raise(SIGHUP);
    reactor_wakeup_send(&wakeup);
    sim_spend_ns(30);

    reactor_turn(r, -1);
    cr_expect_str_eq(recorded(), "signal wakeup fd:a fd:b again timer:1 timer:2 timer:2b task:a task:b release");
    reactor_signal_stop(&sig);
    reactor_wakeup_stop(&wakeup);
    sim_sys.close(fd_a);
    sim_sys.close(fd_b);
    sim_sys.close(fd_again);
    world_end(r);
}

static uint64_t seen_ns[2];
static unsigned seen;

static void slow_task(struct reactor_task *t)
{
    (void)t;
    seen_ns[seen++] = reactor_now_ns(r);
    sim_spend_ns(5000);
}

Test(promise_05, time_stands_still_within_a_turn)
{
    struct reactor_task a = {.fn = slow_task}, b = {.fn = slow_task};
    r = world_begin(1);
    reactor_post(r, &a);
    reactor_post(r, &b);
    reactor_turn(r, 0);
    cr_expect_eq(seen, 2);
    cr_expect_eq(seen_ns[0], seen_ns[1]);
    cr_expect_eq(reactor_update_now_ns(r), seen_ns[0] + 10000);
    world_end(r);
}

static void nested_turn(struct reactor_task *t)
{
    (void)t;
    record(reactor_turn(r, 0) == -1 && errno == EDEADLK ? "refused" : "nested");
}

Test(promise_05, a_turn_within_a_turn_is_refused)
{
    struct reactor_task t = {.fn = nested_turn};
    r = world_begin(1);
    reactor_post(r, &t);
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "refused");
    world_end(r);
}
