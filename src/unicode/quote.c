/* Quotes what a client typed, see unicode/quote.h. */
#include "unicode/quote.h"
#include "unicode/props.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    PIECE_BYTES = 16 /* "\u{10FFFF}" and a NUL */
};

static bool is_harmful(uint32_t c, bool first)
{
    if (c >= 0x20 && c < 0x7F)
        return false;
    const char *category = props_short(PROPS_CATEGORY, props_get(PROPS_CATEGORY, c));
    return category[0] == 'C' || strcmp(category, "Zl") == 0 || strcmp(category, "Zp") == 0 ||
           (first && category[0] == 'M');
}

/* One character as it is shown: its length. */
static size_t show(const char *text, size_t bytes, uint32_t c, bool first, char piece[PIECE_BYTES])
{
    if (is_harmful(c, first))
        return (size_t)snprintf(piece, PIECE_BYTES, "\\u{%04" PRIX32 "}", c);
    memcpy(piece, text, bytes);
    return bytes;
}

size_t quote_text(const char *text, size_t len, char *out, size_t cap)
{
    size_t written = 0;
    if (!text_is_utf8(text, len))
        return text_escape(text, len, out, cap);
    for (size_t at = 0; at < len;) {
        char piece[PIECE_BYTES];
        uint32_t c;
        size_t bytes = text_decode(text + at, len - at, &c);
        size_t shown = show(text + at, bytes, c, at == 0, piece);
        if (shown >= cap - written)
            break;
        memcpy(out + written, piece, shown);
        written += shown;
        at += bytes;
    }
    out[written] = '\0';
    return written;
}
