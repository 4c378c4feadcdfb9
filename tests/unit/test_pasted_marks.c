/* Marks that are all of a line. */
#include "query_answer.h"
#include "unicode/search.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

TestSuite(pasted_marks, .init = only_unicode_15);

static void answers(const char *query, const char *expected)
{
    const char *answer = query_answer(query);
    cr_expect_str_eq(answer, expected, "%s: %s", query, answer);
}

static bool is_mark(int c)
{
    return c > ' ' && c < 0x7F && !(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

Test(pasted_marks, every_mark_alone_is_that_character)
{
    unsigned walked = 0;
    for (int c = 0; c < 0x80; c++) {
        char query[8], expected[60];
        if (!is_mark(c))
            continue;
        snprintf(query, sizeof query, " %c\t", c);
        snprintf(expected, sizeof expected, "U+%04X\n%s1 found", (unsigned)c, c == '?' ? "# for help: /help\n" : "");
        answers(query, expected);
        walked++;
    }
    cr_expect_eq(walked, 32);
}

static const struct {
    const char *typed;
    uint32_t stands_for;
} table[] = {
    {"->", 0x2192},   {"<-", 0x2190},    {"<->", 0x2194},   {"-->", 0x27F6},   {"<--", 0x27F5},  {"<-->", 0x27F7},
    {"=>", 0x21D2},   {"<=>", 0x21D4},   {"==>", 0x27F9},   {"<==", 0x27F8},   {"<==>", 0x27FA}, {"|->", 0x21A6},
    {"~>", 0x21DD},   {"<=", 0x2264},    {">=", 0x2265},    {"!=", 0x2260},    {"=/=", 0x2260},  {"<>", 0x2260},
    {"==", 0x2A75},   {"===", 0x2261},   {"!==", 0x2262},   {":=", 0x2254},    {"=:", 0x2255},   {"::=", 0x2A74},
    {"~=", 0x2248},   {"~~", 0x2248},    {"=~", 0x2245},    {"+-", 0x00B1},    {"+/-", 0x00B1},  {"-+", 0x2213},
    {"||", 0x2016},   {"|-", 0x22A2},    {"-|", 0x22A3},    {"|=", 0x22A8},    {"_|_", 0x22A5},  {"...", 0x2026},
    {"..", 0x2025},   {"--", 0x2013},    {"---", 0x2014},   {"<<", 0x00AB},    {">>", 0x00BB},   {"<<<", 0x22D8},
    {">>>", 0x22D9},  {"::", 0x2237},    {"!!", 0x203C},    {"!?", 0x2049},    {"?!", 0x2048},   {"[ ]", 0x2610},
    {"[x]", 0x2611},  {"(c)", 0x00A9},   {"(C)", 0x00A9},   {"(r)", 0x00AE},   {"(tm)", 0x2122}, {"(TM)", 0x2122},
    {"(sm)", 0x2120}, {"(p)", 0x2117},   {"c/o", 0x2105},   {"c/u", 0x2106},   {"a/c", 0x2100},  {"a/s", 0x2101},
    {"1/2", 0x00BD},  {"1/3", 0x2153},   {"2/3", 0x2154},   {"1/4", 0x00BC},   {"3/4", 0x00BE},  {"1/5", 0x2155},
    {"2/5", 0x2156},  {"3/5", 0x2157},   {"4/5", 0x2158},   {"1/6", 0x2159},   {"5/6", 0x215A},  {"1/7", 0x2150},
    {"1/8", 0x215B},  {"3/8", 0x215C},   {"5/8", 0x215D},   {"7/8", 0x215E},   {"1/9", 0x2151},  {"1/10", 0x2152},
    {"0/3", 0x2189},  {":)", 0x1F642},   {":-)", 0x1F642},  {"(:", 0x1F643},   {":(", 0x1F641},  {":-(", 0x1F641},
    {";)", 0x1F609},  {";-)", 0x1F609},  {":D", 0x1F603},   {":-D", 0x1F603},  {":P", 0x1F61B},  {":-P", 0x1F61B},
    {";P", 0x1F61C},  {";-P", 0x1F61C},  {":'(", 0x1F622},  {":'-(", 0x1F622}, {":O", 0x1F62E},  {":-O", 0x1F62E},
    {":/", 0x1F615},  {":-/", 0x1F615},  {":|", 0x1F610},   {":-|", 0x1F610},  {":*", 0x1F618},  {":-*", 0x1F618},
    {"B)", 0x1F60E},  {"B-)", 0x1F60E},  {"O:)", 0x1F607},  {"O:-)", 0x1F607}, {">:(", 0x1F620}, {"<3", 0x2764},
    {"</3", 0x1F494}, {"\\o/", 0x1F64C}, {":+1:", 0x1F44D}, {":-1:", 0x1F44E},
};

Test(pasted_marks, what_people_type_for_it_is_that_character)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char query[20], expected[60];
        snprintf(query, sizeof query, "  %s ", table[i].typed);
        snprintf(expected, sizeof expected, "U+%04" PRIX32 "\n1 found", table[i].stands_for);
        answers(query, expected);
    }
}

Test(pasted_marks, only_as_the_whole_line)
{
    cr_expect_eq(query_count("(c) latin small"), query_count("c latin small"));
    cr_expect_gt(query_count("??"), 1000); /* a pattern */
    answers("()", "! nothing in the brackets: \"()\"");
    answers("!!a", "! \"!\" only stands before a whole choice (use brackets): \"!!a\"");
    answers("a|", "! empty term: \"a|\"");
}

Test(pasted_marks, others_are_each_of_them)
{
    answers("$ #", "U+0024\nU+0023\n# read as 2 code points\n2 found");
    answers("&&", "U+0026\n# read as 2 code points, 1 different\n1 found");
    answers("@@#", "U+0040\nU+0023\n# read as 3 code points, 2 different\n2 found");
    answers("----", "# hyphens alone are no word; the character: \\-\n0 found");
    answers("cat $", "# no name has \"$\"; the character: \\$\n# without \"$\": 14 found\n0 found");
}

Test(pasted_marks, words_to_leave_and_for_help_name_the_directive)
{
    static const char *const leave[] = {"exit", "Quit", "LOGOUT", "logoff", "quit()", "exit()", "quit;", "exit;",
                                        ":q",   ":q!",  ":wq",    "^C",     "^D",     "^]",     " exit "};
    for (size_t i = 0; i < sizeof leave / sizeof *leave; i++)
        cr_expect(strstr(query_answer(leave[i]), "# to leave: /quit or Ctrl-D\n"), "%s: %s", leave[i],
                  query_answer(leave[i]));
    answers("help", "U+D5F2\n# for help: /help\n1 found");
    answers("?", "U+003F\n# for help: /help\n1 found");
    answers("exit;", "# to leave: /quit or Ctrl-D\n0 found");
    cr_expect(strstr(query_answer("bye"), "# to leave: /quit or Ctrl-D\n"));
    cr_expect_not(strstr(query_answer("bye cat"), "leave"));
    cr_expect_not(strstr(query_answer("help face"), "/help"));
}

/* Classic stays as it was. */
Test(pasted_marks, the_classic_dialect_knows_nothing_of_it)
{
    static const char *const lines[] = {"$", "-", "->", "U+2660,U+2663", "\u201Cface with tears\u201D", "quit"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct search s;
        struct search_run run;
        struct search_error error;
        cr_assert_eq(search_open(&s, index_builtin(), SEARCH_CLASSIC, lines[i], strlen(lines[i]), &error),
                     SEARCH_OPENED);
        cr_expect_eq(search_next(&s, 1, &run), SEARCH_END, "%s", lines[i]);
        search_close(&s);
    }
}
