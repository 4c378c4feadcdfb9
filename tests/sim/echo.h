/* The server most of these tests run: it listens on ECHO_PORT and sends every
 * line back.  "big N" is answered with N bytes (and LF) from a buffer of its own, as
 * conn_refer() pieces; a line longer than ECHO_MAX_LINE aborts; the end of the input finishes.
 */
#ifndef ECHO_H
#define ECHO_H

#include "sim.h"

#include "reactor/conn.h"
#include "reactor/listener.h"

enum {
    ECHO_PORT = 2323,
    ECHO_MAX_LINE = 1000
};

struct echo {
    struct reactor *reactor;
    struct listener listener;
    struct conn_limits limits; /* may be changed before clients come */
    struct conn_stats stats;
    const char *last_words; /* for expired(); NULL: none */
    unsigned live;          /* connections held */
    unsigned refused;       /* conn_start() failed */
    unsigned shed, pauses, resumes;
    int paused_err;
    unsigned serve_calls;
    struct conn *newest; /* NULL once it is closed */
};

/* Begins a world, makes a reactor and starts the server in it. */
void echo_begin(struct echo *e, uint64_t seed);
/* Stops listening, ends all clients still there and checks that nothing is left. */
void echo_end(struct echo *e);
/* Byte number i of what "big" answers. */
char echo_big_byte(size_t i);

#endif
