/* Every kind of wrong answer is caught, at the request it belongs to, however TCP cuts it. */
#include "fake.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define RULE "──────────────────────────────────────────────────────────────────"

enum {
    VICTIM = 4
};

static const char *false_answer; /* what request VICTIM gets */

static void answer(struct fake *f, struct fake_client *c, uint64_t number)
{
    fake_send(f, c,
              number == VICTIM                     ? false_answer
              : strcmp(f->line, "chess king") == 0 ? "U+2654\t♔\tWHITE CHESS KING\r\n"
                                                     "U+265A\t♚\tBLACK CHESS KING\r\n" RULE " 2 found\r\n?> "
                                                   : FAKE_RIGHT);
}

static void expect_caught_by(const char *options, size_t cut, const char *why)
{
    struct fake f = {.answer = answer, .cut = cut};
    struct run run;
    char request[32];
    fake_run(&f, &run, options);
    snprintf(request, sizeof request, "request %d ", VICTIM);
    cr_expect_eq(run.tally->outcome[OUTCOME_WRONG], 1, "%s, pieces of %zu", why, cut);
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 9, "%s, pieces of %zu: the others are right", why, cut);
    cr_expect(run.tally->faults == 1 && strstr(run.tally->fault[0], request) != NULL, "%s: %s", why,
              run.tally->fault[0]);
    cr_expect(strstr(run.tally->fault[0], why) != NULL, "%s is not the reason: %s", why, run.tally->fault[0]);
    fake_done(&f, &run);
}

/* With fresh eyes, after a right answer to the same query is known, and byte by byte. */
static void expect_caught(const char *text, const char *why)
{
    false_answer = text;
    expect_caught_by("-q snowman --rate 100 --requests 10 --clients 1 --duration 10s", 0, why);
    expect_caught_by("-q snowman --rate 100 --requests 10 --clients 1 --duration 10s", 1, why);
    expect_caught_by("-q snowman --rate 100 --requests 10 --clients 1 --duration 10s", 7, why);
}

Test(wrong, characters_swapped)
{
    expect_caught("U+26C4\t☃\tSNOWMAN WITHOUT SNOW\r\n" RULE " 1 found\r\n?> ", "U+26C4 stands beside");
}

Test(wrong, line_dropped)
{
    expect_caught(RULE " 1 found\r\n?> ", "1 found after 0 lines");
}

Test(wrong, count_false)
{
    expect_caught("U+26C4\t⛄\tSNOWMAN WITHOUT SNOW\r\n" RULE " 2 found\r\n?> ", "2 found after 1 lines");
}

Test(wrong, utf8_cut)
{
    expect_caught("U+26C4\t\xE2\x9B\tSNOWMAN WITHOUT SNOW\r\n" RULE " 1 found\r\n?> ", "stands beside the bytes");
}

Test(wrong, one_prompt_too_many)
{
    expect_caught("U+26C4\t⛄\tSNOWMAN WITHOUT SNOW\r\n" RULE " 1 found\r\n?> ?> ", "after the prompt");
}

Test(wrong, answer_to_another_request)
{
    expect_caught("U+265A\t♚\tBLACK CHESS KING\r\n" RULE " 1 found\r\n?> ", "every word of the query");
}

Test(wrong, well_formed_but_another_than_before)
{
    expect_caught("U+2603\t☃\tSNOWMAN\r\nU+26C4\t⛄\tSNOWMAN WITHOUT SNOW\r\n" RULE " 2 found\r\n?> ",
                  "earlier request");
    expect_caught(RULE " 0 found\r\n?> ", "earlier request");
}

Test(wrong, order)
{
    expect_caught("U+26C4\t⛄\tSNOWMAN WITHOUT SNOW\r\nU+2603\t☃\tSNOWMAN\r\n" RULE " 2 found\r\n?> ", "comes after");
}

Test(wrong, frames)
{
    expect_caught("U+26C4\t⛄\tSNOWMAN WITHOUT SNOW\n" RULE " 1 found\r\n?> ", "LF without CR");
    expect_caught("U+26C4\t⛄\tSNOWMAN WITHOUT SNOW\r\n?> ", "no status line");
    expect_caught("?> ", "a prompt and no answer");
    expect_caught("U+26C4 ⛄\tSNOWMAN WITHOUT SNOW\r\n" RULE " 1 found\r\n?> ", "not a code point and a TAB");
    expect_caught("U+026C4\t⛄\tSNOWMAN WITHOUT SNOW\r\n" RULE " 1 found\r\n?> ", "not a code point and a TAB");
    expect_caught("U+26C4\t⛄\tSnowman without\r\n" RULE " 1 found\r\n?> ", "is not one");
    expect_caught("U+26C4\t⛄\tSNOWMAN WITHOUT SNOW\tother NAME\r\n" RULE " 1 found\r\n?> ", "no alias");
    expect_caught("U+26C4\t⛄\tSNOWMAN WITHOUT SNOW\r\n" RULE " 1 found\r\nand more\r\n?> ",
                  "after the answer had ended");
    expect_caught("U+26C4\t⛄\tSNOWMAN WITHOUT SNOW\r\n─ 1 found\r\n?> ", "not a line of an answer");
    expect_caught("U+26C4\t⛄\tSNOWMAN WITHOUT SNOW\r\n" RULE " 1 found, stopped after 1\r\n?> ", "not \"N found\"");
}

/* --verify knows the answers: even one that is plausible and the first of its kind is caught. */
static void plausible(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_send(f, c, RULE " 0 found\r\n?> ");
}

Test(wrong, verify_needs_no_earlier_answer)
{
    struct fake f = {.answer = plausible};
    struct run run;
    fake_run(&f, &run, "--verify --requests 1 --clients 1 -q snowman");
    cr_expect_eq(run.tally->outcome[OUTCOME_WRONG], 1);
    cr_expect(strstr(run.tally->fault[0], "where the index has \"U+2603") != NULL, "%s", run.tally->fault[0]);
    fake_done(&f, &run);
    f = (struct fake){.answer = plausible};
    fake_run(&f, &run, "--requests 1 --clients 1 -q snowman");
    cr_expect_eq(run.tally->outcome[OUTCOME_WRONG], 0, "and without it nobody can tell");
    fake_done(&f, &run);
}

/* Answers that belong to each other's requests, both well formed. */
static void swapped(struct fake *f, struct fake_client *c, uint64_t number)
{
    static const char *const right[] = {"U+265A\t♚\tBLACK CHESS KING\r\n" RULE " 1 found\r\n?> ",
                                        "U+2654\t♔\tWHITE CHESS KING\r\n" RULE " 1 found\r\n?> "};
    bool white = strstr(f->line, "white") != NULL;
    fake_send(f, c, right[white != (number == VICTIM || number == VICTIM + 1)]);
}

Test(wrong, two_answers_of_a_pipeline_in_the_wrong_order)
{
    struct fake f = {.answer = swapped};
    struct run run;
    fake_run(&f, &run, "-q black -q white --requests 40 --clients 1 --pipeline 4");
    cr_expect_eq(run.tally->outcome[OUTCOME_WRONG], 2);
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 38);
    fake_done(&f, &run);
}
