/* clients.c - a dense array of pointers, so that walking all costs what there are, and removing one is a swap. */
#include "clients.h"

#include "reactor/sys.h"

#include <stddef.h>

bool clients_init(struct clients *cs, uint32_t max, const struct reactor_sys *sys)
{
    *cs = (struct clients){.max = max, .sys = sys};
    cs->all = sys->alloc(max * sizeof(struct client *));
    return cs->all != NULL;
}

void clients_free(struct clients *cs)
{
    cs->sys->free(cs->all);
    cs->all = NULL;
}

struct client *clients_add(struct clients *cs)
{
    if (cs->count == cs->max)
        return NULL;
    struct client *client = cs->sys->alloc(sizeof *client);
    if (!client)
        return NULL;
    session_init(&client->session, ++cs->made);
    client->slot = cs->count;
    cs->all[cs->count++] = client;
    return client;
}

void clients_remove(struct clients *cs, struct client *client)
{
    struct client *last = cs->all[--cs->count];
    last->slot = client->slot;
    cs->all[client->slot] = last;
    session_clear(&client->session);
    cs->sys->free(client);
}
