/* bench.h - what one event loop has to offer to be measured.
 *
 * Two benchmarks, each run by bench.c on one loop a program:
 *
 *   chain   N socket pairs, A of them active, W writes (the benchmark that came
 *           with libevent): reading a byte from pair i writes one to pair i+1.
 *           With a timeout, each event also re-arms a timer of its pair.
 *   timers  N timers armed, re-armed in another order ("there was activity"),
 *           cancelled, and - armed anew with short times - expired.
 *
 * The programs say how many operations each measured function did; the script
 * beside this file divides the instructions that callgrind counted inside it.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

struct chain {
    int pairs;
    int *read_fd, *write_fd;
    uint32_t *timeout_ms; /* of each pair */
    long writes_left;     /* writes still to be made by callbacks */
    long in_flight;       /* bytes written and not read: the round is over at 0 */
};
extern struct chain chain;

/* What every callback of the chain does, on whatever loop. */
static inline void chain_hop(int i)
{
    char byte;
    if (read(chain.read_fd[i], &byte, 1) != 1)
        return;
    if (chain.writes_left == 0) {
        chain.in_flight--;
        return;
    }
    chain.writes_left--;
    int next = i + 1 == chain.pairs ? 0 : i + 1;
    if (write(chain.write_fd[next], "e", 1) != 1)
        _exit(3);
}

/* Of the loop under test. */
extern const char loop_name[];
extern const bool loop_has_timers;
void loop_open(void);
/* Watches every chain.read_fd for input; with timeouts also arms one timer a
 * pair for its timeout_ms, which each event arms again. */
void loop_watch_chain(bool with_timeouts);
/* Turns until chain.in_flight is 0. */
void loop_run_chain(void);

/* The timers: count of them, made by this call and not armed. */
void loop_make_timers(int count);
void loop_arm(int i, uint32_t after_ms);
void loop_rearm(int i, uint32_t after_ms);
void loop_cancel(int i);
/* The loop's clock moves on to now, where it has one that stands still. */
void loop_update_clock(void);
/* Turns until timers_fired has reached count. */
void loop_run_timers(long count);
extern long timers_fired; /* counted by the loop's callbacks */

#endif
