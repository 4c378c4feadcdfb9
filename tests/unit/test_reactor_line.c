/* Line framing: line_find() on text as it may lie in a buffer. */
#include "reactor/line.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

enum {
    MAX = 5
};

static struct line line;

static enum line_status find(const char *text, bool ended)
{
    static char input[100];
    strcpy(input, text);
    line = (struct line){0};
    return line_find(input, strlen(text), ended, MAX, &line);
}

static void expect_line(const char *text, bool ended, const char *expected, size_t taken)
{
    cr_expect_eq(find(text, ended), LINE_READY, "\"%s\"", text);
    cr_expect_eq(line.len, strlen(expected), "\"%s\"", text);
    cr_expect_eq(memcmp(line.text, expected, line.len), 0, "\"%s\"", text);
    cr_expect_eq(line.taken, taken, "\"%s\"", text);
}

Test(line, ends_at_lf_or_cr_lf)
{
    expect_line("ab\n", false, "ab", 3);
    expect_line("ab\r\n", false, "ab", 4);
    expect_line("ab\ncd\n", false, "ab", 3);
    expect_line("\n", false, "", 1);
    expect_line("\r\n", false, "", 2);
    expect_line("a\rb\n", false, "a\rb", 4);
    expect_line("a\r\r\n", false, "a\r", 4);
}

Test(line, the_rest_at_the_end_is_the_last_line)
{
    expect_line("ab", true, "ab", 2);
    expect_line("ab\r", true, "ab\r", 3);
    cr_expect_eq(find("", true), LINE_END);
    cr_expect_eq(line.taken, 0);
}

Test(line, waits_for_the_rest)
{
    cr_expect_eq(find("", false), LINE_NONE);
    cr_expect_eq(find("ab", false), LINE_NONE);
    cr_expect_eq(find("ab\r", false), LINE_NONE);
    cr_expect_eq(find("abcde", false), LINE_NONE);
    cr_expect_eq(find("abcde\r", false), LINE_NONE, "an LF may follow");
}

Test(line, the_limit_counts_the_text_alone)
{
    expect_line("abcde\n", false, "abcde", 6);
    expect_line("abcde\r\n", false, "abcde", 7);
    expect_line("abcde", true, "abcde", 5);
    cr_expect_eq(find("abcdef", false), LINE_TOO_LONG);
    cr_expect_eq(find("abcdef\n", false), LINE_TOO_LONG);
    cr_expect_eq(find("abcdef\r\n", false), LINE_TOO_LONG);
    cr_expect_eq(find("abcdef", true), LINE_TOO_LONG);
    cr_expect_eq(find("abcde\rx", false), LINE_TOO_LONG);
    cr_expect_eq(find("abcdefghijkl\n", false), LINE_TOO_LONG);
}

Test(line, too_long_tells_how_much_is_known_to_belong_to_it)
{
    cr_expect_eq(find("abcdef\nx", false), LINE_TOO_LONG);
    cr_expect_eq(line.taken, 7, "its end is in sight");
    cr_expect_eq(find("abcdefghijkl\nx", false), LINE_TOO_LONG);
    cr_expect_eq(line.taken, 14, "its end is not looked for beyond the limit");
}

Test(line, any_byte_but_lf_is_text)
{
    char input[] = {'\0', (char)0xff, 0x03, '\n'};
    cr_expect_eq(line_find(input, sizeof input, false, MAX, &line), LINE_READY);
    cr_expect_eq(line.len, 3);
}

Test(line, a_limit_without_limit)
{
    char input[] = "abc\n";
    cr_expect_eq(line_find(input, 4, false, SIZE_MAX, &line), LINE_READY);
    cr_expect_eq(line.len, 3);
}
