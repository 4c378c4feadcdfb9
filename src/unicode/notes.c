/* Writes the notes of an answer, see unicode/notes.h. */
#include "unicode/notes.h"
#include "unicode/codepoint.h"
#include "unicode/label.h"
#include "unicode/quote.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Terms made of words without wildcards, which a person can have misspelt. */
static bool has_words(const struct query_node *node)
{
    return (node->kind == QUERY_WORD || node->kind == QUERY_PHRASE) && !node->excluded;
}

static const struct query_node *node_at(const struct plan *p, uint16_t number)
{
    return &p->query.node[number];
}

/* ---- writing ---- */

static void say(struct notes *n, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct notes *n, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int written = vsnprintf(n->text + n->len, sizeof n->text - n->len, format, args);
    va_end(args);
    n->len += written < 0 ? 0 : (size_t)written;
    if (n->len >= sizeof n->text)
        n->len = sizeof n->text - 1;
}

static void say_character(struct notes *n, const struct plan *p, uint32_t codepoint)
{
    size_t len;
    const char *name = index_name(p->index, index_ordinal(p->index, codepoint), &len);
    say(n, "U+%04" PRIX32 " %.*s", codepoint, (int)len, name);
}

static void say_typed(struct notes *n, const char *text, size_t len)
{
    char quoted[NOTES_TYPED_BYTES];
    quote_text(text, len, quoted, sizeof quoted);
    say(n, "\"%s\"", quoted);
}

/* ---- the query as something else ---- */

static bool also_word(struct notes *n, const struct plan *p)
{
    while (++n->node < p->query.nodes) {
        const struct query_node *node = node_at(p, n->node);
        char word[NOTES_TYPED_BYTES];
        if (!node->also)
            continue;
        size_t len = text_upper(p->query.line + node->typed, node->typed_len, word, sizeof word);
        if (len == SIZE_MAX || index_word(p->index, word, len) == INDEX_NONE)
            continue;
        say(n, "also a word: %.*s", (int)len, word);
        return true;
    }
    return false;
}

uint32_t notes_codepoint(const struct plan *p)
{
    const struct query_node *root = node_at(p, p->query.root);
    const char *text = p->query.text + root->text.at;
    size_t len = root->text.len;
    uint32_t c;
    if (root->kind != QUERY_WORD || root->typed_len != p->query.line_len)
        return INDEX_NONE;
    bool prefixed = len > 2 && text[0] == '0' && text[1] == 'X';
    text += prefixed ? 2 : 0;
    len -= prefixed ? 2 : 0;
    if (len > 6 || (!prefixed && len < 4) || query_hex(text, len, 6, &c) != len)
        return INDEX_NONE;
    return c <= 0x10FFFF && index_ordinal(p->index, c) != INDEX_NONE ? c : INDEX_NONE;
}

static bool answers(const struct plan *p, uint32_t codepoint)
{
    const struct query_node *root = node_at(p, p->query.root);
    size_t len;
    const char *name = index_name(p->index, index_ordinal(p->index, codepoint), &len);
    return label_has_words(name, len, p->query.text + root->text.at, root->text.len);
}

static bool code_point(struct notes *n, const struct plan *p)
{
    uint32_t c = notes_codepoint(p);
    if (n->read_as) {
        say(n, "read as code point U+%04" PRIX32, c);
        return true;
    }
    if (c != INDEX_NONE && !answers(p, c)) {
        say(n, "also a code point: ");
        say_character(n, p, c);
        return true;
    }
    if (p->lone != INDEX_NONE && index_ordinal(p->index, p->lone) == INDEX_NONE) {
        say(n, "U+%04" PRIX32 ": %s", p->lone, codepoint_kind(p->lone));
        return true;
    }
    return false;
}

/* ---- words that do not exist ---- */

/* The piece of this number: its length, and where it stands. */
static size_t nth_piece(const char *text, size_t len, uint32_t number, size_t *at)
{
    size_t piece;
    *at = 0;
    while ((piece = label_piece(text, len, at)) > 0 && number-- > 0)
        *at += piece;
    return piece;
}

static bool is_unknown(const struct plan *p, uint16_t number, uint32_t piece, const char **word, size_t *len)
{
    const struct query_node *node = node_at(p, number);
    const char *text = p->query.text + node->text.at;
    size_t at;
    *len = nth_piece(text, node->text.len, piece, &at);
    *word = text + at;
    return *len && index_word(p->index, *word, *len) == INDEX_NONE;
}

/* True when the same unknown word was met before. */
static bool is_repeated(const struct plan *p, uint16_t number, uint32_t piece, const char *word, size_t len)
{
    for (uint16_t i = 1; i <= number; i++) {
        const struct query_node *node = node_at(p, i);
        const char *text = p->query.text + node->text.at;
        uint32_t k = 0;
        if (!has_words(node))
            continue;
        for (size_t at = 0, found; (found = label_piece(text, node->text.len, &at)) > 0; at += found, k++)
            if ((i < number || k < piece) && found == len && memcmp(text + at, word, len) == 0)
                return true;
    }
    return false;
}

/* Moves to the next unknown word from n->node and n->piece on. */
static bool find_unknown(struct notes *n, const struct plan *p, const char **word, size_t *len)
{
    for (; n->node < p->query.nodes; n->node++, n->piece = 0) {
        const struct query_node *node = node_at(p, n->node);
        if (!has_words(node))
            continue;
        do {
            if (is_unknown(p, n->node, n->piece, word, len) && !is_repeated(p, n->node, n->piece, *word, *len))
                return true;
            n->piece++;
        } while (*len);
    }
    return false;
}

static bool near_words(struct notes *n, const struct plan *p, bool *again)
{
    const char *word;
    size_t len, at;
    if (!find_unknown(n, p, &word, &len))
        return false;
    n->unknown = true;
    if (!n->near_started)
        vocabulary_near_start(&n->near);
    n->near_started = true;
    if (!vocabulary_near_step(&n->near, p->index, word, len)) {
        *again = true;
        return false;
    }
    const struct query_node *node = node_at(p, n->node);
    bool quoted = node->kind == QUERY_PHRASE;
    const char *typed = p->query.line + node->typed + quoted;
    len = nth_piece(typed, node->typed_len - 2 * (uint32_t)quoted, n->piece, &at);
    say(n, "no name has ");
    say_typed(n, typed + at, len);
    for (uint32_t i = 0; i < n->near.count; i++) {
        const char *text = index_word_text(p->index, n->near.best[i].word, &len);
        say(n, "%s%.*s (%" PRIu32 ")", i ? ", " : "; near: ", (int)len, text, n->near.best[i].members);
    }
    n->near_started = false;
    n->piece++;
    return true;
}

/* ---- words that are never together ---- */

/* The first top-level words, in the order typed. */
static void collect_words(struct notes *n, const struct plan *p)
{
    const struct query_node *root = node_at(p, p->query.root);
    n->words = n->counting = 0;
    if (root->kind != QUERY_ALL || n->unknown)
        return;
    for (uint16_t i = 1; i < p->query.nodes && n->words < NOTES_WITHOUT; i++)
        for (uint16_t child = root->child; child; child = node_at(p, child)->next)
            if (child == i && node_at(p, i)->kind == QUERY_WORD)
                n->word[n->words++] = i;
}

/* Counts on: true when all are counted. */
static bool count_without(struct notes *n, struct plan *p)
{
    for (; n->counting < n->words; n->counting++) {
        if (p->skip != n->word[n->counting]) {
            plan_restart(p, 0, n->word[n->counting]);
            n->without[n->counting] = 0;
        }
        if (!plan_count(p, &n->without[n->counting]))
            return false;
    }
    return true;
}

static bool without_word(struct notes *n, const struct plan *p)
{
    uint32_t best = NOTES_WITHOUT;
    for (uint32_t i = 0; i < n->words; i++)
        if (n->word[i] && n->without[i] && (best == NOTES_WITHOUT || n->without[i] < n->without[best]))
            best = i;
    if (best == NOTES_WITHOUT)
        return false;
    const struct query_node *node = node_at(p, n->word[best]);
    say(n, "without ");
    say_typed(n, p->query.line + node->typed, node->typed_len);
    say(n, ": %" PRIu64 " found", n->without[best]);
    n->word[best] = 0;
    return true;
}

/* ---- in order ---- */

static void mark_excluded(struct query *q, uint16_t number, bool excluded)
{
    struct query_node *node = &q->node[number];
    node->excluded = excluded;
    for (uint16_t child = node->child; child; child = q->node[child].next)
        mark_excluded(q, child, excluded || node->kind == QUERY_NOT);
}

void notes_start(struct notes *n, struct plan *p)
{
    *n = (struct notes){.stage = NOTES_ALSO};
    mark_excluded(&p->query, p->query.root, false);
}

/* One step of the present stage: true when it has written a line; else, unless *again, it is done. */
static bool step(struct notes *n, struct plan *p, bool *again)
{
    switch (n->stage) {
    case NOTES_ALSO: return also_word(n, p);
    case NOTES_POINT: return n->node++ == 0 && code_point(n, p);
    case NOTES_WORDS: return near_words(n, p, again);
    case NOTES_WITHOUT_COUNT:
        if (n->node == 0)
            collect_words(n, p);
        n->node = 1;
        *again = !count_without(n, p);
        return false;
    case NOTES_WITHOUT_SAY: return without_word(n, p);
    case NOTES_DONE: break;
    }
    return false;
}

bool notes_next(struct notes *n, struct plan *p, uint64_t found, bool *again)
{
    n->len = 0;
    *again = false;
    while (n->stage != NOTES_DONE && (found || n->said < NOTES_MAX)) {
        if (found && n->stage > NOTES_POINT)
            break;
        if (step(n, p, again)) {
            n->said++;
            return true;
        }
        if (*again)
            return false;
        n->stage++;
        n->node = n->stage == NOTES_WORDS; /* nodes begin at 1; the others begin by counting up */
        n->piece = 0;
    }
    n->stage = NOTES_DONE;
    return false;
}
