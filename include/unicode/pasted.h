/* unicode/pasted.h - a line as people paste it, taken as they mean it, before the query parser sees
 * it.
 *
 * In this order, each on what the ones before have left:
 *
 *   - a line that is one character is that character, also a mark of the grammar ("|", "?", "-");
 *   - format characters in or beside words are dropped, typographic quotes, hyphens and spaces
 *     become those of ASCII. Only where an atom is ASCII otherwise: in "❤️" U+FE0F is a character
 *     like the others;
 *   - a line that is all of one entry of the table in pasted_marks.c ("->", "1/2", "(c)", ":)") is
 *     what that stands for;
 *   - ":cat_face:" is the words between the colons;
 *   - a line that lists code points, or bytes of UTF-8, is each of them (pasted_list.c says in
 *     which notations);
 *   - a line of marks that are none of the grammar ("$ #") is each of them;
 *   - in words "_" is a space, and "," ";" "/" between them and sentence punctuation at their edges
 *     are dropped.
 *
 * Nothing is lost silently: what is dropped is in `ignored`, what is read as code points is counted
 * in `read`, and the answer says both.  A list is read as one only where the line has no answer as
 * words: the caller asks only then.
 *
 * Cost: a few passes over the line, no memory.  Lines of plain words that match never come here.
 *
 * Why passes and not one: each looks at what the one before has left.  Whether
 * "U+2660,\u200BU+2661" is a list shows only when the invisible character is gone; whether a mark
 * is alone, when the spaces around it are.  And why not in the lexer: it delimits atoms, while most
 * of this decides about whole lines (a list, a table entry, a shortcode), some of it changes where
 * atoms end (quotes, underscores), and a directive may ask for it alone (pasted_is_list()).  One
 * pass for all would need a state for each combination of what the others may still find, to save
 * some microseconds on lines of at most 4,096 bytes that no cheaper way has answered.
 */
#ifndef UNICODE_PASTED_H
#define UNICODE_PASTED_H

#include "unicode/query.h"

enum {
    PASTED_ITEMS = QUERY_LINE_BYTES / 3 + 1, /* of a list: each takes two digits and a byte between */
    PASTED_IGNORED = 8                       /* different characters remembered; more are dropped all the same */
};

struct pasted {
    const char *hint; /* see pasted_hint() */
    bool is_list;     /* `item` is the answer; else `line` is the query */
    bool bytes;       /* the list was bytes of UTF-8 */
    bool changed;     /* `line` asks for something else than what was typed does by the letter */
    char line[QUERY_LINE_BYTES];
    size_t len;
    struct index_run item[PASTED_ITEMS]; /* code points, each once, as typed */
    uint32_t items;
    uint32_t read; /* code points listed, each as often as it was; 0: there is nothing to say */
    uint32_t ignored[PASTED_IGNORED];
    uint32_t ignored_count;
};

/* text: valid UTF-8, stripped, 1 to QUERY_LINE_BYTES bytes. */
void pasted_read(struct pasted *p, const struct index *ix, const char *text, size_t len);

/* The line as it is, for one that has an answer so. */
void pasted_as_typed(struct pasted *p, const char *text, size_t len);

/* Reads text as a list of code points alone, for directives that take a code point: false if it is
 * none. */
bool pasted_is_list(struct pasted *p, const struct index *ix, const char *text, size_t len);

/* What a line that is all of one of some words wants from the server and not from the index: "to
 * leave: /quit or Ctrl-D"; or NULL. */
const char *pasted_hint(const char *text, size_t len);

#endif
