/* The text rules of the dialects: UTF-8, white space, upper case, escaping. */
#include "unicode/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unistr.h>

enum {
    UPPER_PIECE_BYTES = 256, /* mapped at a time, so that no line length needs memory of its own */
    UPPER_GROWTH = 3         /* U+0390 is two bytes, its upper case six; nothing grows more */
};

bool text_is_utf8(const char *text, size_t len)
{
    size_t at = 0;
    uint64_t word;
    for (; len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text + at, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (at < len && (unsigned char)text[at] < 0x80)
        at++;
    return at == len || u8_check((const uint8_t *)text + at, len - at) == NULL;
}

bool text_is_space(uint32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

bool text_is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

size_t text_decode(const char *text, size_t len, uint32_t *codepoint)
{
    const unsigned char *b = (const unsigned char *)text;
    if (len >= 2 && b[0] >= 0xC0 && b[0] < 0xE0) {
        *codepoint = (b[0] & 0x1Fu) << 6 | (b[1] & 0x3Fu);
        return 2;
    }
    if (len >= 3 && b[0] >= 0xE0 && b[0] < 0xF0) {
        *codepoint = (b[0] & 0x0Fu) << 12 | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
        return 3;
    }
    if (len >= 4 && b[0] >= 0xF0) {
        *codepoint = (b[0] & 0x07u) << 18 | (b[1] & 0x3Fu) << 12 | (b[2] & 0x3Fu) << 6 | (b[3] & 0x3Fu);
        return 4;
    }
    *codepoint = b[0];
    return 1;
}

size_t text_encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static bool is_printing_ascii(char c)
{
    return c > ' ' && c < 0x7F;
}

/* Eight of them. */
static bool are_spaces(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word == UINT64_C(0x2020202020202020);
}

void text_strip(const char **text, size_t *len)
{
    const char *at = *text, *end = at + *len;
    uint32_t c;
    if (at < end && is_printing_ascii(at[0]) && is_printing_ascii(end[-1])) /* nothing to strip, mostly */
        return;
    while (end - at >= 8 && are_spaces(at)) /* a line may be a megabyte of these */
        at += 8;
    while (end - at >= 8 && are_spaces(end - 8))
        end -= 8;
    while (at < end) {
        size_t bytes = text_decode(at, (size_t)(end - at), &c);
        if (!text_is_space(c))
            break;
        at += bytes;
    }
    while (end > at) {
        const char *last = end - 1;
        while (last > at && is_continuation(*last))
            last--;
        text_decode(last, (size_t)(end - last), &c);
        if (!text_is_space(c))
            break;
        end = last;
    }
    *text = at;
    *len = (size_t)(end - at);
}

size_t text_whole(const char *text, size_t len, size_t cap)
{
    if (len <= cap)
        return len;
    while (cap > 0 && is_continuation(text[cap]))
        cap--;
    return cap;
}

/* Without a locale no mapping to upper case looks at neighbours, so a text may be mapped piece by piece. */
size_t text_upper(const char *text, size_t len, char *out, size_t cap)
{
    size_t written = 0;
    while (len > 0) {
        uint8_t upper[UPPER_GROWTH * UPPER_PIECE_BYTES];
        size_t piece = text_whole(text, len, UPPER_PIECE_BYTES), upper_len = sizeof upper;
        uint8_t *mapped = u8_toupper((const uint8_t *)text, piece, NULL, NULL, upper, &upper_len);
        if (!mapped)
            return SIZE_MAX;
        bool fits = upper_len <= cap - written;
        if (fits)
            memcpy(out + written, mapped, upper_len);
        if (mapped != upper)
            free(mapped);
        if (!fits)
            return SIZE_MAX;
        written += upper_len;
        text += piece;
        len -= piece;
    }
    return written;
}

/* One byte, escaped and terminated; returns its length. */
static int escape_byte(unsigned char byte, char out[5])
{
    switch (byte) {
    case '\\': return snprintf(out, 5, "\\\\");
    case '\t': return snprintf(out, 5, "\\t");
    case '\n': return snprintf(out, 5, "\\n");
    case '\r': return snprintf(out, 5, "\\r");
    default: return snprintf(out, 5, byte >= 0x20 && byte < 0x7F ? "%c" : "\\x%02X", byte);
    }
}

size_t text_escape(const char *bytes, size_t len, char *out, size_t cap)
{
    size_t written = 0;
    for (size_t i = 0; i < len; i++) {
        char escaped[5];
        size_t n = (size_t)escape_byte((unsigned char)bytes[i], escaped);
        if (n >= cap - written)
            break;
        memcpy(out + written, escaped, n);
        written += n;
    }
    out[written] = '\0';
    return written;
}

size_t text_space(const char *text, size_t len)
{
    if (len == 0)
        return 0;
    if ((unsigned char)text[0] < 0x80)
        return text[0] <= ' ' || text[0] == 0x7F;
    uint32_t c;
    size_t bytes = text_decode(text, len, &c);
    return text_is_space(c) ? bytes : 0;
}

size_t text_word(const char *text, size_t len, char separator)
{
    size_t at = 0;
    for (uint32_t c; at < len && text[at] != separator && !text_space(text + at, len - at);)
        at += text_decode(text + at, len - at, &c);
    return at;
}
