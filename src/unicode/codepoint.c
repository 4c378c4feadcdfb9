/* Spells one code point: bytes, escapes, labels, and a form that a terminal can show. */
#include "unicode/codepoint.h"
#include "unicode/props.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_surrogate(uint32_t c)
{
    return c >= 0xD800 && c <= 0xDFFF;
}

/* Each byte of the UTF-8 with this in front, the first one without when it is a space. */
static size_t bytes_as(const char *before, uint32_t c, char *out)
{
    char utf8[4];
    size_t used = 0, len = is_surrogate(c) ? 0 : text_encode(c, utf8);
    for (size_t i = 0; i < len; i++)
        used += (size_t)snprintf(out + used, CODEPOINT_BYTES - used, "%s%02X", i == 0 && *before == ' ' ? "" : before,
                                 (unsigned)(unsigned char)utf8[i]);
    return used;
}

size_t codepoint_utf8(uint32_t c, char *out)
{
    return bytes_as(" ", c, out);
}

size_t codepoint_url(uint32_t c, char *out)
{
    return bytes_as("%", c, out);
}

static size_t utf16_as(const char *before, const char *between, uint32_t c, char *out)
{
    if (c < 0x10000)
        return (size_t)snprintf(out, CODEPOINT_BYTES, "%s%04" PRIX32, before, c);
    return (size_t)snprintf(out, CODEPOINT_BYTES, "%s%04" PRIX32 "%s%04" PRIX32, before, 0xD800 + ((c - 0x10000) >> 10),
                            between, 0xDC00 + (c & 0x3FF));
}

size_t codepoint_utf16(uint32_t c, char *out)
{
    return is_surrogate(c) ? 0 : utf16_as("", " ", c, out);
}

size_t codepoint_json(uint32_t c, char *out)
{
    return utf16_as("\\u", "\\u", c, out);
}

/* Browsers read references to U+0000 and surrogates as U+FFFD, and most of those to C1 controls as
 * what windows-1252 has there ("&#x80;" is the euro sign): HTML Standard, section 13.2.5.80. */
static bool html_reads_otherwise(uint32_t c)
{
    bool unassigned_in_1252 = c == 0x81 || c == 0x8D || c == 0x8F || c == 0x90 || c == 0x9D;
    return c == 0 || is_surrogate(c) || (c >= 0x80 && c < 0xA0 && !unassigned_in_1252);
}

size_t codepoint_html(uint32_t c, char *out)
{
    if (html_reads_otherwise(c))
        return 0;
    return (size_t)snprintf(out, CODEPOINT_BYTES, "&#x%" PRIX32 ";", c);
}

/* C knows universal character names only from U+00A0 on, and none of surrogates. */
size_t codepoint_c(uint32_t c, char *out)
{
    if (is_surrogate(c))
        return 0;
    if (c < 0x80)
        return (size_t)snprintf(out, CODEPOINT_BYTES, "\\x%02" PRIX32, c);
    if (c < 0xA0)
        return bytes_as("\\x", c, out);
    return (size_t)(c < 0x10000 ? snprintf(out, CODEPOINT_BYTES, "\\u%04" PRIX32, c)
                                : snprintf(out, CODEPOINT_BYTES, "\\U%08" PRIX32, c));
}

const char *codepoint_kind(uint32_t c)
{
    if (is_surrogate(c))
        return "surrogate";
    if (props_is_noncharacter(c))
        return "noncharacter";
    return (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000 ? "private use" : "unassigned";
}

size_t codepoint_label(uint32_t c, char *out)
{
    const char *kind = text_is_control(c) ? "control" : codepoint_kind(c);
    if (strcmp(kind, "private use") == 0)
        kind = "private-use";
    else if (strcmp(kind, "unassigned") == 0)
        kind = "reserved";
    return (size_t)snprintf(out, CODEPOINT_BYTES, "<%s-%04" PRIX32 ">", kind, c);
}

/* ---- showing ---- */

/* The abbreviation among its aliases, or the code point, in brackets. */
static size_t show_label(const struct index *ix, uint32_t c, char *out)
{
    uint32_t ordinal = index_ordinal(ix, c);
    struct index_run aliases = {0, 0};
    if (ordinal != INDEX_NONE)
        aliases = index_aliases_of(ix, ordinal);
    for (uint32_t a = aliases.first; a < aliases.end; a++) {
        size_t len;
        const char *alias = index_alias(ix, a, &len);
        if (strcmp(index_alias_kind(ix, a), "abbreviation") == 0)
            return (size_t)snprintf(out, CODEPOINT_BYTES, "(%.*s)", (int)(len < 40 ? len : 40), alias);
    }
    return (size_t)snprintf(out, CODEPOINT_BYTES, "(U+%04" PRIX32 ")", c);
}

static bool is_ignorable(uint32_t c)
{
    static const char name[] = "Default_Ignorable_Code_Point";
    static const struct props_value *v; /* looked up once: searching names takes long */
    if (!v)
        v = props_find(PROPS_BINARY, name, sizeof name - 1);
    return v && props_get(v->low, c) != 0;
}

/* Categories without ink of their own: separators of lines, controls, format, surrogates, private
 * use, unassigned. */
static bool is_invisible(uint32_t c, const char *category)
{
    return category[0] == 'C' || strcmp(category, "Zl") == 0 || strcmp(category, "Zp") == 0 ||
           (c >= 0x80 && is_ignorable(c));
}

static bool is_right_to_left(uint32_t c)
{
    const char *bidi = props_short(PROPS_BIDI, props_get(PROPS_BIDI, c));
    return strcmp(bidi, "R") == 0 || strcmp(bidi, "AL") == 0 || strcmp(bidi, "AN") == 0;
}

static size_t show_safely(const struct index *ix, uint32_t c, char *out)
{
    const char *category = props_short(PROPS_CATEGORY, props_get(PROPS_CATEGORY, c));
    size_t used = 0;
    if (is_invisible(c, category))
        return show_label(ix, c, out);
    bool isolate = is_right_to_left(c);
    if (isolate)
        used += text_encode(0x2068, out + used); /* FIRST STRONG ISOLATE */
    if (category[0] == 'M')
        used += text_encode(0x25CC, out + used); /* DOTTED CIRCLE */
    used += text_encode(c, out + used);
    if (isolate)
        used += text_encode(0x2069, out + used); /* POP DIRECTIONAL ISOLATE */
    return used;
}

size_t codepoint_show(const struct index *ix, uint32_t c, bool safe, char *out)
{
    if (safe)
        return show_safely(ix, c, out);
    if (text_is_control(c))
        return text_encode(c < 0x20 ? 0x2400 + c : c == 0x7F ? 0x2421 : 0xFFFD, out);
    return is_surrogate(c) ? text_encode(0xFFFD, out) : text_encode(c, out);
}
