/* Code points as people have them on the clipboard: U+265A, \u265A, &#9818;, %E2%99%9A. */
#include "unicode/query.h"
#include "unicode/text.h"

#include <string.h>

enum {
    LAST_CODEPOINT = 0x10FFFF,
    HEX_DIGITS = 8 /* as many as \U takes; more are a slip of the hand */
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t query_hex(const char *text, size_t len, size_t max, uint32_t *value)
{
    size_t digits = 0;
    *value = 0;
    for (; digits < len && hex_digit(text[digits]) >= 0; digits++) {
        if (digits == max)
            return 0;
        *value = *value << 4 | (uint32_t)hex_digit(text[digits]);
    }
    return digits;
}

static size_t decimal(const char *text, size_t len, uint32_t *value)
{
    size_t digits = 0;
    *value = 0;
    for (; digits < len && text[digits] >= '0' && text[digits] <= '9'; digits++) {
        if (digits == HEX_DIGITS)
            return 0;
        *value = *value * 10 + (uint32_t)(text[digits] - '0');
    }
    return digits;
}

bool query_starts_codepoint(const char *text, size_t len)
{
    if (len < 2)
        return false;
    switch (text[0]) {
    case 'U':
    case 'u': return text[1] == '+';
    case '\\': return text[1] == 'u' || text[1] == 'U';
    case '&': return text[1] == '#';
    case '%': return hex_digit(text[1]) >= 0;
    default: return false;
    }
}

static size_t plus_form(const char *text, size_t len, uint32_t *c)
{
    size_t digits = query_hex(text + 2, len - 2, HEX_DIGITS, c);
    return digits ? 2 + digits : 0;
}

/* Exactly four hex digits. */
static bool four(const char *text, size_t len, uint32_t *c)
{
    return len >= 4 && query_hex(text, 4, 4, c) == 4;
}

static size_t braces_form(const char *text, size_t len, uint32_t *c)
{
    size_t digits = query_hex(text + 3, len - 3, HEX_DIGITS, c);
    return digits && 3 + digits < len && text[3 + digits] == '}' ? 3 + digits + 1 : 0;
}

static size_t backslash_form(const char *text, size_t len, uint32_t *c)
{
    if (len > 2 && text[1] == 'u' && text[2] == '{')
        return braces_form(text, len, c);
    if (text[1] == 'U')
        return len >= 10 && query_hex(text + 2, 8, 8, c) == 8 ? 10 : 0;
    if (!four(text + 2, len - 2, c))
        return 0;
    uint32_t low;
    if (*c >= 0xD800 && *c <= 0xDBFF && len >= 12 && text[6] == '\\' && text[7] == 'u' &&
        four(text + 8, len - 8, &low) && low >= 0xDC00 && low <= 0xDFFF) {
        *c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
        return 12;
    }
    return 6;
}

static size_t entity_form(const char *text, size_t len, uint32_t *c)
{
    bool hex = len > 2 && (text[2] == 'x' || text[2] == 'X');
    size_t at = hex ? 3 : 2;
    size_t digits = hex ? query_hex(text + at, len - at, HEX_DIGITS, c) : decimal(text + at, len - at, c);
    at += digits;
    return digits && at < len && text[at] == ';' ? at + 1 : 0;
}

/* %XX as often as the first byte of the UTF-8 sequence asks for. */
static size_t percent_form(const char *text, size_t len, uint32_t *c)
{
    char bytes[4];
    size_t wanted = 1, at = 0;
    for (size_t i = 0; i < wanted; i++, at += 3) {
        uint32_t byte;
        if (len - at < 3 || text[at] != '%' || query_hex(text + at + 1, 2, 2, &byte) != 2)
            return 0;
        bytes[i] = (char)byte;
        if (i == 0)
            wanted = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    }
    if (!text_is_utf8(bytes, wanted))
        return 0;
    text_decode(bytes, wanted, c);
    return at;
}

size_t query_codepoint(const char *text, size_t len, uint32_t *codepoint, const char **why)
{
    size_t taken = 0;
    if (query_starts_codepoint(text, len)) {
        switch (text[0]) {
        case '\\': taken = backslash_form(text, len, codepoint); break;
        case '&': taken = entity_form(text, len, codepoint); break;
        case '%': taken = percent_form(text, len, codepoint); break;
        default: taken = plus_form(text, len, codepoint); break;
        }
    }
    *why = "not a code point";
    if (taken && *codepoint > LAST_CODEPOINT) {
        *why = "code point above 10FFFF";
        return 0;
    }
    return taken;
}
