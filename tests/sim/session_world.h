/* tests/sim/session_world.h - a server of sessions in the simulated world, without the process around it. */
#ifndef TESTS_SESSION_WORLD_H
#define TESTS_SESSION_WORLD_H

#include "sim.h"

#include "../../src/server/clients.h"
#include "../../src/server/log.h"

#include "reactor/listener.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <string.h>

enum {
    PORT = 2323,
    MAX_LINE = 256
};

static const uint64_t SECOND = 1000000000;

/* A server of sessions without the process around it. */
static struct world {
    struct session_kind kind;
    struct reactor *reactor;
    struct listener listener;
    struct log log;
    struct clients clients;
    enum conn_reason last_reason;
    unsigned closed;
} w;

static inline void on_closed(struct session_kind *kind, struct conn *c, enum conn_reason why, int err)
{
    (void)kind;
    (void)err;
    w.last_reason = why;
    w.closed++;
    clients_remove(&w.clients, (struct session *)(void *)c);
}

static inline void on_accepted(struct listener *l, int fd, const struct sockaddr *peer, socklen_t len)
{
    (void)l;
    (void)peer;
    (void)len;
    struct session *s = clients_add(&w.clients);
    if (!s) {
        sim_sys.close(fd);
        return;
    }
    if (conn_start(&s->conn, w.reactor, &session_ops, &w.kind.limits, fd) < 0)
        clients_remove(&w.clients, s);
}

static const struct listener_ops listener_ops = {.name = "listener", .accepted = on_accepted};

static inline void begin(uint64_t seed)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    sim_begin(seed);
    memset(&w, 0, sizeof w);
    w.reactor = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    cr_assert(w.reactor);
    session_kind_init(&w.kind, w.reactor, MAX_LINE);
    log_init(&w.log, -1, LOG_ERROR, &sim_sys);
    w.kind.log = &w.log;
    w.kind.closed = on_closed;
    w.kind.limits.idle_timeout_ns = 600 * SECOND;
    w.kind.limits.send_timeout_ns = 60 * SECOND;
    w.kind.idle_seconds = 600;
    clients_init(&w.clients, 100, &sim_sys);
    cr_assert_eq(listener_start(&w.listener, w.reactor, &listener_ops, (struct sockaddr *)&address, sizeof address, 16),
                 0);
}

/* Every client has gone or is made to; nothing may be left. */
static inline void end(void)
{
    sim_set_faults(NULL);
    conn_group_abort(&w.kind.group);
    sim_run(w.reactor, 100);
    cr_expect_eq(w.clients.count, 0u);
    listener_stop(&w.listener);
    session_kind_free(&w.kind);
    clients_free(&w.clients);
    reactor_free(w.reactor);
    cr_expect_eq(sim_end(), 0u, "something leaked");
}

static inline struct sim_peer *greeted(void)
{
    struct sim_peer *peer = sim_connect(PORT);
    sim_peer_read_all(peer);
    sim_run(w.reactor, 100);
    cr_assert_str_eq(sim_peer_text(peer), "?> ");
    return peer;
}

static inline void say(struct sim_peer *peer, const char *text)
{
    sim_peer_send(peer, text, strlen(text));
    sim_run(w.reactor, 1000);
}

static inline bool ends_with(struct sim_peer *peer, const char *end)
{
    size_t len = sim_peer_len(peer), n = strlen(end);
    return len >= n && memcmp(sim_peer_text(peer) + len - n, end, n) == 0;
}

#endif
