/* watch.h - is it the server that is slow, or this program?
 *
 * Each turn of the loop waits and then works.  Two things go wrong: the loop
 * never waits (the processor is the limit: there is no telling how fast the server would be), or it is held
 * up (a turn that takes long, a wait that ends late: stopped, swapped out, starved by other programs), so
 * that what lies in the sockets meanwhile looks like the server's latency.  Short holds make no result void, but the
 * percentiles that they may explain are marked (result_doubtful()).
 */
#ifndef MOJILOAD_WATCH_H
#define MOJILOAD_WATCH_H

#include "core/hist.h"

#include <stdbool.h>
#include <stdint.h>

#define WATCH_HOLD_NS 20000000ull /* 20 ms, a few time slices of a scheduler; shorter gaps are ordinary life */

#define WATCH_OWN_NS 1000000ull /* 1 ms of own delay in a percentile: less is not worth a mark */

enum {
    WATCH_TEXT = 200
};

struct watch {
    uint64_t busy_ns, idle_ns; /* the two add up to the time watched */
    uint64_t held_ns;          /* the part in holds of more than WATCH_HOLD_NS */
    uint64_t longest_hold_ns;
    uint64_t cpu_ns; /* of this thread, meanwhile */
    /* private */
    uint64_t cpu_began_ns;
};

void watch_begin(struct watch *w);
/* One turn: it was to wait until wake_ns (UINT64_MAX: for ever), began waiting at from_ns, woke at woke_ns and had
 * worked by done_ns. */
void watch_turn(struct watch *w, uint64_t from_ns, uint64_t wake_ns, uint64_t woke_ns, uint64_t done_ns);
void watch_end(struct watch *w);
void watch_merge(struct watch *w, const struct watch *from);
/* CPU time per wall time, in [0, 1]. */
double watch_cpu_share(const struct watch *w);

/* True when this program hardly ever waited: the server may be faster than it could tell.  In a closed loop
 * without objectives that is worth a remark - it goes as fast as the slower of the two, and the throughput
 * is a lower bound -, everywhere else it makes the result void. */
bool watch_saturated(const struct watch *w);

/* True when the result is void; why says so in a sentence.  judged: latencies were asked for, by
 * a rate or an objective. */
bool watch_void(const struct watch *w, bool judged, const struct hist *own_lag, const struct hist *response,
                char why[WATCH_TEXT]);

#endif
