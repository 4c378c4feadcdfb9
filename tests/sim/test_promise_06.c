/* Promise 6: what is armed or posted during a turn runs in the next one at the earliest. */
#include "world.h"

#include <criterion/criterion.h>
#include <sys/epoll.h>

static struct reactor *r;
static struct reactor_fd fd;
static struct reactor_timer timer;
static struct reactor_task task, release;

/* Each callback starts all the others, so that in each phase something is
 * started for an earlier phase, the same one, and later ones. */
static void start_all(const char *name)
{
    record(name);
    if (reactor_stats(r)->turns > 3)
        return;
    reactor_fd_again(&fd);
    if (!reactor_timer_armed(&timer))
        reactor_timer_start(r, &timer, 0); /* long due */
    reactor_post(r, &task);
}

static void on_fd(struct reactor_fd *w, uint32_t events)
{
    (void)w;
    (void)events;
    start_all("fd");
}

static void on_timer(struct reactor_timer *t)
{
    (void)t;
    start_all("timer");
}

static void on_task(struct reactor_task *t)
{
    (void)t;
    start_all("task");
}

static void on_release(struct reactor_task *t)
{
    record("release");
    if (reactor_stats(r)->turns <= 3)
        reactor_release(r, t);
}

Test(promise_06, what_a_callback_starts_runs_in_the_next_turn)
{
    int number;
    r = world_begin(1);
    (void)sim_socket(&number);
    fd = (struct reactor_fd){.fn = on_fd};
    timer = (struct reactor_timer){.fn = on_timer};
    task = (struct reactor_task){.fn = on_task};
    release = (struct reactor_task){.fn = on_release};
    cr_assert_eq(reactor_fd_start(r, &fd, number, EPOLLIN), 0);
    reactor_fd_again(&fd);
    reactor_release(r, &release);
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "fd release");
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "fd timer task release");
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "fd timer task release");
    reactor_fd_stop(&fd);
    sim_sys.close(number);
    while (reactor_turn(r, 0) > 0)
        ;
    world_end(r);
}

static void once(struct reactor_task *t)
{
    (void)t;
    record("once");
}

Test(promise_06, posting_twice_runs_once)
{
    r = world_begin(1);
    task = (struct reactor_task){.fn = once};
    reactor_post(r, &task);
    reactor_post(r, &task);
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "once");
    world_end(r);
}

/* A number whose old watcher's request is still in the list of this turn gets a
 * new watcher, which asks at once: that is a request of this turn. */
static struct reactor_fd second;

static void replace_second(struct reactor_fd *w, uint32_t events)
{
    (void)w;
    (void)events;
    record("first");
    if (reactor_stats(r)->turns > 1)
        return;
    reactor_fd_stop(&second);
    cr_assert_eq(reactor_fd_start(r, &second, second.fd, EPOLLIN), 0);
    reactor_fd_again(&second);
}

static void note_second(struct reactor_fd *w, uint32_t events)
{
    (void)w;
    (void)events;
    record("second");
}

Test(promise_06, a_request_to_be_seen_again_is_not_served_on_a_predecessors_place)
{
    int number;
    r = world_begin(1);
    (void)sim_socket(&number);
    fd = (struct reactor_fd){.fn = replace_second};
    cr_assert_eq(reactor_fd_start(r, &fd, number, EPOLLIN), 0);
    (void)sim_socket(&number);
    second = (struct reactor_fd){.fn = note_second};
    cr_assert_eq(reactor_fd_start(r, &second, number, EPOLLIN), 0);
    reactor_fd_again(&fd);
    reactor_fd_again(&second);
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "first");
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "second");
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "");
    reactor_fd_stop(&fd);
    reactor_fd_stop(&second);
    sim_sys.close(fd.fd);
    sim_sys.close(second.fd);
    world_end(r);
}

/* An event answers the request; asking once more afterwards counts. */
static void ask_once_more(struct reactor_fd *w, uint32_t events)
{
    record(events ? "event" : "again");
    if (events) {
        reactor_fd_modify(w, 0);
        reactor_fd_again(w);
    }
}

Test(promise_06, an_event_answers_a_request_to_be_seen_again)
{
    struct sim_peer *peer;
    int number;
    r = world_begin(1);
    peer = sim_socket(&number);
    fd = (struct reactor_fd){.fn = ask_once_more};
    cr_assert_eq(reactor_fd_start(r, &fd, number, EPOLLIN), 0);
    reactor_fd_again(&fd);
    sim_peer_send(peer, "x", 1);
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "event");
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "again");
    reactor_turn(r, 0);
    cr_expect_str_eq(recorded(), "");
    reactor_fd_stop(&fd);
    sim_sys.close(fd.fd);
    world_end(r);
}
