/* The loose matching of property names: apart from props.c because the property compiler needs it before there are
 * tables. */
#include "unicode/props.h"

#include <string.h>

size_t props_loose(const char *name, size_t len, char *out, size_t cap)
{
    size_t used = 0;
    for (size_t i = 0; i < len && used + 1 < cap; i++) {
        char c = name[i];
        if (c != ' ' && c != '_' && c != '-' && !(c >= '\t' && c <= '\r'))
            out[used++] = c >= 'A' && c <= 'Z' ? (char)(c + 0x20) : c;
    }
    if (used > 2 && out[0] == 'i' && out[1] == 's') {
        used -= 2;
        memmove(out, out + 2, used);
    }
    out[used] = '\0';
    return used;
}
