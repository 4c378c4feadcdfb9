/* Notes on terms that each find something but nothing together. */
#include "notes_inside.h"

#include <inttypes.h>
#include <string.h>

static void say_term(struct notes *n, const struct plan *p, uint16_t number)
{
    const struct query_node *node = notes_node(p, number);
    notes_say_typed(n, p->query.line + node->typed, node->typed_len);
}

/* ---- without one of them ---- */

/* Counts on what each term shuts out: true when all are counted. */
static bool count_without(struct notes *n, struct plan *p)
{
    for (; n->counting < n->facts->terms; n->counting++) {
        if (p->skip != n->facts->term[n->counting]) {
            plan_restart(p, 0, n->facts->term[n->counting]);
            n->count[n->counting] = 0;
        }
        if (!plan_count(p, &n->count[n->counting]))
            return false;
    }
    return true;
}

/* The term that shuts out fewest, of those not told yet; the first of several. */
static uint32_t fewest(const struct notes *n)
{
    uint32_t best = n->facts->terms;
    for (uint32_t i = 0; i < n->facts->terms; i++)
        if (!n->told[i] && n->count[i] && (best == n->facts->terms || n->count[i] < n->count[best]))
            best = i;
    return best;
}

enum notes_step notes_without(struct notes *n, struct plan *p)
{
    if (notes_node(p, p->query.root)->kind != QUERY_ALL || n->unknown)
        return NOTES_NONE;
    if (!count_without(n, p))
        return NOTES_AGAIN;
    uint32_t best = fewest(n);
    if (best == n->facts->terms)
        return NOTES_NONE;
    n->told[best] = true;
    notes_say(n, "without ");
    say_term(n, p, n->facts->term[best]);
    notes_say(n, ": %" PRIu64 " found", n->count[best]);
    return NOTES_LINE;
}

/* ---- the words of a phrase apart ---- */

/* The phrase that is the whole query finds nothing, though its words exist. */
enum notes_step notes_apart(struct notes *n, struct plan *p)
{
    uint16_t root = p->query.root;
    if (p->query.node[root].kind != QUERY_PHRASE || n->unknown)
        return NOTES_NONE;
    if (n->node == 0) {
        n->count[0] = 0;
        n->node = root;
        p->query.node[root].kind = QUERY_WORD; /* its words, wherever they stand */
        plan_restart(p, 0, 0);
    } else {
        p->query.node[root].kind = QUERY_WORD;
    }
    bool counted = plan_count(p, &n->count[0]);
    p->query.node[root].kind = QUERY_PHRASE;
    if (!counted)
        return NOTES_AGAIN;
    if (!n->count[0])
        return NOTES_NONE;
    notes_say(n, "without the quotes: %" PRIu64 " found", n->count[0]);
    return NOTES_LINE;
}

/* ---- the rest ---- */

/* Characters side by side: no character is two of them. */
enum notes_step notes_space(struct notes *n, struct plan *p)
{
    uint32_t characters = 0;
    for (uint32_t i = 0; i < n->facts->terms; i++)
        characters += notes_node(p, n->facts->term[i])->kind == QUERY_RANGES;
    if (characters < 2 || n->facts->outside_count)
        return NOTES_NONE;
    notes_say(n, "a space asks for all of them at once; \"|\" between them for any");
    return NOTES_LINE;
}

/* Nothing else is to be said. */
enum notes_step notes_nothing(struct notes *n, struct plan *p)
{
    const struct query_node *root = notes_node(p, p->query.root);
    if (n->said || (p->query.line_len == 0 && !n->facts->unread)) /* nothing was asked, or all is said */
        return NOTES_NONE;
    if (n->facts->unread)
        notes_say(n, "no name has all of these words");
    else if (root->kind == QUERY_NOTHING)
        notes_say(n, "hyphens alone are no word; the character: \\-");
    else if (root->kind == QUERY_ALL)
        notes_say(n, "no character has all of this at once");
    else {
        notes_say(n, "no character has ");
        notes_say_typed(n, p->query.line, p->query.line_len);
    }
    return NOTES_LINE;
}
