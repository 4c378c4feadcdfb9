/* directives.c - lines that start with "/". */
#include "directives.h"

#include "session.h"

enum conn_next directive(struct session *s, const char *text, size_t len, bool *more)
{
    session_error_about(s, "unknown directive", text, len);
    *more = true;
    return CONN_MORE;
}
