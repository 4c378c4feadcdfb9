/* How the simulator finds a bug, on one that is planted.
 *
 * A little server on a bare descriptor sends its replies with send(2).  In the
 * careless version it takes for granted that send() takes everything, so the rest of a reply is
 * lost when the socket's buffer has room for a part only.  On a desk that
 * never happens: replies are short and clients read.  The simulator cuts sends at random,
 * by a seed: some seed shows it, and that seed shows it every time.
 */
#include "check.h"
#include "reactor/reactor.h"
#include "sim.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/epoll.h>

enum {
    REQUESTS = 20,
    SEEDS = 100
};

#define NONE UINT64_MAX

struct session {
    struct reactor_fd watcher;
    int fd;
    bool careful;
    char unsent[4096]; /* what the careful version keeps */
    size_t unsent_bytes;
};

static void flush(struct session *s)
{
    ssize_t n = sim_sys.send(s->fd, s->unsent, s->unsent_bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0) {
        s->unsent_bytes -= (size_t)n;
        memmove(s->unsent, s->unsent + n, s->unsent_bytes);
    }
    if (!s->careful)
        s->unsent_bytes = 0; /* the bug: "it has been sent" */
    reactor_fd_modify(&s->watcher, s->unsent_bytes > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/* Answers each LF with "pong" and LF. */
static void on_ready(struct reactor_fd *w, uint32_t events)
{
    struct session *s = REACTOR_OWNER(w, struct session, watcher);
    char input[64];
    ssize_t n = events & EPOLLIN ? sim_sys.recv(s->fd, input, sizeof input, MSG_DONTWAIT) : 0;
    for (ssize_t i = 0; i < n; i++) {
        if (input[i] != '\n')
            continue;
        memcpy(s->unsent + s->unsent_bytes, "pong\n", 5);
        s->unsent_bytes += 5;
    }
    flush(s);
}

/* One run of the server in the world of this seed: does its client hear all it should? */
static bool all_answered(uint64_t seed, bool careful)
{
    static const struct sim_faults cut_sends = {.short_send = 5};
    struct session s = {.watcher = {.fn = on_ready, .name = "session"}, .careful = careful};
    struct reactor_config config = {.sys = &sim_sys};

    sim_begin(seed);
    sim_set_faults(&cut_sends);
    struct reactor *r = reactor_new(&config);
    struct sim_peer *peer = sim_socket(&s.fd);
    sim_peer_read_all(peer);
    if (r == NULL || reactor_fd_start(r, &s.watcher, s.fd, EPOLLIN) != 0)
        abort();
    for (int i = 0; i < REQUESTS; i++) {
        sim_peer_send(peer, "ping\n", 5);
        sim_run(r, 100);
    }
    bool all = sim_peer_len(peer) == REQUESTS * strlen("pong\n");
    reactor_fd_stop(&s.watcher);
    sim_sys.close(s.fd);
    reactor_free(r);
    sim_end();
    return all;
}

/* The first seed of SEEDS that shows the bug, or NONE. */
static uint64_t first_failure(bool careful)
{
    uint64_t first = sim_seed(0);
    for (uint64_t seed = first; seed < first + SEEDS; seed++)
        if (!all_answered(seed, careful))
            return seed;
    return NONE;
}

static void the_bug_is_found_and_its_seed_repeats_it(void)
{
    uint64_t seed = first_failure(false);
    CHECK(seed != NONE);
    printf("     (a reply is lost with SEED=%" PRIu64 ")\n", seed);
    for (int i = 0; i < 3; i++)
        CHECK(!all_answered(seed, false));
}

static void the_careful_version_has_no_such_seed(void)
{
    CHECK(first_failure(true) == NONE);
}

int main(void)
{
    RUN(the_bug_is_found_and_its_seed_repeats_it);
    RUN(the_careful_version_has_no_such_seed);
    return check_end();
}
