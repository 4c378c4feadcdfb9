/* Promise 4: no user callback runs inside an API call. */
#include "world.h"

#include "echo.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>

static bool inside_api;

#define API(call)                                                                                                      \
    do {                                                                                                               \
        inside_api = true;                                                                                             \
        call;                                                                                                          \
        inside_api = false;                                                                                            \
    } while (0)

static void not_inside(const char *what)
{
    cr_expect_not(inside_api, "%s called inside an API call", what);
    record(what);
}

static void on_fd(struct reactor_fd *w, uint32_t events)
{
    (void)w;
    (void)events;
    not_inside("fd");
}

static void on_timer(struct reactor_timer *t)
{
    (void)t;
    not_inside("timer");
}

static void on_task(struct reactor_task *t)
{
    (void)t;
    not_inside("task");
}

static void on_signal(struct reactor_signal *s, int signo)
{
    (void)s;
    (void)signo;
    not_inside("signal");
}

static void on_wakeup(struct reactor_wakeup *w)
{
    (void)w;
    not_inside("wakeup");
}

Test(promise_04, nothing_of_the_loop_calls_back_at_once)
{
    struct reactor_fd fd = {.fn = on_fd};
    struct reactor_timer timer = {.fn = on_timer};
    struct reactor_task task = {.fn = on_task}, release = {.fn = on_task};
    struct reactor_signal sig = {.fn = on_signal};
    struct reactor_wakeup wakeup = {.fn = on_wakeup};
    struct reactor *r = world_begin(1);
    int number;

    sim_peer_send(sim_socket(&number), "x", 1);
    API(cr_assert_eq(reactor_fd_start(r, &fd, number, EPOLLIN), 0));
    API(cr_assert_eq(reactor_fd_modify(&fd, EPOLLIN | EPOLLOUT), 0));
    API(reactor_fd_again(&fd));
    API(reactor_timer_start(r, &timer, 0));
    API(reactor_post(r, &task));
    API(reactor_release(r, &release));
    API(cr_assert_eq(reactor_signal_start(r, &sig, SIGHUP), 0));
    API(cr_assert_eq(reactor_wakeup_start(r, &wakeup), 0));
    API(reactor_wakeup_send(&wakeup));
    sim_raise(SIGHUP);
    cr_expect_str_eq(recorded(), "");
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "wakeup signal fd timer task task");
    API(reactor_fd_stop(&fd));
    API(reactor_signal_stop(&sig));
    API(reactor_wakeup_stop(&wakeup));
    sim_sys.close(number);
    world_end(r);
}

static enum conn_next on_serve(struct conn *c)
{
    (void)c;
    not_inside("serve");
    return CONN_WAIT;
}

static void on_closed(struct conn *c, enum conn_reason why, int err)
{
    (void)c;
    (void)why;
    (void)err;
    not_inside("closed");
}

static const struct conn_ops conn_ops = {.name = "conn", .serve = on_serve, .closed = on_closed};
static const struct conn_limits limits = {.input_max_bytes = 10};

Test(promise_04, nothing_of_a_conn_calls_back_at_once)
{
    struct reactor *r = world_begin(1);
    struct conn c;
    struct sim_peer *peer;
    int fd;

    peer = sim_socket(&fd);
    sim_peer_send(peer, "x", 1);
    API(cr_assert_eq(conn_start(&c, r, &conn_ops, &limits, fd), 0));
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "serve");
    sim_peer_reset(peer);
    API(cr_expect(conn_write(&c, "x", 1)));
    API(conn_wake(&c));
    API(conn_finish(&c));
    API(conn_abort(&c));
    cr_expect_str_eq(recorded(), "");
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "closed");
    world_end(r);
}

Test(promise_04, conn_without_memory_is_closed_by_the_loop)
{
    struct reactor *r = world_begin(1);
    struct conn c;
    int fd;

    (void)sim_socket(&fd);
    cr_assert_eq(conn_start(&c, r, &conn_ops, &limits, fd), 0);
    sim_fail(SIM_ALLOC, 0, 1, ENOMEM);
    API(cr_expect_not(conn_write(&c, "x", 1)));
    cr_expect_str_eq(recorded(), "");
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "closed");
    world_end(r);
}
