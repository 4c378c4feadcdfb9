/* Placeholders: independent, of one width, distributed as they say; and errors with file and line. */
#include "dialogue/mix.h"
#include "dialogue/template.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char error[TEMPLATE_ERROR], buffer[TEMPLATE_MAX + 1];

static struct template *parse(const char *text)
{
    struct template *t = template_parse(text, strlen(text), error);
    cr_assert_not_null(t, "%s: %s", text, error);
    return t;
}

static const char *render(const struct template *t, uint64_t n)
{
    buffer[template_render(t, 7, n, buffer)] = '\0';
    return buffer;
}

Test(template, widths_are_fixed)
{
    struct template *t = parse("{random:1000} {random:10} {zipf:1001} {n:4}");
    for (uint64_t n = 0; n < 20000; n += 7) {
        cr_assert_eq(strlen(render(t, n)), 3 + 1 + 1 + 1 + 4 + 1 + 4, "%s", buffer);
        cr_assert_eq(strtoul(buffer + 11, NULL, 10), n % 10000, "%s", buffer);
    }
    template_free(t);
    t = parse("{n}");
    cr_expect_str_eq(render(t, 1234567), "1234567");
    template_free(t);
}

/* Two of one template: each value of the first beside each of the second, as often as chance would have it. */
Test(template, placeholders_are_independent)
{
    static unsigned pairs[10][10];
    struct template *t = parse("{random:10}{random:10}");
    unsigned again = 0;
    char before[8] = "";
    for (uint64_t n = 0; n < 100000; n++) {
        render(t, n);
        pairs[buffer[0] - '0'][buffer[1] - '0']++;
        again += before[0] != '\0' && buffer[1] == before[0]; /* a copy shifted by one request */
        strcpy(before, buffer);
    }
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < 10; k++)
            cr_expect(pairs[i][k] > 850 && pairs[i][k] < 1150, "%d%d: %u", i, k, pairs[i][k]);
    }
    cr_expect(again > 9000 && again < 11000, "%u", again);
    for (uint64_t shift = 0; shift < 64; shift++) { /* nor shifted by any small number */
        unsigned equal = 0;
        for (uint64_t n = 0; n < 1000; n++) {
            char first = render(t, n + shift)[0];
            equal += first == render(t, n)[1];
        }
        cr_expect_lt(equal, 200, "shifted by %llu: %u", (unsigned long long)shift, equal);
    }
    template_free(t);
}

Test(template, zipf_has_its_law)
{
    static const double exponents[] = {0.5, 0.99, 1, 1.5};
    for (size_t i = 0; i < 4; i++) {
        char text[32];
        unsigned count[10] = {0};
        double sum = 0;
        snprintf(text, sizeof text, "{zipf:10:%g}", exponents[i]);
        struct template *t = parse(text);
        for (uint64_t n = 0; n < 100000; n++)
            count[render(t, n)[0] - '0']++;
        for (int k = 1; k <= 10; k++)
            sum += pow(k, -exponents[i]);
        for (int k = 1; k <= 10; k++) {
            double want = 100000 * pow(k, -exponents[i]) / sum;
            cr_expect_float_eq(count[k - 1], want, 5 * sqrt(want), "%s: rank %d: %u, not %.0f", text, k, count[k - 1],
                               want);
        }
        template_free(t);
    }
    struct template *t = parse("{zipf:1}{zipf:1000000000000}");
    for (uint64_t n = 0; n < 1000; n++)
        cr_expect_eq(strlen(render(t, n)), 13);
    template_free(t);
}

Test(template, values_from_a_file)
{
    char path[] = "/tmp/mojiload-values-XXXXXX", text[64];
    FILE *file = fdopen(mkstemp(path), "w");
    fputs("alpha\nbe ta\n\nlast", file);
    fclose(file);
    snprintf(text, sizeof text, "<{file:%s}>", path);
    struct template *t = parse(text);
    unsigned seen[4] = {0};
    static const char *const values[] = {"<alpha>", "<be ta>", "<>", "<last>"};
    for (uint64_t n = 0; n < 1000; n++) {
        render(t, n);
        for (int i = 0; i < 4; i++)
            seen[i] += strcmp(buffer, values[i]) == 0;
    }
    cr_expect_eq(seen[0] + seen[1] + seen[2] + seen[3], 1000);
    for (int i = 0; i < 4; i++)
        cr_expect_gt(seen[i], 150);
    template_free(t);
    remove(path);
}

Test(template, what_is_no_placeholder_is_text)
{
    static const char *const text[][2] = {{"{\"a\":{}}", "{\"a\":{}}"},
                                          {"\\x7bn}", "{n}"},
                                          {"{N}{1}{ n}", "{N}{1}{ n}"},
                                          {"{", "{"},
                                          {"a\\\\{n:1}", "a\\3"}};
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        struct template *t = parse(text[i][0]);
        cr_expect_str_eq(render(t, 3), text[i][1]);
        template_free(t);
    }
}

Test(template, errors_name_file_and_line)
{
    static const char *const bad[] = {"{x}",
                                      "{random}",
                                      "{random:0}",
                                      "{random:x}",
                                      "{random:-1}",
                                      "{random:}",
                                      "{random:5",
                                      "{n:0}",
                                      "{n:x}",
                                      "{n:19}",
                                      "{zipf}",
                                      "{zipf:0}",
                                      "{zipf:5:}",
                                      "{zipf:5:0}",
                                      "{zipf:5:x}",
                                      "{file}",
                                      "{file:}",
                                      "{file:/nonexistent/x}",
                                      "{file:/dev/null}",
                                      "{randum:5}",
                                      "{n",
                                      "a\\q",
                                      "{n}\tpat\\qtern",
                                      "\tx"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char path[] = "/tmp/mojiload-raw-XXXXXX", why[MIX_ERROR] = "", where[64];
        struct mix mix = {0};
        FILE *file = fdopen(mkstemp(path), "w");
        fprintf(file, "good\n%s\n", bad[i]);
        fclose(file);
        snprintf(where, sizeof where, "%s:2: ", path);
        cr_expect_not(mix_add_file(&mix, path, true, why), "%s", bad[i]);
        cr_expect(strncmp(why, where, strlen(where)) == 0 && strlen(why) > strlen(where) + 5, "%s: %s", bad[i], why);
        mix_free(&mix);
        remove(path);
    }
}
