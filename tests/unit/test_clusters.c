/* /explain finds grapheme clusters step by step: where libunistring, which wants all of a text at once, finds them. */
#include "answer/listing.h"
#include "unicode/text.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unigbrk.h>

enum {
    POINTS = 40,
    ROUNDS = 20000
};

/* Checks the notes that precede clusters of several code points. */
static void check(const char *text, size_t len)
{
    static const struct render_style style;
    struct listing *l;
    struct search_error error;
    char breaks[4 * POINTS + 4], out[RENDER_BYTES];
    size_t out_len, at = 0;
    uint32_t c;
    u8_grapheme_breaks((const uint8_t *)text, len, breaks);
    cr_assert_eq(listing_open(&l, index_builtin(), LISTING_EXPLAIN, text, len, &error), SEARCH_OPENED);
    uint32_t announced = 0; /* code points of the cluster being listed that are still to come */
    for (enum listing_step step; (step = listing_next(l, &style, out, &out_len)) != LISTING_END;) {
        if (step == LISTING_NOTE) {
            cr_assert_eq(announced, 0u);
            cr_assert(at < len && breaks[at], "at %zu", at);
            out[out_len] = '\0';
            announced = (uint32_t)strtoul(strpbrk(out, "0123456789"), NULL, 10);
            cr_assert_gt(announced, 1u, "%s", out);
        } else if (step == LISTING_RESULT) {
            bool inside = at > 0 && !breaks[at];
            at += text_decode(text + at, len - at, &c);
            bool last = at == len || breaks[at];
            cr_assert(inside || announced || last, "no note before %zu", at);
            cr_assert_eq(announced == 1, announced && last, "at %zu of %zu", at, len);
            cr_assert(!inside || announced > 0);
            announced -= announced > 0;
        }
    }
    cr_assert_eq(at, len);
    listing_close(l);
}

/* Code points of every value of Grapheme_Cluster_Break, and pictographs. */
static const uint32_t alphabet[] = {'a',     0x0D,   0x0A,   0x200B,  0x0301,  0x1F3FB, 0x0600,  0x0903, 0x1100, 0x1161,
                                    0x11A8,  0xAC00, 0xAC01, 0x1F1E9, 0x1F1EA, 0x200D,  0x1F469, 0x2764, 0xA9,   0xFE0F,
                                    0x1F680, 0x20E3, '1',    0x0E33,  0x110BD, 0x3164,  0x1F3F4, 0xE007F};

Test(clusters, as_libunistring_finds_them)
{
    uint64_t random = test_seed();
    for (int round = 0; round < ROUNDS; round++) {
        char text[4 * POINTS];
        size_t len = 0;
        uint32_t points = 1 + test_random(&random) % POINTS;
        uint32_t few = 2 + test_random(&random) % (sizeof alphabet / sizeof *alphabet - 1);
        for (uint32_t i = 0; i < points; i++)
            len += text_encode(alphabet[test_random(&random) % few], text + len);
        if (text_is_space((unsigned char)text[0]) || text_is_space((unsigned char)text[len - 1]))
            continue; /* would be stripped */
        check(text, len);
    }
}

/* Every pair of them, with nothing else about. */
Test(clusters, every_pair)
{
    for (size_t i = 0; i < sizeof alphabet / sizeof *alphabet; i++)
        for (size_t k = 0; k < sizeof alphabet / sizeof *alphabet; k++) {
            char text[16] = "x";
            size_t len = 1;
            len += text_encode(alphabet[i], text + len);
            len += text_encode(alphabet[k], text + len);
            text[len++] = 'x';
            check(text, len);
        }
}
