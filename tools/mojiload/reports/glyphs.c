/* Draws with characters, for the live view and the text report. */
#include "reports/glyphs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool glyphs_unicode(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
    }
    return false;
}

static size_t put(char *out, size_t cap, size_t at, const char *glyph)
{
    int len = snprintf(out + at, cap - at, "%s", glyph);
    if (at + (size_t)len + 1 > cap) {
        out[at] = '\0'; /* not half a character */
        return at;
    }
    return at + (size_t)len;
}

char *glyphs_bar(bool unicode, double share, unsigned width, char *out, size_t cap)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    size_t at = 0;
    unsigned units = (unsigned)(share * width * 8 + 0.5);
    if (units == 0 && share > 0)
        units = 1;
    for (unsigned i = 0; i < units / 8; i++)
        at = put(out, cap, at, unicode ? "█" : "#");
    if (units % 8 != 0)
        at = put(out, cap, at, unicode ? eighths[units % 8] : units < 8 || units % 8 >= 4 ? "#" : "");
    out[at] = '\0';
    return out;
}

char *glyphs_sparkline(bool unicode, const double *value, size_t count, char *out, size_t cap)
{
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const ascii[] = {"_", ".", "-", "~", "=", "+", "*", "#"};
    double top = 0;
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        top = value[i] > top ? value[i] : top;
    for (size_t i = 0; i < count; i++) {
        unsigned level = top > 0 ? (unsigned)(value[i] / top * 7.999) : 0;
        at = put(out, cap, at, unicode ? blocks[level] : ascii[level]);
    }
    out[at] = '\0';
    return out;
}
