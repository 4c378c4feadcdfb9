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
    if (err != 0) {
        sys->close(fd);
        fd = -1;
    }
    d->done(d, fd, err);
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
    socklen_t len = c->source->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    return sys->bind(fd, (const struct sockaddr *)c->source, len);
}

int dial_start(struct dial *d, struct reactor *r, const struct dial_config *config)
{
    const struct reactor_sys *sys = reactor_sys_of(r);
    int fd = sys->socket(config->target->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    d->reactor = r;
    d->fd = fd;
    d->watcher.fn = ready;
    d->watcher.name = "dial";
    if (prepare(sys, fd, config) == 0 &&
        (sys->connect(fd, (const struct sockaddr *)config->target, config->target_len) == 0 || errno == EINPROGRESS) &&
        reactor_fd_start(r, &d->watcher, fd, EPOLLOUT) == 0)
        return 0;
    int err = errno;
    sys->close(fd);
    d->fd = -1;
    errno = err;
    return -1;
}

void dial_stop(struct dial *d)
{
    if (!reactor_fd_started(&d->watcher))
        return;
    reactor_fd_stop(&d->watcher);
    reactor_sys_of(d->reactor)->close(d->fd);
    d->fd = -1;
}
