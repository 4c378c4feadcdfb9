/* Small parts: the schedule, mixes, the end-of-answer finder, the gate, the search for the knee, the watch. */
#include "core/gate.h"
#include "core/schedule.h"
#include "core/watch.h"
#include "dialogue/mix.h"
#include "dialogue/until.h"
#include "find.h"
#include "rng.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- schedule ---- */

Test(schedule, fixed_arrivals_do_not_drift)
{
    struct schedule s;
    schedule_start(&s, &(struct schedule_config){.from_per_s = 3, .to_per_s = 3});
    for (int i = 0; i < 3000000; i++)
        schedule_next(&s);
    cr_expect_leq(s.due_ns - 999999999999999u, 2, "%llu", (unsigned long long)s.due_ns);
}

Test(schedule, poisson_has_the_rate_and_the_spread)
{
    struct schedule s;
    double sum = 0, squares = 0;
    uint64_t before = 0;
    schedule_start(&s, &(struct schedule_config){.from_per_s = 1000, .to_per_s = 1000, .poisson = true, .seed = 5});
    for (int i = 0; i < 200000; i++) {
        double gap = (double)(s.due_ns - before) / 1e6;
        cr_assert_geq(s.due_ns, before);
        before = s.due_ns;
        sum += gap;
        squares += gap * gap;
        schedule_next(&s);
    }
    double mean = sum / 200000;
    cr_expect_float_eq(mean, 1, 0.01);
    cr_expect_float_eq(sqrt(squares / 200000 - mean * mean), 1, 0.02, "exponential: deviation equals mean");
}

Test(schedule, ramps_end_where_they_should)
{
    struct schedule_config c = {.from_per_s = 0, .to_per_s = 100, .ramp_ns = 10000000000};
    struct schedule s;
    schedule_start(&s, &c);
    for (int i = 0; i < 500; i++)
        schedule_next(&s);
    cr_expect_float_eq((double)s.due_ns, 1e10, 10);
    schedule_next(&s);
    cr_expect_float_eq((double)s.due_ns, 1.001e10, 10);
    cr_expect_float_eq(schedule_expected(&c, 10000000000), 500, 1e-6);
    cr_expect_float_eq(schedule_expected(&c, 5000000000), 125, 1e-6);
    cr_expect_float_eq(schedule_rate_at(&c, 5000000000), 50, 1e-6);
    c = (struct schedule_config){.from_per_s = 100, .to_per_s = 0, .ramp_ns = 10000000000};
    schedule_start(&s, &c);
    for (int i = 0; i < 501; i++)
        schedule_next(&s);
    cr_expect_eq(s.due_ns, SCHEDULE_NEVER, "a rate that falls to nothing has a last request");
}

/* ---- mix ---- */

static bool add_text(struct mix *mix, const char *text, bool raw, char *error)
{
    char path[] = "/tmp/mojiload-mix-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    fputs(text, file);
    fclose(file);
    bool good = mix_add_file(mix, path, raw, error);
    remove(path);
    return good;
}

Test(mix, weights_are_kept)
{
    struct mix mix = {0};
    char error[MIX_ERROR];
    unsigned hits[2] = {0};
    cr_assert(add_text(&mix, "# a comment\n\n1\tchess\n3\tblack king\n", false, error), "%s", error);
    cr_assert_eq(mix.count, 2);
    for (uint64_t n = 0; n < 40000; n++)
        hits[mix_pick(&mix, 1, n)]++;
    cr_expect_float_eq(hits[1] / 40000.0, 0.75, 0.01);
    cr_expect_eq(mix_pick(&mix, 9, 12345), mix_pick(&mix, 9, 12345));
    cr_expect_arr_eq(mix.entry[1].request, "black king\n", 11);
    mix_free(&mix);
}

Test(mix, says_which_line_is_wrong)
{
    static const char *const bad[] = {"chess\n",    "1 chess\n",    "0\tchess\n",         "-1\tchess\n",
                                      "x\tchess\n", "1.5\tchess\n", "9999999999\tchess\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mix mix = {0};
        char error[MIX_ERROR] = "", text[64];
        snprintf(text, sizeof text, "1\tgood\n%s", bad[i]);
        cr_expect_not(add_text(&mix, text, false, error), "%s", bad[i]);
        cr_expect(strstr(error, ":2:") != NULL, "%s", error);
        mix_free(&mix);
    }
    struct mix mix = {0};
    char error[MIX_ERROR] = "";
    cr_expect_not(add_text(&mix, "# nothing\n", false, error));
    cr_expect_not(mix_add_file(&mix, "/nonexistent/mix", false, error));
    cr_expect_not(mix_add_query(&mix, "two\nlines", error));
    mix_free(&mix);
}

Test(mix, templates)
{
    struct mix mix = {0};
    char error[MIX_ERROR], buffer[MIX_EXPANDED_MAX];
    size_t len;
    cr_assert(add_text(&mix, "2\tGET {n} {random:10} \\x7bx} {X {\\r\\n\n", true, error), "%s", error);
    const char *a = mix_request(&mix, 0, 1, 42, buffer, &len);
    cr_expect(len == 19 && memcmp(a, "GET 42 ", 7) == 0 && memcmp(a + 8, " {x} {X {\r\n", 11) == 0, "%.*s", (int)len,
              a);
    cr_expect_not(add_text(&mix, "\\q\n", true, error));
    mix_free(&mix);
}

/* ---- until ---- */

static void expect_found(const char *pattern, const char *text, size_t at)
{
    struct until_pattern p;
    size_t len = strlen(text);
    cr_assert(until_compile(&p, pattern, strlen(pattern)));
    for (size_t piece = 1; piece <= len; piece++) {
        uint8_t matched = 0;
        size_t taken = 0;
        bool found = false;
        while (taken < len && !found) {
            size_t n = len - taken < piece ? len - taken : piece;
            taken += until_feed(&p, &matched, text + taken, n, &found);
        }
        cr_expect_eq(found, at != SIZE_MAX, "%s in %s, pieces of %zu", pattern, text, piece);
        cr_expect(!found || taken == at, "%s in %s, pieces of %zu: %zu, not %zu", pattern, text, piece, taken, at);
    }
}

Test(until, finds_the_first_end_wherever_it_is_cut)
{
    expect_found("?> ", "hello\r\n?> ", 10);
    expect_found("?> ", "?\?> ?> ", 4);
    expect_found("aab", "aaaab", 5);
    expect_found("abab", "abaabab", 7);
    expect_found("END\r\n", "VALUE END END\rEND\r\n", 19);
    expect_found("?> ", "nothing of the kind ?>", SIZE_MAX);
    expect_found("x", "aaax", 4);
}

/* ---- gate ---- */

static unsigned admissions;
static void admitted(struct gate_waiter *w)
{
    (void)w;
    admissions++;
}

Test(gate, bounds_how_many_are_inside)
{
    struct gate gate;
    static struct gate_waiter w[GATE_AT_ONCE + 5];
    gate_init(&gate, 0);
    for (size_t i = 0; i < GATE_AT_ONCE + 5; i++) {
        w[i].admitted = admitted;
        gate_enter(&gate, &w[i]);
        gate_enter(&gate, &w[i]);
    }
    gate_turn(&gate, 1);
    cr_expect_eq(admissions, GATE_AT_ONCE);
    cr_expect_eq(gate_due_ns(&gate), UINT64_MAX);
    gate_leave(&gate, &w[0]);
    gate_leave(&gate, &w[0]);
    gate_turn(&gate, 1);
    cr_expect_eq(admissions, GATE_AT_ONCE + 1);
}

Test(gate, keeps_its_pace_without_bursts)
{
    struct gate gate;
    static struct gate_waiter w[30];
    gate_init(&gate, 10);
    for (size_t i = 0; i < 30; i++) {
        w[i].admitted = admitted;
        gate_enter(&gate, &w[i]);
    }
    for (uint64_t now = 0; now < 1000000000; now += 50000000)
        gate_turn(&gate, 1000000000 + now);
    cr_expect_eq(admissions, 10);
    gate_turn(&gate, 9000000000);
    cr_expect_leq(admissions, 12, "time that was slept through is not made up for");
}

/* ---- find ---- */

/* Everything holds up to limit. */
static double knee(double first, double limit, enum find_end end)
{
    struct find f;
    find_begin(&f, first);
    while (f.end == FIND_GOING) {
        double rate = find_next(&f);
        find_add(&f, &(struct find_point){.rate_per_s = rate, .held = rate <= limit});
    }
    cr_expect_eq(f.end, end, "from %g to %g: %d after %zu points", first, limit, (int)f.end, f.count);
    return f.best == SIZE_MAX ? 0 : f.point[f.best].rate_per_s;
}

Test(find, comes_within_five_percent)
{
    static const double limits[] = {3, 77, 1000, 1001, 34567, 5000000};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        double found = knee(1000, limits[i], FIND_FOUND);
        cr_expect(found <= limits[i] && found * 1.06 >= limits[i], "%g: %g", limits[i], found);
    }
    cr_expect_float_eq(knee(1000, 0.1, FIND_NOTHING), 0, 0);
}

Test(find, stops_where_mojiload_itself_is_the_limit)
{
    struct find f;
    find_begin(&f, 1000);
    while (f.end == FIND_GOING) {
        double rate = find_next(&f);
        find_add(&f, &(struct find_point){.rate_per_s = rate, .held = rate <= 10000, .is_void = rate > 10000});
    }
    cr_expect_eq(f.end, FIND_VOID);
    cr_expect_geq(f.point[f.best].rate_per_s, 8000);
}

/* ---- watch ---- */

static bool is_void(const struct watch *w, const struct hist *own, const struct hist *all)
{
    char why[WATCH_TEXT] = "";
    bool result = watch_void(w, true, own, all, why);
    cr_expect_eq(result, why[0] != '\0');
    return result;
}

Test(watch, tells_its_own_faults_from_the_servers)
{
    struct hist *own = calloc(1, sizeof *own), *all = calloc(1, sizeof *all);
    struct watch w = {0};
    /* A loop that wakes in time and works a little. */
    for (uint64_t t = 0; t < 1000; t++)
        watch_turn(&w, t * 1000000, t * 1000000 + 900000, t * 1000000 + 900000, (t + 1) * 1000000);
    w.cpu_ns = 100000000;
    cr_expect_not(is_void(&w, own, all));
    cr_expect_eq(w.busy_ns, 100000000);
    cr_expect_eq(w.idle_ns, 900000000);
    struct watch stopped = w;
    watch_turn(&stopped, 1000000000, 1001000000, 1301000000, 1301000000);
    cr_expect(is_void(&stopped, own, all), "woke 300 ms late in a second");
    struct watch waited = w;
    watch_turn(&waited, 1000000000, 1300000000, 1300000000, 1300000000);
    cr_expect_not(is_void(&waited, own, all), "slept 300 ms because there was nothing to do");
    struct watch saturated = {.busy_ns = 1000000000, .idle_ns = 1000000, .cpu_ns = 990000000};
    cr_expect(is_void(&saturated, own, all));
    cr_expect(watch_saturated(&saturated));
    char why[WATCH_TEXT];
    cr_expect_not(watch_void(&saturated, false, own, all, why),
                  "a closed loop that nobody judges goes as fast as it can");
    struct watch pushed_aside = {.busy_ns = 1000000000, .idle_ns = 1000000, .cpu_ns = 500000000};
    cr_expect_not(is_void(&pushed_aside, own, all));
    for (int i = 0; i < 100; i++) {
        hist_add(own, 50000000);
        hist_add(all, 60000000);
    }
    cr_expect(is_void(&w, own, all), "requests were late although connections were free");
    hist_reset(all);
    for (int i = 0; i < 100; i++)
        hist_add(all, 1000000000);
    cr_expect_not(is_void(&w, own, all), "which does not matter beside a server that takes a second");
    free(own);
    free(all);
}
