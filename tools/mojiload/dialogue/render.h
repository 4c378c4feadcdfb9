/* render.h - the whole answer to a query, as a right server sends it: for --verify.  Right as far as src/unicode is,
 * which both share.
 */
#ifndef MOJILOAD_RENDER_H
#define MOJILOAD_RENDER_H

#include <stdbool.h>
#include <stddef.h>

struct rendered {
    char *bytes; /* malloc()ed, yours */
    size_t len;
    bool error; /* the answer is an error line */
};

/* False when there is no telling: a directive, no memory, or a line that closes the connection. */
bool render_answer(const char *query, size_t len, bool classic, struct rendered *out);

#endif
