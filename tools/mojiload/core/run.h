/* run.h - one run of load against one server, from the first connection to the last answer.
 *
 *     SETUP    the clients connect (not measured, except how long connecting takes)
 *     WARMUP   load, counted apart
 *     MEASURE  load
 *     DRAIN    nothing new is due; what was due is sent and answered, until the deadline
 *     DONE     everything is closed
 *
 * run_execute() turns the loop itself, so that it wakes for the next request to the nanosecond and sees
 * how late it was: what the loop loses is this program's fault and not the server's (struct watch).
 *
 * It always returns: after SETUP (bounded by two time-outs, one more for each further address) plus duration plus drain
 * plus a second for closing.
 */
#ifndef MOJILOAD_RUN_H
#define MOJILOAD_RUN_H

#include "config.h"
#include "core/gate.h"
#include "core/schedule.h"
#include "core/tally.h"
#include "core/watch.h"
#include "dialogue/answers.h"

#include "reactor/conn.h"
#include "reactor/reactor.h"

#include <sys/queue.h>

struct client;
struct rogue;

enum run_phase {
    RUN_SETUP,
    RUN_WARMUP,
    RUN_MEASURE,
    RUN_DRAIN,
    RUN_DONE
};

/* What the badly behaved clients of one kind lived through. */
struct rogue_tally {
    uint64_t connects, failed_connects;
    uint64_t requests;
    uint64_t answered; /* whole and right */
    uint64_t wrong;
    uint64_t lost;   /* closed or reset by the server before the answer was whole */
    uint64_t closed; /* connections closed by the server with nothing asked */
    uint64_t bytes_in;
};

struct run;
/* Called about five times a second and at the end; the run may be read. */
typedef void run_observe_fn(const struct run *run, void *context);

/* The measured time begins (begins), or has lasted until now: it ends with the load or with the last right answer that
 * was due in it, whichever is later.  That is elapsed_ns, and the last call is made at its end. */
typedef void run_window_fn(bool begins, void *context);

struct run {
    /* set before run_execute() */
    const struct config *config;
    const struct target *target;
    struct reactor *reactor;
    run_observe_fn *observe; /* NULL: nobody looks */
    void *observe_context;
    run_window_fn *window; /* NULL: nobody looks */
    void *window_context;
    uint64_t first_n; /* the number of the first request */
    bool keep_trying; /* do not give up when nobody is there at first */

    /* results */
    struct tally *tally;
    struct watch watch;
    struct rogue_tally rogue_tally[ROGUE_KINDS];
    uint64_t elapsed_ns;            /* measured: to the end of the load or to the last answer, whichever is later */
    uint64_t loaded_ns;             /* measured: how long requests were due, the gap after the last one included */
    uint64_t setup_ns;              /* how long connecting took */
    uint64_t lived_ns;              /* from the first connect(2) to the end: no time of a request can be longer */
    uint64_t asked;                 /* measured requests that were due, but for those open when it was interrupted */
    uint64_t half_due, half_ended;  /* open loop: requests due, and ended, in the second half of the load */
    double asked_per_s;             /* open loop: the rate asked for while it was loaded, on average */
    unsigned address;               /* of the target: the one that answered last, and is tried first */
    bool interrupted;               /* by a signal */
    bool ever_connected;            /* some connection was usable */
    bool ever_reached;              /* some connect(2) succeeded */
    uint64_t next_n;                /* the number of the request after the last one */
    char trouble[TALLY_FAULT_TEXT]; /* the first failed connection, in words; empty: none */

    /* private: the phase and its times, in the loop's clock */
    enum run_phase phase;
    uint64_t setup_began_ns, setup_deadline_ns, epoch_ns, measure_ns, end_ns, deadline_ns, last_answer_ns,
        next_slice_ns, next_look_ns;
    uint64_t turn_from_ns, turn_until_ns,
        woke_ns; /* this turn: its wait began, was to end; the end of the last one's */
    struct schedule schedule;
    uint64_t issued;      /* measured requests */
    uint64_t outstanding; /* issued and not ended */
    struct answers answers;
    struct answer greeting;
    struct gate gate;
    struct conn_limits limits, slow_limits;
    struct client **client;
    TAILQ_HEAD(, client_row) free; /* connected clients with room for a request */
    uint32_t unsettled;            /* clients that have neither connected nor failed yet */
    uint32_t open;                 /* conns, connected or not yet */
    struct rogue *rogue;
    uint32_t rogues;
};

/* Runs the load.  0, or -1 with errno when it could not even begin (memory, epoll); the results are there in both
 * cases.  Give back with run_free(). */
int run_execute(struct run *run);
void run_free(struct run *run);
/* Ends the load now; the results are those until now.  From the loop's thread, e.g. a signal watcher. */
void run_interrupt(struct run *run);

/* ---- for the clients ---- */

struct run_request {
    uint64_t n;
    uint64_t due_ns;
    uint64_t base_ns; /* since when this program alone was late with it */
    uint64_t sent_ns;
    uint32_t entry;
};

uint64_t run_clock_ns(const struct run *run);
/* Closed loop: the next request, due now; false when there is none (not yet, or any more). */
bool run_take(struct run *run, uint64_t now_ns, struct run_request *out);
/* Open loop: the next request that is due at now_ns; false when there is none. */
bool run_take_due(struct run *run, uint64_t now_ns, struct run_request *out);
/* A request has been sent; has ended. */
void run_sent(struct run *run, const struct run_request *q);
void run_ended(struct run *run, const struct run_request *q, enum outcome o, uint64_t now_ns);
/* A connection could not be made. */
void run_not_connected(struct run *run, enum outcome o, int err, uint64_t took_ns);
/* A client has connected or failed for the first time. */
void run_settled(struct run *run);
/* True while clients may connect anew. */
bool run_may_connect(const struct run *run);
/* A client with room for another request; it takes its turn at the end of the row. */
void run_offer(struct run *run, struct client *c);
void run_withdraw(struct run *run, struct client *c);

#endif
