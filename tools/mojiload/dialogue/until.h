/* until.h - finds the byte pattern that ends an answer, wherever the stream is cut.
 *
 * Knuth, Morris and Pratt at the seams, memmem(3) in between: each byte is looked at once, and a
 * large answer at the speed of the library's vectorised search.
 */
#ifndef MOJILOAD_UNTIL_H
#define MOJILOAD_UNTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    UNTIL_MAX = 64
};

struct until_pattern {
    char bytes[UNTIL_MAX];
    uint8_t len;
    uint8_t fallback[UNTIL_MAX]; /* KMP: the longest border of each prefix */
};

/* bytes: 1 to UNTIL_MAX of them; false otherwise. */
bool until_compile(struct until_pattern *p, const char *bytes, size_t len);
/* *matched: bytes of the pattern seen so far, 0 at the start of an answer.  Returns how many of the len bytes
 * were taken; *found says whether they end with the pattern (*matched is 0 then). */
size_t until_feed(const struct until_pattern *p, uint8_t *matched, const char *bytes, size_t len, bool *found);

#endif
