/* Patterns of raw answers, compiled to tables of bits. */
#include "dialogue/wildcard.h"

#include "units.h"

#include <string.h>

/* The literal byte at *p (advanced), after a backslash an escape; -1 when ill-formed. */
static int literal(const char **p)
{
    char out[4];
    size_t len = **p != '\\' ? 1 : (*p)[1] == 'x' ? 4 : 2;
    if (len == 2 && ((*p)[1] == '*' || (*p)[1] == '?'))
        out[0] = (*p)[1];
    else if (strnlen(*p, len) < len || units_unescape(*p, len, out) != 1)
        return -1;
    *p += len;
    return (unsigned char)out[0];
}

bool glob_compile(struct glob *g, const char *pattern, const char *trailer, size_t trailer_len)
{
    unsigned place = 0;
    memset(g, 0, sizeof *g);
    for (const char *p = pattern; *p != '\0';) {
        if (*p == '*') {
            g->stays |= 1ull << place;
            p++;
            continue;
        }
        bool any = *p == '?';
        int byte = any ? *p++ : literal(&p);
        if (byte < 0 || place == GLOB_MAX)
            return false;
        for (int b = 0; b < 256; b++)
            g->takes[b] |= any || b == byte ? 1ull << place : 0;
        place++;
    }
    g->end = g->accepts = 1ull << place;
    if (place + trailer_len > GLOB_MAX)
        return false;
    for (size_t i = 0; i < trailer_len; i++)
        g->takes[(unsigned char)trailer[i]] |= 1ull << place++;
    g->accepts |= 1ull << place;
    return true;
}

uint64_t glob_feed(const struct glob *g, uint64_t state, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len && state != 0; i++) {
        unsigned char b = (unsigned char)bytes[i];
        uint64_t loops = g->stays | (b == '\r' || b == '\n' ? g->end : 0);
        state = (state & g->takes[b]) << 1 | (state & loops);
    }
    return state;
}
