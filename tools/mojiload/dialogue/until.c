/* The end-of-answer finder for servers that speak another protocol than ours. */
#include "dialogue/until.h"

#include <string.h>

bool until_compile(struct until_pattern *p, const char *bytes, size_t len)
{
    if (len == 0 || len > UNTIL_MAX)
        return false;
    memcpy(p->bytes, bytes, len);
    p->len = (uint8_t)len;
    p->fallback[0] = 0;
    for (uint8_t i = 1, k = 0; i < p->len; i++) {
        while (k > 0 && bytes[i] != bytes[k])
            k = p->fallback[k - 1];
        if (bytes[i] == bytes[k])
            k++;
        p->fallback[i] = k;
    }
    return true;
}

static uint8_t step(const struct until_pattern *p, uint8_t matched, char byte)
{
    while (matched > 0 && p->bytes[matched] != byte)
        matched = p->fallback[matched - 1];
    return (uint8_t)(matched + (p->bytes[matched] == byte));
}

size_t until_feed(const struct until_pattern *p, uint8_t *matched, const char *bytes, size_t len, bool *found)
{
    size_t at = 0;
    *found = false;
    while (*matched > 0 && at < len) {
        *matched = step(p, *matched, bytes[at++]);
        if (*matched == p->len) {
            *matched = 0;
            *found = true;
            return at;
        }
    }
    const char *hit = memmem(bytes + at, len - at, p->bytes, p->len);
    if (hit != NULL) {
        *found = true;
        return (size_t)(hit - bytes) + p->len;
    }
    size_t tail = len - at < p->len ? len - at : p->len - 1u;
    for (size_t i = len - tail; i < len; i++)
        *matched = step(p, *matched, bytes[i]);
    return len;
}
