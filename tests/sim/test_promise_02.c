/* Promise 2: the loop never touches a watcher after its callback returned
 * unless it is still started: freeing it inside its own callback is legal.
 * Freed memory is overwritten first, so that a touch shows without ASan too.
 */
#include "world.h"

#include "reactor/conn.h"
#include "reactor/listener.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

static struct reactor *r;

static void *make(size_t size)
{
    void *p = calloc(1, size);
    cr_assert_not_null(p);
    return p;
}

static void wreck(void *p, size_t size)
{
    memset(p, 0x5a, size);
    free(p);
    record("freed");
}

static void fd_frees(struct reactor_fd *w, uint32_t events)
{
    int fd = w->fd;
    (void)events;
    reactor_fd_stop(w);
    wreck(w, sizeof *w);
    sim_sys.close(fd);
}

static void timer_frees(struct reactor_timer *t)
{
    wreck(t, sizeof *t);
}

static void task_frees(struct reactor_task *t)
{
    wreck(t, sizeof *t);
}

static void signal_frees(struct reactor_signal *s, int signo)
{
    (void)signo;
    reactor_signal_stop(s);
    wreck(s, sizeof *s);
}

static void wakeup_frees(struct reactor_wakeup *w)
{
    reactor_wakeup_stop(w);
    wreck(w, sizeof *w);
}

Test(promise_02, watchers_of_every_kind_free_themselves)
{
    struct reactor_fd *fd = make(sizeof *fd), *asked = make(sizeof *asked);
    struct reactor_timer *timer = make(sizeof *timer);
    struct reactor_task *task = make(sizeof *task), *release = make(sizeof *release);
    struct reactor_signal *sig = make(sizeof *sig);
    struct reactor_wakeup *wakeup = make(sizeof *wakeup);
    struct sim_peer *peer;
    int number;

    r = world_begin(1);
    fd->fn = asked->fn = fd_frees;
    peer = sim_socket(&number);
    cr_assert_eq(reactor_fd_start(r, fd, number, EPOLLIN), 0);
    sim_peer_send(peer, "x", 1);
    (void)sim_socket(&number);
    cr_assert_eq(reactor_fd_start(r, asked, number, EPOLLIN), 0);
    reactor_fd_again(asked);
    timer->fn = timer_frees;
    reactor_timer_start(r, timer, reactor_now_ns(r));
    task->fn = release->fn = task_frees;
    reactor_post(r, task);
    reactor_release(r, release);
    sig->fn = signal_frees;
    cr_assert_eq(reactor_signal_start(r, sig, SIGHUP), 0);
    sim_raise(SIGHUP);
    wakeup->fn = wakeup_frees;
    cr_assert_eq(reactor_wakeup_start(r, wakeup), 0);
    reactor_wakeup_send(wakeup);
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "freed freed freed freed freed freed freed");
    world_end(r);
}

static void listener_frees(struct listener *l, int fd, const struct sockaddr *peer, socklen_t len)
{
    (void)peer;
    (void)len;
    sim_sys.close(fd);
    listener_stop(l);
    wreck(l, sizeof *l);
}

static void shed_frees(struct listener *l, int fd)
{
    (void)fd;
    listener_stop(l);
    wreck(l, sizeof *l);
}

static void start_listener(const struct listener_ops *ops)
{
    const struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(7)};
    struct listener *l = make(sizeof *l);
    r = world_begin(1);
    cr_assert_eq(listener_start(l, r, ops, (const struct sockaddr *)&addr, sizeof addr, 8), 0);
    (void)sim_connect(7);
    (void)sim_connect(7);
}

Test(promise_02, listener_frees_itself_while_accepting)
{
    static const struct listener_ops ops = {.name = "listener", .accepted = listener_frees};
    start_listener(&ops);
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "freed");
    world_end(r);
}

Test(promise_02, listener_frees_itself_while_shedding)
{
    static const struct listener_ops ops = {.name = "listener", .accepted = listener_frees, .shed = shed_frees};
    start_listener(&ops);
    sim_limit_fds(sim_open_fds());
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "freed");
    sim_limit_fds(SIM_FDS);
    world_end(r);
}

static enum conn_next finish_at_once(struct conn *c)
{
    (void)c;
    return CONN_FINISH;
}

static enum conn_next abort_at_once(struct conn *c)
{
    conn_wake(c);
    conn_touch(c);
    return CONN_ABORT;
}

static void conn_frees(struct conn *c, enum conn_reason why, int err)
{
    (void)why;
    (void)err;
    wreck(c, sizeof *c);
}

Test(promise_02, conn_frees_itself_when_closed)
{
    static const struct conn_ops finish = {.name = "conn", .serve = finish_at_once, .closed = conn_frees};
    static const struct conn_ops abort_ops = {.name = "conn", .serve = abort_at_once, .closed = conn_frees};
    static const struct conn_limits limits = {.input_max_bytes = 100, .idle_timeout_ns = 1000};
    int fd;
    struct sim_peer *peer;

    r = world_begin(1);
    peer = sim_socket(&fd);
    sim_peer_end(peer);
    cr_assert_eq(conn_start(make(sizeof(struct conn)), r, &finish, &limits, fd), 0);
    (void)sim_socket(&fd);
    cr_assert_eq(conn_start(make(sizeof(struct conn)), r, &abort_ops, &limits, fd), 0);
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "freed freed");
    world_end(r);
}
