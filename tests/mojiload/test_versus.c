/* Verdicts: better, worse, no difference seen; and Student's t against the tables. */
#include "json.h"
#include "rng.h"
#include "tally.h"
#include "versus.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLICES = 20
};

/* Slices with these means and some noise (5 %). */
static void make(struct slice *s, double rate, double ms, uint64_t seed)
{
    for (uint64_t i = 0; i < SLICES; i++) {
        double noise = 0.95 + 0.1 * rng_unit(seed, i, RNG_GAP), noise2 = 0.95 + 0.1 * rng_unit(seed, i, RNG_MIX);
        s[i] = (struct slice){.start_ns = i * 1000000000, .length_ns = 1000000000};
        s[i].outcome[OUTCOME_OK] = (uint64_t)(rate * noise);
        s[i].mean_ns = ms * 1e6 * noise2;
        s[i].p50_ns = (uint64_t)(ms * 0.8e6 * noise2);
        s[i].p99_ns = (uint64_t)(ms * 3e6 * noise2);
    }
}

static enum verdict compare(double rate_a, double ms_a, double rate_b, double ms_b, bool paired)
{
    struct slice a[SLICES], b[SLICES];
    struct comparison c;
    make(a, rate_a, ms_a, 1);
    make(b, rate_b, ms_b, 2);
    compare_slices(&c, a, SLICES, b, SLICES, paired);
    cr_expect_eq(c.slices_a, SLICES);
    return c.verdict;
}

Test(versus, verdicts)
{
    for (int paired = 0; paired < 2; paired++) {
        cr_expect_eq(compare(1000, 5, 1000, 5, paired), VERDICT_SAME);
        cr_expect_eq(compare(1000, 5, 1200, 4, paired), VERDICT_BETTER);
        cr_expect_eq(compare(1000, 5, 800, 6, paired), VERDICT_WORSE);
        cr_expect_eq(compare(1000, 5, 1200, 6, paired), VERDICT_SAME, "better here and worse there is no verdict");
    }
}

Test(versus, pairs_see_through_drift)
{
    struct slice a[SLICES], b[SLICES];
    struct comparison c;
    make(a, 1000, 5, 1);
    for (int i = 0; i < SLICES; i++) {
        a[i].mean_ns = 5e6 * (1 + i / 5.0); /* the machine gets five times slower */
        b[i] = a[i];
        b[i].mean_ns *= 1.05 + 0.001 * (i % 3);
        b[i].p50_ns = b[i].p50_ns * 105 / 100;
    }
    compare_slices(&c, a, SLICES, b, SLICES, true);
    cr_expect_eq(c.metric[COMPARE_MEAN].verdict, VERDICT_WORSE);
    compare_slices(&c, a, SLICES, b, SLICES, false);
    cr_expect_eq(c.metric[COMPARE_MEAN].verdict, VERDICT_SAME);
}

Test(versus, too_little_is_said_to_be_too_little)
{
    struct slice a[SLICES], b[SLICES];
    struct comparison c;
    make(a, 1000, 5, 1);
    make(b, 2000, 1, 2);
    compare_slices(&c, a, 2, b, 2, false);
    cr_expect_eq(c.verdict, VERDICT_UNKNOWN);
    for (int i = 0; i < SLICES; i++)
        a[i].warmup = true;
    compare_slices(&c, a, SLICES, b, SLICES, false);
    cr_expect_eq(c.verdict, VERDICT_UNKNOWN, "the warm-up does not count");
}

Test(versus, student)
{
    static const double table[][2] = {{1, 12.706}, {2, 4.303},  {3, 3.182},   {4, 2.776},
                                      {9, 2.262},  {30, 2.042}, {1000, 1.962}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        cr_expect_float_eq(student_t95(table[i][0]), table[i][1], table[i][1] / 100, "%g degrees", table[i][0]);
}

Test(json, what_is_written_is_read)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct json_writer w = {.out = out, .first = true};
    json_open(&w, NULL, '{');
    json_text(&w, "text", "\"quoted\" \\ \n \x01 ♚ \xFF <b>");
    json_uint(&w, "big", 1234567890123456789u);
    json_real(&w, "nan", NAN);
    json_bool(&w, "yes", true);
    json_open(&w, "list", '[');
    for (uint64_t i = 0; i < 3; i++)
        json_uint(&w, NULL, i);
    json_close(&w, ']');
    json_open(&w, "empty", '{');
    json_close(&w, '}');
    json_close(&w, '}');
    fclose(out);
    struct json_value *v = json_parse(text, len, 100);
    cr_assert_not_null(v, "%s", text);
    const struct json_value *s = json_member(v, "text");
    cr_expect_eq(s->kind, JSON_STRING);
    cr_expect(memmem(text, len, "\\\"quoted\\\" \\\\ \\u000a \\u0001 ♚ \\ufffd \\u003cb>", 20) != NULL, "%s", text);
    cr_expect_float_eq(json_number(json_member(v, "big"), 0), 1.2345678901234568e18, 1000);
    cr_expect_eq(json_member(v, "nan")->kind, JSON_NULL);
    const struct json_value *list = json_member(v, "list");
    double sum = 0;
    for (const struct json_value *c = json_first(list); c != NULL; c = json_next(list, c))
        sum += json_number(c, 100);
    cr_expect_float_eq(sum, 3, 0);
    cr_expect_null(json_first(json_member(v, "empty")));
    cr_expect_null(json_member(v, "absent"));
    free(v);
    free(text);
}

Test(json, ill_formed_text_is_refused)
{
    static const char *const bad[] = {"",       "{",   "[1,]",  "{\"a\"}",    "{\"a\":}", "[1 2]", "tru",
                                      "\"open", "1 2", "{a:1}", "[\"\x01\"]", "--1",      "\"\\"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_null(json_parse(bad[i], strlen(bad[i]), 100), "%s", bad[i]);
    char deep[200];
    memset(deep, '[', sizeof deep);
    cr_expect_null(json_parse(deep, sizeof deep, 1000), "too deep");
    cr_expect_null(json_parse("[1,2,3]", 7, 3), "too many values");
}
