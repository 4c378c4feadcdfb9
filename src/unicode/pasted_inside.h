/* The inside of the reading of what was pasted: each takes p->line as it is by then, in place. */
#ifndef UNICODE_PASTED_INSIDE_H
#define UNICODE_PASTED_INSIDE_H

#include "unicode/pasted.h"

/* Format characters, quotes, hyphens, spaces. */
void pasted_tidy(struct pasted *p);
/* Underscores and the punctuation of sentences. */
void pasted_words(struct pasted *p);
/* A mark that is the whole line, the table of marks, marks that are none of the grammar: true when
 * the line is one of these. */
bool pasted_marks(struct pasted *p);
bool pasted_mark_each(struct pasted *p);
/* ":cat_face:": true, with the words in p->line. */
bool pasted_shortcode(struct pasted *p);
/* A list of code points or bytes: true when the line is one. */
bool pasted_list(struct pasted *p, const struct index *ix);

/* Notes that c was dropped, once. */
void pasted_ignore(struct pasted *p, uint32_t c);
/* One more code point, if it is not there yet: false when there is no room. */
bool pasted_add(struct pasted *p, uint32_t c);

bool pasted_is_alnum(char c);
bool pasted_is_punctuation(char c);
/* Behind the bytes up to which p->line is one of its parts. */
bool pasted_has_alnum(const char *text, size_t len);

#endif
