/* Promise 13: after a drain the loop is empty or names what is not. */
#include "echo.h"
#include "world.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

static void never_fd(struct reactor_fd *w, uint32_t events)
{
    (void)w;
    (void)events;
}

static void never_timer(struct reactor_timer *t)
{
    (void)t;
}

static void never_task(struct reactor_task *t)
{
    (void)t;
}

static void never_signal(struct reactor_signal *s, int signo)
{
    (void)s;
    (void)signo;
}

static void never_wakeup(struct reactor_wakeup *w)
{
    (void)w;
}

static char *dump(const struct reactor *r)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    reactor_dump(r, out);
    fclose(out);
    return text;
}

Test(promise_13, everything_that_is_started_is_named)
{
    struct reactor *r = world_begin(1);
    struct reactor_fd fd = {.fn = never_fd, .name = "the-fd"};
    struct reactor_timer timer = {.fn = never_timer, .name = "the-timer"};
    struct reactor_task task = {.fn = never_task, .name = "the-task"},
                        release = {.fn = never_task, .name = "the-release"};
    struct reactor_signal sig = {.fn = never_signal, .name = "the-signal"};
    struct reactor_wakeup wakeup = {.fn = never_wakeup};
    int number;
    char *text;

    (void)sim_socket(&number);
    cr_assert_eq(reactor_fd_start(r, &fd, number, EPOLLIN), 0);
    reactor_timer_start(r, &timer, reactor_now_ns(r) + 1234);
    reactor_post(r, &task);
    reactor_release(r, &release);
    cr_assert_eq(reactor_signal_start(r, &sig, SIGHUP), 0);
    cr_assert_eq(reactor_wakeup_start(r, &wakeup), 0);
    text = dump(r);
    cr_expect_not_null(strstr(text, "fd the-fd fd="), "%s", text);
    cr_expect_not_null(strstr(text, "timer the-timer due_in_ns=1234\n"), "%s", text);
    cr_expect_not_null(strstr(text, "task the-task\n"), "%s", text);
    cr_expect_not_null(strstr(text, "release the-release\n"), "%s", text);
    cr_expect_not_null(strstr(text, "signal the-signal fd="), "%s", text);
    cr_expect_not_null(strstr(text, "wakeup (unnamed) fd="), "%s", text);
    free(text);

    /* One by one: the loop is empty only after the last. */
    reactor_cancel(r, &task);
    reactor_cancel(r, &release);
    reactor_fd_stop(&fd);
    reactor_timer_stop(r, &timer);
    reactor_wakeup_stop(&wakeup);
    cr_expect_eq(reactor_turn(r, 0), 1);
    reactor_signal_stop(&sig);
    cr_expect_eq(reactor_turn(r, 0), 0);
    text = dump(r);
    cr_expect_str_eq(text, "");
    free(text);
    sim_sys.close(number);
    world_end(r);
}

Test(promise_13, a_server_that_drains_leaves_an_empty_loop)
{
    struct echo e;
    struct sim_peer *peer;

    echo_begin(&e, 1);
    peer = sim_connect(ECHO_PORT);
    sim_peer_window(peer, 1000);
    sim_peer_send(peer, "big 5000\n", 9);
    sim_run(e.reactor, 100);
    listener_stop(&e.listener);
    conn_finish(e.newest);
    while (!sim_peer_at_end(peer)) {
        (void)sim_peer_read(peer, 1000);
        cr_assert_eq(reactor_turn(e.reactor, 0), 1);
    }
    cr_expect_eq(sim_peer_len(peer), 5000);
    sim_peer_end(peer);
    sim_run(e.reactor, 10);
    cr_expect_eq(reactor_turn(e.reactor, 0), 0);
    echo_end(&e);
}

Test(promise_13, run_returns_when_nothing_is_started)
{
    struct reactor *r = world_begin(1);
    cr_expect_eq(reactor_run(r), 0);
    world_end(r);
}
