/* Keeps the nearest of the names offered, see nearest.h. */
#include "nearest.h"
#include "unicode/near.h"

#include <string.h>

enum {
    CONTAINS = 3 /* rank of a name that has the wanted one in it: behind every misspelling */
};

void nearest_start(struct nearest *n, const char *wanted, size_t len)
{
    n->wanted = wanted;
    n->len = len;
    n->count = 0;
}

static unsigned rank_of(const struct nearest *n, const char *candidate, size_t len)
{
    unsigned limit = near_limit(n->len);
    unsigned distance = near_distance(n->wanted, n->len, candidate, len, limit);
    if (distance <= limit)
        return distance;
    return n->len > 2 && memmem(candidate, len, n->wanted, n->len) ? CONTAINS : CONTAINS + 1;
}

/* Where the one shown so stands, or n->count. */
static unsigned find(const struct nearest *n, const char *shown, size_t len)
{
    unsigned i = 0;
    while (i < n->count && (n->best[i].len != len || memcmp(n->best[i].shown, shown, len) != 0))
        i++;
    return i;
}

void nearest_offer(struct nearest *n, const char *candidate, size_t candidate_len, const char *shown, size_t len)
{
    unsigned rank = rank_of(n, candidate, candidate_len), at = 0, same = find(n, shown, len);
    if (rank > CONTAINS || (same < n->count && n->best[same].rank <= rank))
        return;
    if (same < n->count) {
        n->count--;
        memmove(&n->best[same], &n->best[same + 1], (n->count - same) * sizeof *n->best);
    }
    while (at < n->count && n->best[at].rank <= rank)
        at++;
    if (at == NEAREST)
        return;
    n->count += n->count < NEAREST;
    memmove(&n->best[at + 1], &n->best[at], (n->count - at - 1) * sizeof *n->best);
    n->best[at].shown = shown;
    n->best[at].len = len;
    n->best[at].rank = rank;
}

void nearest_also(struct nearest *n, const char *wanted, size_t len)
{
    n->wanted = wanted;
    n->len = len;
}

void nearest_say(const struct nearest *n, const char *before, const char *behind, struct search_error *error)
{
    for (unsigned i = 0; i < n->count; i++)
        query_error_help(error, "%s%s%.*s%s", i ? ", " : "; near: ", before, (int)n->best[i].len, n->best[i].shown,
                         behind);
}
