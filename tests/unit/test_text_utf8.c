/* Well-formed UTF-8 is what table 3-7 of the Unicode Standard lists, and nothing else; encoding and decoding agree. */
#include "unicode/text.h"

#include <criterion/criterion.h>
#include <string.h>

/* Table 3-7, literally. */
static bool table_3_7(const unsigned char *b, size_t len)
{
    static const unsigned char rows[][8] = {
        {0x00, 0x7F},
        {0xC2, 0xDF, 0x80, 0xBF},
        {0xE0, 0xE0, 0xA0, 0xBF, 0x80, 0xBF},
        {0xE1, 0xEC, 0x80, 0xBF, 0x80, 0xBF},
        {0xED, 0xED, 0x80, 0x9F, 0x80, 0xBF},
        {0xEE, 0xEF, 0x80, 0xBF, 0x80, 0xBF},
        {0xF0, 0xF0, 0x90, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
        {0xF1, 0xF3, 0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
        {0xF4, 0xF4, 0x80, 0x8F, 0x80, 0xBF, 0x80, 0xBF},
    };
    static const size_t lengths[] = {1, 2, 3, 3, 3, 3, 4, 4, 4};
    for (size_t r = 0; r < sizeof lengths / sizeof *lengths; r++) {
        size_t i = 0;
        while (i < len && i < lengths[r] && b[i] >= rows[r][2 * i] && b[i] <= rows[r][2 * i + 1])
            i++;
        if (i == lengths[r])
            return i == len || table_3_7(b + i, len - i);
    }
    return len == 0;
}

/* Edges of all rows, so that four of them in a row cover what there is. */
static const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                      0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                      0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFE, 0xFF};

Test(text_utf8, table_of_the_standard)
{
    enum {
        N = sizeof edges
    };
    for (unsigned n = 0; n < N * N * N * N; n++) {
        /* Behind eight letters too: that is where whole words of ASCII are skipped. */
        unsigned char b[] = "LETTERS-....";
        b[8] = edges[n % N];
        b[9] = edges[n / N % N];
        b[10] = edges[n / (N * N) % N];
        b[11] = edges[n / (N * N * N)];
        bool expected = table_3_7(b + 8, 4);
        cr_assert_eq(text_is_utf8((const char *)b + 8, 4), expected, "%02X %02X %02X %02X", b[8], b[9], b[10], b[11]);
        cr_assert_eq(text_is_utf8((const char *)b, 12), expected, "%02X %02X %02X %02X", b[8], b[9], b[10], b[11]);
    }
}

Test(text_utf8, cut_off)
{
    const char *king = "\xE2\x99\x9A";
    cr_assert(text_is_utf8(king, 3));
    cr_assert(text_is_utf8(king, 0));
    cr_assert_not(text_is_utf8(king, 1));
    cr_assert_not(text_is_utf8(king, 2));
}

Test(text_utf8, encode_decode)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char b[4];
        uint32_t back;
        size_t len = text_encode(c, b);
        cr_assert_eq(text_decode(b, len, &back), len, "U+%04X", c);
        cr_assert_eq(back, c, "U+%04X", c);
        cr_assert_eq(text_is_utf8(b, len), c < 0xD800 || c > 0xDFFF, "U+%04X", c);
        cr_assert_eq(text_whole(b, len, len), len);
    }
}

Test(text_utf8, pieces_end_between_characters)
{
    const char *text = "a\xC3\xA9\xE2\x99\x9A\xF0\x9F\x90\xB1"
                       "b";
    static const size_t expected[] = {0, 0, 0, 0, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    for (size_t cap = 4; cap <= 12; cap++)
        cr_assert_eq(text_whole(text, 11, cap), expected[cap], "%zu", cap);
}
