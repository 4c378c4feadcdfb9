/* Evaluates queries over the index: leaps from stretch to stretch of characters, see
 * unicode/plan.h.
 *
 * Two evaluators, because characters are of two kinds.  Some 148,870 have a name and no alias: for
 * these ask() says whether a node holds and up to which ordinal that stays so, and next_stretch()
 * moves by that.  The other 380 have aliases, and a term may hold on one of their labels and not on
 * another: for these ask_labels() answers with a bit for each label, ALL and ANY are "and" and "or"
 * of these bits, and a character matches if a bit is left.  Rejected: bits for all characters,
 * which would spoil the leaps of the others.
 */
#include "plan_prepare.h"
#include "unicode/label.h"
#include "unicode/props.h"

#include <stdlib.h>

#define NEVER UINT32_MAX /* an `until` behind everything */

/* Units of some 5 ns, as measured; see PLAN_STEP_UNITS. */
enum {
    LABELS = 32, /* of one character, as bits; Unicode 15 has up to 5 */
    UNITS_NODE = 1,
    UNITS_RUNS = 4,
    UNITS_VALUES = 40, /* three searches in tables, and a look at some steps of one */
    UNITS_NAME = 6,    /* finding where it begins */
    UNITS_LABEL = 4,
    UNITS_LABELS = 60 /* finding the aliases of a character */
};

/* ---- beginning ---- */

int plan_start(struct plan *p, const struct index *ix, struct query *q)
{
    *p = (struct plan){.index = ix, .query = *q, .units = PLAN_STEP_UNITS, .named = INDEX_NONE, .prepared = 1};
    p->state = calloc(q->nodes, sizeof *p->state);
    if (!p->state) {
        query_free(q);
        return -1;
    }
    plan_restart(p, 0, 0);
    return 0;
}

void plan_free(struct plan *p)
{
    free(p->state);
    p->state = NULL;
    query_free(&p->query);
}

void plan_restart(struct plan *p, uint32_t from, uint16_t skip)
{
    for (uint16_t i = 1; i < p->query.nodes; i++) {
        struct plan_state *s = &p->state[i];
        if (s->run)
            s->run -= s->total - s->left;
        s->left = s->total;
        s->until = 0;
    }
    p->at = from;
    p->alias = index_aliases_from(p->index, from);
    p->skip = skip;
}

size_t plan_bytes(const struct plan *p)
{
    return p->query.bytes + p->query.nodes * sizeof *p->state;
}

/* ---- what holds on a label ---- */

static bool holds_on(struct plan *p, const struct query_node *node, const char *label, size_t len)
{
    const char *text = p->query.text + node->text.at;
    size_t text_len = node->text.len, work = 0;
    plan_spend(p, UNITS_LABEL + (len + text_len) / 4);
    switch ((enum query_kind)node->kind) {
    case QUERY_WORD: return label_has_words(label, len, text, text_len);
    case QUERY_PHRASE: return label_has_phrase(label, len, text, text_len);
    case QUERY_PATTERN: {
        bool has = label_has_patterns(label, len, text, text_len, &work);
        plan_spend(p, work / 4);
        return has;
    }
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

/* Moves to the run that `at` is in or before.  As a cursor does: steps that double, then halve.  It
 * has no cursor of its own because a NOT or an ANY asks its children in any order of need, not all
 * at once. */
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
    s->until = index_ordinal_from(p->index, end);
    plan_spend(p, UNITS_VALUES);
}

static void ask_leaf(struct plan *p, uint16_t number, uint32_t at)
{
    const struct query_node *node = &p->query.node[number];
    struct plan_state *s = &p->state[number];
    if (at < s->until)
        return;
    if (node->kind == QUERY_VALUES) {
        ask_values(p, node, s, at);
        return;
    }
    s->holds = node->kind != QUERY_NOTHING;
    s->until = NEVER;
    if (s->bounded) {
        ask_runs(s, at);
        plan_spend(p, UNITS_RUNS);
    }
    if (!s->holds || s->exact)
        return;
    if (p->named != at) {
        p->name = index_name(p->index, at, &p->name_len);
        p->named = at;
        plan_spend(p, UNITS_NAME);
    }
    s->holds = holds_on(p, node, p->name, p->name_len);
    s->until = at + 1;
}

/* ---- the tree ---- */

/* Whether the node holds at this ordinal, and how far that goes: *until is the first ordinal for
 * which it may be otherwise.  A child that decides (one that does not hold among ALL, one that does
 * among ANY) decides up to its own *until, whatever the others say; where none does, the answer is
 * good up to the nearest of their ends.  That is why cheap children come first (plan_prepare.c):
 * they often decide before a name has to be looked at. */
static bool ask(struct plan *p, uint16_t number, uint32_t at, uint32_t *until)
{
    const struct query_node *node = &p->query.node[number];
    plan_spend(p, UNITS_NODE);
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
    plan_spend(p, UNITS_NODE);
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
    for (uint32_t i = 0; i < l->count && !p->state[number].never; i++)
        mask |= (uint32_t)holds_on(p, node, l->label[i].text, l->label[i].len) << i;
    return mask;
}

/* The character at p->at, which has aliases: true if it matches, by name or else by its first alias
 * that does. */
static bool next_with_aliases(struct plan *p, struct search_run *run)
{
    struct labels labels;
    uint32_t ordinal = p->at++, first = p->alias;
    p->alias = index_aliases_from(p->index, p->at);
    get_labels(p, ordinal, &labels);
    plan_spend(p, UNITS_LABELS);
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
    for (bool ready = plan_prepare(p); ready && p->units;) {
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
