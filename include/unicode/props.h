/* unicode/props.h - character properties: category, script, block, age, width, the binary ones, and
 * what a card shows.
 *
 * A table gives every code point a value, a small number; a binary property is a table of the
 * values 0 and 1. Values have a short and a long name (PropertyValueAliases.txt); a group of values
 * that follow each other ("L" for all letters) has names of its own.
 *
 * The data are compiled into the program by tools/mkindex, from the same Unicode Character Database
 * as the names, or from libunistring (then there is no age and no East Asian width).
 * All functions are pure reads of constant memory.
 *
 * A table is a sorted array of steps, "from this code point on this value": 67 tables take 130 KB.
 * Rejected: two-stage tables, as libraries of Unicode have them, which find a value in two loads
 * and not in ten; but queries ask more often "up to where does this stay so?", which the next step
 * says at once.
 */
#ifndef UNICODE_PROPS_H
#define UNICODE_PROPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum props_table {
    PROPS_CATEGORY,  /* General_Category; UAX #44, table 12, in its order: groups are contiguous */
    PROPS_SCRIPT,    /* Script */
    PROPS_BLOCK,     /* Block; 0: No_Block */
    PROPS_AGE,       /* Age; 0: not assigned, then in order of version */
    PROPS_WIDTH,     /* East_Asian_Width */
    PROPS_COMBINING, /* Canonical_Combining_Class: the class itself */
    PROPS_BIDI,      /* Bidi_Class */
    PROPS_BINARY     /* the first of the binary properties; they follow each other */
};

/* A value, or a group of values low … high, and its names. */
struct props_value {
    uint32_t names; /* offset of "short NUL long NUL other NUL … NUL" */
    uint16_t low, high;
};

/* Code points and values packed into one word: the value holds from `first` on, up to the next
 * step. */
enum {
    PROPS_VALUE_BITS = 11,
    /* A rare value of a table of 3,300 steps is not looked for in one go: 64 terms would, each of them, and nobody
     * could have a turn before all had found it. */
    PROPS_SPAN_STEPS = 64
};

struct props_steps {
    uint32_t at, count;     /* steps, in code point order, the first at U+0000 */
    uint32_t value, values; /* named values, groups included; none for binary ones */
};

struct props_case {
    uint32_t codepoint, upper, lower, title; /* simple mappings; the code point itself when there is none */
};

struct props_decomposition {
    uint32_t codepoint, text; /* offset of "<compat> 0020 0308" */
};

/* What tools/mkindex writes. */
struct props_image {
    const uint32_t *step;
    const struct props_steps *table;
    uint32_t tables; /* PROPS_BINARY and the binary ones */
    const struct props_value *value;
    uint32_t binary; /* value of table t's names: binary + t - PROPS_BINARY */
    const struct props_case *pair;
    uint32_t pairs;
    const struct props_decomposition *decomposition;
    uint32_t decompositions;
    const char *text;
};
extern const struct props_image props_image;

/* ---- values of a code point ---- */

uint32_t props_get(uint32_t table, uint32_t codepoint);
/* True when codepoint has a value low … high; *end becomes a code point behind it up to which
 * (exclusive) that stays so, mostly the first for which it changes (0x110000: none).  Cost: a
 * binary search and a look at PROPS_SPAN_STEPS steps at most. */
bool props_span(uint32_t table, uint32_t low, uint32_t high, uint32_t codepoint, uint32_t *end);

/* False for a table the data do not have (age and width of libunistring). */
bool props_has(uint32_t table);

/* ---- names ---- */

/* How many named values a table has, groups included, and one of them.  With table PROPS_BINARY:
 * the binary properties, low being their table. */
uint32_t props_values(uint32_t table);
const struct props_value *props_value(uint32_t table, uint32_t number);
/* Its first (short), second (long) or a further name; NULL when it has not so many. */
const char *props_name(const struct props_value *value, uint32_t number);
/* The short and long name of the value itself ("Lu"), terminated; "" when it has none. */
const char *props_short(uint32_t table, uint32_t value);
const char *props_long(uint32_t table, uint32_t value);

/* Loose matching (UAX44-LM3): what remains of name without case, white space, "_", "-" and an
 * initial "is". Terminated, cut at cap; returns the length. */
size_t props_loose(const char *name, size_t len, char *out, size_t cap);
/* The value of this name, loosely matched, or NULL. */
const struct props_value *props_find(uint32_t table, const char *name, size_t len);

/* ---- of single characters ---- */

/* Simple case mappings; false: it has none. */
bool props_case(uint32_t codepoint, struct props_case *pair);
/* "<compat> 0020 0308" as in UnicodeData.txt, with the Hangul syllables' by rule into buffer; NULL:
 * none. */
enum {
    PROPS_HANGUL_BYTES = 16
};
const char *props_decomposition(uint32_t codepoint, char buffer[PROPS_HANGUL_BYTES]);
bool props_is_noncharacter(uint32_t codepoint);

#endif
