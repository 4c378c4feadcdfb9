/* Promise 1: when a stop or cancel function returns, that watcher's callback
 * never runs again, not even for an event already fetched.
 */
#include "world.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sys/epoll.h>

static struct reactor *r;
static struct reactor_fd fds[2];
static struct reactor_timer timers[2];
static struct reactor_task tasks[2];

/* Whichever of two runs first stops the other, which is due in the same phase. */
static void fd_stops_other(struct reactor_fd *w, uint32_t events)
{
    (void)events;
    record("fd");
    reactor_fd_stop(w == &fds[0] ? &fds[1] : &fds[0]);
    reactor_fd_stop(w);
}

Test(promise_01, stopped_descriptor_gets_no_fetched_event)
{
    struct sim_peer *peers[2];
    r = world_begin(1);
    for (int i = 0; i < 2; i++) {
        int fd;
        peers[i] = sim_socket(&fd);
        fds[i] = (struct reactor_fd){.fn = fd_stops_other, .name = "fd"};
        cr_assert_eq(reactor_fd_start(r, &fds[i], fd, EPOLLIN), 0);
        sim_peer_send(peers[i], "x", 1);
    }
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "fd");
    cr_expect_eq(reactor_stats(r)->stale_events, 1);
    sim_sys.close(fds[0].fd);
    sim_sys.close(fds[1].fd);
    world_end(r);
}

Test(promise_01, stopped_descriptor_is_not_seen_again)
{
    int fd;
    r = world_begin(1);
    (void)sim_socket(&fd);
    fds[0] = (struct reactor_fd){.fn = fd_stops_other, .name = "fd"};
    cr_assert_eq(reactor_fd_start(r, &fds[0], fd, EPOLLIN), 0);
    reactor_fd_again(&fds[0]);
    reactor_fd_stop(&fds[0]);
    reactor_fd_again(&fds[0]); /* not started: nothing to ask for */
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "");
    sim_sys.close(fd);
    world_end(r);
}

static void timer_stops_other(struct reactor_timer *t)
{
    record("timer");
    reactor_timer_stop(r, t == &timers[0] ? &timers[1] : &timers[0]);
}

Test(promise_01, stopped_timer_does_not_fire_though_due)
{
    r = world_begin(1);
    for (int i = 0; i < 2; i++) {
        timers[i] = (struct reactor_timer){.fn = timer_stops_other, .name = "timer"};
        reactor_timer_start(r, &timers[i], reactor_now_ns(r) + 5);
    }
    sim_run_until(r, sim_now_ns() + 10);
    cr_expect_str_eq(recorded(), "timer");
    cr_expect_not(reactor_timer_armed(&timers[1]));
    world_end(r);
}

/* A descriptor's callback re-arms a timer that is due in the same turn: input goes before a timeout. */
static void fd_moves_timer(struct reactor_fd *w, uint32_t events)
{
    (void)events;
    record("fd");
    reactor_timer_start(r, &timers[0], reactor_now_ns(r) + 1000);
    reactor_fd_stop(w);
}

Test(promise_01, timer_moved_in_the_turn_it_was_due_fires_at_its_new_time)
{
    struct sim_peer *peer;
    int fd;
    r = world_begin(1);
    peer = sim_socket(&fd);
    timers[0] = (struct reactor_timer){.fn = timer_stops_other, .name = "timer"};
    fds[0] = (struct reactor_fd){.fn = fd_moves_timer, .name = "fd"};
    cr_assert_eq(reactor_fd_start(r, &fds[0], fd, EPOLLIN), 0);
    reactor_timer_start(r, &timers[0], reactor_now_ns(r) + 5);
    sim_spend_ns(5);
    sim_peer_send(peer, "x", 1);
    cr_assert_eq(reactor_turn(r, 0), 1);
    cr_expect_str_eq(recorded(), "fd");
    sim_run_until(r, sim_now_ns() + 1000);
    cr_expect_str_eq(recorded(), "timer");
    sim_sys.close(fd);
    world_end(r);
}

static void task_cancels_other(struct reactor_task *t)
{
    record("task");
    reactor_cancel(r, t == &tasks[0] ? &tasks[1] : &tasks[0]);
}

Test(promise_01, cancelled_task_and_release_do_not_run)
{
    r = world_begin(1);
    for (int i = 0; i < 2; i++) {
        tasks[i] = (struct reactor_task){.fn = task_cancels_other, .name = "task"};
        reactor_post(r, &tasks[i]);
    }
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "task");
    reactor_release(r, &tasks[0]);
    reactor_release(r, &tasks[1]);
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "task");
    world_end(r);
}

static struct reactor_signal sig;
static struct reactor_wakeup wakeup;

static void on_signal(struct reactor_signal *s, int signo)
{
    cr_expect_eq(signo, SIGTERM);
    record("signal");
    reactor_signal_stop(s);
    reactor_wakeup_stop(&wakeup);
}

static void on_wakeup(struct reactor_wakeup *w)
{
    record("wakeup");
    reactor_wakeup_stop(w);
    reactor_signal_stop(&sig);
}

Test(promise_01, stopped_signal_and_wakeup_are_silent)
{
    r = world_begin(1);
    sig = (struct reactor_signal){.fn = on_signal, .name = "signal"};
    wakeup = (struct reactor_wakeup){.fn = on_wakeup, .name = "wakeup"};
    cr_assert_eq(reactor_signal_start(r, &sig, SIGTERM), 0);
    cr_assert_eq(reactor_wakeup_start(r, &wakeup), 0);
    sim_raise(SIGTERM);
    reactor_wakeup_send(&wakeup);
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "signal", "the first of the two stops the other");
    world_end(r);
}
