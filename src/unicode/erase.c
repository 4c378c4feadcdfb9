/* Erasing at the end of a line: finds where the last grapheme cluster, or the last word, begins. */
#include "unicode/erase.h"

#include "unicode/text.h"

#include <stdbool.h>
#include <unigbrk.h>

enum {
    CLUSTER_MAX_POINTS = 64, /* looked back over; the longest emoji has ten */
    CHARACTER_MAX_BYTES = 4,
    ZERO_WIDTH_JOINER = 0x200D
};

/* The character that ends at len > 0: where it begins, and which it is.  *codepoint is 0 for what is
 * not, or not yet, a whole character. */
static size_t character_before(const char *text, size_t len, uint32_t *codepoint)
{
    size_t bytes = 1;
    while (bytes < CHARACTER_MAX_BYTES && bytes < len && ((unsigned char)text[len - bytes] & 0xC0) == 0x80)
        bytes++;
    unsigned char lead = (unsigned char)text[len - bytes];
    size_t whole = lead < 0xC2 || lead > 0xF4 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    *codepoint = 0;
    if (bytes > whole)
        return len - 1;
    if (text_is_utf8(text + len - bytes, bytes))
        text_decode(text + len - bytes, bytes, codepoint);
    return len - bytes;
}

static bool is_regional_indicator(uint32_t c)
{
    return c >= 0x1F1E6 && c <= 0x1F1FF;
}

/* True when a cluster begins between the two whatever stands before them.  The library's test of a pair cannot
 * know: flags are pairs, so where they begin depends on how many letters come before; and
 * what a joiner joins depends on what it is joined to. */
static bool surely_apart(uint32_t before, uint32_t after)
{
    if (is_regional_indicator(before) && is_regional_indicator(after))
        return false;
    return before != ZERO_WIDTH_JOINER && uc_is_grapheme_break(before, after);
}

size_t erase_character(const char *text, size_t len)
{
    uint32_t last, before;
    if (len == 0)
        return 0;
    size_t from = character_before(text, len, &last), points = 1;
    if (last == 0)
        return from;
    for (uint32_t after = last; from > 0 && points < CLUSTER_MAX_POINTS; points++, after = before) {
        size_t at = character_before(text, from, &before);
        if (before == 0 || surely_apart(before, after))
            break;
        from = at;
    }
    char begins[CLUSTER_MAX_POINTS * CHARACTER_MAX_BYTES];
    size_t bytes = len - from, at = bytes - 1;
    u8_grapheme_breaks((const uint8_t *)text + from, bytes, begins);
    while (at > 0 && !begins[at])
        at--;
    return from + at;
}

static bool parts_words(uint32_t c, char byte)
{
    return text_is_space(c) || (unsigned char)byte < 0x20 || byte == 0x7F;
}

/* Takes characters away as long as they part words, or do not. */
static size_t erase_run(const char *text, size_t len, bool parting)
{
    while (len > 0) {
        uint32_t c;
        size_t at = character_before(text, len, &c);
        if (parts_words(c, text[at]) != parting)
            break;
        len = at;
    }
    return len;
}

size_t erase_word(const char *text, size_t len)
{
    return erase_run(text, erase_run(text, len, true), false);
}
