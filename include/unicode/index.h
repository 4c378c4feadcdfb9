/* unicode/index.h - the compiled name index: an image in the binary, read in place.
 *
 * The universe is every character that has a name, and the 65 controls, in code
 * point order; a character's position in it is its ordinal.  (Unicode 15.0:
 * 149,186 named, 149,251 in all.)  The controls are members so that
 * aliases and properties can find them; no word of a name ever does.
 * Everything that finds works on ordinals and not on code points, because ordinals have no gaps:
 * characters on both sides of an unassigned one are neighbours, in a run of matches as in the table
 * of lines, and a table by ordinal has 149,251 entries instead of 1,114,112.
 *
 * Vocabulary: every distinct word of a name or of a formal alias, in byte
 * order; its position is its word number.  Names are split at spaces and hyphens.
 * For each word there are two posting lists, each a sorted array of disjoint,
 * non-adjacent runs: of ordinals (INDEX_NAMES), and of alias numbers
 * (INDEX_ALIASES; aliases are numbered in code point order, within a character in the order of
 * NameAliases.txt).
 *
 * All functions are pure reads of constant memory: they cannot fail, allocate
 * nothing and never block (a page of the binary may be faulted in).
 */
#ifndef UNICODE_INDEX_H
#define UNICODE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct index; /* the image, as tools/mkindex wrote it */

enum index_part {
    INDEX_NAMES,
    INDEX_ALIASES
};

/* first … end - 1 */
struct index_run {
    uint32_t first, end;
};

struct index_runs {
    const struct index_run *run;
    uint32_t count;   /* runs */
    uint32_t members; /* ordinals in all of them */
};

#define INDEX_NONE UINT32_MAX

/* Bounds that the builder holds the data to, so that a query beyond them is known to find
 * nothing. */
enum {
    INDEX_NAME_WORDS = 16, /* in a name or alias; Unicode 15 has up to 15 */
    INDEX_WORD_BYTES = 63  /* of a word; Unicode 15 has up to 21 */
};

/* The index compiled into this program. */
const struct index *index_builtin(void);
/* "15.0.0"; and where the data came from: "UCD" or "libunistring". */
const char *index_unicode_version(const struct index *ix);
const char *index_source(const struct index *ix);

/* ---- characters ---- */

uint32_t index_count(const struct index *ix);       /* the universe */
uint32_t index_named_count(const struct index *ix); /* those with a name */
uint32_t index_codepoint(const struct index *ix, uint32_t ordinal);
/* The ordinal of a code point, or INDEX_NONE. */
uint32_t index_ordinal(const struct index *ix, uint32_t codepoint);
/* The ordinal of the first character that is not below a code point: index_count() when there is
 * none. */
uint32_t index_ordinal_from(const struct index *ix, uint32_t codepoint);
/* The name (for a control: its first alias), not terminated. */
const char *index_name(const struct index *ix, uint32_t ordinal, size_t *len);
bool index_is_control(const struct index *ix, uint32_t ordinal);
/* The rendered lines of ordinals [first, end): "U+265A TAB ♚ TAB BLACK CHESS KING CR LF"
 * each, contiguous.  Controls show a picture, never the byte. */
const char *index_lines(const struct index *ix, uint32_t first, uint32_t end, size_t *len);
/* The region all lines lie in, those of aliases too: read-only data of the program, page-aligned in
 * memory and in its file, so that runs of lines can be sent from there. */
const char *index_region(const struct index *ix, size_t *len);

/* ---- aliases ---- */

uint32_t index_alias_count(const struct index *ix);
uint32_t index_alias_ordinal(const struct index *ix, uint32_t alias);
const char *index_alias(const struct index *ix, uint32_t alias, size_t *len);
/* "correction", "control", "alternate", "figment", "abbreviation". */
const char *index_alias_kind(const struct index *ix, uint32_t alias);
/* The line of a match by alias: "U+00A0 TAB … TAB NO-BREAK SPACE TAB alias NBSP CR LF". */
const char *index_alias_line(const struct index *ix, uint32_t alias, size_t *len);
/* The first alias of this ordinal or a higher one: index_alias_count() when there is none. */
uint32_t index_aliases_from(const struct index *ix, uint32_t ordinal);
/* Aliases of a character: numbers [first, end). */
struct index_run index_aliases_of(const struct index *ix, uint32_t ordinal);

/* ---- vocabulary ---- */

uint32_t index_word_count(const struct index *ix);
/* The number of an upper-case word, or INDEX_NONE. */
uint32_t index_word(const struct index *ix, const char *word, size_t len);
const char *index_word_text(const struct index *ix, uint32_t word, size_t *len);
struct index_runs index_postings(const struct index *ix, uint32_t word, enum index_part part);
/* The words that stand elsewhere than as a derived code point tail: some 22,500 of 127,500, as runs
 * of word numbers in ascending order (members is not filled in). */
struct index_runs index_plain_words(const struct index *ix);
/* True for words that only stand as a derived code point tail ("4E00"). */
bool index_word_is_tail(const struct index *ix, uint32_t word);

#endif
