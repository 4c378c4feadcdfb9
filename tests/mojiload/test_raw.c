/* Foreign protocols: what is wrong, an error, too much, twice or cut is told apart, and in their own words. */
#include "fake.h"

#include "reports/result.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    VICTIM = 3
};

static const char *right_answer, *odd_answer; /* of all requests; of request VICTIM */
static bool closes;

static void answer(struct fake *f, struct fake_client *c, uint64_t number)
{
    fake_send(f, c, number == VICTIM ? odd_answer : right_answer);
    if (number == VICTIM && closes)
        fake_close(c);
}

/* Request 3 of 10 gets odd: one of that class, and the report says why (NULL: nothing to say). */
static void expect(const char *options, const char *odd, enum outcome what, const char *why)
{
    for (size_t cut = 0; cut < 3; cut++) {
        char path[] = "/tmp/mojiload-raw-XXXXXX", all[256];
        struct fake f = {.answer = answer, .greeting = "", .cut = cut};
        struct run run;
        FILE *file = fdopen(mkstemp(path), "w");
        fputs("GET {n}\\r\\n\n", file);
        fclose(file);
        snprintf(all, sizeof all,
                 "--raw %s %s --rate 100 --requests 10 --clients 1 --duration 10s --timeout 50ms --drain 1s", path,
                 options);
        odd_answer = odd;
        fake_run(&f, &run, all);
        remove(path);
        char *report = fake_report(&run);
        for (int o = 0; o < OUTCOMES; o++) {
            uint64_t want = o == OUTCOME_OK ? 10 - (what != OUTCOME_OK) : o == (int)what ? 1 : 0;
            cr_expect_eq(run.tally->outcome[o], want, "%s, cut %zu, \"%s\": %s: %llu", options, cut, odd,
                         outcome_title((enum outcome)o), (unsigned long long)run.tally->outcome[o]);
        }
        cr_expect(why == NULL || strstr(report, why) != NULL, "no \"%s\" in %s", why, report);
        cr_expect(strstr(report, "prompt") == NULL && strstr(report, "! ") == NULL, "our own dialect in %s", report);
        free(report);
        fake_done(&f, &run);
    }
}

Test(raw, expectations)
{
    right_answer = "+OK 1\r\n";
    expect("--framing line --expect +OK*", "+OK 2\r\n", OUTCOME_OK, NULL);
    expect("--framing line --expect +OK*", "+NO\r\n", OUTCOME_WRONG, "not the answer expected: \"+NO\\r\\n\"");
    expect("--framing line --expect +OK\\x201", "+OK 11\r\n", OUTCOME_WRONG, "not the answer expected");
    expect("--until \\r\\n --expect +OK?1", "+OK 11\r\n", OUTCOME_WRONG, "not the answer expected");
    expect("--framing line", "+NO\r\n", OUTCOME_OK, NULL);
}

Test(raw, errors)
{
    right_answer = "+OK\r\n";
    expect("--framing line --error -ERR", "-ERR no such thing\r\n", OUTCOME_ERROR_LINE,
           "the first error was: -ERR no such thing");
    expect("--framing line --error -ERR --expect +OK", "-ERRATIC\r\n", OUTCOME_ERROR_LINE, NULL);
    expect("--framing line --error 4?? --error 5", "500 bad\r\n", OUTCOME_ERROR_LINE, NULL);
    expect("--framing resp", "-WRONGTYPE x\r\n", OUTCOME_ERROR_LINE, "the first error was: -WRONGTYPE");
    expect("--framing memcached", "SERVER_ERROR out\r\n", OUTCOME_ERROR_LINE, NULL);
    expect("--framing resp --expect +OK", "HTTP/1.1 400\r\n", OUTCOME_WRONG, "not in the framing \"resp\"");
}

/* What comes too much is wrong, wherever the stream is cut: with the request when it comes with it, else by itself. */
Test(raw, surplus)
{
    right_answer = "+OK\r\n";
    static const char *const odd[][2] = {{"+OK\r\nx", "1 bytes after the answer: \"x\""},
                                         {"+OK\r\n+OK\r\n", "the same answer again"}};
    for (size_t i = 0; i < 2; i++) {
        char path[] = "/tmp/mojiload-raw-XXXXXX", all[256];
        struct fake f = {.answer = answer, .greeting = ""};
        struct run run;
        FILE *file = fdopen(mkstemp(path), "w");
        fputs("PING\\r\\n\n", file);
        fclose(file);
        snprintf(all, sizeof all, "--raw %s --framing line --rate 100 --requests 10 --clients 1 --duration 10s", path);
        odd_answer = odd[i][0];
        fake_run(&f, &run, all);
        remove(path);
        char *report = fake_report(&run);
        cr_expect_eq(run.tally->outcome[OUTCOME_WRONG], 1, "%s", report);
        cr_expect_eq(run.tally->outcome[OUTCOME_OK], 9, "%s", report);
        cr_expect(strstr(report, odd[i][1]) != NULL, "%s", report);
        cr_expect_null(strstr(report, "prompt"));
        free(report);
        fake_done(&f, &run);
    }
}

Test(raw, cut)
{
    right_answer = "$5\r\nhello\r\n";
    for (int c = 0; c < 2; c++) {
        closes = c;
        expect("--framing resp", "$5\r\nhel", OUTCOME_CUT, "1 cut");
        expect("--framing resp --expect *hello", "$5\r\nhello\r", OUTCOME_CUT, "1 cut");
        expect("--until hello\\r\\n", "$5\r\nhel", OUTCOME_CUT, "1 cut");
    }
    expect("--framing resp", "", OUTCOME_EARLY_EOF, "1 early EOF");
    closes = false;
    expect("--framing resp", "", OUTCOME_TIMEOUT_FIRST, "1 timeout first");
}

/* A pattern of its own behind a TAB. */
static void by_line(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_send(f, c, strcmp(f->line, "GET a\r") == 0 ? "A\r\n" : "B\r\n");
}

Test(raw, each_template_has_its_own_expectation)
{
    static const char *const files[] = {"GET a\\r\\n\tA\nGET b\\r\\n\tB\n", "GET a\\r\\n\tA\n3\tGET b\\r\\n\n",
                                        "GET a\\r\\n\tB\nGET b\\r\\n\tB\n"};
    for (int i = 0; i < 3; i++) {
        char path[] = "/tmp/mojiload-raw-XXXXXX", all[256];
        struct fake f = {.answer = by_line, .greeting = ""};
        struct run run;
        FILE *file = fdopen(mkstemp(path), "w");
        fputs(files[i], file);
        fclose(file);
        snprintf(all, sizeof all, "--raw %s --framing line --expect B --clients 1 --requests 200", path);
        fake_run(&f, &run, all);
        remove(path);
        cr_expect_eq(run.tally->outcome[OUTCOME_WRONG] > 0, i == 2);
        cr_expect_gt(run.tally->outcome[OUTCOME_OK], 40);
        fake_done(&f, &run);
    }
}
