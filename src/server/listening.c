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

/* Accepted sockets inherit all of these: no system call per connection. */
static const struct option {
    int level, name, value;
    bool optional; /* a system that does not have it, or a filter of system calls, serves all the same */
    const char *text;
} option_list[] = {
    {SOL_SOCKET, SO_REUSEADDR, 1, true, "SO_REUSEADDR"},
    {SOL_SOCKET, SO_OOBINLINE, 1, true, "SO_OOBINLINE"}, /* telnet's synch arrives in place */
    {IPPROTO_TCP, TCP_NODELAY, 1, true, "TCP_NODELAY"},
    {IPPROTO_TCP, TCP_NOTSENT_LOWAT, NOTSENT_LOWAT_BYTES, true, "TCP_NOTSENT_LOWAT"},
    {IPPROTO_IPV6, IPV6_V6ONLY, 1, false, "IPV6_V6ONLY"},
};

/* What could not be done, NULL: nothing; the reason is in errno. */
static const char *set_options(int fd, int family)
{
    for (size_t i = 0; i < sizeof option_list / sizeof *option_list; i++) {
        const struct option *o = &option_list[i];
        if ((o->level != IPPROTO_IPV6 || family == AF_INET6) &&
            setsockopt(fd, o->level, o->name, &o->value, sizeof o->value) < 0 && !o->optional)
            return o->text;
    }
    return NULL;
}

static const char *prepare_socket(int fd, const struct addrinfo *a)
{
    const char *failed = set_options(fd, a->ai_family);
    if (failed)
        return failed;
    if (bind(fd, a->ai_addr, a->ai_addrlen) < 0)
        return "bind";
    return listen(fd, BACKLOG) < 0 ? "listen" : NULL;
}

/* An address that this machine does not have at all is no reason to give up a name that has others. */
static bool absent_here(int err)
{
    return err == EAFNOSUPPORT || err == EADDRNOTAVAIL;
}

/* The same address asked for twice, under two names or as a name's and by itself, is listened on once. */
static bool is_taken(const struct listening *l, const struct addrinfo *a)
{
    for (unsigned i = 0; i < l->count; i++)
        if (memcmp(&l->asked[i], a->ai_addr, a->ai_addrlen) == 0)
            return true;
    return false;
}

/* NULL, or the name of what failed, with errno. */
static const char *add_address(struct listening *l, struct reactor *r, const struct listener_ops *ops,
                               const struct addrinfo *a)
{
    if (is_taken(l, a))
        return NULL;
    if (l->count == LISTENING_MAX) {
        errno = E2BIG;
        return "more addresses than there is room for";
    }
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return "socket";
    const char *failed = prepare_socket(fd, a);
    if (failed) {
        int saved = errno;
        close(fd);
        errno = saved;
        return failed;
    }
    if (listener_start_fd(&l->listener[l->count], r, ops, fd) < 0) { /* has closed it */
        int saved = errno;
        failed = access("/dev/null", R_OK) < 0 ? "/dev/null" : "epoll";
        errno = saved;
        return failed;
    }
    memcpy(&l->asked[l->count++], a->ai_addr, a->ai_addrlen);
    return NULL;
}

/* ---- names ---- */

static bool refuse_host(const char *host, const char *why, char reason[LISTENING_REASON_BYTES])
{
    snprintf(reason, LISTENING_REASON_BYTES, "cannot listen on %.100s: %s", host, why);
    return false;
}

/* What is looked up for host: an IPv6 address may stand in brackets, as the log writes it.  False with the reason. */
static bool bare_host(const char *host, char bare[NI_MAXHOST], struct addrinfo *hints,
                      char reason[LISTENING_REASON_BYTES])
{
    size_t len = strlen(host);
    if (strchr(host, '/'))
        return refuse_host(host, "--host takes a name, an IPv4 or an IPv6 address, not a path", reason);
    if (len >= NI_MAXHOST)
        return refuse_host(host, "no name is as long as that", reason);
    if (host[0] != '[') {
        memcpy(bare, host, len + 1);
        return true;
    }
    if (host[len - 1] != ']' || !strchr(host, ':'))
        return refuse_host(host, "brackets go round a whole IPv6 address, like [::1]; the port is --port's", reason);
    memcpy(bare, host + 1, len - 2);
    bare[len - 2] = '\0';
    hints->ai_family = AF_INET6;
    hints->ai_flags |= AI_NUMERICHOST;
    return true;
}

/* "127.0.0.1:80": the usual mistake, which the resolver takes for a name. */
static bool has_port(const char *host)
{
    const char *colon = strchr(host, ':');
    return colon && !strchr(colon + 1, ':') && colon[1] && colon[1 + strspn(colon + 1, "0123456789")] == '\0';
}

static const char *lookup_failure(int err, const char *host)
{
    if (has_port(host))
        return "the port is --port's";
    return err == EAI_SYSTEM ? strerror(errno) : gai_strerror(err);
}

bool listening_add(struct listening *l, struct reactor *r, const struct listener_ops *ops, const char *host,
                   uint16_t port, char reason[LISTENING_REASON_BYTES])
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char service[8], bare[NI_MAXHOST];
    snprintf(service, sizeof service, "%u", (unsigned)port);
    if (!bare_host(host, bare, &hints, reason))
        return false;
    int err = getaddrinfo(bare, service, &hints, &found);
    if (err != 0)
        return refuse_host(host, lookup_failure(err, host), reason);
    unsigned had = l->count;
    int failed = 0;
    const char *what = NULL;
    for (const struct addrinfo *a = found; a; a = a->ai_next) {
        const char *step = add_address(l, r, ops, a);
        if (step && (failed == 0 || absent_here(failed))) {
            failed = errno;
            what = step;
        }
    }
    freeaddrinfo(found);
    if (failed == 0 || (absent_here(failed) && l->count > had))
        return true;
    snprintf(reason, LISTENING_REASON_BYTES, "cannot listen on %.100s port %u: %s: %s", host, (unsigned)port, what,
             strerror(failed));
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
