/* options_like.c - the options that one which does not exist may have meant. */
#include "options.h"

#include "unicode/near.h"

#include <argp.h>
#include <string.h>

static bool is_like(const char *option, const char *name, size_t len, bool beginning)
{
    size_t own = strlen(option);
    unsigned limit = near_limit(len);
    return beginning ? own > len && memcmp(option, name, len) == 0
                     : near_distance(name, len, option, own, limit) <= limit;
}

unsigned options_like(const struct argp_option *table, const char *name, size_t len, bool beginning, char *out,
                      size_t cap)
{
    unsigned count = 0;
    size_t used = 0;
    out[0] = '\0';
    for (; table->name || table->doc; table++)
        if (table->name && is_like(table->name, name, len, beginning) &&
            used + strlen(table->name) + sizeof ", --" < cap)
            used += (size_t)snprintf(out + used, cap - used, count++ ? ", --%s" : " --%s", table->name);
    return count;
}
