/* Writes the notes of an answer one after the other, see answer/notes.h: here the order, and the remarks on the line
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
    if (!n->facts->hint)
        return NOTES_NONE;
    notes_say(n, "%s", n->facts->hint);
    return NOTES_LINE;
}

static enum notes_step ignored(struct notes *n, struct plan *p)
{
    if (!n->facts->ignored_count)
        return NOTES_NONE;
    uint32_t named = n->facts->ignored_count < IGNORED_NAMED ? n->facts->ignored_count : IGNORED_NAMED;
    for (uint32_t i = 0; i < named; i++) {
        notes_say(n, i ? ", " : "ignored: ");
        notes_say_character(n, p->index, n->facts->ignored[i]);
    }
    if (n->facts->ignored_count > named)
        notes_say(n, " and others");
    return NOTES_LINE;
}

static enum notes_step read_as_list(struct notes *n, struct plan *p)
{
    (void)p;
    if (!n->facts->read)
        return NOTES_NONE;
    notes_say(n, "read as %" PRIu32 " code point%s", n->facts->read, n->facts->read == 1 ? "" : "s");
    if (n->facts->different && n->facts->different < n->facts->read)
        notes_say(n, ", %" PRIu32 " different", n->facts->different);
    if (n->facts->bytes)
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

static bool answers(const struct plan *p, uint32_t codepoint)
{
    const struct query_node *root = notes_node(p, p->query.root);
    size_t len;
    const char *name = index_name(p->index, index_ordinal(p->index, codepoint), &len);
    return label_has_words(name, len, p->query.text + root->text.at, root->text.len);
}

static enum notes_step code_point(struct notes *n, struct plan *p)
{
    uint32_t c = facts_codepoint(p);
    if (c == INDEX_NONE || (!n->facts->read_as && answers(p, c)))
        return NOTES_NONE;
    if (n->facts->read_as) {
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
    uint32_t kept = n->facts->outside_count < FACTS_OUTSIDE ? n->facts->outside_count : FACTS_OUTSIDE;
    if (n->lines >= kept)
        return NOTES_NONE;
    struct index_run run = n->facts->outside[n->lines];
    notes_say(n, "U+%04" PRIX32, run.first);
    if (run.end - run.first > 1)
        notes_say(n, "..U+%04" PRIX32 ": no characters, U+%04" PRIX32, run.end - 1, run.first);
    notes_say(n, ": %s", codepoint_kind(run.first));
    if (n->lines + 1 == kept && n->facts->outside_count > kept)
        notes_say(n, "; %" PRIu32 " more are no characters", n->facts->outside_count - kept);
    return NOTES_LINE;
}

/* Those of a list are told in any case. */
static enum notes_step outside_list(struct notes *n, struct plan *p)
{
    return n->facts->read ? outside(n, p) : NOTES_NONE;
}

static enum notes_step outside_query(struct notes *n, struct plan *p)
{
    return n->facts->read ? NOTES_NONE : outside(n, p);
}

/* ---- in order ---- */

/* What each of them writes is its own affair: it finds the position it left (all 0 at first) in n, and says when there
 * is nothing more. */
static const struct note {
    enum notes_step (*write)(struct notes *n, struct plan *p);
    bool always; /* also where something matches */
    bool once;   /* a single line: not called again */
} notes[] = {
    {hint, true, true},
    {ignored, true, true},
    {read_as_list, true, true},
    {also_word, true, false},
    {code_point, true, true},
    {outside_list, true, false},
    {notes_near, false, false},
    {notes_patterns, false, false},
    {outside_query, false, false},
    {notes_without, false, false},
    {notes_apart, false, true},
    {notes_space, false, true},
    {notes_nothing, false, true},
};
#define NOTES (sizeof notes / sizeof *notes)

void notes_start(struct notes *n, const struct facts *facts, struct plan *plan, uint64_t found)
{
    *n = (struct notes){.facts = facts, .plan = plan, .found = found};
}

/* On to the next of the list. */
static void next_note(struct notes *n)
{
    n->next++;
    n->lines = 0;
    n->node = 0;
    n->piece = n->word = 0;
}

enum notes_step notes_next(struct notes *n)
{
    n->len = 0;
    for (; n->next < NOTES && (n->found || n->said < NOTES_MAX); next_note(n)) {
        const struct note *note = &notes[n->next];
        if ((n->found && !note->always) || (note->once && n->lines))
            continue;
        enum notes_step step = note->write(n, n->plan);
        n->lines += step == NOTES_LINE;
        n->said += step == NOTES_LINE;
        if (step != NOTES_NONE)
            return step;
    }
    return NOTES_NONE;
}
