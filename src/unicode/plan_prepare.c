/* Looks the terms of a query up in the index before it is evaluated, see plan_prepare.h. */
#include "plan_prepare.h"
#include "unicode/label.h"

#include <stdlib.h>
#include <string.h>

enum {
    UNITS_NODE = 2,
    UNITS_WORD = 10, /* a look into the hash table */
    UNITS_RANGE = 30 /* two looks into the table of characters, and its share of the sorting */
};

/* ---- code points ---- */

static int compare_runs(const void *a, const void *b)
{
    const struct index_run *x = a, *y = b;
    return x->first < y->first ? -1 : x->first > y->first;
}

/* Code points as typed become sorted, disjoint runs of ordinals, in place. */
static void prepare_ranges(struct plan *p, struct query_node *node, struct plan_state *s)
{
    struct index_run *run = p->query.range + node->ranges.at;
    uint32_t kept = 0, count = node->ranges.count;
    for (uint32_t i = 0; i < count; i++) {
        run[i].first = index_ordinal_from(p->index, run[i].first);
        run[i].end = index_ordinal_from(p->index, run[i].end);
    }
    qsort(run, count, sizeof *run, compare_runs);
    for (uint32_t i = 0; i < count; i++) {
        if (run[i].first == run[i].end)
            continue;
        if (kept && run[i].first <= run[kept - 1].end)
            run[kept - 1].end = run[i].end > run[kept - 1].end ? run[i].end : run[kept - 1].end;
        else
            run[kept++] = run[i];
    }
    plan_spend(p, (size_t)count * UNITS_RANGE);
    node->ranges.count = kept;
    s->run = run;
    s->left = s->total = kept;
    s->bounded = s->exact = true;
}

/* ---- words ---- */

/* The different words of a text without wildcards. */
struct words {
    uint32_t word[INDEX_NAME_WORDS];
    uint32_t count;
};

/* Adds a word that is not there yet: false when no name has it, or so many. */
static bool add_word(struct words *w, uint32_t word, bool *added)
{
    *added = false;
    if (word == INDEX_NONE)
        return false;
    for (uint32_t i = 0; i < w->count; i++)
        if (w->word[i] == word)
            return true;
    if (w->count == INDEX_NAME_WORDS)
        return false;
    w->word[w->count++] = word;
    *added = true;
    return true;
}

/* The runs of the rarest word bound where all of them can hold. */
static void bound_by_word(struct plan *p, struct plan_state *s, uint32_t word)
{
    struct index_runs runs = index_postings(p->index, word, INDEX_NAMES);
    if (!s->bounded || runs.count < s->left) {
        s->run = runs.run;
        s->left = s->total = runs.count;
    }
    s->bounded = true;
}

static bool is_pattern(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] == '*' || text[i] == '?')
            return true;
    return false;
}

/* Bounds the node by its words and drops those of a WORD that come again ("a-a-a-…" is 2,000 of
 * them): false when it can hold nowhere.  The text stays as it is then: the answer says which words
 * are unknown. */
static bool prepare_words(struct plan *p, struct query_node *node, struct plan_state *s)
{
    char *text = p->query.text + node->text.at;
    struct words words = {.count = 0};
    size_t kept = 0;
    for (size_t at = 0, piece; (piece = label_piece(text, node->text.len, &at)) > 0; at += piece) {
        bool added;
        plan_spend(p, UNITS_WORD);
        if (is_pattern(text + at, piece)) /* bounds nothing */
            continue;
        uint32_t word = index_word(p->index, text + at, piece);
        if (!add_word(&words, word, &added))
            return false;
        if (added)
            bound_by_word(p, s, word);
    }
    s->exact = node->kind == QUERY_WORD && words.count == 1;
    if (node->kind != QUERY_WORD)
        return true;
    words.count = 0;
    for (size_t at = 0, piece; (piece = label_piece(text, node->text.len, &at)) > 0; at += piece) {
        bool added;
        plan_spend(p, UNITS_WORD);
        add_word(&words, index_word(p->index, text + at, piece), &added);
        if (!added)
            continue;
        if (kept)
            text[kept++] = '-';
        memmove(text + kept, text + at, piece);
        kept += piece;
    }
    node->text.len = (uint32_t)kept;
    return true;
}

static void prepare_text(struct plan *p, uint16_t number)
{
    struct query_node *node = &p->query.node[number];
    struct plan_state *s = &p->state[number];
    bool possible = true;
    if (node->kind == QUERY_PATTERN) {
        size_t len = node->text.len;
        plan_spend(p, len);
        possible = label_simplify(p->query.text + node->text.at, &len);
        node->text.len = (uint32_t)len;
    } else if (node->kind == QUERY_PHRASE) {
        possible = node->text.len <= LABEL_BYTES;
    }
    possible = possible && prepare_words(p, node, s);
    s->never = !possible;
    if (possible)
        return;
    s->run = NULL;
    s->left = s->total = 0;
    s->bounded = true;
}

static void prepare_node(struct plan *p, uint16_t number)
{
    struct query_node *node = &p->query.node[number];
    plan_spend(p, UNITS_NODE);
    switch ((enum query_kind)node->kind) {
    case QUERY_WORD:
    case QUERY_PATTERN:
    case QUERY_PHRASE: prepare_text(p, number); break;
    case QUERY_RANGES: prepare_ranges(p, node, &p->state[number]); break;
    case QUERY_NOTHING:
    case QUERY_VALUES:
    case QUERY_ALL:
    case QUERY_ANY:
    case QUERY_NOT: break;
    }
}

/* ---- the cheap ones first ---- */

enum {
    COST_UNKNOWN,
    COST_RUNS,  /* a look at tables tells */
    COST_NAMES, /* looks at the names in some runs */
    COST_ALL    /* looks at all names */
};

/* How expensive it is to ask a node. */
static unsigned cost(const struct plan *p, uint16_t number)
{
    const struct query_node *node = &p->query.node[number];
    struct plan_state *s = &p->state[number];
    if (s->cost != COST_UNKNOWN)
        return s->cost;
    bool names = node->kind == QUERY_WORD || node->kind == QUERY_PATTERN || node->kind == QUERY_PHRASE;
    unsigned worst = !names || s->exact || s->never ? COST_RUNS : s->bounded ? COST_NAMES : COST_ALL;
    for (uint16_t child = node->child; child; child = p->query.node[child].next) {
        unsigned c = cost(p, child);
        worst = c > worst ? c : worst;
    }
    s->cost = worst & 3;
    return worst;
}

/* Children in order of their cost, otherwise as typed. */
static void sort_children(struct plan *p, uint16_t number)
{
    struct query_node *node = p->query.node;
    uint16_t sorted = 0;
    for (uint16_t child = node[number].child, next; child; child = next) {
        uint16_t *link = &sorted;
        next = node[child].next;
        while (*link && cost(p, *link) <= cost(p, child))
            link = &node[*link].next;
        node[child].next = *link;
        *link = child;
    }
    node[number].child = sorted;
}

bool plan_prepare(struct plan *p)
{
    for (; p->prepared < p->query.nodes; p->prepared++) {
        if (!p->units)
            return false;
        prepare_node(p, p->prepared);
        if (p->prepared + 1 < p->query.nodes)
            continue;
        for (uint16_t i = 1; i < p->query.nodes; i++)
            sort_children(p, i);
        plan_spend(p, (size_t)p->query.nodes * UNITS_NODE);
    }
    return true;
}
