/* The bound of work in a turn (promise 14): when the clock is read, and what that says.
 *
 * A reading costs more than the rest of a dispatch, so it is not done after each callback
 * but after `stride` of them: as many as have lately taken no more than a
 * sixteenth of the budget.  The stride grows slowly and falls at once.  A callback
 * that knows that it did much (a conn that sent 64 KiB, a session that searched) has the
 * clock read behind it.  Rejected: a timer signal (EINTR everywhere), a thread that
 * watches the clock (a second thread), counting callbacks alone (they differ a thousandfold).
 */
#include "internal.h"

enum {
    STRIDE_MAX = 64
};

static void begin_interval(struct reactor *r, uint64_t now_ns)
{
    r->read_ns = now_ns;
    r->interval = r->until_read = r->tracing ? 1 : r->stride;
}

void reactor_budget_begin(struct reactor *r, bool weighing, bool single)
{
    r->weighing = weighing;
    if (weighing)
        r->cpu_ns = r->sys->thread_cpu_ns();
    begin_interval(r, r->now_ns);
    if (single)
        r->interval = r->until_read = STRIDE_MAX;
    r->phase_end_ns = UINT64_MAX; /* signals and wake-ups always run */
}

void reactor_budget_last_phase(struct reactor *r, uint64_t begun_ns, uint64_t kept_ns)
{
    uint64_t least_ns;

    if (budget_unread(r) > 0)
        (void)reactor_budget_note(r, r->sys->monotonic_ns());
    least_ns = r->read_ns + (r->budget_ns >> BUDGET_OTHERS);
    reactor_budget_phase(r, begun_ns, kept_ns);
    if (r->phase_end_ns < least_ns)
        r->phase_end_ns = least_ns;
}

/* What `callbacks` callbacks in took_ns say about how long one may go without looking. */
static void learn_stride(struct reactor *r, unsigned callbacks, uint64_t took_ns)
{
    uint64_t bound_ns = r->budget_ns >> BUDGET_LOOK;

    if (took_ns > 2 * bound_ns)
        r->stride = 1;
    else if (took_ns > bound_ns)
        r->stride = (r->stride + 1) / 2;
    else if (took_ns <= bound_ns / 2 && callbacks >= r->stride && r->stride < STRIDE_MAX)
        r->stride *= 2;
}

/* On a busy machine another process often runs as soon as a send has woken it: then a small request seems to
 * take milliseconds, and would wait behind the dear ones ever after. */
static uint64_t work_in(struct reactor *r, uint64_t took_ns)
{
    uint64_t before_ns = r->cpu_ns;

    if (!r->weighing)
        return took_ns;
    r->cpu_ns = r->sys->thread_cpu_ns();
    return r->cpu_ns - before_ns < took_ns ? r->cpu_ns - before_ns : took_ns;
}

uint64_t reactor_budget_note(struct reactor *r, uint64_t now_ns)
{
    uint64_t took_ns = now_ns - r->read_ns, work_ns = work_in(r, took_ns);
    unsigned callbacks = budget_unread(r);

    learn_stride(r, callbacks, work_ns);
    begin_interval(r, now_ns);
    reactor_note_callbacks(r, callbacks, took_ns);
    return work_ns;
}

bool reactor_share_over(struct reactor *r)
{
    uint64_t now_ns = r->sys->monotonic_ns();

    budget_read_soon(r);
    return now_ns - r->read_ns >= r->budget_ns >> BUDGET_SHARE || now_ns >= r->phase_end_ns;
}
