/* Verdicts: better, worse, no difference seen; and Student's t against the tables. */
#include "core/tally.h"
#include "reports/json.h"
#include "reports/versus.h"
#include "rng.h"

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

static struct json_object *read_text(const char *text, size_t len)
{
    FILE *in = fmemopen((void *)(uintptr_t)text, len, "r");
    struct json_object *v = in != NULL ? json_read(in) : NULL;
    if (in != NULL)
        fclose(in);
    return v;
}

Test(json, what_is_written_is_read)
{
    struct values {
        char text[40];
        uint64_t big, most;
        uint32_t small;
        double nan, real;
        bool yes;
    } was = {"\"quoted\" \\ \n \x01 ♚ \xFF <b>", 1234567890123456789u, UINT64_MAX, 7, NAN, 0.25, true}, is = {0};
    static const struct json_field fields[] = {JSON_FIELD(struct values, text), JSON_FIELD(struct values, big),
                                               JSON_FIELD(struct values, most), JSON_FIELD(struct values, small),
                                               JSON_FIELD(struct values, nan),  JSON_AS(struct values, "quarter", real),
                                               JSON_FIELD(struct values, yes)};
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct json_object *o = json_object_new_object(), *list = json_object_new_array();
    json_put(o, &was, JSON_TABLE(fields));
    for (uint64_t i = 0; i < 3; i++)
        json_object_array_add(list, json_object_new_uint64(i));
    json_object_object_add(o, "list", list);
    json_object_object_add(o, "empty", json_object_new_object());
    json_write(out, o);
    fclose(out);
    json_object_put(o);
    struct json_object *v = read_text(text, len);
    cr_assert_not_null(v, "%s", text);
    json_get(v, &is, JSON_TABLE(fields));
    cr_expect(json_object_is_type(json_object_object_get(v, "text"), json_type_string));
    cr_expect_not_null(strstr(text, "\\\"quoted\\\" \\\\ \\n \\u0001 ♚ \xEF\xBF\xBD <b>"), "%s", text);
    cr_expect_float_eq(json_number(v, "big"), 1.2345678901234568e18, 1000);
    cr_expect_not_null(strstr(text, "18446744073709551615"), "%s", text);
    cr_expect_not_null(strstr(text, "\n  \"quarter\":0.25,"), "%s", text);
    cr_expect(is.yes && is.small == 7 && is.real == 0.25 && is.nan == 0);
    cr_expect(json_object_object_get_ex(v, "nan", NULL) && json_object_object_get(v, "nan") == NULL);
    list = json_object_object_get(v, "list");
    double sum = 0;
    for (size_t i = 0; i < json_object_array_length(list); i++)
        sum += json_object_get_double(json_object_array_get_idx(list, i));
    cr_expect_float_eq(sum, 3, 0);
    cr_expect_eq(json_object_object_length(json_object_object_get(v, "empty")), 0);
    cr_expect_null(json_object_object_get(v, "absent"));
    json_object_put(v);
    free(text);
}

Test(json, ill_formed_text_is_refused)
{
    static const char *const bad[] = {"",       "{",   "[1,]",  "{\"a\"}",    "{\"a\":}", "[1 2]", "tru",
                                      "\"open", "1 2", "{a:1}", "[\"\x01\"]", "--1",      "\"\\"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_null(read_text(bad[i], strlen(bad[i])), "%s", bad[i]);
    char deep[200];
    memset(deep, '[', sizeof deep);
    cr_expect_null(read_text(deep, sizeof deep), "too deep");
}
