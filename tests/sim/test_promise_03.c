/* Promise 3: an event of a closed descriptor is never delivered to the next
 * user of its number.
 */
#include "world.h"

#include <criterion/criterion.h>
#include <sys/epoll.h>

static struct reactor *r;
static struct reactor_fd first, second, successor;

static void successor_ready(struct reactor_fd *w, uint32_t events)
{
    (void)w;
    (void)events;
    record("successor");
}

/* Closes the other one, whose event is fetched already, and takes over its number. */
static void replace_other(struct reactor_fd *w, uint32_t events)
{
    struct reactor_fd *other = w == &first ? &second : &first;
    int old = other->fd, fd;
    (void)events;
    record("first");
    reactor_fd_stop(other);
    sim_sys.close(old);
    (void)sim_socket(&fd);
    cr_assert_eq(fd, old, "the number is used again");
    successor = (struct reactor_fd){.fn = successor_ready, .name = "successor"};
    cr_assert_eq(reactor_fd_start(r, &successor, fd, EPOLLIN), 0);
    reactor_fd_stop(w);
}

Test(promise_03, fetched_event_does_not_reach_the_next_user_of_the_number)
{
    int fd;
    r = world_begin(1);
    first = second = (struct reactor_fd){.fn = replace_other, .name = "first"};
    sim_peer_send(sim_socket(&fd), "x", 1);
    cr_assert_eq(reactor_fd_start(r, &first, fd, EPOLLIN), 0);
    sim_peer_send(sim_socket(&fd), "x", 1);
    cr_assert_eq(reactor_fd_start(r, &second, fd, EPOLLIN), 0);
    sim_run(r, 10);
    cr_expect_str_eq(recorded(), "first");
    cr_expect_eq(reactor_stats(r)->stale_events, 1);
    sim_sys.close(first.fd);
    reactor_fd_stop(&successor);
    sim_sys.close(successor.fd);
    world_end(r);
}

/* The same at random: many numbers, changing hands inside callbacks; each
 * watcher must only see readiness that its own peer has caused. */
enum {
    WATCHERS = 20
};
static struct owned {
    struct reactor_fd w;
    struct sim_peer *peer;
    bool expecting;
} owned[WATCHERS];

static void own_ready(struct reactor_fd *w, uint32_t events);

static void renew(struct owned *o)
{
    int fd;
    o->peer = sim_socket(&fd);
    o->expecting = false;
    o->w = (struct reactor_fd){.fn = own_ready, .name = "owned"};
    cr_assert_eq(reactor_fd_start(r, &o->w, fd, EPOLLIN), 0);
}

static void drop(struct owned *o)
{
    reactor_fd_stop(&o->w);
    sim_sys.close(o->w.fd);
}

static void own_ready(struct reactor_fd *w, uint32_t events)
{
    struct owned *o = (struct owned *)w;
    unsigned other = (unsigned)sim_random_below(WATCHERS);
    (void)events;
    cr_assert(o->expecting, "an event that belongs to somebody else (seed %lu)", (unsigned long)sim_seed(7));
    drop(o);
    drop(&owned[(unsigned)(o - owned) == other ? (other + 1) % WATCHERS : other]);
    renew(&owned[(unsigned)(o - owned) == other ? (other + 1) % WATCHERS : other]);
    renew(o);
}

Test(promise_03, numbers_changing_hands_at_random)
{
    r = world_begin(sim_seed(7));
    for (unsigned i = 0; i < WATCHERS; i++)
        renew(&owned[i]);
    for (unsigned turn = 0; turn < 2000; turn++) {
        for (unsigned n = 0; n < 6; n++) {
            struct owned *o = &owned[sim_random_below(WATCHERS)];
            sim_peer_send(o->peer, "x", 1);
            o->expecting = true;
        }
        reactor_turn(r, 0);
    }
    cr_expect_gt(reactor_stats(r)->stale_events, 100, "the test meant to cause stale events");
    for (unsigned i = 0; i < WATCHERS; i++)
        drop(&owned[i]);
    world_end(r);
}
