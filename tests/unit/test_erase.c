/* test_erase.c - what Backspace and Ctrl-W take away, character for character and for any bytes at all. */
#include "unicode/erase.h"
#include "unicode/text.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Erases all of text, character by character, which must take away these parts, last first; "" closes the list. */
static void expect_parts(const char *text, const char *const parts[])
{
    size_t len = strlen(text);
    for (size_t i = 0; parts[i][0]; i++) {
        size_t part = strlen(parts[i]), left = erase_character(text, len);
        cr_expect_eq(len - left, part, "\"%s\": part %zu has %zu bytes, not %zu", text, i, len - left, part);
        cr_expect_eq(memcmp(text + left, parts[i], part), 0, "\"%s\": part %zu", text, i);
        len = left;
    }
    cr_expect_eq(len, 0u, "\"%s\": %zu bytes are left", text, len);
}
#define EXPECT_PARTS(text, ...) expect_parts((text), (const char *const[]){__VA_ARGS__, ""})

Test(erase, an_empty_line_stays_empty)
{
    cr_expect_eq(erase_character("", 0), 0u);
    cr_expect_eq(erase_word("", 0), 0u);
}

Test(erase, characters_as_people_see_them)
{
    EXPECT_PARTS("cat", "t", "a", "c");
    EXPECT_PARTS("ae\u0301\u00e9", "\u00e9", "e\u0301", "a");
    EXPECT_PARTS("x\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F468\u200D\U0001F469\u200D\U0001F467", "x");
    EXPECT_PARTS("\U0001F44D\U0001F3FD \u2764\uFE0F1\uFE0F\u20E3", "1\uFE0F\u20E3", "\u2764\uFE0F", " ",
                 "\U0001F44D\U0001F3FD");
    EXPECT_PARTS("\u1100\u1161\u11A8\uAC00\u11A8", "\uAC00\u11A8", "\u1100\u1161\u11A8");
    EXPECT_PARTS("a\u200D\U0001F469", "\U0001F469", "a\u200D"); /* a letter joins nothing */
}

/* Flags are pairs, counted from the first of the row. */
Test(erase, flags)
{
    EXPECT_PARTS("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", "\U0001F1EB\U0001F1F7", "\U0001F1E9\U0001F1EA");
    EXPECT_PARTS("\U0001F1E9\U0001F1EA\U0001F1EB", "\U0001F1EB", "\U0001F1E9\U0001F1EA");
    EXPECT_PARTS("x\U0001F1E9\U0001F1EA\u0301", "\U0001F1E9\U0001F1EA\u0301", "x");
}

/* However many bytes of a character have come, they go together. */
Test(erase, every_beginning_of_a_character_is_one)
{
    static const char *const characters[] = {"\u00e9", "\u265a", "\U0001F640"};
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++)
        for (size_t bytes = 1; bytes <= strlen(characters[i]); bytes++) {
            char text[8] = "a";
            memcpy(text + 1, characters[i], bytes);
            cr_expect_eq(erase_character(text, 1 + bytes), 1u, "%s: %zu bytes", characters[i], bytes);
            cr_expect_eq(erase_character(text + 1, bytes), 0u, "%s: %zu bytes", characters[i], bytes);
        }
}

/* Any three bytes behind any: something is erased, at most a character's bytes, and nothing else is read. */
Test(erase, any_bytes)
{
    static const unsigned char some[] = {'a',  ' ',  0x00, 0x08, 0x7F, 0x80, 0x9A, 0xBF, 0xC0, 0xC2,
                                         0xCC, 0x81, 0xE2, 0xED, 0xF0, 0xF4, 0xF5, 0xFE, 0xFF};
    enum {
        KINDS = sizeof some
    };
    for (unsigned n = 0; n < KINDS * KINDS * KINDS * KINDS; n++) {
        char text[4] = {(char)some[n % KINDS], (char)some[n / KINDS % KINDS], (char)some[n / KINDS / KINDS % KINDS],
                        (char)some[n / KINDS / KINDS / KINDS]};
        for (size_t len = 1; len <= sizeof text; len++) {
            char *exact = malloc(len); /* so that a read beyond it is seen */
            memcpy(exact, text, len);
            cr_assert_lt(erase_character(exact, len), len);
            cr_assert_lt(erase_word(exact, len), len);
            free(exact);
        }
    }
}

Test(erase, a_byte_that_no_character_has_goes_alone)
{
    cr_expect_eq(erase_character("\x80\x80\x80", 3), 2u);
    cr_expect_eq(erase_character("a\xff\xff", 3), 2u);
    cr_expect_eq(erase_character("\xc3\xa9\xa9", 3), 2u, "one byte too many");
    cr_expect_eq(erase_character("\xc3\xa9\xa9", 2), 0u);
}

/* A row of marks or flags as long as a line is erased in bounded steps, and all of it goes. */
Test(erase, long_rows)
{
    static const char *const units[] = {"\u0301", "\U0001F1E9", "\u200D", "\u1100"};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        char text[4096];
        size_t unit = strlen(units[i]), len = 0, steps = 0;
        while (len + unit <= sizeof text) {
            memcpy(text + len, units[i], unit);
            len += unit;
        }
        for (size_t left; len > 0; len = left, steps++) {
            left = erase_character(text, len);
            cr_assert_lt(left, len);
            cr_assert_leq(len - left, 64 * unit);
        }
        cr_expect_gt(steps, 10u);
    }
}

Test(erase, words)
{
    static const struct {
        const char *text;
        size_t left;
    } cases[] = {
        {"cat face", 4},
        {"cat face  ", 4},
        {"cat", 0},
        {"  cat", 2},
        {"   ", 0},
        {"a \t\x07 ", 0},
        {"ab\u3000\u265a\u00e9", 5},
        {"\u265a\u00a0x\u2003", 5},
        {"a\x01z", 2},
        {"a-b", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_eq(erase_word(cases[i].text, strlen(cases[i].text)), cases[i].left, "\"%s\"", cases[i].text);
}

/* One line of the Unicode test, "÷ 0020 × 0308 ÷ 0020 ÷": erased from its end it must part at each ÷. */
static void expect_breaks(const char *line)
{
    char text[256];
    size_t begins[64], count = 0, len = 0;
    for (const char *at = line; *at && *at != '#'; at++) {
        char *end;
        unsigned long c = strtoul(at, &end, 16);
        if (strncmp(at, "\u00f7", 2) == 0) {
            begins[count++] = len;
        } else if (end > at && *at != ' ') {
            len += text_encode((uint32_t)c, text + len);
            at = end - 1;
        }
    }
    for (; count > 1; count--) {
        size_t left = erase_character(text, begins[count - 1]);
        cr_expect_eq(left, begins[count - 2], "%s: %zu, not %zu", line, left, begins[count - 2]);
    }
}

Test(erase, the_test_of_unicode)
{
    char path[256], line[2048];
    unsigned lines = 0;
    snprintf(path, sizeof path, "%s/auxiliary/GraphemeBreakTest.txt", unicode_dir());
    FILE *file = fopen(path, "re");
    if (!file)
        cr_skip_test("no %s", path);
    while (fgets(line, sizeof line, file))
        if (strncmp(line, "\u00f7", 2) == 0 && ++lines)
            expect_breaks(line);
    fclose(file);
    cr_expect_gt(lines, 500u);
}
