/* unicode/vocabulary.h - questions about the words themselves: how many characters, which are near,
 * which fit.
 *
 * The vocabulary has 127,500 words, but 105,000 of them are code points at the end of a name
 * ("4E00").  Near words are looked for among the others only: nobody misspells a number into the
 * right one.  Patterns are tried on all words that begin with the letters before the first
 * wildcard, which are neighbours; a pattern that begins with a wildcard is tried on all, in steps.
 * Rejected: a second vocabulary of reversed words for "*ing".
 */
#ifndef UNICODE_VOCABULARY_H
#define UNICODE_VOCABULARY_H

#include "unicode/index.h"

enum {
    VOCABULARY_NEAREST = 5,
    VOCABULARY_STEP = 65536 /* of work in one call, in steps of some 2 ns: below 0.2 ms */
};

/* The characters a search for this word finds, by name or by alias. */
uint32_t vocabulary_members(const struct index *ix, uint32_t word);

/* The nearest words to one that does not exist: edit distance 1 up to four letters, else 2; nearest
 * first, then the more frequent, then by alphabet.  Words that are only code points ("4E00") are
 * left out. */
struct vocabulary_near {
    uint32_t at; /* words below have been looked at */
    uint32_t count;
    struct {
        uint32_t word, members;
        unsigned distance;
    } best[VOCABULARY_NEAREST];
};
void vocabulary_near_start(struct vocabulary_near *n);
/* Looks at the next words: true when all are done. */
bool vocabulary_near_step(struct vocabulary_near *n, const struct index *ix, const char *word, size_t len);

/* The next word from *word on that fits an upper-case pattern (see label_fits(); label_collapse()
 * first, or a test may cost by the pattern's length): true with *word on it; false, and *word on
 * the next to look at, after VOCABULARY_STEP without one or at the end (*word is then
 * index_word_count()).
 */
bool vocabulary_fits(const struct index *ix, const char *pattern, size_t len, uint32_t *word);

#endif
