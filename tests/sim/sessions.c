/* Sessions in the simulated world: a kind, a set of clients, and their ends. */
#include "sessions.h"

#include "../../src/server/log.h"

#include <criterion/criterion.h>

struct session_kind sessions_kind;
struct reactor *sessions_reactor;
struct clients sessions_clients;
static struct log no_log;

static void on_closed(struct session_kind *kind, struct conn *c, enum conn_reason why, int err)
{
    (void)kind;
    (void)why;
    (void)err;
    clients_remove(&sessions_clients, (struct session *)(void *)c);
}

void sessions_begin(size_t max_line_bytes)
{
    sim_begin(1);
    sessions_reactor = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    cr_assert(sessions_reactor);
    session_kind_init(&sessions_kind, sessions_reactor, max_line_bytes);
    log_init(&no_log, -1, LOG_ERROR, &sim_sys);
    sessions_kind.log = &no_log;
    sessions_kind.closed = on_closed;
    clients_init(&sessions_clients, 8, &sim_sys);
}

void sessions_end(void)
{
    conn_group_abort(&sessions_kind.group);
    sim_run(sessions_reactor, 100);
    cr_expect_eq(sessions_clients.count, 0u);
    session_kind_free(&sessions_kind);
    clients_free(&sessions_clients);
    reactor_free(sessions_reactor);
    cr_expect_eq(sim_end(), 0u, "something leaked");
}

struct sim_peer *sessions_connect(void)
{
    int fd;
    struct sim_peer *peer = sim_socket(&fd);
    struct session *s = clients_add(&sessions_clients);
    cr_assert(s && conn_start(&s->conn, sessions_reactor, &session_ops, &sessions_kind.limits, fd) == 0);
    return peer;
}

struct sim_peer *sessions_greeted(void)
{
    struct sim_peer *peer = sessions_connect();
    sim_peer_read_all(peer);
    sim_run(sessions_reactor, 100);
    cr_assert_str_eq(sim_peer_text(peer), "?> ");
    return peer;
}
