/* Makes the sockets of all clients; what happens on them afterwards is a conn's business. */
#include "dial.h"

#include "reactor/sys.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

static socklen_t length(const struct sockaddr_storage *addr)
{
    return addr->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

/* Options that only make the load more exact: a failure is no reason not to connect. */
static int prepare(const struct reactor_sys *sys, int fd, const struct dial_config *c)
{
    int on = 1;
    sys->setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (c->receive_buffer_bytes > 0)
        sys->setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &c->receive_buffer_bytes, sizeof c->receive_buffer_bytes);
    if (c->source == NULL)
        return 0;
    /* The port is chosen by connect(2), when the kernel knows the destination: each source address then has its
     * whole range of ports for each server. */
    sys->setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    return sys->bind(fd, (const struct sockaddr *)c->source, length(c->source));
}

static void ready(struct reactor_fd *w, uint32_t events);

/* Begins with the address d->at.  0, or -1 with errno. */
static int begin(struct dial *d)
{
    const struct reactor_sys *sys = reactor_sys_of(d->reactor);
    const struct sockaddr_storage *to = &d->how.target[d->at];
    int fd = sys->socket(to->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    d->fd = fd;
    d->watcher.fn = ready;
    d->watcher.name = "dial";
    if (prepare(sys, fd, &d->how) == 0 &&
        (sys->connect(fd, (const struct sockaddr *)to, length(to)) == 0 || errno == EINPROGRESS) &&
        reactor_fd_start(d->reactor, &d->watcher, fd, EPOLLOUT) == 0)
        return 0;
    int err = errno;
    sys->close(fd);
    d->fd = -1;
    errno = err;
    return -1;
}

/* Begins with the next address that does not fail at once.  0, or -1 with errno (of the last one). */
static int begin_next(struct dial *d)
{
    while (d->tried < d->how.targets) {
        d->at = (d->how.first + d->tried++) % d->how.targets;
        if (begin(d) == 0)
            return 0;
    }
    return -1;
}

static void ready(struct reactor_fd *w, uint32_t events)
{
    (void)events;
    struct dial *d = (struct dial *)((char *)w - offsetof(struct dial, watcher));
    const struct reactor_sys *sys = reactor_sys_of(d->reactor);
    int err = 0, fd = d->fd;
    socklen_t len = sizeof err;
    if (sys->getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0)
        err = errno;
    reactor_fd_stop(w);
    d->fd = -1;
    if (err == 0) {
        d->done(d, fd, 0);
        return;
    }
    sys->close(fd);
    errno = err;
    if (begin_next(d) != 0)
        d->done(d, -1, errno);
}

int dial_start(struct dial *d, struct reactor *r, const struct dial_config *config)
{
    d->reactor = r;
    d->how = *config;
    d->tried = 0;
    return begin_next(d);
}

void dial_stop(struct dial *d)
{
    if (!reactor_fd_started(&d->watcher))
        return;
    reactor_fd_stop(&d->watcher);
    reactor_sys_of(d->reactor)->close(d->fd);
    d->fd = -1;
}

bool dial_skip(struct dial *d)
{
    dial_stop(d);
    return begin_next(d) == 0;
}
