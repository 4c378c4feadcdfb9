/* --pid: the window of the samples is the measured time, and nothing before or after it. */
#include "fake.h"

#include <criterion/criterion.h>

static uint64_t began_ns, ended_ns;
static unsigned begins_seen;

static void on_window(bool begins, void *context)
{
    (void)context;
    *(begins ? &began_ns : &ended_ns) = sim_now_ns();
    begins_seen += begins;
}

/* All but the last request of the run: that one stays open and is waited for in vain. */
static void mute_at_the_end(struct fake *f, struct fake_client *c, uint64_t number)
{
    uint64_t *last = f->context;
    if (number != *last)
        fake_right(f, c);
}

static void expect_window(const char *options, uint64_t last, uint64_t delay_ns, uint64_t lasts_ns)
{
    struct fake f = {.answer = mute_at_the_end, .context = &last, .delay_ns = delay_ns};
    struct run run = {.window = on_window};
    began_ns = ended_ns = begins_seen = 0;
    fake_begin(&f, options);
    fake_execute(&f, &run);
    cr_expect_eq(begins_seen, 1, "%s", options);
    cr_expect_eq(began_ns, run.measure_ns, "%s", options);
    cr_expect(ended_ns - began_ns <= run.elapsed_ns && run.elapsed_ns - (ended_ns - began_ns) < 2000000,
              "%s: %.6f s, not %.6f", options, (double)(ended_ns - began_ns) / 1e9, (double)run.elapsed_ns / 1e9);
    cr_expect(run.elapsed_ns >= lasts_ns && run.elapsed_ns < lasts_ns + 2000000, "%s: %.6f s", options,
              (double)run.elapsed_ns / 1e9);
    fake_done(&f, &run);
}

Test(window, is_the_measured_time)
{
    expect_window("--rate 100 --clients 200 --duration 1s --warmup 3s", UINT64_MAX, 0, 1000000000);
    expect_window("--rate 100 --clients 200 --duration 1s --warmup 3s --connect-rate 100", UINT64_MAX, 0, 1000000000);
    /* The last request is never answered: five seconds of drain are not in it. */
    expect_window("--rate 100 --clients 200 --duration 1s --timeout 1m", 99, 0, 1000000000);
    /* But what comes until the last answer is. */
    expect_window("--rate 100 --clients 200 --duration 1s", UINT64_MAX, 500000000, 1490000000);
    expect_window("--rate 100 --clients 200 --duration 1s --timeout 1m", 99, 500000000, 1480000000);
    expect_window("--clients 2 --requests 2", UINT64_MAX, 1000000000, 1000000000);
}
