/* Listening sockets: accepts in batches, sheds at the descriptor limit, pauses
 * when the kernel is short; on top of the loop, beside conn.
 */
#include "internal.h"

#include "reactor/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

enum {
    /* Newcomers taken in one turn: enough to empty a burst quickly, few
     * enough (about 64 x 10 us, and no more than its share of the turn) that established clients do
     * not wait for it. */
    ACCEPTS_PER_TURN = 64,
    ACCEPTS_PER_LOOK = 8, /* between two looks at the clock */
    RETRY_NS = 100000000  /* 100 ms: ten tries a second cost nothing, and nobody notices the delay */
};

/* What an errno of accept4(2) means for the listener. */
enum accept_outcome {
    ACCEPT_NONE,  /* nobody is waiting */
    ACCEPT_NEXT,  /* that one has gone, or a firewall took it: try the next */
    ACCEPT_LIMIT, /* no descriptor left */
    ACCEPT_PAUSE  /* no memory left, or nothing we know: not now */
};

static enum accept_outcome accept_outcome(int err)
{
    switch (err) {
    case EAGAIN: return ACCEPT_NONE;
    case EINTR:
    case ECONNABORTED:
    case EPERM:
    case EPROTO:
    case ENOPROTOOPT:
    case EOPNOTSUPP:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET: /* accept(2): pending network errors of the newcomer's socket */ return ACCEPT_NEXT;
    case EMFILE:
    case ENFILE: return ACCEPT_LIMIT;
    default: return ACCEPT_PAUSE;
    }
}

static void drop_spare(struct listener *l)
{
    if (l->spare_fd >= 0)
        l->reactor->sys->close(l->spare_fd);
    l->spare_fd = -1;
}

static void pause_accepting(struct listener *l, int err)
{
    struct reactor *r = l->reactor;
    /* Level-triggered readiness would wake the loop for ever. */
    (void)reactor_fd_modify(&l->watcher, 0);
    l->pausing = true;
    l->stats.pauses++;
    reactor_timer_start(r, &l->retry, r->now_ns + RETRY_NS);
    if (l->ops->paused)
        l->ops->paused(l, err);
}

/* At the descriptor limit: takes one newcomer with the spare's place, tells it,
 * closes it.  Afterwards the spare is back, or accepting pauses.  False:
 * nobody was waiting, the listener has gone or is paused. */
static bool shed_one(struct listener *l, int err)
{
    const struct reactor_sys *sys = l->reactor->sys;
    bool gone = false, *outer = l->gone;
    enum accept_outcome outcome;
    int fd;

    drop_spare(l);
    fd = sys->accept4(l->watcher.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    outcome = fd >= 0 ? ACCEPT_NEXT : accept_outcome(errno);
    if (fd >= 0) {
        l->stats.shed++;
        l->gone = &gone;
        if (l->ops->shed)
            l->ops->shed(l, fd);
        sys->close(fd);
        if (gone) {
            *outer = true;
            return false;
        }
        l->gone = outer;
    }
    l->spare_fd = sys->open_null();
    /* Without a spare, or when somebody else was quicker to take its place, trying
     * again at once would spin. */
    if (l->spare_fd < 0 || outcome == ACCEPT_LIMIT || outcome == ACCEPT_PAUSE) {
        pause_accepting(l, err);
        return false;
    }
    return outcome == ACCEPT_NEXT;
}

/* Accepts one newcomer; false: enough for now. */
static bool accept_one(struct listener *l)
{
    struct sockaddr_storage peer;
    socklen_t len = sizeof peer;
    int fd = l->reactor->sys->accept4(l->watcher.fd, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd >= 0) {
        l->stats.accepted++;
        l->ops->accepted(l, fd, (const struct sockaddr *)&peer, len);
        return true;
    }
    switch (accept_outcome(errno)) {
    case ACCEPT_NONE: return false;
    case ACCEPT_NEXT: return true;
    case ACCEPT_LIMIT: return shed_one(l, errno);
    case ACCEPT_PAUSE: break;
    }
    pause_accepting(l, errno);
    return false;
}

/* Whether one more may be accepted in this turn, after so many. */
static bool may_accept(const struct listener *l, unsigned tries)
{
    return tries < ACCEPTS_PER_TURN && !(tries % ACCEPTS_PER_LOOK == 0 && reactor_share_over(l->reactor));
}

static void listener_ready(struct reactor_fd *w, uint32_t events)
{
    struct listener *l = CONTAINER(w, struct listener, watcher);
    bool gone = false;
    uint64_t taken_before = l->stats.accepted + l->stats.shed;
    unsigned tries = 0;
    bool more;
    (void)events;
    l->gone = &gone;
    /* Whoever is left over keeps the descriptor ready for the next turn. */
    do
        more = accept_one(l) && !gone;
    while (more && may_accept(l, ++tries));
    if (gone)
        return;
    l->gone = NULL;
    /* An errno that should be one newcomer's misfortune, and comes at each call (a filter of system calls
     * that says EPERM), would keep the loop spinning. */
    if (more && l->stats.accepted + l->stats.shed == taken_before)
        pause_accepting(l, errno);
}

static void listener_retry(struct reactor_timer *t)
{
    struct listener *l = CONTAINER(t, struct listener, retry);
    if (l->spare_fd < 0)
        l->spare_fd = l->reactor->sys->open_null();
    if (l->spare_fd < 0 || reactor_fd_modify(&l->watcher, EPOLLIN) < 0) {
        reactor_timer_start(l->reactor, t, l->reactor->now_ns + RETRY_NS);
        return;
    }
    l->pausing = false;
    if (l->ops->paused)
        l->ops->paused(l, 0);
}

static int start(struct listener *l, struct reactor *r, const struct listener_ops *ops, int fd)
{
    memset(l, 0, sizeof *l);
    l->ops = ops;
    l->watcher.fn = listener_ready;
    l->watcher.name = ops->name;
    l->retry.fn = listener_retry;
    l->retry.name = ops->name;
    l->spare_fd = r->sys->open_null();
    if (l->spare_fd < 0)
        return -1;
    l->reactor = r;
    if (reactor_fd_start_as(r, &l->watcher, fd, EPOLLIN, FD_FIRST) == 0)
        return 0;
    int saved = errno;
    drop_spare(l);
    l->reactor = NULL;
    errno = saved;
    return -1;
}

static int set_option(struct reactor *r, int fd, int level, int name)
{
    const int on = 1;
    return r->sys->setsockopt(fd, level, name, &on, sizeof on);
}

int listener_start_fd(struct listener *l, struct reactor *r, const struct listener_ops *ops, int fd)
{
    int saved;
    if (r->sys->set_nonblock(fd) == 0 && start(l, r, ops, fd) == 0) {
        (void)set_option(r, fd, IPPROTO_TCP, TCP_NODELAY); /* as in prepare(); AF_UNIX has no such thing */
        return 0;
    }
    saved = errno;
    r->sys->close(fd);
    memset(l, 0, sizeof *l);
    errno = saved;
    return -1;
}

static int prepare(struct reactor *r, int fd, const struct sockaddr *addr, socklen_t len, int backlog)
{
    bool inet = addr->sa_family == AF_INET || addr->sa_family == AF_INET6;
    /* A server that is restarted must not wait for old connections to time out.  Where it cannot be set,
     * bind(2) has the last word. */
    if (inet)
        (void)set_option(r, fd, SOL_SOCKET, SO_REUSEADDR);
    /* Else [::] and 0.0.0.0 could not both be asked for, and [::] would let in more than it says. */
    if (addr->sa_family == AF_INET6 && set_option(r, fd, IPPROTO_IPV6, IPV6_V6ONLY) < 0)
        return -1;
    /* Set here and inherited: one call less for each connection.  Answers leave whole, so
     * Nagle's delay could only hurt; without it (not every kernel and filter allows it) they are late, not lost. */
    if (inet)
        (void)set_option(r, fd, IPPROTO_TCP, TCP_NODELAY);
    if (r->sys->bind(fd, addr, len) < 0)
        return -1;
    return r->sys->listen(fd, backlog);
}

int listener_start(struct listener *l, struct reactor *r, const struct listener_ops *ops, const struct sockaddr *addr,
                   socklen_t len, int backlog)
{
    int fd = r->sys->socket(addr->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int saved;

    memset(l, 0, sizeof *l);
    if (fd < 0)
        return -1;
    if (prepare(r, fd, addr, len, backlog) == 0 && start(l, r, ops, fd) == 0)
        return 0;
    saved = errno;
    r->sys->close(fd);
    errno = saved;
    return -1;
}

void listener_stop(struct listener *l)
{
    struct reactor *r = l->reactor;
    int fd = l->watcher.fd;

    if (!r)
        return;
    if (l->gone)
        *l->gone = true;
    l->gone = NULL;
    reactor_timer_stop(r, &l->retry);
    reactor_fd_stop(&l->watcher);
    drop_spare(l);
    l->reactor = NULL;
    r->sys->close(fd);
}

int listener_address(const struct listener *l, struct sockaddr_storage *addr, socklen_t *len)
{
    if (!l->reactor) {
        errno = EBADF;
        return -1;
    }
    *len = sizeof *addr;
    return l->reactor->sys->getsockname(l->watcher.fd, (struct sockaddr *)addr, len);
}
