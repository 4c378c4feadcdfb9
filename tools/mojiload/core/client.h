/* client.h - one good client: a connection that is kept up, and the requests in flight on it.
 *
 *     DOWN ──gate──▶ DIALING ──connected──▶ GREETING ──prompt──▶ UP ──churn, end──▶ CLOSING
 *      ▲                │                      │                 │                    │
 *      └────────────────┴──────────────────────┴─────────────────┴────────────────────┘ lost or closed
 *
 * A client that was lost connects again, after a pause that doubles from 10 ms to 1 s while nothing
 * succeeds.  Requests that were in flight have failed; those not sent yet stay and go out on the next connection.
 */
#ifndef MOJILOAD_CLIENT_H
#define MOJILOAD_CLIENT_H

#include "core/run.h"

#include <sys/queue.h>

/* NULL when out of memory. */
struct client *client_new(struct run *run, uint32_t number);
/* Connects, as soon as the gate lets it. */
void client_start(struct client *c);
/* From the row of free clients: takes this request, and sends it in the next turn. */
void client_assign(struct client *c, const struct run_request *q);
/* The load begins: takes what there is to take. */
void client_wake(struct client *c);
bool client_up(const struct client *c);
bool client_has_room(const struct client *c);
/* The end: requests in flight become time-outs (unless quiet), the unsent unsent; closes. */
void client_stop(struct client *c, bool quiet);
/* Everything must be closed. */
void client_free(struct client *c);

/* A place in the row of free clients: run_requests.c's. */
struct client_row {
    TAILQ_ENTRY(client_row) link;
    struct client *client;
    bool in;
};
struct client_row *client_row(struct client *c);

#endif
