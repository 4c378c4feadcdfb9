/* The lexical half of the query parser: where atoms begin and end, and how large the tree can get.
 *
 * An atom is delimited by how it looks, before anyone asks what it means: by a closing quote, else
 * by white space, "|" or ")".  So an error can quote the atom as a person sees it, and `gc:"Sm|x"`
 * and `\N{BLACK CHESS KING}` hold together although there are spaces and bars in them.  Text is
 * stepped through in whole characters, never in bytes.
 */
#ifndef UNICODE_QUERY_LEX_H
#define UNICODE_QUERY_LEX_H

#include "unicode/query.h"

/* One atom as typed. */
struct query_atom {
    const char *text;
    size_t len;
    const char *unclosed; /* "unclosed quote", "unclosed brace", or NULL */
    size_t colon;         /* where the key ends; SIZE_MAX: no property */
    bool quoted;          /* ends with a closing quote */
    bool escaped;         /* has a backslash */
    bool non_ascii;       /* as typed */
    bool pattern;         /* has an asterisk or a question mark */
};

/* Upper bounds that size the tree. */
struct query_size {
    size_t atoms, bangs;
    size_t characters; /* of atoms that may list them, and one for each other atom */
    size_t text;       /* bytes of all atoms, upper-cased */
};

/* True when text begins with ASCII punctuation. */
bool lex_is_punctuation(const char *text, size_t len);
/* The bytes of the next step inside an atom (len > 0): an escape, "\N{A NAME}" as a whole, or one
 * character. */
size_t lex_step(const char *text, size_t len);
/* The atom at the start of text, which begins neither with white space nor with a mark.  Text is
 * stepped through in whole characters: the bytes 0x85 and 0xA0 inside one are no white space. */
void lex_atom(const char *text, size_t len, struct query_atom *atom);
/* The bytes that an atom takes at most in upper case. */
size_t lex_upper_bytes(const struct query_atom *atom);
/* Goes once over the line: false with error for what is left open, which is reported before
 * anything else. */
bool lex_measure(const char *text, size_t len, struct query_size *size, struct search_error *error);

#endif
