/* Lines longer than any query: read in steps, for a megabyte of "a a a …" has half a million words
 * to look up.
 *
 * Only --max-line above QUERY_LINE_BYTES lets such a line in.  It can be plain words with more room
 * than any name needs, or a query with much white space around it; everything else is an error,
 * which may show only at its end.
 */
#ifndef UNICODE_SEARCH_LONG_H
#define UNICODE_SEARCH_LONG_H

#include "unicode/search.h"

struct search_long;

enum search_long_step {
    LONG_AGAIN,  /* the step is over */
    LONG_WORDS,  /* it is words, all of them in the search's cursors (and in best) */
    LONG_SHORT,  /* without white space at its ends it is a line like others: search_long_text() */
    LONG_REFUSED /* search_long_why() */
};

/* Copies the text, whose words s is to get (words.h).  NULL when memory is out. */
struct search_long *search_long_new(struct search *s, const char *text, size_t len);
/* Reads on, for s or a copy of it. */
enum search_long_step search_long_read(struct search_long *l, struct search *s);
const char *search_long_text(const struct search_long *l, size_t *len);
/* It was opened as a line like others, and refused. */
void search_long_refuse(struct search_long *l, enum search_result why, const struct search_error *error);
/* SEARCH_OPENED: it was not refused. */
enum search_result search_long_why(const struct search_long *l, struct search_error *error);
void search_long_free(struct search_long *l);
size_t search_long_bytes(const struct search_long *l);

#endif
