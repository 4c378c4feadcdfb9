/* Each way a card spells a code point reads back as that code point, for all 1,114,112 of them. */
#include "answer/listing.h"
#include "unicode/codepoint.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

enum {
    END = 0x110000
};

static bool is_surrogate(uint32_t c)
{
    return c >= 0xD800 && c <= 0xDFFF;
}

/* The numbers in hex behind each prefix; *count of them.  False when anything else is in the text. */
static bool read_hex(const char *text, const char *prefix, int digits, uint32_t *numbers, size_t *count)
{
    for (*count = 0; *text; ++*count) {
        char number[9] = "";
        if (*prefix == ' ' ? *count > 0 : true) {
            if (strncmp(text, prefix, strlen(prefix)) != 0)
                return false;
            text += strlen(prefix);
        }
        if (*count == 4 || strspn(text, "0123456789ABCDEF") < (size_t)digits)
            return false;
        memcpy(number, text, (size_t)digits);
        numbers[*count] = (uint32_t)strtoul(number, NULL, 16);
        text += digits;
    }
    return true;
}

static bool is_utf8_of(const char *text, const char *prefix, uint32_t c)
{
    uint32_t number[4];
    uint8_t bytes[4], wanted[4];
    size_t count;
    int len = u8_uctomb(wanted, (ucs4_t)c, sizeof wanted);
    if (!read_hex(text, prefix, 2, number, &count) || (int)count != len)
        return false;
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)number[i];
    return memcmp(bytes, wanted, count) == 0;
}

static bool is_utf16_of(const char *text, const char *prefix, uint32_t c)
{
    uint32_t unit[4];
    size_t count;
    if (!read_hex(text, prefix, 4, unit, &count))
        return false;
    if (c < 0x10000)
        return count == 1 && unit[0] == c;
    return count == 2 && unit[0] >= 0xD800 && unit[0] <= 0xDBFF && unit[1] >= 0xDC00 && unit[1] <= 0xDFFF &&
           0x10000 + ((unit[0] - 0xD800) << 10) + (unit[1] - 0xDC00) == c;
}

/* A universal character name is taken from U+00A0 on; below, bytes. */
static bool is_c_of(const char *text, uint32_t c)
{
    uint32_t number[4];
    size_t count;
    if (c < 0xA0)
        return is_utf8_of(text, "\\x", c);
    return read_hex(text, c < 0x10000 ? "\\u" : "\\U", c < 0x10000 ? 4 : 8, number, &count) && count == 1 &&
           number[0] == c;
}

static bool is_html_of(const char *text, uint32_t c)
{
    char *end;
    return strncmp(text, "&#x", 3) == 0 && strtoul(text + 3, &end, 16) == c && strcmp(end, ";") == 0;
}

static const char *spelled(size_t (*spell)(uint32_t, char *), uint32_t c)
{
    static char text[CODEPOINT_BYTES + 1];
    text[spell(c, text)] = '\0';
    return text;
}

Test(card_spellings, encodings)
{
    for (uint32_t c = 0; c < END; c++) {
        bool none = is_surrogate(c);
        const char *text = spelled(codepoint_utf8, c);
        cr_assert(none ? *text == '\0' : is_utf8_of(text, " ", c), "U+%04" PRIX32 ": %s", c, text);
        text = spelled(codepoint_url, c);
        cr_assert(none ? *text == '\0' : is_utf8_of(text, "%", c), "U+%04" PRIX32 ": %s", c, text);
        text = spelled(codepoint_utf16, c);
        cr_assert(none ? *text == '\0' : is_utf16_of(text, " ", c), "U+%04" PRIX32 ": %s", c, text);
    }
}

Test(card_spellings, escapes)
{
    static const char unassigned_in_1252[] = "\x81\x8D\x8F\x90\x9D";
    for (uint32_t c = 0; c < END; c++) {
        bool none = is_surrogate(c), c1 = c >= 0x80 && c < 0xA0 && !strchr(unassigned_in_1252, (int)c);
        const char *text = spelled(codepoint_c, c);
        cr_assert(none ? *text == '\0' : is_c_of(text, c), "U+%04" PRIX32 ": %s", c, text);
        text = spelled(codepoint_json, c);
        cr_assert(is_utf16_of(text, "\\u", c), "U+%04" PRIX32 ": %s", c, text);
        text = spelled(codepoint_html, c);
        cr_assert(none || c == 0 || c1 ? *text == '\0' : is_html_of(text, c), "U+%04" PRIX32 ": %s", c, text);
    }
}

/* ---- the lines of the card ---- */

static const struct {
    const char *label;
    size_t (*spell)(uint32_t, char *);
} lines[] = {
    {"UTF-8", codepoint_utf8}, {"UTF-16", codepoint_utf16}, {"HTML", codepoint_html},
    {"C", codepoint_c},        {"JSON", codepoint_json},    {"URL", codepoint_url},
};

/* The label stands at the start of a line, with this behind it; or nowhere. */
static void expect_line(const char *card, uint32_t c, const char *label, const char *value)
{
    char wanted[128], start[32];
    snprintf(wanted, sizeof wanted, "\n# %s: %s\r\n", label, value);
    snprintf(start, sizeof start, "\n# %s:", label);
    if (*value)
        cr_assert(strstr(card, wanted), "U+%04" PRIX32 " lacks \"%s: %s\"", c, label, value);
    else
        cr_assert_null(strstr(card, start), "U+%04" PRIX32 " has a line %s", c, label);
}

static void expect_card(uint32_t c, const char *argument, size_t argument_len)
{
    static char card[8192];
    char line[RENDER_BYTES];
    const struct render_style style = RENDER_DEFAULT;
    struct search_error error;
    struct listing *l;
    size_t used = 0, len;
    cr_assert_eq(listing_open(&l, index_builtin(), LISTING_INFO, argument, argument_len, &error), SEARCH_OPENED,
                 "U+%04" PRIX32 ": %s", c, error.text);
    for (enum listing_step step; (step = listing_next(l, &style, line, &len)) != LISTING_END;) {
        memcpy(card + used, line, step == LISTING_NOTE ? len : 0);
        used += step == LISTING_NOTE ? len : 0;
    }
    card[used] = '\0';
    listing_close(l);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        expect_line(card, c, lines[i].label, spelled(lines[i].spell, c));
}

/* Every character, asked for as itself. */
Test(card_spellings, every_card)
{
    const struct index *ix = index_builtin();
    for (uint32_t i = 0; i < index_count(ix); i++) {
        uint32_t c = index_codepoint(ix, i);
        uint8_t utf8[4];
        expect_card(c, (const char *)utf8, (size_t)u8_uctomb(utf8, (ucs4_t)c, sizeof utf8));
    }
}

/* What is no character, asked for by number. */
Test(card_spellings, what_is_no_character)
{
    for (uint32_t c = 0; c < END; c += c >= 0xD000 && c < 0x10100 ? 1 : 251) {
        char argument[16];
        int len = snprintf(argument, sizeof argument, "U+%04" PRIX32, c);
        expect_card(c, argument, (size_t)len);
    }
}
