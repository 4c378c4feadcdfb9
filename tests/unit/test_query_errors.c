/* Ill-formed queries: each names what is wrong and where. */
#include "query_answer.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(query_errors, .init = only_unicode_15);

static void fails(const char *query, const char *error)
{
    const char *answer = query_answer(query);
    cr_expect_str_eq(answer, error, "%s: %s", query, answer);
}

Test(query_errors, terms)
{
    fails("a|", "! empty term: \"a|\"");
    fails("|a", "! empty term: \"|\"");
    fails("a||b", "! empty term: \"a||\"");
    fails("! a", "! empty term: \"! \"");
    fails("!-", "! empty term: \"!-\"");
    fails("a|-", "! empty term: \"a|-\"");
    fails("\"\"", "! empty term: \"\"\"\"");
    fails("()", "! nothing in the brackets: \"()\"");
    fails("a ( )", "! nothing in the brackets: \"( )\"");
    fails("!!a", "! \"!\" only stands before a whole choice (use brackets): \"!!a\"");
    fails("a|!b", "! \"!\" only stands before a whole choice (use brackets): \"a|!b\"");
    fails("a)", "! no bracket is open here: \")\"");
    fails("(a)b", "! after a closing bracket comes a space, \"|\" or \")\": \"(a)b\"");
    fails("\"a\"b", "! after a closing quote comes a space, \"|\" or \")\": \"\"a\"b\"");
}

Test(query_errors, what_is_left_open_comes_first)
{
    fails("foo:bar (cat", "! unclosed bracket: \"(cat\"");
    fails("!!a \"cat", "! unclosed quote: \"\"cat\"");
    fails("blk:\"chess", "! unclosed quote: \"blk:\"chess\"");
}

Test(query_errors, properties)
{
    fails("blk:arows", "! unknown block \"arows\"; near: Arrows");
    fails("gc:", "! empty value after: \"gc:\"");
    fails("gc:\"\"", "! empty value after: \"gc:\"");
    fails(":x", "! empty key before: \":x\"");
    fails("scr:Grek", "! unknown key \"scr\"; near: sc, script");
    fails("sc:Greek|foo:x", "! unknown key \"foo\"; near: gc, sc, blk, ea, age");
    fails("is:dsh", "! unknown property \"dsh\"; near: Dash");
}

Test(query_errors, code_points)
{
    fails("U+110000", "! code point above 10FFFF: \"U+110000\"");
    fails("U+265F..U+2654", "! range runs backwards: \"U+265F..U+2654\"");
    fails("in:265F..2654", "! range runs backwards: \"265F..2654\"");
    fails("in:110000", "! code point above 10FFFF: \"110000\"");
    fails("in:xyz", "! not a code point: \"xyz\"");
    fails("U+", "! not a code point: \"U+\"");
    fails("u+xyz", "! not a code point: \"u+xyz\"");
    fails("\"caf\xC3\xA9\"", "! only ASCII in a phrase: \"\"caf\xC3\xA9\"\"");
}

Test(query_errors, ages)
{
    fails("age:16", "! age newer than the data: \"16\"");
    fails("age:=15.1", "! age newer than the data: \"=15.1\"");
    fails("age:new", "! an age is [< <= > >= =]N[.N], not: \"new\"");
}

/* Versions of one and of two numbers, in the spellings of the data files and without their minor number. */
Test(query_errors, spellings_of_ages)
{
    cr_expect_eq(query_count("age:V13_0"), query_count("age:13.0"));
    cr_expect_eq(query_count("age:v13.0"), query_count("age:13.0"));
    cr_expect_eq(query_count("age:\"> 13.0\""), query_count("age:>13.0"));
    cr_expect_eq(query_count("age:>=99"), 0u);
    cr_expect_eq(query_count("age:<2.1 euro"), query_count("age:<2.0 euro"));
    cr_expect_eq(query_count("age:<3.2 chess"), query_count("age:<=3.1 chess"));
    cr_expect_eq(query_count("age:=13"), query_count("age:13"));
    fails("age:12345", "! an age is [< <= > >= =]N[.N], not: \"12345\"");
    fails("age:1.2.3", "! an age is [< <= > >= =]N[.N], not: \"1.2.3\"");
    fails("age:1.", "! an age is [< <= > >= =]N[.N], not: \"1.\"");
    fails("age:.5", "! an age is [< <= > >= =]N[.N], not: \".5\"");
    fails("age:v", "! an age is [< <= > >= =]N[.N], not: \"v\"");
    fails("age:<", "! an age is [< <= > >= =]N[.N], not: \"<\"");
    fails("age:13/0", "! an age is [< <= > >= =]N[.N], not: \"13/0\"");
    fails("age:\">= \"", "! an age is [< <= > >= =]N[.N], not: \">= \"");
}

/* Keys in any case; names of characters with any separators, and none that is only begun. */
Test(query_errors, spellings_of_keys_and_names)
{
    cr_expect_eq(query_count("GC:Sm plus"), query_count("gc:Sm plus"));
    cr_expect_eq(query_count("Category:Sm plus"), query_count("gc:Sm plus"));
    cr_expect_str_eq(query_answer("\\N{black_chess-king}"), "U+265A\n1 found");
    cr_expect_str_eq(query_answer("\\N{ black   chess  king }"), "U+265A\n1 found");
    cr_expect_str_eq(query_answer("\\N{tibetan letter -a}"), "U+0F60\n1 found");
    cr_expect_str_eq(query_answer("\\N{no_break space}"), "U+00A0\n1 found");
    fails("\\N{LATIN SMALL LETTER}", "! no character has this name: \"\\N{LATIN SMALL LETTER}\"");
    fails("\\N{\u265A}", "! no character has this name: \"\\N{\u265A}\"");
    fails("\\N{}", "! no character has this name: \"\\N{}\"");
}

Test(query_errors, cut_off_forms)
{
    fails("\\u{41", "! not a code point: \"\\u{41\"; between the braces stand 1 to 8 hex digits");
    fails("\\u{}", "! not a code point: \"\\u{}\"; between the braces stand 1 to 8 hex digits");
    fails("\\u{41-", "! not a code point: \"\\u{41-\"; between the braces stand 1 to 8 hex digits");
    fails("\\U0010", "! not a code point: \"\\U0010\"; \\U takes 8 hex digits");
    fails("&#123456789;", "! not a code point: \"&#123456789;\"; a reference has 1 to 8 digits");
    fails("&#65", "! not a code point: \"&#65\"; a reference ends with \";\"");
    fails("&#65,", "! not a code point: \"&#65,\"; a reference ends with \";\"");
    fails("in:U+2654..", "! not a code point, and no range A..B: \"U+2654..\"");
    fails("in:U+2654.", "! not a code point, and no range A..B: \"U+2654.\"");
    fails("in:2654..265G", "! not a code point, and no range A..B: \"2654..265G\"");
    fails("in:2654-265A", "! not a code point, and no range A..B: \"2654-265A\"");
    fails("\\N{U+zz}", "! not a code point: \"\\N{U+zz}\"");
}

/* Perl's form is bounded as the others are. */
Test(query_errors, above_the_last_code_point)
{
    fails("\\N{U+110000}", "! code point above 10FFFF: \"\\N{U+110000}\"");
    fails("\\N{U+FFFFFFFF}", "! code point above 10FFFF: \"\\N{U+FFFFFFFF}\"");
    fails("\\u{110000}", "! code point above 10FFFF: \"\\u{110000}\"");
    fails("in:110000", "! code point above 10FFFF: \"110000\"");
    fails("in:0..110000", "! code point above 10FFFF: \"110000\"");
    cr_expect_eq(query_count("\\N{U+265A}"), 1u);
}

Test(query_errors, bounds)
{
    char line[400] = "";
    for (int i = 0; i < 64; i++)
        strcat(line, "(a) ");
    cr_expect_eq(query_count(line), 821);
    strcat(line, "a");
    fails(line, "! more than 64 atoms");
    line[0] = '\0';
    for (int i = 0; i < 64; i++)
        strcat(line, "a ");
    cr_expect_eq(query_count(line), 821);
    strcat(line, "a");
    fails(line, "! more than 64 atoms");
    cr_expect_eq(query_count("((((((((a))))))))"), 821);
    fails("(((((((((a)))))))))", "! more than 8 levels of brackets: \"(a)))))))))\"");
}
