/* Keeps what a line says besides what it asks for, see unicode/facts.h. */
#include "unicode/facts.h"

#include <string.h>

uint32_t facts_codepoint(const struct plan *p)
{
    const struct query_node *root = &p->query.node[p->query.root];
    const char *text = p->query.text + root->text.at;
    size_t len = root->text.len;
    uint32_t c;
    if (root->kind != QUERY_WORD || root->typed_len != p->query.line_len)
        return INDEX_NONE;
    if (len > 6 || len < 4 || query_hex(text, len, 6, &c) != len)
        return INDEX_NONE;
    return c <= 0x10FFFF && index_ordinal(p->index, c) != INDEX_NONE ? c : INDEX_NONE;
}

static void note_outside(struct facts *f, const struct index *ix, struct index_run run)
{
    uint32_t at = index_ordinal_from(ix, run.first);
    if (at < index_count(ix) && index_codepoint(ix, at) < run.end)
        return;
    if (f->outside_count < FACTS_OUTSIDE)
        f->outside[f->outside_count] = run;
    f->outside_count++;
}

static void mark_excluded(struct query *q, uint16_t number, bool excluded)
{
    struct query_node *node = &q->node[number];
    node->excluded = excluded;
    for (uint16_t child = node->child; child; child = q->node[child].next)
        mark_excluded(q, child, excluded || node->kind == QUERY_NOT);
}

static void note_ranges(struct facts *f, const struct index *ix, const struct query *q)
{
    for (uint16_t i = 1; i < q->nodes; i++)
        for (uint32_t r = 0; q->node[i].kind == QUERY_RANGES && !q->node[i].excluded && r < q->node[i].ranges.count;
             r++)
            note_outside(f, ix, q->range[q->node[i].ranges.at + r]);
}

void facts_take(struct facts *f, const struct index *ix, struct query *q, const struct pasted *pasted)
{
    *f = (struct facts){.hint = pasted->hint, .ignored_count = pasted->ignored_count};
    memcpy(f->ignored, pasted->ignored, sizeof f->ignored);
    f->read = pasted->read;
    f->bytes = pasted->bytes;
    f->different = pasted->items;
    mark_excluded(q, q->root, false);
    note_ranges(f, ix, q);
    for (uint32_t i = 0; pasted->is_list && i < pasted->items; i++)
        note_outside(f, ix, pasted->item[i]);
    const struct query_node *root = &q->node[q->root];
    for (uint16_t i = root->kind == QUERY_ALL ? root->child : q->root; i && f->terms < FACTS_TERMS; i = q->node[i].next)
        f->term[f->terms++] = i;
}
