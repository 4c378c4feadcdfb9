/* Edit distance with transpositions, cut off early: the suggestions for words and values that do
 * not exist. */
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

/* ---- many words ---- */

void near_walk_start(struct near_walk *w, const char *word, size_t len, unsigned limit)
{
    w->word = word;
    w->len = len;
    w->limit = limit;
    w->latest = "";
    w->rows = w->too_far = 0;
    for (size_t j = 0; j <= len + 1; j++) /* one more: what the next row sees at the edge of its band */
        w->row[0][j] = (unsigned char)j;
}

/* Computes the row of the text's byte i - 1, within `limit` and one of the diagonal, where alone
 * distances of up to `limit` can lie: returns its least distance. */
static unsigned walk_row(struct near_walk *w, const char *text, size_t i)
{
    const char *word = w->word;
    size_t band = w->limit + 1, from = i > band ? i - band : 1, to = i + band < w->len ? i + band : w->len;
    unsigned char *row = w->row[i], *above = w->row[i - 1], *above2 = i > 1 ? w->row[i - 2] : above;
    const unsigned far = w->limit + 2;
    unsigned best = row[from - 1] = (unsigned char)(from == 1 ? i : far);
    for (size_t j = from; j <= to; j++) {
        unsigned cost = least(above[j] + 1u, row[j - 1] + 1u, above[j - 1] + (text[i - 1] != word[j - 1] ? 1u : 0u));
        if (i > 1 && j > 1 && text[i - 1] == word[j - 2] && text[i - 2] == word[j - 1] && above2[j - 2] + 1u < cost)
            cost = above2[j - 2] + 1u;
        row[j] = (unsigned char)cost;
        best = cost < best ? cost : best;
    }
    row[to + 1] = (unsigned char)far;
    return best;
}

unsigned near_walk_next(struct near_walk *w, const char *text, size_t len, size_t *work)
{
    size_t common = 0, most = w->too_far ? w->too_far : w->rows;
    while (common < most && common < len && text[common] == w->latest[common])
        common++;
    *work += 2 + common;
    if (w->too_far && common == w->too_far)
        return w->limit + 1;
    w->latest = text;
    w->too_far = 0;
    w->rows = common;
    while (w->rows < len) {
        unsigned best = walk_row(w, text, ++w->rows);
        *work += 2 * w->limit + 3;
        if (best > w->limit) { /* nor does a swap lead back: the row it starts from is at most one lower */
            w->too_far = w->rows;
            return w->limit + 1;
        }
    }
    size_t apart = len < w->len ? w->len - len : len - w->len;
    unsigned distance = apart > w->limit ? w->limit + 1 : w->row[len][w->len];
    return distance > w->limit ? w->limit + 1 : distance;
}
