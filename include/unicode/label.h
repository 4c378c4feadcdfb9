/* unicode/label.h - does a word, a pattern or a phrase hold on one name or alias?
 *
 * A label is a name or a formal alias: upper-case letters, digits, single spaces and hyphens.
 * Words end at both.
 *
 * The tests work on the text of the label.  Rejected: keeping the word numbers of each name beside
 * it (2 MB more), which would make words and phrases faster to test, but patterns need the letters,
 * hyphens of phrases count, and most terms are decided by posting lists before any label is looked
 * at.
 */
#ifndef UNICODE_LABEL_H
#define UNICODE_LABEL_H

#include <stdbool.h>
#include <stddef.h>

enum {
    LABEL_BYTES = 256, /* no name, alias or value of a property is longer */
    LABEL_KEPT = 16    /* pieces that label_simplify() remembers */
};

/* The next piece between separators (spaces, hyphens) from *at on: its length with *at at its
 * start, or 0. Move *at behind it for the next. */
size_t label_piece(const char *text, size_t len, size_t *at);
size_t label_words(const char *label, size_t len);
/* Every piece of words (text with hyphens between) is a word of the label. */
bool label_has_words(const char *label, size_t len, const char *words, size_t words_len);

/* Patterns are pieces with "*" (any run of characters) and "?" (exactly one), each of which has to
 * fit some word. *work is increased by the steps that a test takes, some 2 ns each: what a pattern
 * costs shows only when it is tested.
 */

/* A pattern that says the same in the fewest bytes, in place: a run of wildcards becomes its "?",
 * then one "*" if it had any.  Returns how many characters a word needs at least; *len becomes at
 * most twice that and one. */
size_t label_collapse(char *pattern, size_t *len);
/* The same for each piece; drops those that were there before (among the last LABEL_KEPT), or that
 * any word fits. false: a piece is longer than any word, so that nothing can fit. */
bool label_simplify(char *patterns, size_t *len);
/* One piece of a pattern fits one word. */
bool label_fits(const char *pattern, size_t pattern_len, const char *word, size_t word_len, size_t *work);
/* Every piece of patterns fits some word of the label. */
bool label_has_patterns(const char *label, size_t len, const char *patterns, size_t patterns_len, size_t *work);

/* The words of the phrase stand next to each other in the label, and so do those of its hyphens
 * that have to: at an edge of the phrase or beside a space.  The phrase has single spaces and none
 * at its edges. */
bool label_has_phrase(const char *label, size_t len, const char *phrase, size_t phrase_len);

#endif
