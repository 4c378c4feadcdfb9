/* The fall-back source of names: libunistring's table, and by rule what it lacks or misspells.
 *
 * libunistring 1.0 has no CJK unified, Tangut, Nushu and Khitan ideographs (rule NR2) and
 * writes 399 Hangul syllables with a final NJ as NI, so all syllables are
 * computed here (rule NR1).
 */
#include "names.h"
#include "unicode/text.h"

#include <stdio.h>
#include <string.h>
#include <uniname.h>

/* The prefixes of rule NR2 and their ranges in Unicode 15.0, by code point. */
static const struct derived_range {
    uint32_t first, last;
    const char *prefix;
} derived_ranges[] = {
    {0x3400, 0x4DBF, "CJK UNIFIED IDEOGRAPH-"},       {0x4E00, 0x9FFF, "CJK UNIFIED IDEOGRAPH-"},
    {0xF900, 0xFA6D, "CJK COMPATIBILITY IDEOGRAPH-"}, {0xFA70, 0xFAD9, "CJK COMPATIBILITY IDEOGRAPH-"},
    {0x17000, 0x187F7, "TANGUT IDEOGRAPH-"},          {0x18B00, 0x18CD5, "KHITAN SMALL SCRIPT CHARACTER-"},
    {0x18D00, 0x18D08, "TANGUT IDEOGRAPH-"},          {0x1B170, 0x1B2FB, "NUSHU CHARACTER-"},
    {0x20000, 0x2A6DF, "CJK UNIFIED IDEOGRAPH-"},     {0x2A700, 0x2B739, "CJK UNIFIED IDEOGRAPH-"},
    {0x2B740, 0x2B81D, "CJK UNIFIED IDEOGRAPH-"},     {0x2B820, 0x2CEA1, "CJK UNIFIED IDEOGRAPH-"},
    {0x2CEB0, 0x2EBE0, "CJK UNIFIED IDEOGRAPH-"},     {0x2F800, 0x2FA1D, "CJK COMPATIBILITY IDEOGRAPH-"},
    {0x30000, 0x3134A, "CJK UNIFIED IDEOGRAPH-"},     {0x31350, 0x323AF, "CJK UNIFIED IDEOGRAPH-"},
};

enum {
    HANGUL_FIRST = 0xAC00,
    HANGUL_LAST = 0xD7A3
};

/* The name of a Hangul syllable by rule NR1, terminated: the short names of its parts in a row. */
static void hangul_name(uint32_t codepoint, char out[NAME_BYTES])
{
    enum {
        VOWELS = 21,
        TRAILS = 28
    };
    static const char *const lead[] = {"G",  "GG", "N", "D",  "DD", "R", "M", "B", "BB", "S",
                                       "SS", "",   "J", "JJ", "C",  "K", "T", "P", "H"};
    static const char *const vowel[] = {"A",  "AE", "YA", "YAE", "EO", "E",  "YEO", "YE", "O",  "WA", "WAE",
                                        "OE", "YO", "U",  "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
    static const char *const trail[] = {"",   "G",  "GG", "GS", "N",  "NJ", "NH", "D", "L",  "LG",
                                        "LM", "LB", "LS", "LT", "LP", "LH", "M",  "B", "BS", "S",
                                        "SS", "NG", "J",  "C",  "K",  "T",  "P",  "H"};
    uint32_t s = codepoint - HANGUL_FIRST;
    snprintf(out, NAME_BYTES, "HANGUL SYLLABLE %s%s%s", lead[s / (VOWELS * TRAILS)],
             vowel[s % (VOWELS * TRAILS) / TRAILS], trail[s % TRAILS]);
}

/* The newest version of which libunistring knows a character: it does not say by itself. */
static const char *names_version(void)
{
    static const struct {
        uint32_t codepoint;
        const char *version;
    } first_of[] = {{0x1FAE8, "15.0.0"}, {0x1FAE0, "14.0.0"}, {0x1FAD0, "13.0.0"}, {0x1FA70, "12.0.0"}};
    char name[UNINAME_MAX];
    for (size_t i = 0; i < sizeof first_of / sizeof *first_of; i++)
        if (unicode_character_name(first_of[i].codepoint, name))
            return first_of[i].version;
    return "unknown";
}

static size_t name_of(uint32_t codepoint, const struct derived_range *range, char name[NAME_BYTES], size_t *tail)
{
    char buffer[UNINAME_MAX];
    *tail = 0;
    if (codepoint >= range->first && codepoint <= range->last) {
        int len = snprintf(name, NAME_BYTES, "%s%04X", range->prefix, codepoint);
        *tail = (size_t)len - strlen(range->prefix);
    } else if (codepoint >= HANGUL_FIRST && codepoint <= HANGUL_LAST) {
        hangul_name(codepoint, name);
    } else if (!text_is_control(codepoint) && unicode_character_name(codepoint, buffer)) {
        snprintf(name, NAME_BYTES, "%.*s", NAME_BYTES - 1, buffer);
    } else {
        return 0;
    }
    return strlen(name);
}

bool names_from_libunistring(struct names *n, struct ucd_error *error)
{
    const struct derived_range *range = derived_ranges;
    const struct derived_range *last = range + sizeof derived_ranges / sizeof *derived_ranges - 1;
    *n = (struct names){.source = "libunistring"};
    snprintf(n->version, sizeof n->version, "%s", names_version());
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char name[NAME_BYTES];
        size_t tail;
        while (range < last && c > range->last)
            range++;
        size_t len = name_of(c, range, name, &tail);
        if (len)
            names_append(n, c, name, len, tail);
    }
    return names_finish(n, error);
}
