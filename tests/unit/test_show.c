/* How a line shows a character: raw as it is, safely so that it can do nothing to the line around it. */
#include "unicode/codepoint.h"

#include <criterion/criterion.h>
#include <string.h>

static void shows(uint32_t codepoint, bool safe, const char *expected)
{
    char out[CODEPOINT_BYTES];
    size_t len = codepoint_show(index_builtin(), codepoint, safe, out);
    cr_expect(len == strlen(expected) && memcmp(out, expected, len) == 0, "U+%04X shows as %.*s", codepoint, (int)len,
              out);
}

Test(show, what_is_harmless_as_it_is)
{
    for (int safe = 0; safe < 2; safe++) {
        shows('A', safe, "A");
        shows(0xE9, safe, "\u00E9");
        shows(0x265A, safe, "\u265A");
        shows(0x1F431, safe, "\U0001F431");
    }
}

Test(show, controls_as_pictures)
{
    shows(0x07, false, "\u2407");
    shows(0x7F, false, "\u2421");
    shows(0x9B, false, "\uFFFD");
    shows(0xD800, false, "\uFFFD");
}

/* By the abbreviation among its aliases, else by number. */
Test(show, what_is_invisible_as_a_label)
{
    shows(0x07, true, "(BEL)");
    shows(0x200E, true, "(LRM)");
    shows(0x202E, true, "(RLO)");
    shows(0x00AD, true, "(SHY)");
    shows(0xFE0F, true, "(VS16)");
    shows(0x034F, true, "(CGJ)");
    shows(0x115F, true, "(U+115F)");
    shows(0x2028, true, "(U+2028)");
    shows(0x2029, true, "(U+2029)");
    shows(0x2061, true, "(U+2061)");
    shows(0xE000, true, "(U+E000)");
    shows(0xD800, true, "(U+D800)");
    shows(0x0378, true, "(U+0378)");
    shows(0xFFFE, true, "(U+FFFE)");
}

Test(show, marks_have_something_to_stand_on)
{
    shows(0x0301, true, "\u25CC\u0301");
    shows(0x20DD, true, "\u25CC\u20DD");
    shows(0x0301, false, "\u0301");
}

/* Hebrew, Arabic and Arabic digits turn what is beside them round. */
Test(show, right_to_left_is_isolated)
{
    shows(0x05D0, true, "\u2068\u05D0\u2069");
    shows(0x0627, true, "\u2068\u0627\u2069");
    shows(0x0660, true, "\u2068\u0660\u2069");
    shows(0x05D0, false, "\u05D0");
}
