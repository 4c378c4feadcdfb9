/* client_internal.h - what client.c (life, requests) and client_input.c (what the server says) share.
 */
#ifndef MOJILOAD_CLIENT_INTERNAL_H
#define MOJILOAD_CLIENT_INTERNAL_H

#include "core/client.h"

#include "core/attempt.h"
#include "dialogue/check.h"

enum client_state {
    CLIENT_DOWN,     /* no socket: waits for the gate, or out a pause */
    CLIENT_DIALING,  /* connect(2) under way */
    CLIENT_GREETING, /* connected; the prompt has not come */
    CLIENT_UP,       /* may send */
    CLIENT_CLOSING   /* conn is told to close; nothing more is taken or sent */
};

struct client {
    struct conn conn;
    struct run *run;
    struct client_row row;
    struct gate_waiter waiter;
    struct attempt attempt;
    struct reactor_timer timer; /* DOWN: the pause; else the time-out */
    struct reactor_timer think;
    enum client_state state;
    uint32_t number;
    bool settled; /* has connected or failed once */
    bool doomed;  /* doom says why the conn is being closed by us */
    enum outcome doom;
    bool checking;     /* check_begin() was called for the first request in flight */
    uint8_t greeted;   /* raw: bytes of the greeting's pattern that have come */
    uint64_t input_ns; /* the last bytes came */
    uint64_t dialed_ns, free_since_ns;
    uint64_t on_connection;    /* requests taken since it is up */
    uint64_t last_n;           /* the request answered last */
    uint32_t pauses;           /* since the last right answer */
    struct check check;        /* raw: only its texts are used */
    struct raw_answer raw;     /* raw: the present answer, or the last one */
    uint32_t head, sent, held; /* ring: [head, head + sent) in flight, up to head + held not sent yet */
    struct run_request ring[]; /* config->depth */
};

/* Request i of those held, the first in flight being 0. */
static inline struct run_request *client_request(struct client *c, uint32_t i)
{
    return &c->ring[(c->head + i) % c->run->config->depth];
}

/* client.c: the greeting has come; the first request in flight has ended. */
void client_go_up(struct client *c, uint64_t now_ns);
void client_end_first(struct client *c, enum outcome o, uint64_t now_ns);

/* client_input.c: takes all input there is; false when the connection must go. */
bool client_take_input(struct client *c, uint64_t now_ns);

#endif
