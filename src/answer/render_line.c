/* Puts formatted text and JSON strings into a line. */
#include "render_line.h"
#include "unicode/codepoint.h"
#include "unicode/props.h"
#include "unicode/text.h"

#include <stdarg.h>
#include <stdio.h>

void line_format(struct line *l, const char *format, ...)
{
    char text[64];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    line_text(l, text);
}

/* The bytes at the start of text that need no second look. */
static size_t json_ready(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && text[n] >= ' ' && text[n] < 0x7F && text[n] != '"' && text[n] != '\\')
        n++;
    return n;
}

void line_json(struct line *l, const char *text, size_t len)
{
    line_put(l, "\"", 1);
    while (len > 0) {
        uint32_t c;
        char escaped[CODEPOINT_BYTES];
        size_t ready = json_ready(text, len);
        line_put(l, text, ready);
        text += ready;
        len -= ready;
        if (!len)
            break;
        size_t bytes = text_decode(text, len, &c);
        uint32_t category = props_get(PROPS_CATEGORY, c);
        const char *kind = props_short(PROPS_CATEGORY, category);
        if (c == '"' || c == '\\')
            line_put(l, "\\", 1);
        if (kind[0] == 'C' || strcmp(kind, "Zl") == 0 || strcmp(kind, "Zp") == 0)
            line_put(l, escaped, codepoint_json(c, escaped));
        else
            line_put(l, text, bytes);
        text += bytes;
        len -= bytes;
    }
    line_put(l, "\"", 1);
}
