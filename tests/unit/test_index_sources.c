/* The Unicode Character Database and libunistring give the same names to every character they share, and the index
 * can be built from either, always the same. */
#include "mkindex/builder.h"
#include "mkindex/names.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <string.h>

static struct names from_ucd(void)
{
    struct names names;
    struct ucd_error error = {""};
    cr_assert(names_from_ucd(&names, unicode_dir(), &error), "%s", error.text);
    return names;
}

static struct names from_libunistring(void)
{
    struct names names;
    struct ucd_error error = {""};
    cr_assert(names_from_libunistring(&names, &error), "%s", error.text);
    return names;
}

static struct buffer built(const struct names *names)
{
    struct buffer image;
    struct ucd_error error = {""};
    cr_assert(builder_build(names, &image, &error), "%s", error.text);
    return image;
}

Test(index_sources, agree)
{
    struct names ucd = from_ucd(), other = from_libunistring();
    uint32_t shared = 0;
    for (uint32_t i = 0; i < names_count(&other); i++) {
        const struct name *a = names_at(&other, i);
        uint32_t ordinal = names_ordinal(&ucd, a->codepoint);
        if (ordinal == UINT32_MAX || a->control)
            continue;
        const struct name *b = names_at(&ucd, ordinal);
        cr_assert_eq(a->len, b->len, "U+%04X", a->codepoint);
        cr_assert_eq(memcmp(other.text.data + a->text, ucd.text.data + b->text, a->len), 0, "U+%04X", a->codepoint);
        cr_assert_eq(a->tail, b->tail, "U+%04X", a->codepoint);
        shared++;
    }
    cr_assert_gt(shared, 140000u);
    names_free(&ucd);
    names_free(&other);
}

/* The gaps of libunistring 1.0 and its misspelt syllables, by name. */
Test(index_sources, libunistring_gaps_are_filled)
{
    static const struct {
        uint32_t codepoint;
        const char *name;
    } gaps[] = {{0xAC05, "HANGUL SYLLABLE GANJ"},
                {0xD7A3, "HANGUL SYLLABLE HIH"},
                {0x3400, "CJK UNIFIED IDEOGRAPH-3400"},
                {0x323AF, "CJK UNIFIED IDEOGRAPH-323AF"},
                {0xFAD9, "CJK COMPATIBILITY IDEOGRAPH-FAD9"},
                {0x17000, "TANGUT IDEOGRAPH-17000"},
                {0x18CD5, "KHITAN SMALL SCRIPT CHARACTER-18CD5"},
                {0x1B2FB, "NUSHU CHARACTER-1B2FB"}};
    struct names names = from_libunistring();
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        uint32_t ordinal = names_ordinal(&names, gaps[i].codepoint);
        cr_assert_neq(ordinal, UINT32_MAX, "%s", gaps[i].name);
        const struct name *n = names_at(&names, ordinal);
        cr_assert_eq(n->len, strlen(gaps[i].name));
        cr_assert_eq(memcmp(names.text.data + n->text, gaps[i].name, n->len), 0, "%s", gaps[i].name);
    }
    names_free(&names);
}

Test(index_sources, building_is_deterministic)
{
    struct names names = from_ucd(), again = from_ucd();
    struct buffer first = built(&names), second = built(&again);
    cr_assert_eq(first.len, second.len);
    cr_assert_eq(memcmp(first.data, second.data, first.len), 0);
    names_free(&names);
    names_free(&again);
    buffer_free(&first);
    buffer_free(&second);
}

Test(index_sources, libunistring_index_works_and_says_so)
{
    struct names names = from_libunistring();
    struct buffer image = built(&names);
    const struct index *ix = (const struct index *)(const void *)image.data;
    uint32_t king = index_ordinal(ix, 0x265A);
    size_t len;
    const char *line = index_lines(ix, king, king + 1, &len);
    cr_assert_eq(memcmp(line, "U+265A\t\xE2\x99\x9A\tBLACK CHESS KING\r\n", len), 0);
    cr_assert_str_eq(index_source(ix), "libunistring");
    cr_assert_eq(index_alias_count(ix), 0u);
    cr_assert_eq(index_count(ix) - index_named_count(ix), 65u);
    const char *control = index_name(ix, 0x80, &len); /* the first 0x80 ordinals are ASCII */
    cr_assert_eq(len, strlen("<control-0080>"));
    cr_assert_eq(memcmp(control, "<control-0080>", len), 0);
    cr_assert_neq(index_word(ix, "GANJ", 4), INDEX_NONE);
    cr_assert_eq(index_word(ix, "NBSP", 4), INDEX_NONE);
    names_free(&names);
    buffer_free(&image);
}
