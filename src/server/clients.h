/* clients.h - room for the sessions of connected clients: a limit, and one place where each is freed.  To reach all of
 * them there is their kind's group. */
#ifndef SERVER_CLIENTS_H
#define SERVER_CLIENTS_H

#include "session.h"

/* Clients are cut from slabs that are kept until the end: a client costs its
 * size and a pointer, no allocator's header, and the memory in use is that of the busiest time. */
struct clients {
    uint32_t count, max; /* in use, and at most */
    uint32_t made;       /* ever */
    struct clients_slab *slabs;
    void *unused; /* a list of places for sessions */
    const struct reactor_sys *sys;
};

void clients_init(struct clients *cs, uint32_t max, const struct reactor_sys *sys);
void clients_free(struct clients *cs);

/* A new client's session, initialised, not started; NULL: no memory, or max are there. */
struct session *clients_add(struct clients *cs);
/* Takes it out; it is gone. */
void clients_remove(struct clients *cs, struct session *s);

#endif
