/* /more: the parts of an answer put together are the answer, whatever the query, the order, the limit. */
#include "wire.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PARTS = 5 /* the answer, and /more after it */
};

TestSuite(more, .timeout = TEST_TIMEOUT_S);

static const char *const QUERIES[] = {
    "cat",  "cjk",      "line",           "*a* *e* *i*",  "gc:Sm|gc:Sc", "nbsp|tab|bell", "null|del|lf|space",
    "!*a*", "letter a", "kin?|qu* chess", "is:alpha *ar*"};

/* What a session says to the query and PARTS - 1 times /more. */
static void ask(struct outcome *o, const char *settings, const char *limit, const char *query, unsigned more)
{
    char input[512];
    int len = snprintf(input, sizeof input, "%s\n/limit %s\n%s\n", settings, limit, query);
    for (unsigned i = 0; i < more; i++)
        len += snprintf(input + len, sizeof input - (size_t)len, "/more\n");
    program_run(o, input, (size_t)len, (const char *const[]){"--stdio", NULL});
    cr_assert_eq(o->status, 0);
}

/* Moves *at behind the next line that is a match, and returns it; NULL: there is none. */
static const char *next_match(const char **at, size_t *len)
{
    while (**at) {
        const char *line = *at;
        *len = strcspn(line, "\n");
        *at = line + *len + (line[*len] == '\n');
        if (strncmp(line, "U+", 2) == 0)
            return line;
    }
    return NULL;
}

/* The number before " found"; there is one, the same, in every status line of the session. */
static unsigned long found_in(const char *text)
{
    unsigned long found = 0, seen = 0;
    for (const char *at = text; (at = strstr(at, " found")); at++) {
        const char *digits = at;
        while (digits > text && digits[-1] >= '0' && digits[-1] <= '9')
            digits--;
        unsigned long number = strtoul(digits, NULL, 10);
        cr_assert(!seen++ || number == found, "%lu, then %lu found", found, number);
        found = number;
    }
    cr_assert(seen);
    return found;
}

static unsigned count(const char *text, const char *what)
{
    unsigned times = 0;
    for (; (text = strstr(text, what)); text += strlen(what))
        times++;
    return times;
}

static void check(const char *settings, const char *query, unsigned limit, const struct outcome *whole)
{
    struct outcome parts;
    char digits[16];
    unsigned shown = 0, all = 0;
    size_t len, part_len;
    snprintf(digits, sizeof digits, "%u", limit);
    ask(&parts, settings, digits, query, PARTS - 1);
    const char *in_whole = whole->out.bytes, *in_parts = parts.out.bytes;
    for (const char *line, *part; (line = next_match(&in_whole, &len)) && all < PARTS * limit; all++) {
        cr_assert((part = next_match(&in_parts, &part_len)), "%s, limit %u: ends after %u", query, limit, all);
        cr_assert(part_len == len && memcmp(part, line, len) == 0, "%s, limit %u: match %u is %.*s, not %.*s", query,
                  limit, all, (int)part_len, part, (int)len, line);
        shown++;
    }
    cr_assert_null(next_match(&in_parts, &part_len), "%s, limit %u: more than %u", query, limit, shown);
    cr_assert_eq(found_in(parts.out.bytes), found_in(whole->out.bytes), "%s", query);
    unsigned needed = shown ? (shown + limit - 1) / limit : 1;
    cr_assert_eq(count(parts.out.bytes, "! nothing more"), PARTS - needed, "%s, limit %u", query, limit);
    outcome_free(&parts);
}

static void check_all(const char *settings)
{
    static const unsigned limits[] = {1, 7, 250, 1000, 5000};
    for (size_t q = 0; q < sizeof QUERIES / sizeof *QUERIES; q++) {
        struct outcome whole;
        ask(&whole, settings, "off", QUERIES[q], 0);
        for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
            check(settings, QUERIES[q], limits[i], &whole);
        outcome_free(&whole);
    }
}

Test(more, in_order)
{
    check_all("/prompt off");
}

Test(more, the_best_first)
{
    check_all("/prompt off\n/sort best");
}

Test(more, in_codes)
{
    check_all("/prompt off\n/format codes");
}

/* The best thousand are kept: behind them there is nothing more, also when a part ends just there. */
Test(more, after_the_best_thousand)
{
    static const char *const limits[] = {"1000", "500", "400", "999"};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct outcome o;
        ask(&o, "/prompt off\n/sort best\n/format codes", limits[i], "cjk", 3);
        cr_expect_eq(count(o.out.bytes, "U+"), 1000u, "limit %s", limits[i]);
        cr_expect_eq(count(o.out.bytes, "! nothing more"), i == 0 ? 3u : i == 2 ? 1u : 2u, "limit %s", limits[i]);
        outcome_free(&o);
    }
}

/* Each part under the settings of its time. */
Test(more, under_changed_settings)
{
    struct outcome o;
    static const char input[] =
        "/prompt off\n/limit 2\n/format codes\nchess king|queen\n/limit 1\n/format chars\n/more\n"
        "/format tsv\n/sort best\n/limit off\n/more\n/more\n";
    program_run(&o, input, sizeof input - 1, (const char *const[]){"--stdio", NULL});
    cr_assert(strstr(o.out.bytes, "U+2654\r\nU+2655\r\n# "), "%s", o.out.bytes);
    cr_assert(strstr(o.out.bytes, "\r\n♚\r\n# "), "%s", o.out.bytes);
    cr_assert(strstr(o.out.bytes, "U+265B\t♛\tBLACK CHESS QUEEN\t\r\n"), "%s", o.out.bytes);
    cr_assert(strstr(o.out.bytes, "! nothing more\r\n"), "%s", o.out.bytes);
    outcome_free(&o);
}
