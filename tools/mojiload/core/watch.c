/* The watch that mojiload keeps over itself. */
#include "core/watch.h"

#include "units.h"

#include <stdio.h>
#include <time.h>

/* From here on a tenth of all answers waited for us. */
static const double HELD_SHARE = 0.1;
/* A single hold of more than this share of the run is the run's p99. */
static const double LONGEST_SHARE = 0.01;
#define HELD_NS 100000000ull /* less than 100 ms in all is any busy machine: no reason to throw a short run away */
/* Never waiting: less than this share of the time was spent in epoll_wait ... */
static const double IDLE_SHARE = 0.01;
/* ... while really computing, not pushed aside by others. */
static const double BUSY_CPU_SHARE = 0.9;

static uint64_t thread_cpu_ns(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) != 0)
        return 0;
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void watch_begin(struct watch *w)
{
    *w = (struct watch){.cpu_began_ns = thread_cpu_ns()};
}

static void hold(struct watch *w, uint64_t ns)
{
    if (ns > WATCH_HOLD_NS)
        w->held_ns += ns;
    if (ns > w->longest_hold_ns)
        w->longest_hold_ns = ns;
}

void watch_turn(struct watch *w, uint64_t from_ns, uint64_t wake_ns, uint64_t woke_ns, uint64_t done_ns)
{
    if (woke_ns < from_ns) /* the two clock readings of a turn without waiting are one */
        woke_ns = from_ns;
    w->idle_ns += woke_ns - from_ns;
    w->busy_ns += done_ns - woke_ns;
    uint64_t meant_ns = wake_ns > from_ns ? wake_ns : from_ns;
    uint64_t late_ns = woke_ns > meant_ns ? woke_ns - meant_ns : 0;
    hold(w, late_ns + (done_ns - woke_ns));
}

void watch_end(struct watch *w)
{
    w->cpu_ns = thread_cpu_ns() - w->cpu_began_ns;
}

void watch_merge(struct watch *w, const struct watch *from)
{
    w->busy_ns += from->busy_ns;
    w->idle_ns += from->idle_ns;
    w->held_ns += from->held_ns;
    w->cpu_ns += from->cpu_ns;
    if (from->longest_hold_ns > w->longest_hold_ns)
        w->longest_hold_ns = from->longest_hold_ns;
}

double watch_cpu_share(const struct watch *w)
{
    uint64_t wall_ns = w->busy_ns + w->idle_ns;
    return wall_ns > 0 ? (double)w->cpu_ns / (double)wall_ns : 0;
}

bool watch_saturated(const struct watch *w)
{
    double wall_ns = (double)(w->busy_ns + w->idle_ns);
    return wall_ns > 0 && (double)w->idle_ns < IDLE_SHARE * wall_ns && watch_cpu_share(w) > BUSY_CPU_SHARE;
}

bool watch_void(const struct watch *w, bool judged, const struct hist *own_lag, const struct hist *response,
                char why[WATCH_TEXT])
{
    char a[UNITS_TEXT], b[UNITS_TEXT];
    double wall_ns = (double)(w->busy_ns + w->idle_ns);
    uint64_t own_ns = hist_quantile(own_lag, 0.99), all_ns = hist_quantile(response, 0.99);
    if (wall_ns <= 0)
        return false;
    double longest_ns = (double)w->longest_hold_ns;
    if (w->held_ns > HELD_NS && ((double)w->held_ns > HELD_SHARE * wall_ns ||
                                 (w->longest_hold_ns > HELD_NS && longest_ns > LONGEST_SHARE * wall_ns))) {
        snprintf(why, WATCH_TEXT, "mojiload itself was held up for %s in all, %s at a time",
                 units_show_ns(w->held_ns, a), units_show_ns(w->longest_hold_ns, b));
        return true;
    }
    if (own_ns > WATCH_HOLD_NS && own_ns > all_ns / 4) {
        snprintf(why, WATCH_TEXT, "mojiload sent requests %s late (p99) although connections were free",
                 units_show_ns(own_ns, a));
        return true;
    }
    if (judged && watch_saturated(w)) {
        snprintf(why, WATCH_TEXT, "mojiload never waited for the server: its own processor (%.0f %%) was the limit",
                 watch_cpu_share(w) * 100);
        return true;
    }
    return false;
}
