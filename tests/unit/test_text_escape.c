/* Escaped text is printable ASCII, reads back without doubt, and is never cut inside an escape. */
#include "unicode/text.h"

#include <criterion/criterion.h>
#include <string.h>

static void check_escape(const char *bytes, size_t len, size_t cap, const char *expected)
{
    char out[64];
    cr_assert_eq(text_escape(bytes, len, out, cap), strlen(expected));
    cr_assert_str_eq(out, expected);
}

Test(text_escape, forms)
{
    check_escape("cat \"face\"", 10, 64, "cat \"face\"");
    check_escape("a\tb\r\n", 5, 64, "a\\tb\\r\\n");
    check_escape("\\n", 2, 64, "\\\\n");
    check_escape("\0\x1B\x7F", 3, 64, "\\x00\\x1B\\x7F");
    check_escape("\xE2\x99\x9A", 3, 64, "\\xE2\\x99\\x9A");
    check_escape("", 0, 64, "");
}

Test(text_escape, cut)
{
    check_escape("ab\n", 3, 5, "ab\\n");
    check_escape("ab\n", 3, 4, "ab");
    check_escape("\xFF\xFF", 2, 8, "\\xFF");
    check_escape("abc", 3, 1, "");
}

Test(text_escape, every_byte_is_printable)
{
    for (int byte = 0; byte < 256; byte++) {
        char out[8], in = (char)byte;
        size_t len = text_escape(&in, 1, out, sizeof out);
        cr_assert(len >= 1 && len <= 4);
        for (size_t i = 0; i < len; i++)
            cr_assert(out[i] >= ' ' && out[i] <= '~');
    }
}
