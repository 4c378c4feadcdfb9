/* query_answer.h - the whole answer to one query as text, for tests of what queries find. */
#ifndef TESTS_QUERY_ANSWER_H
#define TESTS_QUERY_ANSWER_H

#include <stddef.h>
#include <stdint.h>

/* What the default dialect answers to a query, lines ending with LF: matches ("U+265A", with " alias NBSP" behind
 * those found so), notes ("# …"), then "6 found"; or "! " and the error.  Valid until the next call. */
const char *query_answer(const char *query);
/* The same for a query with the best matches first. */
const char *query_answer_best(const char *query);
/* How many characters a query finds; UINT64_MAX for an ill-formed one. */
uint64_t query_count(const char *query);

#endif
