/* The tree while it grows: lex_measure() foresees how large it gets, the parser appends.
 *
 * Every append is checked against what was foreseen, in every build: if the two ever disagree, that query fails
 * and nothing is written.  Nodes, runs and texts lie in allocations of their own, in released programs as in tested
 * ones, so that an address sanitizer can tell them apart; three more small allocations for a query that is not plain
 * words are not worth a second way to lay it out.
 */
#ifndef UNICODE_QUERY_TREE_H
#define UNICODE_QUERY_TREE_H

#include "query_lex.h"

enum {
    TREE_FULL = 0 /* the number of no node: there was no room */
};

/* Room for a query of at most this size, and its line (copied): false when memory is out. */
bool tree_start(struct query *q, const struct query_size *size, const char *line, size_t len);
/* A new node: its number, or TREE_FULL. */
uint16_t tree_add(struct query *q, enum query_kind kind);
/* One more run at the end of query.range; false: no room. */
bool tree_add_range(struct query *q, uint32_t first, uint32_t last);
/* Where len bytes more of query.text may be written, or NULL; query.text_len is the caller's to move. */
char *tree_text(struct query *q, size_t len);
/* How many appends were refused since the program began: 0 as long as measuring and parsing agree. */
unsigned long tree_refused(void);

#endif
