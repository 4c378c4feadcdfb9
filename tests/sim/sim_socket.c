/* The sockets of the simulated world as the program sees them: system calls. */
#include "sim_internal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

enum {
    EPHEMERAL_PORT = 40000 /* what bind to port 0 gets, and up */
};

/* ---- system calls ---- */

int sim_sys_socket(int domain, int type, int protocol)
{
    (void)domain;
    (void)type;
    (void)protocol;
    return sim_fails(SIM_SOCKET) ? -1 : sim_new_fd(SIM_KIND_SOCKET);
}

int sim_sys_bind(int fd, const struct sockaddr *addr, socklen_t len)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)addr;
    static unsigned short ephemeral;
    (void)len;
    sim_get(fd, SIM_KIND_SOCKET)->port = ntohs(in->sin_port);
    if (in->sin_port == 0)
        sim.files[fd].port = (unsigned short)(EPHEMERAL_PORT + ephemeral++ % 1000);
    if (sim_listener_on(sim.files[fd].port) >= 0) {
        errno = EADDRINUSE;
        return -1;
    }
    return 0;
}

int sim_sys_listen(int fd, int backlog)
{
    (void)backlog;
    sim_get(fd, SIM_KIND_SOCKET)->kind = SIM_KIND_LISTENER;
    return 0;
}

int sim_sys_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
    struct sim_file *file = sim_get(fd, SIM_KIND_SOCKET);
    (void)addr;
    (void)len;
    sim_peer_attach(sim_peer_new(), fd);
    file->peer->connecting = true;
    errno = EINPROGRESS;
    return -1;
}

/* The peer that has waited longest on that port. */
static struct sim_peer *first_pending(unsigned short port)
{
    struct sim_peer *first = NULL;
    for (struct sim_peer *peer = sim.peers; peer; peer = peer->next)
        if (peer->port == port)
            first = peer;
    return first;
}

bool sim_has_pending(unsigned short port)
{
    return first_pending(port) != NULL;
}

int sim_sys_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
    const struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sim_file *listener = sim_get(fd, SIM_KIND_LISTENER);
    struct sim_peer *peer;
    int new_fd;

    (void)flags;
    if (sim_fails(SIM_ACCEPT) || sim_fault(sim.faults.interrupted, EINTR) || sim_fault(sim.faults.no_buffers, ENOBUFS))
        return -1;
    new_fd = sim_new_fd(SIM_KIND_SOCKET); /* EMFILE comes first, also with nobody waiting */
    if (new_fd < 0)
        return -1;
    peer = first_pending(listener->port);
    if (!peer) {
        sim.files[new_fd].kind = SIM_KIND_FREE;
        errno = EAGAIN;
        return -1;
    }
    sim_peer_attach(peer, new_fd);
    if (addr && len) {
        memcpy(addr, &from, *len < sizeof from ? *len : sizeof from);
        *len = sizeof from;
    }
    return new_fd;
}

int sim_sys_getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
    struct sim_file *file = sim_get(fd, SIM_KIND_SOCKET);
    int result = 0;
    if (sim_fails(SIM_GETSOCKOPT))
        return -1;
    if (level == SOL_SOCKET && name == SO_ERROR && file->peer) {
        result = file->peer->error;
        file->peer->error = 0;
    }
    memcpy(value, &result, sizeof result);
    *len = sizeof result;
    return 0;
}

int sim_sys_setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    (void)value;
    (void)len;
    if (sim_fails(SIM_SETSOCKOPT))
        return -1;
    if (level == IPPROTO_TCP && name == TCP_NODELAY)
        sim.files[fd].no_delay = true;
    return 0;
}

bool sim_has_no_delay(int fd)
{
    return sim.files[fd].no_delay;
}

int sim_sys_getsockname(int fd, struct sockaddr *addr, socklen_t *len)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons(sim_get(fd, SIM_KIND_LISTENER)->port)};
    memcpy(addr, &in, *len < sizeof in ? *len : sizeof in);
    *len = sizeof in;
    return 0;
}

int sim_sys_shutdown(int fd, int how)
{
    struct sim_peer *peer = sim_get(fd, SIM_KIND_SOCKET)->peer;
    if (sim_fails(SIM_SHUTDOWN))
        return -1;
    if (!peer || peer->dead) {
        errno = ENOTCONN;
        return -1;
    }
    if (how != SHUT_RD)
        peer->shut = true;
    sim_edge(fd);
    return 0;
}

/* A write took less than it was given.  Room will be an edge: at once when there is some (it came right
 * after the call), else when the peer has read; never lost, whatever is read or written in between. */
static void found_no_space(int fd, struct sim_peer *peer)
{
    peer->no_space = true;
    if (sim_peer_writable(peer))
        sim_edge(fd);
}

/* EAGAIN although there may be something: whatever there is came just after the call, hence a new edge. */
static void told_to_wait(int fd, struct sim_peer *peer, enum sim_call call)
{
    if (call == SIM_RECV)
        sim_edge(fd);
    else
        found_no_space(fd, peer);
}

/* What recv and send have in common: faults, errors pending.  True: errno is set. */
static bool io_fails(int fd, struct sim_peer *peer, enum sim_call call)
{
    if (sim_fails(call) || sim_fault(sim.faults.interrupted, EINTR)) {
        if (errno == EAGAIN)
            told_to_wait(fd, peer, call);
        return true;
    }
    if (sim_chance(sim.faults.reset))
        sim_peer_reset(peer);
    if (peer->error) {
        errno = peer->error;
        peer->error = 0;
        return true;
    }
    if (sim_chance(sim.faults.again)) {
        told_to_wait(fd, peer, call);
        errno = EAGAIN;
        return true;
    }
    return false;
}

static ssize_t traced(const char *call, int fd, ssize_t result)
{
    sim_trace(call, fd, (long)result);
    return result;
}

static ssize_t do_recv(int fd, void *buf, size_t len)
{
    struct sim_peer *peer = sim_get(fd, SIM_KIND_SOCKET)->peer;
    size_t available;

    if (!peer || peer->connecting) {
        errno = ENOTCONN;
        return -1;
    }
    if (io_fails(fd, peer, SIM_RECV))
        return -1;
    available = sim_bytes_len(&peer->in);
    if (available == 0) {
        if (peer->in_end || peer->dead)
            return 0;
        errno = EAGAIN;
        return -1;
    }
    if (len > available)
        len = available;
    /* Stops before the urgent byte, once. */
    if (peer->urgent_at != SIZE_MAX && peer->in.start < peer->urgent_at && peer->in.start + len > peer->urgent_at)
        len = peer->urgent_at - peer->in.start;
    else if (len > 1 && sim_chance(sim.faults.short_recv)) {
        len = 1 + sim_random_below(len - 1);
        sim_edge(fd);
    }
    memcpy(buf, peer->in.data + peer->in.start, len);
    peer->in.start += len;
    if (peer->urgent_at != SIZE_MAX && peer->in.start > peer->urgent_at)
        peer->urgent_at = SIZE_MAX;
    return (ssize_t)len;
}

ssize_t sim_sys_recv(int fd, void *buf, size_t len, int flags)
{
    (void)flags;
    return traced("recv", fd, do_recv(fd, buf, len));
}

/* How much of len a write may take now; -1 with errno. */
static ssize_t admit(int fd, struct sim_peer *peer, size_t len, enum sim_call call)
{
    if (!peer || peer->connecting) {
        errno = ENOTCONN;
        return -1;
    }
    if (io_fails(fd, peer, call) || sim_fault(sim.faults.no_buffers, ENOBUFS))
        return -1;
    if (peer->dead || peer->shut) {
        errno = EPIPE;
        return -1;
    }
    if (len > 1 && sim_chance(sim.faults.short_send)) {
        len = 1 + sim_random_below(len - 1);
        found_no_space(fd, peer);
    }
    if (len > sim_peer_room(peer)) {
        len = sim_peer_room(peer);
        found_no_space(fd, peer);
    }
    if (len == 0) {
        errno = EAGAIN;
        return -1;
    }
    return (ssize_t)len;
}

static void deliver_out(struct sim_peer *peer, const void *bytes, size_t len)
{
    sim_bytes_append(&peer->out, bytes, len);
    if (peer->greedy)
        (void)sim_peer_read(peer, SIZE_MAX);
}

ssize_t sim_sys_send(int fd, const void *buf, size_t len, int flags)
{
    struct sim_peer *peer = sim_get(fd, SIM_KIND_SOCKET)->peer;
    ssize_t n = admit(fd, peer, len, SIM_SEND);
    (void)flags;
    if (n > 0)
        deliver_out(peer, buf, (size_t)n);
    return traced("send", fd, n);
}

ssize_t sim_sys_sendmsg(int fd, const struct msghdr *msg, int flags)
{
    struct sim_peer *peer = sim_get(fd, SIM_KIND_SOCKET)->peer;
    size_t total = 0, left;
    ssize_t n;

    (void)flags;
    for (size_t i = 0; i < msg->msg_iovlen; i++)
        total += msg->msg_iov[i].iov_len;
    n = admit(fd, peer, total, SIM_SEND);
    left = n > 0 ? (size_t)n : 0;
    for (size_t i = 0; left > 0; i++) {
        size_t part = msg->msg_iov[i].iov_len < left ? msg->msg_iov[i].iov_len : left;
        deliver_out(peer, msg->msg_iov[i].iov_base, part);
        left -= part;
    }
    return traced("sendmsg", fd, n);
}

ssize_t sim_sys_sendfile(int out_fd, int in_fd, off_t *offset, size_t count)
{
    struct sim_peer *peer = sim_get(out_fd, SIM_KIND_SOCKET)->peer;
    const struct sim_bytes *bytes = &sim_get(in_fd, SIM_KIND_FILE)->bytes;
    size_t at = (size_t)*offset;
    ssize_t n;

    if (at >= bytes->end)
        return 0;
    if (count > bytes->end - at)
        count = bytes->end - at;
    n = admit(out_fd, peer, count, SIM_SENDFILE);
    if (n > 0) {
        deliver_out(peer, bytes->data + at, (size_t)n);
        *offset += n;
    }
    return traced("sendfile", out_fd, n);
}

int sim_sys_outq(int fd, int *bytes)
{
    if (sim_fails(SIM_OUTQ))
        return -1;
    if (sim.files[fd].kind != SIM_KIND_SOCKET) {
        errno = ENOTTY;
        return -1;
    }
    *bytes = sim.files[fd].peer ? (int)sim_bytes_len(&sim.files[fd].peer->out) : 0;
    return 0;
}
