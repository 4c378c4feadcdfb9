/* Keeps what /more continues: a line, and places in the answer to it. */
#include "rest.h"

#include <stdlib.h>
#include <string.h>

/* A complete answer of no more lines than this leaves in one piece: an interrupt does not cut it, and its line
 * need not be kept. */
enum {
    SMALL_LINES = 32
};

struct answer_rest *rest_new(const char *line, size_t len)
{
    struct answer_rest *rest = malloc(sizeof *rest + len);
    if (!rest)
        return NULL;
    *rest = (struct answer_rest){.len = (uint32_t)len};
    memcpy(rest->line, line, len);
    return rest;
}

/* All of them may have been shown, if they may be taken back. */
static bool has_more(const struct answer *a)
{
    return a->skip_lines + a->lines < answer_found(a) || a->lines > SMALL_LINES;
}

struct answer_rest *rest_of(struct answer *a)
{
    if (!has_more(a))
        return NULL;
    struct answer_rest *rest = a->rest || !a->line_len ? a->rest : rest_new(a->line, a->line_len);
    a->rest = NULL;
    if (!rest)
        return NULL;
    rest->before = a->skip_lines;
    rest->shown = a->lines;
    rest->found = answer_found(a);
    rest->most = search_kept(&a->search, rest->found);
    memcpy(rest->place, a->place, a->places * sizeof *a->place);
    rest->place[ANSWER_PLACES] = a->cut; /* those between are 0 */
    rest->best = a->best;
    rest->classic = a->search.dialect == SEARCH_CLASSIC;
    rest->newest = true;
    return rest;
}

struct answer_place rest_place_before(const struct answer_rest *rest, uint64_t matches)
{
    struct answer_place last = {0, 0};
    for (size_t i = 0; i <= ANSWER_PLACES; i++)
        if (rest->place[i].matches <= matches && rest->place[i].matches >= last.matches)
            last = rest->place[i];
    return last;
}

void answer_rest_cut(struct answer_rest *rest, uint64_t shown)
{
    if (rest && rest->newest)
        rest->shown = shown;
}

size_t answer_rest_bytes(const struct answer_rest *rest)
{
    return rest ? sizeof *rest + rest->len : 0;
}

void answer_rest_free(struct answer_rest *rest)
{
    free(rest);
}
