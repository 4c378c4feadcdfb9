/* gate.h - who may connect now: at most so many a second, and at most so many at once.
 *
 * Thousands of clients that connect in one instant overflow the listen queue of any server and are then
 * retried by the kernel a second later, which would measure TCP's patience and not the server.
 */
#ifndef MOJILOAD_GATE_H
#define MOJILOAD_GATE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    GATE_AT_ONCE = 100 /* below the smallest backlog in use (128) */
};

struct gate_waiter {
    void (*admitted)(struct gate_waiter *w);
    /* private */
    struct gate_waiter *next;
    bool waiting, inside;
};

struct gate {
    struct gate_waiter *first, **last;
    uint32_t inside;
    uint64_t gap_ns;  /* between two admissions; 0: none */
    uint64_t next_ns; /* not before */
};

/* rate_per_s 0: no limit. */
void gate_init(struct gate *g, double rate_per_s);
/* Queues w; admitted(w) is called from gate_turn().  Harmless when it waits or is inside already. */
void gate_enter(struct gate *g, struct gate_waiter *w);
/* w's connection is made or has failed.  Harmless when not inside. */
void gate_leave(struct gate *g, struct gate_waiter *w);
/* Admits who may pass now. */
void gate_turn(struct gate *g, uint64_t now_ns);
/* When gate_turn() should be called again; UINT64_MAX: after gate_enter() or gate_leave(). */
uint64_t gate_due_ns(const struct gate *g);

#endif
