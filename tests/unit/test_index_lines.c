/* Every character of the index has its line, where the region says; ordinals, code points and names agree with it. */
#include "unicode/index.h"
#include "unicode/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* What stands for a control. */
static uint32_t picture(uint32_t codepoint)
{
    if (codepoint < 0x20)
        return 0x2400 + codepoint;
    return codepoint == 0x7F ? 0x2421 : 0xFFFD;
}

Test(index_lines, form)
{
    const struct index *ix = index_builtin();
    for (uint32_t i = 0; i < index_count(ix); i++) {
        uint32_t codepoint = index_codepoint(ix, i);
        size_t name_len, line_len;
        const char *name = index_name(ix, i, &name_len), *line = index_lines(ix, i, i + 1, &line_len);
        char utf8[4], expected[256];
        cr_assert_eq(index_is_control(ix, i), text_is_control(codepoint));
        size_t utf8_len = text_encode(index_is_control(ix, i) ? picture(codepoint) : codepoint, utf8);
        int len = snprintf(expected, sizeof expected, "U+%04X\t%.*s\t%.*s\r\n", codepoint, (int)utf8_len, utf8,
                           (int)name_len, name);
        cr_assert(name_len > 0);
        cr_assert_eq(line_len, (size_t)len, "U+%04X", codepoint);
        cr_assert_eq(memcmp(line, expected, line_len), 0, "U+%04X", codepoint);
    }
}

Test(index_lines, neighbours_are_contiguous)
{
    const struct index *ix = index_builtin();
    size_t all, len, region_len, sum = 0;
    const char *start = index_lines(ix, 0, index_count(ix), &all), *region = index_region(ix, &region_len);
    for (uint32_t i = 0; i < index_count(ix); i++) {
        cr_assert_eq(index_lines(ix, i, i + 1, &len), start + sum);
        sum += len;
    }
    cr_assert_eq(sum, all);
    cr_assert_geq(start, region);
    cr_assert_leq(start + all, region + region_len);
    for (uint32_t a = 0; a < index_alias_count(ix); a++) {
        const char *line = index_alias_line(ix, a, &len);
        cr_assert(line >= region && line + len <= region + region_len);
    }
}

Test(index_lines, ordinals_are_code_point_order)
{
    const struct index *ix = index_builtin();
    uint32_t next = 0, named = 0;
    for (uint32_t c = 0; c <= 0x110000; c++) {
        uint32_t ordinal = index_ordinal(ix, c);
        if (ordinal == INDEX_NONE)
            continue;
        cr_assert_eq(ordinal, next++, "U+%04X", c);
        cr_assert_eq(index_codepoint(ix, ordinal), c, "U+%04X", c);
        named += !index_is_control(ix, ordinal);
    }
    cr_assert_eq(next, index_count(ix));
    cr_assert_eq(named, index_named_count(ix));
    cr_assert_eq(index_count(ix) - named, 65u);
    cr_assert_eq(index_ordinal(ix, UINT32_MAX), INDEX_NONE);
}
