/* answer/listing.h - answers that are no search: the card of a character, a text taken apart, values, words.
 *
 * A listing hands out one line at a time and holds a position and a copy of its argument, never its lines.
 *
 *     struct listing *l;
 *     if (listing_open(&l, index_builtin(), LISTING_INFO, text, len, &error) != SEARCH_OPENED) …
 *     for (;;) switch (listing_next(l, &style, line, &line_len)) {
 *     case LISTING_RESULT: case LISTING_NOTE: … line …
 *     case LISTING_AGAIN:  … let others have a turn, then call again …
 *     case LISTING_END:    … listing_found(l) … listing_close(l) …
 *     }
 */
#ifndef ANSWER_LISTING_H
#define ANSWER_LISTING_H

#include "answer/render.h"

enum listing_kind {
    LISTING_INFO,    /* argument: one character, or one code point in any form; notes */
    LISTING_EXPLAIN, /* a text, as it is: a result for each code point, a note before each cluster of several */
    LISTING_VALUES,  /* "blocks", "scripts", "categories" or "properties" and a pattern or nothing; notes */
    LISTING_WORDS    /* a pattern: a result for each word that fits */
};

enum listing_step {
    LISTING_RESULT, /* counts to listing_found() */
    LISTING_NOTE,   /* a line of a card or a list; EXPLAIN: the mark before a cluster */
    LISTING_FRAME,  /* of a list that is a JSON document: what stands around the values */
    LISTING_AGAIN,
    LISTING_END
};

struct listing;

/* text is copied; white space at its ends does not count, except in a text to be explained and where a card is asked
 * for and there is nothing else.  SEARCH_OPENED: release with listing_close(); SEARCH_BAD_UTF8, SEARCH_ILL_FORMED:
 * error says why; SEARCH_NO_MEMORY. */
enum search_result listing_open(struct listing **made, const struct index *ix, enum listing_kind kind, const char *text,
                                size_t len, struct search_error *error);
/* Writes the next line into out (RENDER_BYTES).  style->document: cards and lists are answers of their own and come
 * without "# "; in JSON a card is one object a line, and a list one that comes in pieces of which only the last ends
 * the line. */
enum listing_step listing_next(struct listing *l, const struct render_style *style, char *out, size_t *len);
uint64_t listing_found(const struct listing *l);
/* True when it ends with a status line, else with "# ok". */
bool listing_counts(const struct listing *l);
/* True when a limit on matches applies to it. */
bool listing_is_limited(const struct listing *l);
void listing_close(struct listing *l);

#endif
