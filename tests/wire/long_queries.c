/* Lines longer than any query, which a larger --max-line lets in: words are answered, also the best first, and what
 * else there is wrong is said; nothing behind them is lost. */
#include "wire.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LONG = 100000
};

TestSuite(long_queries, .timeout = TEST_TIMEOUT_S);

static const char *const ARGS[] = {"--stdio", "--max-line", "200000", NULL};

/* The piece over and over, LONG bytes at least, between what comes before and behind. */
static char *line_of(const char *before, const char *piece, const char *behind)
{
    char *text = malloc(strlen(before) + LONG + 2 * strlen(piece) + strlen(behind) + 1);
    cr_assert(text);
    char *at = stpcpy(text, before);
    for (size_t len = 0; len < LONG; len += strlen(piece))
        at = stpcpy(at, piece);
    strcpy(at, behind);
    return text;
}

/* The last answers of a session that begins with these settings. */
static void expect_answer(const char *settings, char *line, const char *expected)
{
    struct outcome o;
    size_t len = strlen(settings) + strlen(line) + 64;
    char *input = malloc(len);
    cr_assert(input);
    int n = snprintf(input, len, "%s%s\nweary cat face\n", settings, line);
    program_run(&o, input, (size_t)n, ARGS);
    char end[2048];
    snprintf(end, sizeof end, "%s\r\n%s", expected, WEARY_CAT);
    cr_assert_eq(o.status, 0);
    cr_assert(strstr(o.out.bytes, end), "%.60s: %s", line, escaped(o.out.bytes, o.out.len < 900 ? o.out.len : 900));
    outcome_free(&o);
    free(input);
    free(line);
}

static void expect_found(const char *settings, char *line, const char *count)
{
    char expected[512];
    snprintf(expected, sizeof expected, "%s %s found", RULE, count);
    expect_answer(settings, line, expected);
}

static void check(const char *settings)
{
    expect_found(settings, line_of("", "black king chess ", ""), "4");
    expect_found(settings, line_of("", "BLACK-", "chess king"), "4");
    expect_found(settings, line_of("black", " ", "chess king"), "4");
    expect_found(settings, line_of("", "null ", ""), "3");
    expect_found(settings, line_of("", " ", "kin? chess|xiangqi black"), "4");
    expect_found(settings, line_of("chess black quee*", " ", ""), "5");
    expect_answer(settings, line_of("", "*a* ", ""), "! query too long (limit 4096 bytes)");
    expect_answer(settings, line_of("chess", " ", "♚"), "! query too long (limit 4096 bytes)");
    expect_answer(settings, line_of("", " ", "nope:x"), "! unknown key \"nope\"; near: gc, sc, blk, ea, age");
    expect_answer(settings, line_of("", "a ", "\xC3("), "! not valid UTF-8");
    expect_answer(settings, line_of("", "\xE2\x99\x9A", "\xE2\x99"), "! not valid UTF-8");
}

Test(long_queries, in_order)
{
    check("/prompt off\n");
}

Test(long_queries, the_best_first)
{
    check("/prompt off\n/sort best\n");
}

Test(long_queries, nothing_is_an_answer_too)
{
    char *line = line_of("", "cat nosuchword ", "");
    expect_found("/prompt off\n", line, "0");
}

Test(long_queries, more)
{
    expect_answer("/prompt off\n/limit 2\n/format codes\n",
                  line_of("", "cat face ", "\n/more\n/format text\n/limit off"),
                  "U+1F639\r\nU+1F63A\r\n# 10 found, 2 shown\r\n# ok\r\n# ok");
}

/* Eight kilobytes of arguments. */
Test(long_queries, one_shot)
{
    static char words[8193], alone[] = "chess black king";
    for (size_t i = 0; i + 17 < sizeof words; i += 17)
        memcpy(words + i, "black chess king ", 17);
    struct outcome o, short_one;
    RUN(&o, "--sort", "best", words);
    RUN(&short_one, "--sort", "best", alone);
    cr_expect_eq(o.status, 0, "%s", o.err.bytes);
    cr_expect_str_eq(o.out.bytes, short_one.out.bytes);
    outcome_free(&o);
    outcome_free(&short_one);
    for (size_t i = 0; i + 4 < sizeof words; i += 4)
        memcpy(words + i, "*a* ", 4);
    RUN(&o, "--sort", "best", words);
    cr_expect_eq(o.status, 2);
    cr_expect(strstr(o.err.bytes, "query too long (limit 4096 bytes)"), "%s", o.err.bytes);
    outcome_free(&o);
}

Test(long_queries, classic)
{
    struct outcome o;
    char *line = line_of("", "\xEF\xAC\x81VE ", "roman numeral small\nchess black king\n"); /* the ligature fi */
    program_run(&o, line, strlen(line), (const char *const[]){"--stdio", "--classic", "--max-line", "200000", NULL});
    cr_expect(strstr(o.out.bytes, "SMALL ROMAN NUMERAL FIVE\r\n"), "%s", escaped(o.out.bytes, 300));
    cr_expect(strstr(o.out.bytes, "BLACK CHESS KING\r\n"));
    outcome_free(&o);
    free(line);
}
