/* Evaluates queries over the index: leaps from stretch to stretch of characters, see unicode/plan.h. */
#include "unicode/plan.h"
#include "unicode/label.h"
#include "unicode/props.h"

#include <stdlib.h>
#include <string.h>

#define NEVER UINT32_MAX /* an `until` behind everything */

enum {
    LABELS = 32, /* of one character, as bits; Unicode 15 has up to 5 */
    UNITS_LEAF = 1,
    UNITS_LOOKUP = 16,   /* a search in the property tables or in the index */
    BYTES_PER_UNIT = 16, /* of text looked at */
    UNITS_LABEL = 4
};

/* ---- preparing ---- */

uint32_t plan_ordinal_from(const struct index *ix, uint32_t codepoint)
{
    uint32_t low = index_ordinal(ix, codepoint), high = index_count(ix);
    if (low != INDEX_NONE)
        return low;
    low = 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (index_codepoint(ix, middle) < codepoint)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int compare_runs(const void *a, const void *b)
{
    const struct index_run *x = a, *y = b;
    return x->first < y->first ? -1 : x->first > y->first;
}

/* Code points as typed become sorted, disjoint runs of ordinals, in place. */
static void prepare_ranges(const struct index *ix, struct index_run *run, uint32_t *count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < *count; i++) {
        run[i].first = plan_ordinal_from(ix, run[i].first);
        run[i].end = plan_ordinal_from(ix, run[i].end);
    }
    qsort(run, *count, sizeof *run, compare_runs);
    for (uint32_t i = 0; i < *count; i++) {
        if (run[i].first == run[i].end)
            continue;
        if (kept && run[i].first <= run[kept - 1].end)
            run[kept - 1].end = run[i].end > run[kept - 1].end ? run[i].end : run[kept - 1].end;
        else
            run[kept++] = run[i];
    }
    *count = kept;
}

/* The runs of the rarest of a text's words bound where all of it can hold; wildcards bound nothing. */
static void prepare_words(struct plan *p, struct query_node *node, struct plan_state *s)
{
    const char *text = p->query.text + node->text.at;
    size_t pieces = 0;
    for (size_t at = 0, piece; (piece = label_piece(text, node->text.len, &at)) > 0; at += piece) {
        pieces++;
        if (memchr(text + at, '*', piece) || memchr(text + at, '?', piece))
            continue;
        uint32_t word = index_word(p->index, text + at, piece);
        struct index_runs runs = {NULL, 0, 0};
        if (word != INDEX_NONE)
            runs = index_postings(p->index, word, INDEX_NAMES);
        if (!s->bounded || runs.count < s->left) {
            s->run = runs.run;
            s->left = runs.count;
        }
        s->bounded = true;
    }
    s->exact = node->kind == QUERY_WORD && pieces == 1;
}

static void prepare_node(struct plan *p, uint16_t number)
{
    struct query_node *node = &p->query.node[number];
    struct plan_state *s = &p->state[number];
    *s = (struct plan_state){0};
    switch ((enum query_kind)node->kind) {
    case QUERY_WORD:
    case QUERY_PATTERN:
    case QUERY_PHRASE: prepare_words(p, node, s); break;
    case QUERY_RANGES:
        s->run = p->query.range + node->ranges.at;
        s->left = node->ranges.count;
        s->bounded = s->exact = true;
        break;
    case QUERY_NOTHING:
    case QUERY_VALUES:
    case QUERY_ALL:
    case QUERY_ANY:
    case QUERY_NOT: break;
    }
}

/* How dear it is to ask a node: looking at names comes last. */
static unsigned cost(const struct plan *p, uint16_t number)
{
    const struct query_node *node = &p->query.node[number];
    unsigned worst = 0;
    if (!node->child)
        return node->kind == QUERY_VALUES || node->kind == QUERY_NOTHING || p->state[number].exact ? 0
               : p->state[number].bounded                                                          ? 1
                                                                                                   : 2;
    for (uint16_t child = node->child; child; child = p->query.node[child].next) {
        unsigned c = cost(p, child);
        worst = c > worst ? c : worst;
    }
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

int plan_start(struct plan *p, const struct index *ix, struct query *q)
{
    *p = (struct plan){.index = ix, .query = *q, .units = PLAN_STEP_UNITS, .named = INDEX_NONE};
    p->state = calloc(q->nodes, sizeof *p->state);
    if (!p->state) {
        query_free(q);
        return -1;
    }
    const struct query_node *root = &q->node[q->root];
    const struct index_run *only = q->range + root->ranges.at;
    bool lone = root->kind == QUERY_RANGES && root->ranges.count == 1 && only->end - only->first == 1;
    p->lone = lone ? only->first : INDEX_NONE;
    for (uint16_t i = 1; i < q->nodes; i++)
        if (q->node[i].kind == QUERY_RANGES)
            prepare_ranges(ix, q->range + q->node[i].ranges.at, &q->node[i].ranges.count);
    plan_restart(p, 0, 0);
    for (uint16_t i = 1; i < q->nodes; i++)
        sort_children(p, i);
    return 0;
}

void plan_free(struct plan *p)
{
    free(p->state);
    p->state = NULL;
    query_free(&p->query);
}

/* The first alias of this ordinal or a later one. */
static uint32_t alias_from(const struct index *ix, uint32_t ordinal)
{
    return ordinal < index_count(ix) ? index_aliases_of(ix, ordinal).first : index_alias_count(ix);
}

void plan_restart(struct plan *p, uint32_t from, uint16_t skip)
{
    for (uint16_t i = 1; i < p->query.nodes; i++)
        prepare_node(p, i);
    p->at = from;
    p->alias = alias_from(p->index, from);
    p->skip = skip;
}

size_t plan_bytes(const struct plan *p)
{
    return p->query.bytes + p->query.nodes * sizeof *p->state;
}

static void spend(struct plan *p, size_t units)
{
    p->units = units < p->units ? p->units - (uint32_t)units : 0;
}

/* ---- what holds on a label ---- */

static bool holds_on(struct plan *p, const struct query_node *node, const char *label, size_t len)
{
    const char *text = p->query.text + node->text.at;
    spend(p, UNITS_LABEL + (len + node->text.len) / BYTES_PER_UNIT);
    switch ((enum query_kind)node->kind) {
    case QUERY_WORD: return label_has_words(label, len, text, node->text.len);
    case QUERY_PATTERN: return label_has_patterns(label, len, text, node->text.len);
    case QUERY_PHRASE: return label_has_phrase(label, len, text, node->text.len);
    case QUERY_NOTHING:
    case QUERY_ALL:
    case QUERY_ANY:
    case QUERY_NOT:
    case QUERY_VALUES:
    case QUERY_RANGES: break;
    }
    return false;
}

/* ---- leaves, on characters that have only a name ---- */

/* Moves to the run that `at` is in or before. */
static void ask_runs(struct plan_state *s, uint32_t at)
{
    uint32_t step = 1;
    while (step < s->left && s->run[step].end <= at) /* leap while that is far */
        step *= 2;
    for (step /= 2; step > 0; step /= 2)
        while (step < s->left && s->run[step - 1].end <= at) {
            s->run += step;
            s->left -= step;
        }
    while (s->left && s->run->end <= at) {
        s->run++;
        s->left--;
    }
    s->holds = s->left && s->run->first <= at;
    s->until = !s->left ? NEVER : s->holds ? s->run->end : s->run->first;
}

static void ask_values(struct plan *p, const struct query_node *node, struct plan_state *s, uint32_t at)
{
    uint32_t end;
    s->holds = props_span(node->values.table, node->values.low, node->values.high, index_codepoint(p->index, at), &end);
    s->until = plan_ordinal_from(p->index, end);
    spend(p, UNITS_LOOKUP);
}

static void ask_leaf(struct plan *p, uint16_t number, uint32_t at)
{
    const struct query_node *node = &p->query.node[number];
    struct plan_state *s = &p->state[number];
    spend(p, UNITS_LEAF);
    if (at < s->until)
        return;
    if (node->kind == QUERY_VALUES) {
        ask_values(p, node, s, at);
        return;
    }
    s->holds = node->kind != QUERY_NOTHING;
    s->until = NEVER;
    if (s->bounded)
        ask_runs(s, at);
    if (!s->holds || s->exact)
        return;
    if (p->named != at) {
        p->name = index_name(p->index, at, &p->name_len);
        p->named = at;
    }
    s->holds = holds_on(p, node, p->name, p->name_len);
    s->until = at + 1;
}

/* ---- the tree ---- */

/* Whether the node holds at this ordinal, and how far that goes. */
static bool ask(struct plan *p, uint16_t number, uint32_t at, uint32_t *until)
{
    const struct query_node *node = &p->query.node[number];
    if (number == p->skip) {
        *until = NEVER;
        return true;
    }
    if (node->kind == QUERY_NOT)
        return !ask(p, node->child, at, until);
    if (node->kind != QUERY_ALL && node->kind != QUERY_ANY) {
        ask_leaf(p, number, at);
        *until = p->state[number].until;
        return p->state[number].holds;
    }
    bool decides = node->kind == QUERY_ANY; /* one child that answers so decides */
    uint32_t shortest = NEVER;
    for (uint16_t child = node->child; child; child = p->query.node[child].next) {
        uint32_t end;
        if (ask(p, child, at, &end) == decides) {
            *until = end;
            return decides;
        }
        shortest = end < shortest ? end : shortest;
    }
    *until = shortest;
    return !decides;
}

/* A character with aliases. */
struct labels {
    uint32_t ordinal, count;
    struct {
        const char *text;
        size_t len;
    } label[LABELS];
};

static void get_labels(const struct plan *p, uint32_t ordinal, struct labels *l)
{
    struct index_run aliases = index_aliases_of(p->index, ordinal);
    l->ordinal = ordinal;
    l->count = 1;
    l->label[0].text = index_name(p->index, ordinal, &l->label[0].len);
    if (index_is_control(p->index, ordinal))
        l->label[0].len = 0;
    for (uint32_t a = aliases.first; a < aliases.end && l->count < LABELS; a++, l->count++)
        l->label[l->count].text = index_alias(p->index, a, &l->label[l->count].len);
}

/* On which labels the node holds, as bits. */
static uint32_t ask_labels(struct plan *p, uint16_t number, const struct labels *l)
{
    const struct query_node *node = &p->query.node[number];
    uint32_t all = l->count < LABELS ? (UINT32_C(1) << l->count) - 1 : UINT32_MAX;
    uint32_t mask = node->kind == QUERY_ANY ? 0 : all;
    if (number == p->skip)
        return all;
    switch ((enum query_kind)node->kind) {
    case QUERY_NOTHING: return 0;
    case QUERY_NOT: return ask_labels(p, node->child, l) ? 0 : all;
    case QUERY_ALL:
        for (uint16_t child = node->child; child && mask; child = p->query.node[child].next)
            mask &= ask_labels(p, child, l);
        return mask;
    case QUERY_ANY:
        for (uint16_t child = node->child; child && mask != all; child = p->query.node[child].next)
            mask |= ask_labels(p, child, l);
        return mask;
    case QUERY_VALUES:
    case QUERY_RANGES: ask_leaf(p, number, l->ordinal); return p->state[number].holds ? all : 0;
    case QUERY_WORD:
    case QUERY_PATTERN:
    case QUERY_PHRASE: break;
    }
    mask = 0;
    for (uint32_t i = 0; i < l->count; i++)
        mask |= (uint32_t)holds_on(p, node, l->label[i].text, l->label[i].len) << i;
    return mask;
}

/* The character at p->at, which has aliases: true if it matches, by name or else by its first alias that does. */
static bool next_with_aliases(struct plan *p, struct search_run *run)
{
    struct labels labels;
    uint32_t ordinal = p->at++, first = p->alias;
    p->alias = alias_from(p->index, p->at);
    get_labels(p, ordinal, &labels);
    spend(p, UNITS_LOOKUP);
    uint32_t mask = ask_labels(p, p->query.root, &labels);
    if (mask & 1)
        *run = (struct search_run){ordinal, 1, false};
    else if (mask)
        *run = (struct search_run){first + (uint32_t)__builtin_ctz(mask) - 1, 1, true};
    return mask != 0;
}

/* The stretch from p->at on, up to the next character with aliases: true if it matches. */
static bool next_stretch(struct plan *p, uint32_t bound, uint32_t max, struct search_run *run)
{
    uint32_t first = p->at, until;
    if (!ask(p, p->query.root, first, &until)) {
        p->at = until < bound ? until : bound;
        return false;
    }
    do { /* matches tested one by one become one run */
        until = until < bound ? until : bound;
        p->at = until - first < max ? until : first + max;
    } while (p->at == until && until < bound && until - first < max && p->units &&
             ask(p, p->query.root, until, &until));
    *run = (struct search_run){first, p->at - first, false};
    return true;
}

bool plan_next(struct plan *p, uint32_t max, struct search_run *run, bool *again)
{
    uint32_t count = index_count(p->index), aliases = index_alias_count(p->index);
    *again = true;
    while (p->units) {
        uint32_t bound = p->alias < aliases ? index_alias_ordinal(p->index, p->alias) : count;
        if (p->at >= count) {
            *again = false;
            return false;
        }
        if (p->at == bound ? next_with_aliases(p, run) : next_stretch(p, bound, max, run))
            return true;
    }
    p->units = PLAN_STEP_UNITS;
    return false;
}

bool plan_count(struct plan *p, uint64_t *found)
{
    struct search_run run;
    bool again;
    while (plan_next(p, UINT32_MAX, &run, &again))
        *found += run.count;
    return !again;
}
