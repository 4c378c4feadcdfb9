/* The options of one-shot use that mirror directives. */
#include "wire.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(oneshot_asking, .timeout = TEST_TIMEOUT_S);

/* Exit status, all of stdout and all of stderr. */
#define EXPECT_BOTH(status_wanted, out_wanted, err_wanted, ...)                                                        \
    do {                                                                                                               \
        struct outcome o;                                                                                              \
        RUN(&o, __VA_ARGS__);                                                                                          \
        cr_expect_str_eq(o.out.bytes, (out_wanted), "\"%s\"", escaped(o.out.bytes, o.out.len));                        \
        cr_expect_str_eq(o.err.bytes, (err_wanted), "\"%s\"", escaped(o.err.bytes, o.err.len));                        \
        cr_expect_eq(o.status, (status_wanted), "exit status %d", o.status);                                           \
        outcome_free(&o);                                                                                              \
    } while (0)
#define EXPECT(status_wanted, wanted, ...) EXPECT_BOTH(status_wanted, wanted, "", __VA_ARGS__)

Test(oneshot_asking, formats)
{
    EXPECT_BOTH(0, "U+265A\n", "# 1 found\n", "--format", "codes", "U+265A");
    EXPECT_BOTH(0, "\u2654\n\u265A\n", "# 2 found\n", "--format", "chars", "chess king !neutral !rotated !turned");
    EXPECT_BOTH(1, "", "# hyphens alone are no word; the character: \\-\n# 0 found\n", "--format=CHARS", "(-)");
    EXPECT(0, "{\"cp\":\"U+00A0\",\"char\":\"\u00A0\",\"name\":\"NO-BREAK SPACE\",\"alias\":\"NBSP\"}\n{\"found\":1}\n",
           "--format=json", "nbsp");
    EXPECT_BOTH(0, "U+265A\t\u265A\tBLACK CHESS KING\t\n", "# 1 found\n", "--format", "tsv", "U+265A");
    EXPECT(0, "9818\tU+265A\n" RULE " 1 found\n", "--columns", "dec,cp", "U+265A");
}

Test(oneshot_asking, limit_sort_and_count)
{
    EXPECT_BOTH(0, "U+1F431\n", "# 10 found, 1 shown\n", "--format", "codes", "--limit", "1", "cat", "face");
    EXPECT_BOTH(0, "U+1F431\n", "# 10 found, 1 shown\n", "--format", "codes", "--limit", "1", "--sort", "best", "face",
                "cat");
    EXPECT(0, "10\n", "--count", "cat", "face");
    EXPECT(0, "10\n", "--count", "--limit", "3", "--format", "json", "cat", "face");
    EXPECT(1, "0\n", "--count", "alert", "bel");
}

/* Remarks keep out of a pipe, except as JSON objects. */
Test(oneshot_asking, remarks)
{
    EXPECT_BOTH(1, RULE " 0 found\n", "# U+E000: private use\n", "U+E000");
    EXPECT_BOTH(1, "", "# U+E000: private use\n# 0 found\n", "--format", "chars", "U+E000");
    EXPECT(1, "{\"note\":\"U+E000: private use\"}\n{\"found\":0}\n", "--format", "json", "U+E000");
}

Test(oneshot_asking, display)
{
    EXPECT(0, "U+202E\t(RLO)\tRIGHT-TO-LEFT OVERRIDE\n" RULE " 1 found\n", "--display", "safe", "U+202E");
    EXPECT(0, "U+0301\t\u0301\tCOMBINING ACUTE ACCENT\n" RULE " 1 found\n", "U+0301"); /* not a terminal: raw */
}

/* Options may stand behind words; behind "--" there are none. */
Test(oneshot_asking, order)
{
    EXPECT_BOTH(0, "U+1F640\n", "# 1 found\n", "weary", "--format", "codes", "cat", "--limit=1", "face");
    EXPECT_BOTH(0, "U+1F640\n", "# 1 found\n", "--format=codes", "--", "weary", "--cat", "-face");
    EXPECT(0, "Greek\n", "--list", "scripts", "--format", "codes", "greek");
}

Test(oneshot_asking, nothing)
{
    EXPECT(1, RULE " 0 found\n", "");
    EXPECT(1, RULE " 0 found\n", "--", "");
    EXPECT(1, RULE " 0 found\n", "", " ");
    EXPECT(1, "0\n", "--count", "");
    EXPECT_BOTH(1, "", "# 0 found\n", "--format", "codes", "");
}

Test(oneshot_asking, explain)
{
    EXPECT(0, "U+0061\ta\tLATIN SMALL LETTER A\n" RULE " 1 found\n", "--explain", " a ");
    EXPECT(0, "U+002D\t-\tHYPHEN-MINUS\nU+0061\ta\tLATIN SMALL LETTER A\n" RULE " 2 found\n", "--explain=-a");
    EXPECT(0, "U+002D\t-\tHYPHEN-MINUS\nU+0061\ta\tLATIN SMALL LETTER A\n" RULE " 2 found\n", "--explain", "-a");
    EXPECT(0, "U+0020\t \tSPACE\n" RULE " 1 found\n", "--explain", " ");
    EXPECT(0,
           "# grapheme cluster of 2 code points:\nU+0065\te\tLATIN SMALL LETTER E\n"
           "U+0301\t\u0301\tCOMBINING ACUTE ACCENT\n" RULE " 2 found\n",
           "--explain", "e\u0301");
    EXPECT_BOTH(0, "U+0065\nU+0301\n", "# 2 found\n", "--explain", "e\u0301", "--format", "codes");
}

Test(oneshot_asking, words_and_lists)
{
    EXPECT(0, "QUEEN\t18\n" RULE " 1 found\n", "--words", "quee*");
    EXPECT(1, RULE " 0 found\n", "--words", "zzzz*");
    EXPECT_BOTH(0, "QUEEN\n", "# 1 found\n", "--words", "quee*", "--format=chars");
    EXPECT(0, "{\"word\":\"QUEEN\",\"count\":18}\n{\"found\":1}\n", "--words", "quee*", "--format=json");
    EXPECT(0, "Greek, Grek (518)\n", "--list", "scripts", "greek");
    EXPECT(0, "Greek\tGrek\t518\n", "--list", "scripts", "greek", "--format", "tsv");
    EXPECT(0, "Greek\n", "--list", "scripts", "greek", "--format", "codes");
    EXPECT(0,
           "{\"list\":\"scripts\",\"values\":[{\"name\":\"Grantha\",\"short\":\"Gran\",\"count\":85},"
           "{\"name\":\"Gujarati\",\"short\":\"Gujr\",\"count\":91}]}\n",
           "--list", "scripts", "g*r*t*", "--format", "json", "--limit", "1");
    EXPECT(1, "", "--list", "scripts", "zzz");
    EXPECT(1, "{\"list\":\"scripts\",\"values\":[]}\n", "--list", "scripts", "zzz", "--format", "json");
}

Test(oneshot_asking, cards)
{
    struct outcome o;
    RUN(&o, "--info", "\u265A");
    cr_expect_eq(o.status, 0);
    cr_expect_eq(strncmp(o.out.bytes, "code point: U+265A (9818)\ncharacter: \u265A\nname: BLACK CHESS KING\n", 64), 0,
                 "\"%s\"", escaped(o.out.bytes, o.out.len));
    cr_expect_null(find(&o.out, "# "));
    outcome_free(&o);
    RUN(&o, "--info", "\u265A", "--format", "tsv");
    cr_expect(find(&o.out, "name\tBLACK CHESS KING\n"), "\"%s\"", escaped(o.out.bytes, o.out.len));
    outcome_free(&o);
    RUN(&o, "--info", "\u265A", "--format", "json");
    cr_expect_eq(strncmp(o.out.bytes, "{\"cp\":\"U+265A\",\"dec\":9818,\"char\":\"\u265A\",", 39), 0);
    cr_expect_eq(bytes_count(&o.out, "\n"), 1);
    outcome_free(&o);
}

Test(oneshot_asking, card_as_a_name)
{
    EXPECT(0, "\u265A\n", "--info", "265A", "--format", "chars");
    EXPECT(0, "U+265A\n", "--info", "\u265A", "--format", "codes");
    EXPECT(0, "U+0020\n", "--info", " ", "--format", "codes");
}

/* Status 2, nothing on stdout, one line of printable ASCII on stderr. */
#define EXPECT_REFUSED(...)                                                                                            \
    do {                                                                                                               \
        struct outcome o;                                                                                              \
        RUN(&o, __VA_ARGS__);                                                                                          \
        expect_refusal(&o, __LINE__);                                                                                  \
        outcome_free(&o);                                                                                              \
    } while (0)

static void expect_refusal(const struct outcome *o, int line)
{
    cr_expect_eq(o->status, 2, "line %d: exit status %d", line, o->status);
    cr_expect_str_empty(o->out.bytes, "line %d: \"%s\"", line, escaped(o->out.bytes, o->out.len));
    cr_expect(o->err.len > 12 && memcmp(o->err.bytes, "mojifinder: ", 12) == 0, "line %d: \"%s\"", line,
              escaped(o->err.bytes, o->err.len));
    for (size_t i = 0; i < o->err.len; i++)
        cr_expect((o->err.bytes[i] >= ' ' && o->err.bytes[i] < 0x7F) || i + 1 == o->err.len, "line %d: \"%s\"", line,
                  escaped(o->err.bytes, o->err.len));
}

Test(oneshot_asking, what_is_wrong)
{
    EXPECT_REFUSED("--format", "xml", "cat");
    EXPECT_REFUSED("--columns", "cp,foo", "cat");
    EXPECT_REFUSED("--limit", "0", "cat");
    EXPECT_REFUSED("--limit", "3"); /* of what? */
    EXPECT_REFUSED("--count");
    EXPECT_REFUSED("--format", "\x1B[2J", "cat");
    EXPECT_REFUSED("--format", "\u202E\u202C", "cat");
    EXPECT_REFUSED("--sort", "worst", "cat");
    EXPECT_REFUSED("--explain", "");
    EXPECT_REFUSED("--info", "");
    EXPECT_REFUSED("--words", "");
    EXPECT_REFUSED("--list", "");
    EXPECT_REFUSED("/help");
    EXPECT_REFUSED("--info", "ab");
    EXPECT_REFUSED("--info", "a", "--words", "b");
    EXPECT_REFUSED("--classic", "--count", "cat");
    EXPECT_REFUSED("(cat");
}
