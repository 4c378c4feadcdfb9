/* Composes what is wrong with a query: the reason, the part it is about, and what may help. */
#include "unicode/query.h"
#include "unicode/quote.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    HELP_BYTES = 80 /* kept free behind the part */
};

/* what, then the part in quotes. */
static void compose(struct search_error *error, const char *what, const char *between, const char *part, size_t len)
{
    const size_t cap = sizeof error->text - HELP_BYTES;
    int n = snprintf(error->text, cap, "%s%s\"", what, between);
    if (n < 0 || (size_t)n + 2 > cap)
        return;
    size_t used = (size_t)n;
    used += quote_text(part, len, error->text + used, cap - used - 1);
    memcpy(error->text + used, "\"", 2);
}

void query_error(struct search_error *error, const char *what, const char *part, size_t len)
{
    if (part)
        compose(error, what, ": ", part, len);
    else
        snprintf(error->text, sizeof error->text, "%s", what);
}

void query_error_unknown(struct search_error *error, const char *noun, const char *part, size_t len)
{
    char what[40];
    snprintf(what, sizeof what, "unknown %s", noun);
    compose(error, what, " ", part, len);
}

void query_error_help(struct search_error *error, const char *format, ...)
{
    size_t used = strlen(error->text);
    va_list args;
    va_start(args, format);
    int n = vsnprintf(error->text + used, sizeof error->text - used, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof error->text - used)
        error->text[used] = '\0'; /* whole or not at all */
}
