/* Upper case is the full mapping, the same whatever the length of the text, within three times its bytes. */
#include "unicode/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>

static void check_upper(const char *text, const char *expected)
{
    char out[64];
    size_t len = text_upper(text, strlen(text), out, sizeof out);
    cr_assert_eq(len, strlen(expected), "%s", text);
    cr_assert_eq(memcmp(out, expected, len), 0, "%s", text);
}

Test(text_upper, full_mapping)
{
    check_upper("", "");
    check_upper("aZ9-", "AZ9-");
    check_upper("stra\xC3\x9F"
                "e",
                "STRASSE");
    check_upper("\xEF\xAC\x81ne", "FINE");       /* U+FB01 */
    check_upper("\xC4\xB1", "I");                /* U+0131: no locale */
    check_upper("i", "I");                       /* not U+0130 */
    check_upper("\xC5\xBF", "S");                /* U+017F */
    check_upper("\xE2\x84\xAA", "\xE2\x84\xAA"); /* KELVIN SIGN is upper case */
    check_upper("\xCF\x82", "\xCE\xA3");         /* final sigma */
}

/* Long enough for several pieces, shifted so that they end everywhere in a character. */
Test(text_upper, pieces_make_no_difference)
{
    static char text[2048], whole[3 * sizeof text], out[3 * sizeof text];
    for (size_t shift = 0; shift < 8; shift++) {
        size_t len = shift;
        memset(text, 'x', shift);
        for (uint32_t c = 0xDF; len + 4 <= sizeof text; c = c * 5 % 0x2C00 + 0x80)
            if (c < 0xD800 || c > 0xDFFF)
                len += text_encode(c, text + len);
        size_t whole_len = sizeof whole;
        cr_assert_eq((char *)u8_toupper((const uint8_t *)text, len, NULL, NULL, (uint8_t *)whole, &whole_len), whole);
        cr_assert_eq(text_upper(text, len, out, sizeof out), whole_len);
        cr_assert_eq(memcmp(out, whole, whole_len), 0);
    }
}

Test(text_upper, three_times_the_bytes_always_fit)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char text[4], out[12];
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        size_t len = text_encode(c, text);
        cr_assert_neq(text_upper(text, len, out, 3 * len), SIZE_MAX, "U+%04X", c);
    }
}

Test(text_upper, too_small_a_buffer_is_told)
{
    char out[4];
    cr_assert_eq(text_upper("abcde", 5, out, 4), SIZE_MAX);
    cr_assert_eq(text_upper("abcd", 4, out, 4), 4u);
}
