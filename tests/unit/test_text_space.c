/* White space is Unicode's White_Space and U+001C to U+001F; stripping takes it off both ends. */
#include "unicode/text.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unictype.h>

Test(text_space, every_code_point)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++)
        cr_assert_eq(text_is_space(c), uc_is_property_white_space(c) || (c >= 0x1C && c <= 0x1F), "U+%04X", c);
}

static void check_strip(const char *text, const char *expected)
{
    size_t len = strlen(text);
    text_strip(&text, &len);
    cr_assert_eq(len, strlen(expected), "\"%s\"", expected);
    cr_assert_eq(memcmp(text, expected, len), 0, "\"%s\"", expected);
}

Test(text_space, strip)
{
    check_strip("", "");
    check_strip(" \t\r\n", "");
    check_strip("a", "a");
    check_strip(" a b ", "a b");
    check_strip("\xC2\xA0\xE3\x80\x80\x1C cat \x1F\xE2\x80\xA8", "cat");
    check_strip("\xE2\x99\x9A ", "\xE2\x99\x9A");
    check_strip(" \xE2\x99\x9A", "\xE2\x99\x9A");
    check_strip("\xC3\xA0", "\xC3\xA0"); /* ends in a byte that U+00A0 ends in */
    check_strip("\x01 a", "\x01 a");
}
