/* unicode/near.h - how far two words are apart, for "did you mean". */
#ifndef UNICODE_NEAR_H
#define UNICODE_NEAR_H

#include <stddef.h>

enum {
    NEAR_BYTES = 64 /* longer words are not compared */
};

/* Edit distance (insert, delete, replace, and swap of neighbours each count one; no letter is
 * edited twice) of two byte strings, or limit + 1 when it is more than limit or one is longer than NEAR_BYTES. */
unsigned near_distance(const char *a, size_t a_len, const char *b, size_t b_len, unsigned limit);
/* How far apart a near word may be: 1 up to four letters, else 2. */
unsigned near_limit(size_t len);

#endif
