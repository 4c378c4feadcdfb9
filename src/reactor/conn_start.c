/* How conns begin: on a connected socket, on two descriptors, or by
 * connecting.  Whatever fails leaves nothing behind.
 */
#include "conn_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24 /* Linux 4.2; not in every libc */
#endif

/* Everything a conn ever waits for; edges, so that it need not be changed. */
#define CONN_EVENTS_IN   (EPOLLIN | EPOLLRDHUP | EPOLLPRI | EPOLLET)
#define CONN_EVENTS_OUT  (EPOLLOUT | EPOLLET)
#define CONN_EVENTS_BOTH (CONN_EVENTS_IN | EPOLLOUT)

static void in_ready(struct reactor_fd *w, uint32_t events)
{
    conn_ready(CONTAINER(w, struct conn, in), events);
}

static void out_ready(struct reactor_fd *w, uint32_t events)
{
    conn_ready(CONTAINER(w, struct conn_split, out)->conn, events);
}

static void init(struct conn *c, const struct conn_ops *ops, const struct conn_limits *limits)
{
    memset(c, 0, sizeof *c);
    c->ops = ops;
    c->limits = limits;
    c->in.fn = in_ready;
    c->in.name = ops->name;
    c->timer.fn = conn_timer_fired;
    c->timer.name = ops->name;
}

/* Closes what was handed to a start function that failed. */
static int give_up(struct reactor *r, int in_fd, int out_fd)
{
    int saved = errno;
    r->sys->close(in_fd);
    if (out_fd != in_fd)
        r->sys->close(out_fd);
    errno = saved;
    return -1;
}

/* Watches a socket that serves both ways; c owns it, also on failure. */
static int watch(struct conn *c, struct reactor *r, int fd)
{
    if (conn_pool_prepare(r, c->limits->input_max_bytes) < 0 || reactor_fd_start(r, &c->in, fd, CONN_EVENTS_BOTH) < 0)
        return give_up(r, fd, fd);
    return 0;
}

int conn_start(struct conn *c, struct reactor *r, const struct conn_ops *ops, const struct conn_limits *limits, int fd)
{
    init(c, ops, limits);
    if (watch(c, r, fd) < 0)
        return -1;
    conn_set_phase(c, CONN_OPEN);
    conn_begin(c);
    return 0;
}

static int start_watchers(struct conn *c, struct reactor *r, int in_fd, struct conn_split *split)
{
    bool one = in_fd == split->out_fd;

    if (reactor_fd_start(r, &c->in, in_fd, one ? CONN_EVENTS_BOTH : CONN_EVENTS_IN) < 0)
        return -1;
    if (one || reactor_fd_start(r, &split->out, split->out_fd, CONN_EVENTS_OUT) == 0)
        return 0;
    int saved = errno;
    reactor_fd_stop(&c->in);
    errno = saved;
    return -1;
}

int conn_start_pair(struct conn *c, struct reactor *r, const struct conn_ops *ops, const struct conn_limits *limits,
                    int in_fd, int out_fd)
{
    struct conn_split *split;

    init(c, ops, limits);
    if (conn_pool_prepare(r, limits->input_max_bytes) < 0)
        return give_up(r, in_fd, out_fd);
    split = r->sys->alloc_zeroed(sizeof *split);
    if (!split)
        return give_up(r, in_fd, out_fd);
    split->conn = c;
    split->out.fn = out_ready;
    split->out.name = ops->name;
    split->out_fd = out_fd;
    split->in_access = r->sys->unshare(in_fd);
    split->out_access = in_fd == out_fd ? split->in_access : r->sys->unshare(out_fd);
    if (start_watchers(c, r, in_fd, split) < 0) {
        int saved = errno;
        r->sys->free(split);
        errno = saved;
        return give_up(r, in_fd, out_fd);
    }
    c->split = split;
    conn_set_phase(c, CONN_OPEN);
    conn_begin(c);
    return 0;
}

/* What stands before connect(2).  0, or -1 with errno. */
static int prepare(const struct reactor_sys *sys, int fd, int family, const struct conn_connect_options *how)
{
    const int on = 1;
    bool inet = family == AF_INET || family == AF_INET6;

    if (inet) /* without it requests may be late, no more */
        (void)sys->setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (how && how->receive_buffer_bytes > 0)
        (void)sys->setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &how->receive_buffer_bytes, sizeof how->receive_buffer_bytes);
    if (!how || !how->source)
        return 0;
    if (inet) /* without it there are fewer ports */
        (void)sys->setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    return sys->bind(fd, how->source, how->source_len);
}

int conn_connect(struct conn *c, struct reactor *r, const struct conn_ops *ops, const struct conn_limits *limits,
                 const struct sockaddr *addr, socklen_t addr_len, const struct conn_connect_options *options)
{
    int fd = r->sys->socket(addr->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (prepare(r->sys, fd, addr->sa_family, options) < 0 ||
        (r->sys->connect(fd, addr, addr_len) < 0 && errno != EINPROGRESS))
        return give_up(r, fd, fd);
    init(c, ops, limits);
    /* Registered only now: an unconnected socket reports a hang-up. */
    if (watch(c, r, fd) < 0)
        return -1;
    conn_begin(c);
    return 0;
}
