/* server.h - the server: who is connected, how it starts and how it ends. */
#ifndef SERVER_H
#define SERVER_H

#include "store.h"

#include "reactor/conn.h"
#include "reactor/listener.h"
#include "reactor/reactor.h"

enum {
    MAX_LINE = 400,   /* longest request, in bytes without the line end */
    REPLY_BYTES = 512 /* longest line of an answer, with its line end */
};

#define SECOND_NS       UINT64_C(1000000000)
#define IDLE_TIMEOUT_NS (300 * SECOND_NS) /* without a request: frees what forgotten clients hold */
#define SEND_TIMEOUT_NS (30 * SECOND_NS)  /* without reading: a client that does not take its answer */
#define DRAIN_NS        (5 * SECOND_NS)   /* what a stop gives answers that are under way */

struct server {
    struct reactor *reactor;
    struct listener listener;
    struct conn_limits limits;
    struct conn_group clients; /* all that are connected */
    struct conn_stats stats;
    struct reactor_timer drain; /* armed while stopping */
    struct store store;
    bool stopping;
    /* your own watchers and state go here */
};

/* One connected client.  The conn is its first member, so that a struct conn of
 * this server is a struct client. */
struct client {
    struct conn conn;
    struct server *server;
    /* An answer in the making: puts out one more line; false when it was the
     * last.  NULL: no answer is under way. */
    bool (*next_line)(struct client *client);
    unsigned position; /* for next_line */
    bool quit;         /* close when this is answered */
};

/* Listens on 127.0.0.1:port, 0 picks a free port.  0, or -1 with errno. */
int server_start(struct server *s, struct reactor *r, unsigned short port);
/* The port it listens on. */
unsigned short server_port(const struct server *s);
/* Accepts nobody any more, finishes what is being answered, and stops the reactor
 * when the last client has gone: at the latest after DRAIN_NS.  Called a second time: at once. */
void server_stop(struct server *s);

/* Puts out one line of an answer, formatted as by printf, and CR LF. */
__attribute__((format(printf, 2, 3))) void reply(struct client *client, const char *format, ...);

#endif
