/* The parts of reading code point forms that need tables: names of characters, and HTML's names. */
#ifndef UNICODE_QUERY_FORMS_H
#define UNICODE_QUERY_FORMS_H

#include "unicode/query.h"

/* HTML's named reference without "&" and ";": false when there is none of this name. */
bool reference_find(const char *name, size_t len, struct query_form *form);
/* error: unknown reference "&NAME;" and the nearest ones. */
void reference_unknown(const char *name, size_t len, struct search_error *error);
/* The character of this name or formal alias: case does not matter, nor whether "-", "_" or white space separates the
 * words, except where that is all that tells two names apart (TIBETAN LETTER A, TIBETAN LETTER -A).  The names are
 * those compiled into the program, as the values of properties are.
 * Cost: some microseconds, for no more than some 2,000 names that have all the words are looked at. */
bool name_find(const char *name, size_t len, uint32_t *codepoint);

#endif
