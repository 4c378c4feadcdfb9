/* Edit distance with transpositions, cut off early: the suggestions for words and values that do not exist. */
#include "unicode/near.h"

#include <string.h>

unsigned near_limit(size_t len)
{
    return len <= 4 ? 1 : 2;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

unsigned near_distance(const char *a, size_t a_len, const char *b, size_t b_len, unsigned limit)
{
    unsigned char rows[3][NEAR_BYTES + 1]; /* of the matrix: this one, the one above, the one above that */
    size_t apart = a_len < b_len ? b_len - a_len : a_len - b_len;
    if (apart > limit || a_len > NEAR_BYTES || b_len > NEAR_BYTES)
        return limit + 1;
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = (unsigned char)j;
    for (size_t i = 1; i <= a_len; i++) {
        unsigned char *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        unsigned best = row[0] = (unsigned char)i;
        for (size_t j = 1; j <= b_len; j++) {
            unsigned cost = least(above[j] + 1u, row[j - 1] + 1u, above[j - 1] + (a[i - 1] != b[j - 1] ? 1u : 0u));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && above2[j - 2] + 1u < cost)
                cost = above2[j - 2] + 1u;
            row[j] = (unsigned char)cost;
            best = cost < best ? cost : best;
        }
        if (best > limit + 1) /* a swap may still come back one lower */
            return limit + 1;
    }
    unsigned distance = rows[a_len % 3][b_len];
    return distance > limit ? limit + 1 : distance;
}
