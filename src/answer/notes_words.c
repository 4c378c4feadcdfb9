/* Notes on words that no name has and patterns that no word fits. */
#include "notes_inside.h"
#include "unicode/label.h"

#include <inttypes.h>
#include <string.h>

/* The piece of this number: its length, and where it stands. */
static size_t nth_piece(const char *text, size_t len, uint32_t number, size_t *at)
{
    size_t piece;
    *at = 0;
    while ((piece = label_piece(text, len, at)) > 0 && number-- > 0)
        *at += piece;
    return piece;
}

/* As the parser has it, in upper case. */
static size_t piece_of(const struct plan *p, uint16_t number, uint32_t piece, const char **word)
{
    const struct query_node *node = notes_node(p, number);
    size_t at, len = nth_piece(p->query.text + node->text.at, node->text.len, piece, &at);
    *word = p->query.text + node->text.at + at;
    return len;
}

/* As it was typed. */
static void say_piece(struct notes *n, const struct plan *p)
{
    const struct query_node *node = notes_node(p, n->node);
    bool quoted = node->kind == QUERY_PHRASE;
    const char *typed = p->query.line + node->typed + quoted;
    size_t at, len = nth_piece(typed, node->typed_len - 2 * (uint32_t)quoted, n->piece, &at);
    notes_say_typed(n, typed + at, len);
}

/* ---- words that do not exist ---- */

/* True when the same word was met before. */
static bool is_repeated(const struct plan *p, uint16_t number, uint32_t piece, const char *word, size_t len)
{
    for (uint16_t i = 1; i <= number; i++) {
        const struct query_node *node = notes_node(p, i);
        const char *text = p->query.text + node->text.at;
        uint32_t k = 0;
        if (!notes_has_words(node))
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
    for (n->node = n->node ? n->node : 1; n->node < p->query.nodes; n->node++, n->piece = 0) {
        if (!notes_has_words(notes_node(p, n->node)))
            continue;
        for (; (*len = piece_of(p, n->node, n->piece, word)) > 0; n->piece++)
            if (index_word(p->index, *word, *len) == INDEX_NONE && !is_repeated(p, n->node, n->piece, *word, *len))
                return true;
    }
    return false;
}

static bool has_letter(const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (word[i] >= 'A' && word[i] <= 'Z')
            return true;
    return false;
}

static bool has_digit(const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (word[i] >= '0' && word[i] <= '9')
            return true;
    return false;
}

/* A mark in the place of a word: how to ask for it. */
static bool say_mark(struct notes *n, const char *word, size_t len)
{
    bool mark = len == 1 && word[0] > ' ' && word[0] < 0x7F && !(word[0] >= '0' && word[0] <= '9');
    if (mark)
        notes_say(n, "; the character: \\%c", word[0]);
    return mark;
}

static void say_code_point(struct notes *n, const struct plan *p, const char *word, size_t len)
{
    uint32_t c;
    if (len < 4 || len > 6 || query_hex(word, len, 6, &c) != len || c > 0x10FFFF ||
        index_ordinal(p->index, c) == INDEX_NONE)
        return;
    notes_say(n, "; the code point: U+%04" PRIX32, c);
}

enum notes_step notes_near(struct notes *n, struct plan *p)
{
    const char *word;
    size_t len;
    if (!find_unknown(n, p, &word, &len))
        return NOTES_NONE;
    bool letters = has_letter(word, len);
    n->unknown |= letters || has_digit(word, len); /* a mark may be left out */
    if (!n->near_started)
        vocabulary_near_start(&n->near);
    n->near_started = true;
    if (letters && !vocabulary_near_step(&n->near, p->index, word, len))
        return NOTES_AGAIN;
    notes_say(n, "no name has ");
    say_piece(n, p);
    for (uint32_t i = 0; letters && i < n->near.count; i++) {
        size_t text_len;
        const char *text = index_word_text(p->index, n->near.best[i].word, &text_len);
        notes_say(n, "%s%.*s (%" PRIu32 ")", i ? ", " : "; near: ", (int)text_len, text, n->near.best[i].members);
    }
    if (!say_mark(n, word, len))
        say_code_point(n, p, word, len);
    n->near_started = false;
    n->piece++;
    return NOTES_LINE;
}

/* ---- patterns that no word fits ---- */

static bool has_wildcard(const char *text, size_t len)
{
    return memchr(text, '*', len) || memchr(text, '?', len);
}

/* Looks on: NOTES_LINE when the piece at hand fits nothing, NOTES_NONE when it fits. */
static enum notes_step fits_nothing(struct notes *n, const struct plan *p, const char *piece, size_t len)
{
    if (!has_wildcard(piece, len))
        return index_word(p->index, piece, len) == INDEX_NONE ? NOTES_LINE : NOTES_NONE;
    if (vocabulary_fits(p->index, piece, len, &n->word))
        return NOTES_NONE;
    return n->word == index_word_count(p->index) ? NOTES_LINE : NOTES_AGAIN;
}

enum notes_step notes_patterns(struct notes *n, struct plan *p)
{
    for (n->node = n->node ? n->node : 1; n->node < p->query.nodes; n->node++, n->piece = 0) {
        const struct query_node *node = notes_node(p, n->node);
        const char *piece;
        if (node->kind != QUERY_PATTERN || node->excluded)
            continue;
        for (size_t len; (len = piece_of(p, n->node, n->piece, &piece)) > 0; n->piece++, n->word = 0) {
            enum notes_step step = fits_nothing(n, p, piece, len);
            if (step == NOTES_AGAIN)
                return step;
            if (step == NOTES_NONE)
                continue;
            n->unknown = true;
            notes_say(n, has_wildcard(piece, len) ? "no word fits " : "no name has ");
            say_piece(n, p);
            n->piece++;
            n->word = 0;
            return NOTES_LINE;
        }
    }
    return NOTES_NONE;
}
