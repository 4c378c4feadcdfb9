/* Lines that list code points or bytes, in the notations of public reports and of data files. */
#include "answer/listing.h"
#include "query_answer.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(pasted_lists, .init = only_unicode_15);

static void answers(const char *query, const char *expected)
{
    const char *answer = query_answer(query);
    cr_expect_str_eq(answer, expected, "%s: %s", query, answer);
    answer = query_answer_best(query);
    cr_expect_str_eq(answer, expected, "best: %s: %s", query, answer);
}

/* From bug reports: Fintasys/emoji_picker_flutter#244, iamcal/emoji-data#188, source-foundry/uni#9, arp242/uni#25. */
Test(pasted_lists, as_reported)
{
    answers("U+261D U+FE0F", "U+261D\nU+FE0F\n# read as 2 code points\n2 found");
    answers("1F468 200D 1F469", "U+1F468\nU+200D\nU+1F469\n# read as 3 code points\n3 found");
    answers("1F935-200D-2642-FE0F", "U+1F935\nU+200D\nU+2642\nU+FE0F\n# read as 4 code points\n4 found");
    answers("0x1F431, 0x200B", "U+1F431\nU+200B\n# read as 2 code points\n2 found");
    answers("e2 80 8b", "U+200B\n# read as 1 code point (UTF-8 bytes)\n1 found");
    answers("e2808b", "U+200B\n# read as 1 code point (UTF-8 bytes)\n1 found");
}

Test(pasted_lists, whatever_stands_between)
{
    static const char *const forms[] = {
        "2660 2663",
        "2660,2663",
        "2660, 2663",
        "2660-2663",
        "2660_2663",
        "2660;2663",
        "2660+2663",
        "U+2660 U+2663",
        "u+2660,u+2663",
        "U+2660, U+2663",
        "U+2660;U+2663",
        "U+2660-U+2663",
        "U+2660+U+2663",
        "U+2660_U+2663",
        "0x2660 0x2663",
        "0X2660,0X2663",
        "{0x2660, 0x2663}",
        "[0x2660,0x2663]",
        "{ 0x2660, 0x2663, };",
        "\\u2660 \\u2663",
        "\\u2660,\\u2663",
        "\"\\u2660\", \"\\u2663\"",
        "'\\u2660','\\u2663'",
        "\\u{2660} \\u{2663}",
        "\"2660\" \"2663\"",
        "'2660', '2663'",
        "<U+2660> <U+2663>",
        "<U+2660><U+2663>",
        "<U2660><U2663>",
        "u2660_u2663",
        "uni2660 uni2663",
        "&#9824; &#9827;",
        "&#9824;,&#x2663;",
        "U+2660 2663",
        "(2660, 2663)",
        "2660\t2663",
        "\u201C2660\u201D \u201C2663\u201D",
        "%E2%99%A0 %E2%99%A3",
        "U+2660. U+2663.",
        "2660\u00A02663",
        "2660\u20112663",
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        answers(forms[i], "U+2660\nU+2663\n# read as 2 code points\n2 found");
}

/* A word to the parser, so a single one is a list as well. */
Test(pasted_lists, as_glyphs_are_called)
{
    static const char *const forms[] = {"u265A", "U265A", "uni265A", "<U265A>", "(u265a)", "u265A u265A", "U0000265A"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        cr_expect(strstr(query_answer(forms[i]), "U+265A\n# read as "), "%s", forms[i]);
    cr_expect_eq(query_count("u001"), 1); /* EGYPTIAN HIEROGLYPH U001 */
    cr_expect_eq(query_count("unicorn"), 1);
}

Test(pasted_lists, lines_of_data_files)
{
    answers("1F600 ; fully-qualified # \U0001F600 E1.0 grinning face", "U+1F600\n# read as 1 code point\n1 found");
    answers("1F468 200D 1F469 200D 1F466 ; fully-qualified # \U0001F468 E2.0 family: man, woman, boy",
            "U+1F468\nU+200D\nU+1F469\nU+1F466\n# read as 5 code points, 4 different\n4 found");
    answers("0023 FE0F 20E3 ; fully-qualified     # #\uFE0F\u20E3 E0.6 keycap: #",
            "U+0023\nU+FE0F\nU+20E3\n# read as 3 code points\n3 found");
    answers("265A;BLACK CHESS KING;So;0;ON;;;;;N;;;;;", "U+265A\n# read as 1 code point\n1 found");
    answers("FACE;<CJK>;Lo;0;L;;;;;N;;;;;", "U+FACE\n# read as 1 code point\n1 found");
    answers("2654..2656 ; Chess", "U+2654\nU+2655\nU+2656\n# read as 3 code points\n3 found");
    answers("2654..2656", "U+2654\nU+2655\nU+2656\n# read as 3 code points\n3 found");
    answers("U+0025-0027, U+0131", "U+0025\nU+0026\nU+0027\nU+0131\n# read as 4 code points\n4 found");
    answers("23-20e3", "U+0023\nU+20E3\n# read as 2 code points\n2 found");
}

Test(pasted_lists, bytes_of_utf8)
{
    static const char *const forms[] = {"e2 99 9a",       "E2 99 9A",         "E2:99:9A",         "e2-99-9a",
                                        "0xE2 0x99 0x9A", "0xe2, 0x99, 0x9a", "{0xE2,0x99,0x9A}", "E2999A",
                                        "e2999a",         "0xE2999A"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        answers(forms[i], "U+265A\n# read as 1 code point (UTF-8 bytes)\n1 found");
    answers("f0 9f 90 b1 e2 80 8b", "U+1F431\nU+200B\n# read as 2 code points (UTF-8 bytes)\n2 found");
    answers("f09f90b1", "U+1F431\n# read as 1 code point (UTF-8 bytes)\n1 found");
    answers("0x41, 0x42", "U+0041\nU+0042\n# read as 2 code points\n2 found");
    answers("0xe9 0xe8", "U+00E9\nU+00E8\n# read as 2 code points\n2 found"); /* no UTF-8 */
    cr_expect_eq(query_count("12 24"), 0);
}

Test(pasted_lists, words_that_look_like_it_are_words)
{
    cr_expect_eq(query_count("face"), 179);
    answers("face bed", "# without \"face\": 2 found\n# without \"bed\": 179 found\n0 found");
    cr_expect(strstr(query_answer("dead beef"), "# no name has \"beef\"; near: "));
    cr_expect(strstr(query_answer("add bed"), "# no name has \"add\"; near: "));
    answers("cafe", "U+CAFE\n# read as code point U+CAFE\n1 found");
    answers("cafe babe", "U+CAFE\nU+BABE\n# read as 2 code points\n2 found"); /* neither is a word */
    answers("dots 1234", "U+280F\n1 found");
    cr_expect_eq(query_count("cjk 4e00"), 2);
}

Test(pasted_lists, what_the_grammar_has_a_meaning_for_keeps_it)
{
    answers("U+2660|U+2663", "U+2660\nU+2663\n2 found");
    answers("U+2660 U+2660", "U+2660\n1 found");
    answers("&#9818; \\u265A", "U+265A\n1 found");
    answers("\\u2660\\u2663", "U+2660\nU+2663\n2 found");
    answers("(U+2660)", "U+2660\n1 found");
    answers("U+2660", "U+2660\n1 found");
    answers("U+2660 black", "U+2660\n1 found");
    answers("U+265F..U+2654", "! range runs backwards: \"U+265F..U+2654\"");
    answers("U+265A..", "! not a code point: \"U+265A..\"");
    answers("U+110000", "! code point above 10FFFF: \"U+110000\"");
}

Test(pasted_lists, what_is_no_character_is_told)
{
    answers("1F468 D800 E000", "U+1F468\n# read as 3 code points\n# U+D800: surrogate\n# U+E000: private use\n1 found");
    answers("U+0378,U+FFFE", "# read as 2 code points\n# U+0378: unassigned\n# U+FFFE: noncharacter\n0 found");
    answers("E000 E001 E002 E003 E004",
            "# read as 5 code points\n# U+E000: private use\n# U+E001: private use\n0 found");
    answers("1F468 E000 E001 E002 E003", "U+1F468\n# read as 5 code points\n# U+E000: private use\n# U+E001: private "
                                         "use\n# U+E002: private use; 1 more are no characters\n1 found");
}

/* As many as a line holds, each with the least that an item takes. */
Test(pasted_lists, a_line_full_of_them)
{
    char line[4097] = "1F468 ", expected[64];
    size_t len = strlen(line), count = 1;
    for (unsigned c = 0; len + 3 <= 4096; c = (c + 1) % 0x60, count++)
        len += (size_t)snprintf(line + len, sizeof line - len, "%02x,", 0x20 + c);
    const char *answer = query_answer(line);
    snprintf(expected, sizeof expected, "# read as %zu code points, 97 different\n", count);
    cr_expect(strstr(answer, expected), "%s", strstr(answer, "# "));
}

/* A card is shown of whatever is one code point, and texts are sent where they are taken apart. */
static void card_says(const char *argument, const char *expected)
{
    struct listing *l;
    struct search_error error;
    char line[RENDER_BYTES] = "";
    size_t len = 0;
    const struct render_style style = RENDER_DEFAULT;
    if (listing_open(&l, index_builtin(), LISTING_INFO, argument, strlen(argument), &error) != SEARCH_OPENED) {
        cr_expect_str_eq(error.text, expected, "%s: %s", argument, error.text);
        return;
    }
    cr_expect_eq(listing_next(l, &style, line, &len), LISTING_NOTE);
    cr_expect(len == strlen(expected) && memcmp(line, expected, len) == 0, "%s: %.*s", argument, (int)len, line);
    listing_close(l);
}

Test(pasted_lists, cards)
{
    static const char *const forms[] = {"0x1F431",  "<U+1F431>",       "U+1F431,", "f0 9f 90 b1",
                                        "F09F90B1", "\"\\U0001F431\"", "1F431"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        card_says(forms[i], "# code point: U+1F431 (128049)\r\n");
    card_says("1F468 200D", "several code points, ask without /info: \"1F468 200D\"");
    card_says("\u2764\uFE0F", "several code points, for /explain: \"\u2764\uFE0F\"");
    card_says("cat", "one character or code point, not: \"cat\"");
}

/* As string literals have them, each byte an escape. */
Test(pasted_lists, bytes_as_escapes)
{
    answers("\\xE2, \\x99, \\x9A", "U+265A\n# read as 1 code point (UTF-8 bytes)\n1 found");
    answers("\\xE2 \\x99 \\x9A \\x41", "U+265A\nU+0041\n# read as 2 code points (UTF-8 bytes)\n2 found");
    answers("e2:99:9a:41", "U+265A\nU+0041\n# read as 2 code points (UTF-8 bytes)\n2 found");
    answers("\\xE2 \\x9", "! not a code point: \"\\xE2\"; the bytes of a UTF-8 character stand together, as "
                          "\\xE2\\x99\\x9A or %E2%99%9A");
}

/* What spoils a list: a number that is none or too large, dots that lead nowhere, a colon between code points. */
Test(pasted_lists, what_is_no_list)
{
    answers("U+2660, U+", "! not a code point: \"U+2660,\"");
    answers("U+10FFFF, U+110000", "! not a code point: \"U+10FFFF,\"");
    answers("0x 0x41", "! not a code point: \"0x\"");
    answers("1234567 2660", "# no name has \"2660\"; the code point: U+2660\n0 found");
    answers("110000 2660", "# no name has \"110000\"\n# no name has \"2660\"; the code point: U+2660\n0 found");
    answers("2660..2663.. 41", "# ignored: U+002E FULL STOP\n# no name has \"2660..2663\"\n0 found");
    answers("1F468..FE0F", "# no name has \"1F468..FE0F\"\n0 found");
    answers("x ; 2660",
            "# no name has \";\"; the character: \\;\n# no name has \"2660\"; the code point: U+2660\n0 found");
    answers("1:2660", "! unknown key \"1\"; near: gc, sc, blk, ea, age");
}

/* A list with ranges becomes a query, and is bounded as queries are; nothing is cut off. */
Test(pasted_lists, many_ranges)
{
    char line[4097] = "";
    size_t len = 0;
    for (int i = 0; i < 64; i++)
        len += (size_t)snprintf(line + len, sizeof line - len, "2660..2661 ");
    cr_expect_str_eq(query_answer(line), "U+2660\nU+2661\n# read as 128 code points\n2 found");
    len += (size_t)snprintf(line + len, sizeof line - len, "2660..2661 ");
    cr_expect_str_eq(query_answer(line), "! more than 64 atoms");
    while (len + 10 < sizeof line)
        len += (size_t)snprintf(line + len, sizeof line - len, "41..42 ");
    cr_expect_str_eq(query_answer(line), "! more than 64 atoms");
}
