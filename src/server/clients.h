/* clients.h - the set of connected clients: a limit, a way to reach all, one place where each is freed. */
#ifndef SERVER_CLIENTS_H
#define SERVER_CLIENTS_H

#include "session.h"

struct client {
    struct session session; /* first */
    uint32_t slot;          /* its place in clients.all */
};

struct clients {
    struct client **all; /* count of them in use, max allocated at start */
    uint32_t count, max;
    uint32_t made; /* ever */
    const struct reactor_sys *sys;
};

/* False when there is no memory for max pointers. */
bool clients_init(struct clients *cs, uint32_t max, const struct reactor_sys *sys);
void clients_free(struct clients *cs);

/* A new client, its session initialised, not started; NULL: no memory, or max are there. */
struct client *clients_add(struct clients *cs);
/* Takes it out and frees it. */
void clients_remove(struct clients *cs, struct client *client);

#endif
