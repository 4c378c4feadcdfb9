/* Whatever is asked, a text that is no UTF-8 is refused where it is opened: no caller can forget it. */
#include "answer/listing.h"
#include "unicode/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char words[] = "not valid UTF-8";

static void expect_searches(const char *text, size_t len, bool valid)
{
    for (int dialect = SEARCH_CLASSIC; dialect <= SEARCH_DEFAULT; dialect++) {
        struct search s;
        struct search_error error;
        enum search_result result = search_open(&s, index_builtin(), (enum search_dialect)dialect, text, len, &error);
        cr_assert_eq(result == SEARCH_BAD_UTF8, !valid, "dialect %d, %02X %02X …", dialect, (unsigned char)text[0],
                     (unsigned char)text[1]);
        if (result == SEARCH_OPENED)
            search_close(&s);
    }
}

static void expect_listings(const char *text, size_t len, bool valid)
{
    for (int kind = LISTING_INFO; kind <= LISTING_WORDS; kind++) {
        struct listing *l = NULL;
        struct search_error error = {"?"};
        enum search_result result = listing_open(&l, index_builtin(), (enum listing_kind)kind, text, len, &error);
        cr_assert_eq(result == SEARCH_BAD_UTF8, !valid, "kind %d, %02X %02X …", kind, (unsigned char)text[0],
                     (unsigned char)text[1]);
        cr_assert_eq(strcmp(error.text, words) == 0, !valid, "\"%s\"", error.text);
        cr_assert_eq(l != NULL, result == SEARCH_OPENED);
        if (l)
            listing_close(l);
    }
}

/* Alone, at the end, in the middle, and where more than words is read. */
static void expect_everywhere(const char *bytes, size_t len, bool valid)
{
    static const char *const around[][2] = {{"", ""}, {"blocks ", ""}, {"a", "b"}, {"(x|\"", "\")"}};
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        char text[32];
        size_t before = strlen(around[i][0]), behind = strlen(around[i][1]);
        memcpy(text, around[i][0], before);
        memcpy(text + before, bytes, len);
        memcpy(text + before + len, around[i][1], behind);
        expect_searches(text, before + len + behind, valid);
        expect_listings(text, before + len + behind, valid);
    }
}

/* Also those whose second byte begins what does not end. */
Test(opening_utf8, all_pairs)
{
    for (unsigned n = 0; n < 0x10000; n++) {
        const char pair[] = {(char)(n >> 8), (char)(n & 0xFF)};
        expect_everywhere(pair, 2, text_is_utf8(pair, 2));
    }
}

/* The edges of the rows of table 3-7, in all combinations that are malformed, three and four bytes long. */
Test(opening_utf8, all_edges)
{
    static const unsigned char edges[] = {0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0,
                                          0xE1, 0xEC, 0xED, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF};
    enum {
        N = sizeof edges
    };
    for (unsigned n = 0; n < N * N * N * N; n++) {
        const char b[] = {(char)edges[n % N], (char)edges[n / N % N], (char)edges[n / (N * N) % N],
                          (char)edges[n / (N * N * N)]};
        if (!text_is_utf8(b, 4))
            expect_listings(b, 4, false);
        if (!text_is_utf8(b, 4))
            expect_searches(b, 4, false);
        if (n < N * N * N && !text_is_utf8(b, 3))
            expect_everywhere(b, 3, false);
    }
}

/* Every character outside ASCII is taken, but for its last byte. */
Test(opening_utf8, every_character_cut)
{
    for (uint32_t c = 0x80; c < 0x110000; c += c < 0x3000 ? 1 : 61) {
        char utf8[4];
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        size_t len = text_encode(c, utf8);
        expect_listings(utf8, len, true);
        expect_listings(utf8, len - 1, false);
        expect_searches(utf8, len - 1, false);
    }
}
