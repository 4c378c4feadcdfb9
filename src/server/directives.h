/* directives.h - lines that start with "/": settings and questions about the server. */
#ifndef SERVER_DIRECTIVES_H
#define SERVER_DIRECTIVES_H

#include "reactor/conn.h"

struct session;

/* Does the directive in text (stripped, valid UTF-8, starts with '/', no
 * control characters).  Puts out its answer and the prompt; *more: go on with the next line. */
enum conn_next directive(struct session *s, const char *text, size_t len, bool *more);

#endif
