/* Writes the notes of an answer one after the other, see unicode/notes.h: here the order, and the remarks on the line
 * as a whole. */
#include "notes_inside.h"
#include "unicode/codepoint.h"
#include "unicode/label.h"
#include "unicode/quote.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    IGNORED_NAMED = 4 /* so many names of up to 88 letters fit a line */
};

/* ---- writing ---- */

void notes_say(struct notes *n, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int written = vsnprintf(n->text + n->len, sizeof n->text - n->len, format, args);
    va_end(args);
    n->len += written < 0 ? 0 : (size_t)written;
    if (n->len >= sizeof n->text)
        n->len = sizeof n->text - 1;
}

void notes_say_character(struct notes *n, const struct index *ix, uint32_t codepoint)
{
    size_t len = 0;
    uint32_t ordinal = index_ordinal(ix, codepoint);
    const char *name = ordinal == INDEX_NONE ? "" : index_name(ix, ordinal, &len);
    notes_say(n, "U+%04" PRIX32 "%s%.*s", codepoint, len ? " " : "", (int)len, name);
}

void notes_say_typed(struct notes *n, const char *text, size_t len)
{
    char quoted[NOTES_QUOTED_BYTES];
    size_t shown = text_whole(text, len, NOTES_TYPED_BYTES);
    size_t used = quote_text(text, shown, quoted, sizeof quoted);
    bool cut = shown < len || used + 8 >= sizeof quoted; /* an escape more might not have fitted */
    notes_say(n, "\"%s%s\"", quoted, cut ? "\u2026" : "");
}

/* ---- what the line was read as ---- */

static enum notes_step hint(struct notes *n, struct plan *p)
{
    (void)p;
    if (!n->hint || n->turn)
        return NOTES_NONE;
    notes_say(n, "%s", n->hint);
    return NOTES_LINE;
}

static enum notes_step ignored(struct notes *n, struct plan *p)
{
    if (!n->ignored_count || n->turn)
        return NOTES_NONE;
    uint32_t named = n->ignored_count < IGNORED_NAMED ? n->ignored_count : IGNORED_NAMED;
    for (uint32_t i = 0; i < named; i++) {
        notes_say(n, i ? ", " : "ignored: ");
        notes_say_character(n, p->index, n->ignored[i]);
    }
    if (n->ignored_count > named)
        notes_say(n, " and others");
    return NOTES_LINE;
}

static enum notes_step read_as_list(struct notes *n, struct plan *p)
{
    (void)p;
    if (!n->read || n->turn)
        return NOTES_NONE;
    notes_say(n, "read as %" PRIu32 " code point%s", n->read, n->read == 1 ? "" : "s");
    if (n->different && n->different < n->read)
        notes_say(n, ", %" PRIu32 " different", n->different);
    if (n->bytes)
        notes_say(n, " (UTF-8 bytes)");
    return NOTES_LINE;
}

static enum notes_step also_word(struct notes *n, struct plan *p)
{
    while (++n->node < p->query.nodes) {
        const struct query_node *node = notes_node(p, n->node);
        char word[NOTES_TYPED_BYTES];
        if (!node->also)
            continue;
        size_t len = text_upper(p->query.line + node->typed, node->typed_len, word, sizeof word);
        if (len == SIZE_MAX || index_word(p->index, word, len) == INDEX_NONE)
            continue;
        notes_say(n, "also a word: %.*s", (int)len, word);
        return NOTES_LINE;
    }
    return NOTES_NONE;
}

uint32_t notes_codepoint(const struct plan *p)
{
    const struct query_node *root = notes_node(p, p->query.root);
    const char *text = p->query.text + root->text.at;
    size_t len = root->text.len;
    uint32_t c;
    if (root->kind != QUERY_WORD || root->typed_len != p->query.line_len)
        return INDEX_NONE;
    if (len > 6 || len < 4 || query_hex(text, len, 6, &c) != len)
        return INDEX_NONE;
    return c <= 0x10FFFF && index_ordinal(p->index, c) != INDEX_NONE ? c : INDEX_NONE;
}

static bool answers(const struct plan *p, uint32_t codepoint)
{
    const struct query_node *root = notes_node(p, p->query.root);
    size_t len;
    const char *name = index_name(p->index, index_ordinal(p->index, codepoint), &len);
    return label_has_words(name, len, p->query.text + root->text.at, root->text.len);
}

static enum notes_step code_point(struct notes *n, struct plan *p)
{
    uint32_t c = notes_codepoint(p);
    if (n->turn || c == INDEX_NONE || (!n->read_as && answers(p, c)))
        return NOTES_NONE;
    if (n->read_as) {
        notes_say(n, "read as code point U+%04" PRIX32, c);
    } else {
        notes_say(n, "also a code point: ");
        notes_say_character(n, p->index, c);
    }
    return NOTES_LINE;
}

/* ---- code points that are no characters ---- */

static enum notes_step outside(struct notes *n, struct plan *p)
{
    (void)p;
    uint32_t kept = n->outside_count < NOTES_OUTSIDE ? n->outside_count : NOTES_OUTSIDE;
    if (n->turn >= kept)
        return NOTES_NONE;
    struct index_run run = n->outside[n->turn];
    notes_say(n, "U+%04" PRIX32, run.first);
    if (run.end - run.first > 1)
        notes_say(n, "..U+%04" PRIX32 ": no characters, U+%04" PRIX32, run.end - 1, run.first);
    notes_say(n, ": %s", codepoint_kind(run.first));
    if (n->turn + 1 == kept && n->outside_count > kept)
        notes_say(n, "; %" PRIu32 " more are no characters", n->outside_count - kept);
    return NOTES_LINE;
}

/* Those of a list are told in any case. */
static enum notes_step outside_list(struct notes *n, struct plan *p)
{
    return n->read ? outside(n, p) : NOTES_NONE;
}

static enum notes_step outside_query(struct notes *n, struct plan *p)
{
    return n->read ? NOTES_NONE : outside(n, p);
}

static void note_outside(struct notes *n, const struct index *ix, struct index_run run)
{
    uint32_t at = index_ordinal_from(ix, run.first);
    if (at < index_count(ix) && index_codepoint(ix, at) < run.end)
        return;
    if (n->outside_count < NOTES_OUTSIDE)
        n->outside[n->outside_count] = run;
    n->outside_count++;
}

/* ---- in order ---- */

static const struct writer {
    enum notes_step (*write)(struct notes *n, struct plan *p);
    bool always; /* also where something matches */
} writers[] = {
    {hint, true},         {ignored, true},      {read_as_list, true},    {also_word, true},      {code_point, true},
    {outside_list, true}, {notes_near, false},  {notes_patterns, false}, {outside_query, false}, {notes_without, false},
    {notes_apart, false}, {notes_space, false}, {notes_nothing, false},
};
#define WRITERS (sizeof writers / sizeof *writers)

static void mark_excluded(struct query *q, uint16_t number, bool excluded)
{
    struct query_node *node = &q->node[number];
    node->excluded = excluded;
    for (uint16_t child = node->child; child; child = q->node[child].next)
        mark_excluded(q, child, excluded || node->kind == QUERY_NOT);
}

static void note_ranges(struct notes *n, const struct index *ix, const struct query *q)
{
    for (uint16_t i = 1; i < q->nodes; i++)
        for (uint32_t r = 0; q->node[i].kind == QUERY_RANGES && !q->node[i].excluded && r < q->node[i].ranges.count;
             r++)
            note_outside(n, ix, q->range[q->node[i].ranges.at + r]);
}

void notes_start(struct notes *n, const struct index *ix, struct query *q, const struct pasted *pasted)
{
    *n = (struct notes){.hint = pasted->hint, .ignored_count = pasted->ignored_count};
    memcpy(n->ignored, pasted->ignored, sizeof n->ignored);
    n->read = pasted->read;
    n->bytes = pasted->bytes;
    n->different = pasted->items;
    mark_excluded(q, q->root, false);
    note_ranges(n, ix, q);
    for (uint32_t i = 0; pasted->is_list && i < pasted->items; i++)
        note_outside(n, ix, pasted->item[i]);
    const struct query_node *root = &q->node[q->root];
    for (uint16_t i = root->kind == QUERY_ALL ? root->child : q->root; i && n->terms < NOTES_TERMS; i = q->node[i].next)
        n->term[n->terms++] = i;
}

enum notes_step notes_next(struct notes *n, struct plan *p, uint64_t found)
{
    n->len = 0;
    for (; n->writer < WRITERS && (found || n->said < NOTES_MAX); n->writer++) {
        if (found && !writers[n->writer].always)
            continue;
        enum notes_step step = writers[n->writer].write(n, p);
        n->turn += step == NOTES_LINE;
        n->said += step == NOTES_LINE;
        if (step != NOTES_NONE)
            return step;
        n->turn = n->node = 0;
        n->piece = n->word = 0;
    }
    return NOTES_NONE;
}
