/* Ranks matches: exact name, exact alias, the words next to each other in the name, others. */
#include "best.h"
#include "unicode/label.h"

#include <stdlib.h>
#include <string.h>

enum best_class {
    BEST_NAME,       /* the name is what was typed */
    BEST_ALIAS,      /* an alias is */
    BEST_CONTIGUOUS, /* the words stand next to each other in the name, in that order */
    BEST_OTHER
};

/* A key sorts by class, then words of the name, then ordinal; the alias rides along. */
enum {
    KEY_CLASS = 56,
    KEY_WORDS = 48,
    KEY_ORDINAL = 16,
    KEY_ALIAS_MASK = 0xFFFF /* 0: matched by name, else alias number + 1 */
};

static void append(struct best *b, const char *text, size_t len)
{
    for (size_t at = 0, piece; (piece = label_piece(text, len, &at)) > 0; at += piece) {
        if (b->len + 1 + piece > sizeof b->text) {
            b->len = sizeof b->text; /* longer than any name */
            return;
        }
        if (b->len)
            b->text[b->len++] = ' ';
        memcpy(b->text + b->len, text + at, piece);
        b->len += piece;
    }
}

/* True for a term of the whole query. */
static bool is_top_level(const struct query *q, uint16_t number)
{
    uint16_t i = q->node[q->root].kind == QUERY_ALL ? q->node[q->root].child : q->root;
    while (i && i != number)
        i = q->node[i].next;
    return i != 0;
}

/* Atoms are numbered as typed; the plan may have sorted them. */
void best_take_terms(struct best *b, const struct query *q)
{
    b->len = 0;
    for (uint16_t i = 1; i < q->nodes; i++)
        if ((q->node[i].kind == QUERY_WORD || q->node[i].kind == QUERY_PHRASE) && is_top_level(q, i))
            append(b, q->text + q->node[i].text.at, q->node[i].text.len);
}

struct best *best_new(const struct index *ix)
{
    struct best *b = malloc(sizeof *b);
    if (b)
        *b = (struct best){.index = ix};
    return b;
}

/* A label with its hyphens as spaces is the text. */
static bool equals(const struct best *b, const char *label, size_t len)
{
    return label_words(label, len) == label_words(b->text, b->len) && label_has_phrase(label, len, b->text, b->len);
}

static enum best_class classify(const struct best *b, uint32_t ordinal, const char *name, size_t len)
{
    bool named = !index_is_control(b->index, ordinal);
    if (b->len == 0 || b->len == sizeof b->text)
        return BEST_OTHER;
    if (named && equals(b, name, len))
        return BEST_NAME;
    struct index_run aliases = index_aliases_of(b->index, ordinal);
    for (uint32_t a = aliases.first; a < aliases.end; a++) {
        size_t alias_len;
        const char *alias = index_alias(b->index, a, &alias_len);
        if (equals(b, alias, alias_len))
            return BEST_ALIAS;
    }
    return named && label_has_phrase(name, len, b->text, b->len) ? BEST_CONTIGUOUS : BEST_OTHER;
}

static void swap(uint64_t *a, uint64_t *b)
{
    uint64_t t = *a;
    *a = *b;
    *b = t;
}

static void sift_up(uint64_t *heap, uint32_t i)
{
    for (; i > 0 && heap[(i - 1) / 2] < heap[i]; i = (i - 1) / 2)
        swap(&heap[i], &heap[(i - 1) / 2]);
}

static void sift_down(uint64_t *heap, uint32_t count)
{
    for (uint32_t i = 0, child; (child = 2 * i + 1) < count; i = child) {
        child += child + 1 < count && heap[child + 1] > heap[child];
        if (heap[i] >= heap[child])
            break;
        swap(&heap[i], &heap[child]);
    }
}

static void enter(struct best *b, uint32_t ordinal, uint32_t alias)
{
    size_t len;
    const char *name = index_name(b->index, ordinal, &len);
    uint64_t key = (uint64_t)classify(b, ordinal, name, len) << KEY_CLASS |
                   (uint64_t)label_words(name, len) << KEY_WORDS | (uint64_t)ordinal << KEY_ORDINAL | alias;
    if (b->count < BEST_KEPT) {
        b->key[b->count] = key;
        sift_up(b->key, b->count++);
    } else if (key < b->key[0]) {
        b->key[0] = key;
        sift_down(b->key, b->count);
    }
}

void best_enter(struct best *b, const struct search_run *run)
{
    if (run->alias)
        enter(b, index_alias_ordinal(b->index, run->first), run->first + 1);
    else
        for (uint32_t i = 0; i < run->count; i++)
            enter(b, run->first + i, 0);
}

static int compare_keys(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

bool best_next(struct best *b, struct search_run *run)
{
    if (!b->sorted)
        qsort(b->key, b->count, sizeof *b->key, compare_keys);
    b->sorted = true;
    if (b->shown == b->count)
        return false;
    uint64_t key = b->key[b->shown++];
    uint32_t alias = key & KEY_ALIAS_MASK;
    run->alias = alias > 0;
    run->count = 1;
    run->first = alias ? alias - 1 : (uint32_t)(key >> KEY_ORDINAL);
    return true;
}

void best_add(struct best *b, const char *word, size_t len)
{
    append(b, word, len);
}

void best_clear(struct best *b)
{
    b->len = 0;
}
