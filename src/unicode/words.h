/* Reads a text as words, once: each word is folded to upper case, looked up and its posting lists
 * given to the cursors of a search as it ends.  What a line is (words, or something richer) comes
 * out of the same pass.
 *
 * This is what every request pays for, so it goes byte by byte through a table of 256 entries that
 * says at once what a byte is and what its upper case is, and nothing is copied but the word at
 * hand.  Rejected: upper-casing the line first and splitting it then (two passes and a buffer of
 * three times the line), and making a tree of terms for every line as the richer forms need it
 * (590,000 instructions for three words, where this way takes 2,300).
 *
 * The reader keeps its place between calls: a text may come in pieces that end anywhere between
 * characters.
 */
#ifndef UNICODE_WORDS_H
#define UNICODE_WORDS_H

#include "unicode/search.h"

/* What a byte is to the reader: one of these, or its upper case.  The order counts: from some class
 * on, which the dialect chooses, bytes are parts of words, and one comparison says so. */
enum words_class {
    WORDS_OUTSIDE, /* of ASCII: left to the caller */
    WORDS_SPLIT,   /* white space or the hyphen: ends a word */
    WORDS_CONTROL, /* part of a word in the classic dialect, ends one in the default dialect */
    WORDS_MARK,    /* part of a word in the classic dialect; in the default dialect the line may be more than words */
    WORDS_FOREIGN  /* part of a word, which no name has then; so are all characters outside ASCII */
};

struct words_reader {
    struct search *search;
    bool may_match[2];       /* by enum index_part: every word so far has members there */
    unsigned char word_from; /* bytes of this class and above are parts of words */
    size_t len;              /* of the word; INDEX_WORD_BYTES + 1 says that it is longer than any word of a name */
    char word[INDEX_WORD_BYTES + 2]; /* the last byte takes what is dropped */
};

/* A reader for the words of s, whose dialect is set and whose cursors are without lists.  Leaves
 * the bytes of `word` as they are: clearing them would cost as much as looking a word up. */
static inline void words_start(struct words_reader *r, struct search *s)
{
    r->search = s;
    r->may_match[INDEX_NAMES] = true;
    r->may_match[INDEX_ALIASES] = s->dialect == SEARCH_DEFAULT;
    r->word_from = s->dialect == SEARCH_DEFAULT ? WORDS_FOREIGN : WORDS_CONTROL;
    r->len = 0;
}
/* Reads up to the first byte outside ASCII or, in the default dialect, the first mark: returns how
 * many bytes. */
size_t words_ascii(struct words_reader *r, const char *text, size_t len);
/* Reads all of a valid UTF-8 text, for the classic dialect, which has no marks.  false: memory is
 * out. */
bool words_any(struct words_reader *r, const char *text, size_t len);
/* The text is over: ends its last word. */
void words_end(struct words_reader *r);

#endif
