/* listening.c - makes the server's listening sockets, with the options their connections inherit. */
#include "listening.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Connections that may wait to be accepted: a burst of newcomers, not a queue
 * for a service that is slow.  The kernel caps it at net.core.somaxconn. */
enum {
    BACKLOG = 4096
};

/* Output that may wait unsent in the kernel before it takes no more: what an
 * interrupt cannot call back.  Without a bound `cjk` costs two thirds of the
 * floor's CPU, with 1 MiB as much as the floor, with 256 KiB a fifth more (make bench BENCH_CASES=cjk). */
enum {
    NOTSENT_LOWAT_BYTES = 1024 * 1024
};

static int set_options(int fd, int family)
{
    int on = 1, lowat = NOTSENT_LOWAT_BYTES;
    /* Accepted sockets inherit all of these: no system call per connection. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof on) < 0 || /* telnet's synch arrives in place */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &lowat, sizeof lowat) < 0)
        return -1;
    return family == AF_INET6 ? setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) : 0;
}

static int open_socket(const struct addrinfo *a)
{
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (set_options(fd, a->ai_family) < 0 || bind(fd, a->ai_addr, a->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

/* An address that this machine does not have at all is no reason to give up a name that has others. */
static bool absent_here(int err)
{
    return err == EAFNOSUPPORT || err == EADDRNOTAVAIL;
}

static bool add_address(struct listening *l, struct reactor *r, const struct listener_ops *ops,
                        const struct addrinfo *a)
{
    if (l->count == LISTENING_MAX) {
        errno = ENOBUFS;
        return false;
    }
    int fd = open_socket(a);
    if (fd < 0 || listener_start_fd(&l->listener[l->count], r, ops, fd) < 0)
        return false;
    l->count++;
    return true;
}

bool listening_add(struct listening *l, struct reactor *r, const struct listener_ops *ops, const char *host,
                   uint16_t port, char reason[256])
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char service[8];
    snprintf(service, sizeof service, "%u", (unsigned)port);
    int err = getaddrinfo(host, service, &hints, &found);
    if (err != 0) {
        snprintf(reason, 256, "cannot listen on %s: %s", host, gai_strerror(err));
        return false;
    }
    unsigned had = l->count;
    int failed = 0;
    for (const struct addrinfo *a = found; a; a = a->ai_next)
        if (!add_address(l, r, ops, a) && (failed == 0 || absent_here(failed)))
            failed = errno;
    freeaddrinfo(found);
    if (failed == 0 || (absent_here(failed) && l->count > had))
        return true;
    snprintf(reason, 256, "cannot listen on %s port %u: %s", host, (unsigned)port, strerror(failed));
    return false;
}

void listening_stop(struct listening *l)
{
    for (unsigned i = 0; i < l->count; i++)
        listener_stop(&l->listener[i]);
    l->count = 0;
}

void listening_text(const struct listener *l, char out[LISTENING_TEXT_BYTES])
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    char host[NI_MAXHOST], service[NI_MAXSERV];
    if (listener_address(l, &address, &len) < 0 ||
        getnameinfo((struct sockaddr *)&address, len, host, sizeof host, service, sizeof service,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        snprintf(out, LISTENING_TEXT_BYTES, "an address unknown");
        return;
    }
    snprintf(out, LISTENING_TEXT_BYTES, address.ss_family == AF_INET6 ? "[%.60s]:%.8s" : "%.60s:%.8s", host, service);
}
