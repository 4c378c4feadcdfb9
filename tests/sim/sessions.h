/* tests/sim/sessions.h - sessions of the server in a simulated world, without listener and process around them.
 */
#ifndef TESTS_SIM_SESSIONS_H
#define TESTS_SIM_SESSIONS_H

#include "sim.h"

#include "../../src/server/clients.h"

extern struct session_kind sessions_kind;
extern struct reactor *sessions_reactor;
extern struct clients sessions_clients; /* those that have not closed */

/* A world of at most eight sessions of the default dialect with this limit. */
void sessions_begin(size_t max_line_bytes);
/* Aborts those that are left; fails the test when anything else is. */
void sessions_end(void);

/* A session with nothing said in it; nothing is read of it yet. */
struct sim_peer *sessions_connect(void);
/* A session that has prompted, and is read from now on. */
struct sim_peer *sessions_greeted(void);

#endif
