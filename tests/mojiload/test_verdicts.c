/* Which server is better: errors first, then what was kept, then the times; reports of unlike loops do not compare. */
#include "fake.h"

#include "reports/compare.h"
#include "reports/report.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void right(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_right(f, c);
}

static void third_reset(struct fake *f, struct fake_client *c, uint64_t number)
{
    if (number % 3 != 0) {
        fake_right(f, c);
        return;
    }
    sim_peer_reset(c->peer);
    c->gone = true;
}

static void silent(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)f;
    (void)c;
    (void)number;
}

/* The JSON report of a run against such a server, in a file of its own. */
static void make_report(char *path, fake_fn *answer, uint64_t delay_ns, const char *options)
{
    struct fake f = {.answer = answer, .delay_ns = delay_ns};
    struct run run;
    struct result result;
    strcpy(path, "/tmp/mojiload-verdict-XXXXXX");
    FILE *out = fdopen(mkstemp(path), "w");
    cr_assert_not_null(out);
    fake_run(&f, &run, options);
    result_of(&result, &run, NULL);
    report_json(out, &(struct report){.config = &f.config, .result = &result, .status = result.status});
    fclose(out);
    fake_done(&f, &run);
}

static char *said;

static int compare(const char *a, const char *b, unsigned fail_if)
{
    size_t len = 0;
    free(said);
    FILE *out = open_memstream(&said, &len);
    int status = compare_files(out, a, b, fail_if);
    fclose(out);
    return status;
}

static void expect(const char *a, const char *b, const char *conclusion, enum verdict verdict)
{
    cr_expect_eq(compare(a, b, 0), 0, "%s", said);
    cr_expect(strstr(said, conclusion) != NULL, "no \"%s\" in %s", conclusion, said);
    for (int v = 0; v < 4; v++)
        cr_expect_eq(compare(a, b, 1u << v), v == (int)verdict, "--fail-if %d: %s", v, said);
}

/* Slow and faultless against ten times as fast and a third lost, in both loops. */
Test(verdicts, who_loses_requests_is_worse)
{
    static const char *const loops[] = {"--clients 4 --duration 6s -q snowman",
                                        "--rate 30 --clients 4 --duration 6s -q snowman"};
    for (int i = 0; i < 2; i++) {
        char slow[64], lossy[64], mute[64];
        make_report(slow, right, 50000000, loops[i]);
        make_report(lossy, third_reset, 5000000, loops[i]);
        make_report(mute, silent, 0, loops[i]);
        expect(slow, lossy, "B against A: worse, by errors\n", VERDICT_WORSE);
        expect(lossy, slow, "B against A: better, by errors\n", VERDICT_BETTER);
        expect(slow, slow, "B against A: no difference seen\n", VERDICT_SAME);
        expect(slow, mute, "B against A: worse, by errors\n", VERDICT_WORSE);
        remove(slow);
        remove(lossy);
        remove(mute);
    }
}

Test(verdicts, without_errors_the_times_decide)
{
    char slow[64], fast[64];
    make_report(slow, right, 50000000, "--rate 30 --clients 4 --duration 6s -q snowman");
    make_report(fast, right, 5000000, "--rate 30 --clients 4 --duration 6s -q snowman");
    expect(slow, fast, "B against A: better\n", VERDICT_BETTER);
    expect(fast, slow, "B against A: worse\n", VERDICT_WORSE);
    remove(slow);
    remove(fast);
}

Test(verdicts, loops_must_match)
{
    char open[64], closed[64], faster[64];
    make_report(open, right, 0, "--rate 30 --duration 4s -q snowman");
    make_report(faster, right, 0, "--rate 60 --duration 4s -q snowman");
    make_report(closed, right, 5000000, "--clients 1 --duration 4s -q snowman");
    cr_expect_eq(compare(open, closed, 0), 2);
    cr_expect_eq(compare(closed, open, 0), 2);
    cr_expect_str_empty(said);
    cr_expect_eq(compare(open, faster, 0), 0);
    cr_expect(strstr(said, "rate_per_s is 30 in A and 60 in B") != NULL, "%s", said);
    remove(open);
    remove(faster);
    remove(closed);
}

/* What was kept decides where errors do not differ: here both sides have as many, of unlike kinds. */
Test(verdicts, kept_comes_before_times)
{
    struct slice none[1] = {{0}};
    struct compared a = {.slice = none, .open_loop = true, .part = {10, 990}, .whole = {1000, 1000}}, b = a;
    struct comparison c;
    char text[COMPARISON_TEXT];
    b.part[COMPARE_KEPT] = 700;
    compare_runs(&c, &a, &b, false);
    cr_expect_str_eq(comparison_conclusion(&c, text), "worse, by kept");
    compare_runs(&c, &b, &a, false);
    cr_expect_str_eq(comparison_conclusion(&c, text), "better, by kept");
    b.part[COMPARE_ERRORS] = 200;
    b.part[COMPARE_KEPT] = 1000;
    compare_runs(&c, &a, &b, false);
    cr_expect_str_eq(comparison_conclusion(&c, text), "worse, by errors");
    b.is_void = true;
    compare_runs(&c, &a, &b, false);
    cr_expect_eq(c.verdict, VERDICT_UNKNOWN);
    cr_expect_str_eq(comparison_conclusion(&c, text), "no telling: mojiload itself was the limit");
    /* One error more in ten is chance. */
    a = (struct compared){.slice = none, .part = {1}, .whole = {10}};
    b = (struct compared){.slice = none, .part = {2}, .whole = {10}};
    compare_runs(&c, &a, &b, false);
    cr_expect_eq(c.share[COMPARE_ERRORS].verdict, VERDICT_SAME);
}
