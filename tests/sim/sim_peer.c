/* The peers of the simulated world: the ends of its sockets that the test holds. */
#include "sim_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_WINDOW = 65536
};

/* ---- readiness ---- */

size_t sim_peer_room(const struct sim_peer *peer)
{
    size_t used = sim_bytes_len(&peer->out);
    return used < peer->window ? peer->window - used : 0;
}

/* As Linux has it: writable again only when a third of the buffer is free. */
bool sim_peer_writable(const struct sim_peer *peer)
{
    size_t room = sim_peer_room(peer);
    return peer->dead || peer->shut || (room > 0 && room * 3 >= peer->window);
}

uint32_t sim_socket_ready(const struct sim_file *file)
{
    const struct sim_peer *peer = file->peer;
    uint32_t events = 0;

    if (!peer)
        return EPOLLOUT | EPOLLHUP; /* not connected */
    if (peer->connecting)
        return 0;
    if (sim_bytes_len(&peer->in) > 0 || peer->in_end || peer->dead)
        events |= EPOLLIN;
    if (peer->in_end || peer->dead)
        events |= EPOLLRDHUP;
    if (peer->urgent_at != SIZE_MAX)
        events |= EPOLLPRI;
    if (sim_peer_writable(peer))
        events |= EPOLLOUT;
    if (peer->dead || (peer->in_end && peer->shut))
        events |= EPOLLHUP;
    if (peer->error)
        events |= EPOLLERR;
    return events;
}

/* ---- peers ---- */

struct sim_peer *sim_peer_new(void)
{
    struct sim_peer *peer = calloc(1, sizeof *peer);
    if (!peer)
        sim_abort("out of memory", 0);
    peer->fd = -1;
    peer->window = DEFAULT_WINDOW;
    peer->urgent_at = SIZE_MAX;
    peer->next = sim.peers;
    sim.peers = peer;
    return peer;
}

void sim_peer_attach(struct sim_peer *peer, int fd)
{
    peer->fd = fd;
    peer->port = 0;
    peer->accepted = true;
    sim.files[fd].peer = peer;
}

int sim_listener_on(unsigned short port)
{
    for (int fd = 0; fd < SIM_FDS; fd++)
        if (sim.files[fd].kind == SIM_KIND_LISTENER && sim.files[fd].port == port)
            return fd;
    return -1;
}

struct sim_peer *sim_connect(unsigned short port)
{
    int listener = sim_listener_on(port);
    struct sim_peer *peer;
    if (listener < 0)
        sim_abort("sim_connect: nobody listens on port", port);
    peer = sim_peer_new();
    peer->port = port;
    sim_edge(listener);
    return peer;
}

struct sim_peer *sim_socket(int *fd)
{
    struct sim_peer *peer = sim_peer_new();
    *fd = sim_new_fd(SIM_KIND_SOCKET);
    if (*fd < 0)
        sim_abort("sim_socket: no descriptor left", 0);
    sim_peer_attach(peer, *fd);
    return peer;
}

struct sim_peer *sim_answer_connect(int err)
{
    struct sim_peer *oldest = NULL;
    for (struct sim_peer *peer = sim.peers; peer; peer = peer->next)
        if (peer->connecting)
            oldest = peer;
    if (!oldest)
        return NULL;
    oldest->connecting = false;
    if (err) {
        oldest->error = err;
        oldest->dead = true;
    }
    sim_edge(oldest->fd);
    return oldest;
}

static void edge(const struct sim_peer *peer)
{
    if (peer->fd >= 0)
        sim_edge(peer->fd);
}

void sim_peer_send(struct sim_peer *peer, const void *bytes, size_t len)
{
    if (peer->closed || peer->dead || peer->in_end || len == 0)
        return;
    sim_bytes_append(&peer->in, bytes, len);
    edge(peer);
}

void sim_peer_send_urgent(struct sim_peer *peer, const void *bytes, size_t len)
{
    if (peer->closed || peer->dead || peer->in_end || len == 0)
        return;
    sim_bytes_append(&peer->in, bytes, len);
    peer->urgent_at = peer->in.end - 1;
    edge(peer);
}

void sim_peer_end(struct sim_peer *peer)
{
    peer->in_end = true;
    edge(peer);
}

void sim_peer_reset(struct sim_peer *peer)
{
    if (peer->dead || peer->closed)
        return;
    peer->dead = true;
    peer->error = ECONNRESET;
    peer->in.start = peer->in.end;
    peer->out.start = peer->out.end;
    peer->urgent_at = SIZE_MAX;
    edge(peer);
}

void sim_reset_all(void)
{
    for (struct sim_peer *peer = sim.peers; peer; peer = peer->next)
        if (peer->accepted)
            sim_peer_reset(peer);
}

/* The edge that a write which found no room waits for, when there is room again. */
static void space_edge(const struct sim_peer *peer)
{
    if (peer->no_space && sim_peer_writable(peer))
        edge(peer);
}

void sim_peer_window(struct sim_peer *peer, size_t bytes)
{
    peer->window = bytes;
    space_edge(peer);
}

size_t sim_peer_read(struct sim_peer *peer, size_t len)
{
    size_t waiting = sim_bytes_len(&peer->out);
    if (len > waiting)
        len = waiting;
    if (len == 0)
        return 0;
    sim_bytes_append(&peer->got, peer->out.data + peer->out.start, len);
    peer->out.start += len;
    space_edge(peer);
    return len;
}

void sim_peer_read_all(struct sim_peer *peer)
{
    peer->greedy = true;
    (void)sim_peer_read(peer, SIZE_MAX);
}

size_t sim_peer_waiting(const struct sim_peer *peer)
{
    return sim_bytes_len(&peer->out);
}

const char *sim_peer_text(const struct sim_peer *peer)
{
    return peer->got.data ? peer->got.data : "";
}

size_t sim_peer_len(const struct sim_peer *peer)
{
    return peer->got.end;
}

bool sim_peer_at_end(const struct sim_peer *peer)
{
    return (peer->shut || peer->closed) && sim_bytes_len(&peer->out) == 0;
}

bool sim_peer_was_reset(const struct sim_peer *peer)
{
    return peer->reset_sent;
}

bool sim_peer_closed(const struct sim_peer *peer)
{
    return peer->closed;
}

/* The program has closed its descriptor. */
void sim_peer_dropped(struct sim_peer *peer)
{
    peer->reset_sent = sim_bytes_len(&peer->in) > 0;
    if (peer->reset_sent)
        peer->out.start = peer->out.end; /* a reset overtakes what was not delivered */
    peer->closed = true;
    peer->connecting = false; /* nobody waits for the answer any more: its descriptor may be another's by now */
    peer->fd = -1;
}
