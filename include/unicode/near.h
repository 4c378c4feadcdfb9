/* unicode/near.h - how far two words are apart, for "did you mean".
 *
 * The optimal string alignment distance: the matrix of Wagner and Fischer, with swaps of neighbours
 * as Damerau counts them, and cut off as soon as a whole row is beyond the limit.  Against the
 * whole vocabulary the rows of a common beginning are kept from word to word, as in a trie, though
 * the vocabulary is only sorted: 22,500 words take 0.15 to 0.3 ms. Rejected: an index of all words
 * with letters left out (SymSpell), which is many times the vocabulary, for a question that one
 * line in a hundred asks; a BK-tree, which has to look at half of it for a distance of 2.
 */
#ifndef UNICODE_NEAR_H
#define UNICODE_NEAR_H

#include <stddef.h>

enum {
    NEAR_BYTES = 64 /* longer words are not compared */
};

/* Edit distance (insert, delete, replace, and swap of neighbours each count one; no letter is
 * edited twice) of two byte strings, or limit + 1 when it is more than limit or one is longer than
 * NEAR_BYTES. */
unsigned near_distance(const char *a, size_t a_len, const char *b, size_t b_len, unsigned limit);

/* The distances of one word to many that come in alphabetical order: what neighbours have in common
 * at the front is computed once, and passed over where it alone is too far away already. */
struct near_walk {
    const char *word;
    size_t len;
    unsigned limit;
    const char *latest; /* the text the rows belong to */
    size_t rows;        /* of the matrix of edit distances, computed for that many bytes of it */
    size_t too_far;     /* bytes at its front that nothing near begins with; 0: none known */
    unsigned char row[NEAR_BYTES + 5][NEAR_BYTES + 3];
};
/* len is at most NEAR_BYTES. */
void near_walk_start(struct near_walk *w, const char *word, size_t len, unsigned limit);
/* The distance to the next text, which has to stay where it is until the next call; limit + 1 when
 * it is more than limit.  *work is increased by the steps taken, some 2 ns each. */
unsigned near_walk_next(struct near_walk *w, const char *text, size_t len, size_t *work);

/* How far apart a near word may be: 1 up to four letters, else 2. */
unsigned near_limit(size_t len);

#endif
