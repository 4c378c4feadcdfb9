/* The options of one-shot use that mirror directives. */
#include "wire.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(oneshot_asking, .timeout = TEST_TIMEOUT_S);

#define EXPECT(status_wanted, wanted, ...)                                                                             \
    do {                                                                                                               \
        struct outcome o;                                                                                              \
        RUN(&o, __VA_ARGS__);                                                                                          \
        cr_expect_str_eq(o.out.bytes ? o.out.bytes : "", (wanted));                                                    \
        cr_expect_eq(o.status, (status_wanted), "exit status %d", o.status);                                           \
        outcome_free(&o);                                                                                              \
    } while (0)

Test(oneshot_asking, formats)
{
    EXPECT(0, "U+265A\n# 1 found\n", "--format", "codes", "U+265A");
    EXPECT(0, "{\"cp\":\"U+00A0\",\"char\":\"\u00A0\",\"name\":\"NO-BREAK SPACE\",\"alias\":\"NBSP\"}\n{\"found\":1}\n",
           "--format=json", "nbsp");
    EXPECT(0, "U+265A\t\u265A\tBLACK CHESS KING\t\n# 1 found\n", "--format", "tsv", "U+265A");
    EXPECT(0, "9818\tU+265A\n" RULE " 1 found\n", "--columns", "dec,cp", "U+265A");
}

Test(oneshot_asking, limit_sort_and_count)
{
    EXPECT(0, "U+1F431\n# 10 found, 1 shown\n", "--format", "codes", "--limit", "1", "cat", "face");
    EXPECT(0, "U+1F431\n# 10 found, 1 shown\n", "--format", "codes", "--limit", "1", "--sort", "best", "face", "cat");
    EXPECT(0, RULE " 10 found\n", "--count", "cat", "face");
    EXPECT(1, RULE " 0 found\n", "--count", "alert", "bel");
}

Test(oneshot_asking, display)
{
    EXPECT(0, "U+202E\t(RLO)\tRIGHT-TO-LEFT OVERRIDE\n" RULE " 1 found\n", "--display", "safe", "U+202E");
    EXPECT(0, "U+0301\t\u0301\tCOMBINING ACUTE ACCENT\n" RULE " 1 found\n", "U+0301"); /* not a terminal: raw */
}

Test(oneshot_asking, listings)
{
    EXPECT(0, "U+0061\ta\tLATIN SMALL LETTER A\n" RULE " 1 found\n", "--explain", "a");
    EXPECT(0, "QUEEN\t18\n" RULE " 1 found\n", "--words", "quee*");
    EXPECT(1, RULE " 0 found\n", "--words", "zzzz*");
    EXPECT(0, "# Greek, Grek (518)\n# ok\n", "--list", "scripts", "greek");
    struct outcome o;
    RUN(&o, "--info", "\u265A");
    cr_expect_eq(o.status, 0);
    cr_expect(find(&o.out, "# name: BLACK CHESS KING\n"));
    outcome_free(&o);
}

Test(oneshot_asking, what_is_wrong)
{
    EXPECT(2, "", "--format", "xml", "cat");
    EXPECT(2, "", "--columns", "cp,foo", "cat");
    EXPECT(2, "", "--limit", "0", "cat");
    EXPECT(2, "", "--limit", "3"); /* of what? */
    EXPECT(2, "", "--info", "ab");
    EXPECT(2, "", "--info", "a", "--words", "b");
    EXPECT(2, "", "--classic", "--count", "cat");
    EXPECT(2, "", "(cat");
}
