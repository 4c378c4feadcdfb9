/* find.h - the highest rate at which the objectives hold.
 *
 * The rate doubles from --rate (or 1,000 a second) while the objectives hold, and halves while they do not; then the
 * gap between the highest that held and the lowest that did not is halved until it is within 5 %.  A point holds when
 * its objectives do, at least 99 % of the requests due were answered right, as fast as they became due, no answer was
 * wrong and mojiload itself was fast enough: when it was not, the search cannot go higher and says so.
 */
#ifndef MOJILOAD_FIND_H
#define MOJILOAD_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FIND_POINTS = 40, /* 2^20 times the first rate up or down, and ten halvings */
    FIND_WHY = 100
};

enum find_end {
    FIND_GOING,
    FIND_FOUND,   /* best is known within 5 % */
    FIND_NOTHING, /* no rate held, down to one a second */
    FIND_VOID,    /* best held; above it mojiload is the limit */
    FIND_BROKEN   /* wrong answers, no connection, or interrupted */
};

struct find_point {
    double rate_per_s, achieved_per_s;
    uint64_t p50_ns, p99_ns, p999_ns, max_ns;
    uint64_t errors;
    bool held, is_void;
    char why[FIND_WHY]; /* the first condition that failed and what was measured; empty when held */
};

struct find {
    struct find_point point[FIND_POINTS];
    size_t count;
    size_t best;                  /* the point with the highest rate that held; SIZE_MAX: none */
    double low_per_s, high_per_s; /* held; did not hold: 0 when unknown */
    enum find_end end;
};

/* Pure: begins a search; then find_next() tells the rate to try (end FIND_GOING) and find_add() takes what came of it.
 */
void find_begin(struct find *f, double first_per_s);
double find_next(const struct find *f);
void find_add(struct find *f, const struct find_point *point);

#endif
