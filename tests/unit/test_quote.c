/* What may appear in a message, and how it is cut. */
#include "unicode/props.h"
#include "unicode/quote.h"
#include "unicode/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void quotes(const char *text, const char *expected)
{
    char out[200];
    size_t len = quote_text(text, strlen(text), out, sizeof out);
    cr_expect_str_eq(out, expected);
    cr_expect_eq(len, strlen(expected));
}

Test(quote, forms)
{
    quotes("", "");
    quotes("\\u26 \"x\"", "\\u26 \"x\"");
    quotes("caf\xC3\xA9 \xE2\x99\x9A\xF0\x9F\x90\xB1", "caf\xC3\xA9 \xE2\x99\x9A\xF0\x9F\x90\xB1");
    quotes("a\tb\x7F\x1B[2J", "a\\u{0009}b\\u{007F}\\u{001B}[2J");
    quotes("\xE2\x80\x8B", "\\u{200B}");                  /* ZERO WIDTH SPACE */
    quotes("\xE2\x80\xA8\xC2\x85", "\\u{2028}\\u{0085}"); /* LINE SEPARATOR, NEXT LINE */
    quotes("\xEE\x80\x80", "\\u{E000}");                  /* private use */
    quotes("\xCD\xB8", "\\u{0378}");                      /* unassigned */
    quotes("\xF4\x8F\xBF\xBF", "\\u{10FFFF}");
    quotes("\xCC\x81"
           "e\xCC\x81",
           "\\u{0301}e\xCC\x81");              /* a mark alone, and one that has its letter */
    quotes("\xED\xA0\x80", "\\xED\\xA0\\x80"); /* not UTF-8 */
}

/* Every code point: printable as it is, or ASCII that names it. */
Test(quote, every_code_point)
{
    for (uint32_t c = 0; c < 0x110000; c++) {
        char text[5] = "x", out[32], named[16];
        if (c >= 0xD800 && c < 0xE000)
            continue;
        size_t len = 1 + text_encode(c, text + 1);
        size_t quoted = quote_text(text, len, out, sizeof out);
        const char *category = props_short(PROPS_CATEGORY, props_get(PROPS_CATEGORY, c));
        bool harmful = *category == 'C' || strcmp(category, "Zl") == 0 || strcmp(category, "Zp") == 0;
        snprintf(named, sizeof named, "x\\u{%04X}", c);
        if (harmful)
            cr_assert_str_eq(out, named);
        else
            cr_assert(quoted == len && memcmp(out, text, len) == 0, "U+%04X", c);
    }
}

/* Cut at every length: terminated, whole characters, whole escapes, and as much of them as fits. */
Test(quote, cut)
{
    static const char text[] = "a\xC3\xA9\xE2\x99\x9A\xF0\x9F\x90\xB1\xE2\x80\x8Bz";
    static const size_t ends[] = {0, 1, 3, 6, 10, 18, 19};
    for (size_t cap = 1; cap <= 24; cap++) {
        char out[24];
        size_t expected = 0;
        memset(out, '#', sizeof out);
        size_t len = quote_text(text, sizeof text - 1, out, cap);
        for (size_t i = 0; i < sizeof ends / sizeof *ends && ends[i] < cap; i++)
            expected = ends[i];
        cr_expect_eq(len, expected, "cap %zu: %zu", cap, len);
        cr_expect_eq(out[len], '\0');
        for (size_t i = cap; i < sizeof out; i++)
            cr_expect_eq(out[i], '#');
    }
}
