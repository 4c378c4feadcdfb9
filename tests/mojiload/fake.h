/* tests/mojiload/fake.h - a scripted line server in the simulated world, and runs against it.
 *
 *     static void answer(struct fake *f, struct fake_client *c, uint64_t number) { fake_right(c); }
 *
 *     struct fake f = {.answer = answer};
 *     struct run run;
 *     fake_run(&f, &run, "--rate 1k --clients 10 --duration 10s");
 *     … run.tally …
 *     fake_done(&f, &run);
 *
 * The clock is virtual: ten seconds take a moment, and every duration is exact to the server's tick.
 */
#ifndef FAKE_H
#define FAKE_H

#include "config.h"
#include "core/run.h"

#include "sim.h"

#include <stdbool.h>

struct fake;

struct fake_client {
    struct sim_peer *peer;
    size_t taken;   /* bytes of its input that were lines */
    uint64_t lines; /* requests it has sent */
    bool gone;      /* nothing more is done with it */
};

/* A request line has come from c; number counts all of them from 0. */
typedef void fake_fn(struct fake *f, struct fake_client *c, uint64_t number);

struct fake {
    fake_fn *answer;
    void *context;                 /* the test's */
    const char *greeting;          /* NULL: the prompt; "" nothing */
    fake_fn *accepted;             /* NULL: greets; number counts connections */
    int connect_error;             /* what connect(2) gets */
    int first_errors;              /* the first so many connects are refused */
    uint64_t tick_ns;              /* how often it looks; 0: 100 us, 1 us while there is work */
    uint64_t stops_ns, goes_on_ns; /* does nothing in between; from the start of the world */
    uint64_t delay_ns;             /* every answer to a request comes so much later; 0: at once */
    size_t cut;                    /* sends in pieces of this size; 0: whole */
    /* what happened */
    uint64_t requests, connections;
    struct fake_client **client; /* each stays where it is: tests keep them */
    size_t clients, capacity;
    char *line; /* the present request, terminated */
    size_t line_len;
    struct config config;
    struct reactor *reactor;
    bool over;
};

/* The answers to the query "snowman without" (one line), right, and with only a count of 0. */
extern const char FAKE_RIGHT[], FAKE_NOTHING[];

void fake_send(struct fake *f, struct fake_client *c, const char *bytes);
void fake_right(struct fake *f, struct fake_client *c);
/* Closes the server's end. */
void fake_close(struct fake_client *c);

/* Options as typed, with spaces between, and a query unless one is given; a query is "snowman without". */
void fake_config(struct config *config, const char *options);
/* A whole run in a new world. */
void fake_run(struct fake *f, struct run *run, const char *options);
/* The same with a loop made before: what is set in run stays. */
void fake_begin(struct fake *f, const char *options);
void fake_execute(struct fake *f, struct run *run);
/* The report of a run as it is printed, in ASCII; yours to free(). */
char *fake_report(const struct run *run);
/* Frees all, and fails the test if something leaked. */
void fake_done(struct fake *f, struct run *run);

#endif
