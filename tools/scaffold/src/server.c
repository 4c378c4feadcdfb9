/* server.c - accepts clients, hands their lines to the commands, ends in good
 * order.  Between the reactor below and commands.c above. */
#include "server.h"

#include "commands.h"

#include "reactor/line.h"
#include "reactor/sys.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- one client ---- */

void reply(struct client *client, const char *format, ...)
{
    char *line = conn_reserve(&client->conn, REPLY_BYTES);
    va_list args;
    int n;

    if (line == NULL)
        return; /* no memory: the conn closes by itself and says so to closed() */
    va_start(args, format);
    n = vsnprintf(line, REPLY_BYTES - 2, format, args);
    va_end(args);
    if (n < 0)
        n = 0;
    if (n > REPLY_BYTES - 3)
        n = REPLY_BYTES - 3;
    line[n] = '\r';
    line[n + 1] = '\n';
    conn_commit(&client->conn, (size_t)n + 2);
}

/* Takes the next line from the input, if it is there, and begins its answer. */
static enum conn_next next_request(struct client *client)
{
    struct line line;

    switch (line_next(&client->conn, MAX_LINE, &line)) {
    case LINE_NONE: return CONN_WAIT;
    case LINE_END: return CONN_FINISH;
    case LINE_TOO_LONG: reply(client, "error line too long (limit %d bytes)", MAX_LINE); return CONN_FINISH;
    case LINE_READY: break;
    }
    conn_touch(&client->conn); /* idle is who asks nothing */
    command_run(client, line.text, line.len);
    conn_consume(&client->conn, line.taken);
    return client->quit ? CONN_FINISH : CONN_MORE;
}

/* Called when there is input, or room for output: goes on with the answer under
 * way, else begins the next one, as long as there is room for a line. */
static enum conn_next serve(struct conn *c)
{
    struct client *client = (struct client *)c;

    while (conn_room(c) >= REPLY_BYTES) {
        if (client->next_line != NULL) {
            if (!client->next_line(client))
                client->next_line = NULL;
            continue;
        }
        enum conn_next next = next_request(client);
        if (next != CONN_MORE)
            return next;
    }
    return CONN_MORE; /* the peer must take this first: a slow reader waits for himself alone */
}

static void expired(struct conn *c, enum conn_reason why)
{
    if (why == CONN_IDLE)
        reply((struct client *)c, "error idle for too long");
}

/* The end of a stop: the last client has gone. */
static void end_if_empty(struct server *s)
{
    if (!s->stopping || s->clients.count > 0)
        return;
    reactor_timer_stop(s->reactor, &s->drain);
    reactor_stop(s->reactor);
}

static void closed(struct conn *c, enum conn_reason why, int err)
{
    struct client *client = (struct client *)c;
    struct server *s = client->server;

    (void)why, (void)err; /* a server of your own may want to log these */
    reactor_sys_of(s->reactor)->free(client);
    end_if_empty(s);
}

/* ---- all of them ---- */

/* There is no descriptor left for this one: it hears so, and the listener closes it. */
static void shed(struct listener *l, int fd)
{
    static const char full[] = "error server full, try later\r\n";
    const struct server *s = REACTOR_OWNER(l, struct server, listener);
    reactor_sys_of(s->reactor)->send(fd, full, sizeof full - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* A newcomer; fd is ours to close, unless conn_start() has it. */
static void accepted(struct listener *l, int fd, const struct sockaddr *peer, socklen_t peer_len)
{
    static const struct conn_ops ops = {.name = "client", .serve = serve, .expired = expired, .closed = closed};
    struct server *s = REACTOR_OWNER(l, struct server, listener);
    const struct reactor_sys *sys = reactor_sys_of(s->reactor);
    struct client *client = sys->alloc_zeroed(sizeof *client);

    (void)peer, (void)peer_len;
    if (client == NULL) {
        sys->close(fd);
        return;
    }
    client->server = s;
    if (conn_start(&client->conn, s->reactor, &ops, &s->limits, fd) != 0)
        sys->free(client);
}

static void drain_is_over(struct reactor_timer *t)
{
    conn_group_abort(&REACTOR_OWNER(t, struct server, drain)->clients);
}

int server_start(struct server *s, struct reactor *r, unsigned short port)
{
    static const struct listener_ops ops = {.name = "listener", .accepted = accepted, .shed = shed};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};

    memset(s, 0, sizeof *s);
    s->reactor = r;
    s->limits = (struct conn_limits){
        .input_max_bytes = MAX_LINE + 2,
        .idle_timeout_ns = IDLE_TIMEOUT_NS,
        .send_timeout_ns = SEND_TIMEOUT_NS,
        .stats = &s->stats,
        .group = &s->clients,
    };
    s->drain = (struct reactor_timer){.fn = drain_is_over, .name = "drain"};
    store_init(&s->store);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener_start(&s->listener, r, &ops, (const struct sockaddr *)&address, sizeof address, 128) != 0)
        return -1;
    /* timers of your own: started here, stopped in server_stop() */
    return 0;
}

unsigned short server_port(const struct server *s)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;

    if (listener_address(&s->listener, &address, &len) != 0)
        return 0;
    return ntohs(((const struct sockaddr_in *)&address)->sin_port);
}

void server_stop(struct server *s)
{
    listener_stop(&s->listener);
    if (s->stopping)
        conn_group_abort(&s->clients);
    else
        conn_group_finish(&s->clients);
    s->stopping = true;
    reactor_timer_start(s->reactor, &s->drain, reactor_now_ns(s->reactor) + DRAIN_NS);
    end_if_empty(s);
}
