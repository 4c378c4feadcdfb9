/* Holds the tree of a query and refuses what was not foreseen, see query_tree.h. */
#include "query_tree.h"

#include <stdlib.h>
#include <string.h>

static unsigned long refused;

static uint32_t at_least_one(size_t n)
{
    return n ? (uint32_t)n : 1; /* malloc(0) may give NULL */
}

bool tree_start(struct query *q, const struct query_size *size, const char *line, size_t len)
{
    /* A node that joins has two children at least, so there are fewer of them than atoms; an atom lies within no
     * more exclusions than levels of brackets and one. */
    size_t most_bangs = (QUERY_LEVELS + 1) * size->atoms;
    size_t nodes = 2 * size->atoms + (size->bangs < most_bangs ? size->bangs : most_bangs) + 2;
    *q = (struct query){.line_len = len, .nodes = 1};
    q->nodes_max = (uint16_t)nodes;
    q->ranges_max = at_least_one(size->characters);
    q->text_max = at_least_one(size->text);
    q->node = calloc(nodes, sizeof *q->node); /* also the one that is not used */
    q->range = malloc(q->ranges_max * sizeof *q->range);
    q->text = malloc(q->text_max);
    q->line = malloc(at_least_one(len));
    if (!q->node || !q->range || !q->text || !q->line) {
        query_free(q);
        return false;
    }
    memcpy(q->line, line, len);
    q->bytes = nodes * sizeof *q->node + q->ranges_max * sizeof *q->range + q->text_max + len;
    return true;
}

uint16_t tree_add(struct query *q, enum query_kind kind)
{
    if (q->nodes >= q->nodes_max) {
        refused++;
        return TREE_FULL;
    }
    q->node[q->nodes] = (struct query_node){.kind = (uint8_t)kind};
    return q->nodes++;
}

bool tree_add_range(struct query *q, uint32_t first, uint32_t last)
{
    if (q->ranges >= q->ranges_max) {
        refused++;
        return false;
    }
    q->range[q->ranges++] = (struct index_run){first, last + 1};
    return true;
}

char *tree_text(struct query *q, size_t len)
{
    if (len > q->text_max - q->text_len) {
        refused++;
        return NULL;
    }
    return q->text + q->text_len;
}

unsigned long tree_refused(void)
{
    return refused;
}

void query_free(struct query *q)
{
    free(q->node);
    free(q->range);
    free(q->text);
    free(q->line);
    *q = (struct query){0};
}
