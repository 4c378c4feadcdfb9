/* Index compiler, words: the sorted vocabulary, its hash table, and the posting lists as runs.
 *
 * Names are read once into pairs (word, ordinal), aliases into pairs (word, alias number); words are
 * numbered as they come, sorted at the end, and the pairs then dealt out to the
 * words in two passes over a counting table.  Pairs come in ascending order of
 * their members, so every list is born sorted.
 */
#include "builder.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const char *text;
    uint32_t len;
    uint32_t id;       /* in order of appearance */
    bool stands_alone; /* somewhere it is no code point tail */
};

struct pair {
    uint32_t word, member;
};

struct vocabulary {
    struct buffer entry; /* of struct entry */
    uint32_t *slot;      /* hash table of positions in entry, IMAGE_SLOT_FREE: none */
    uint32_t mask;
    struct buffer pair[2]; /* of struct pair, by enum index_part */
};

static struct entry *entry_at(const struct vocabulary *v, uint32_t i)
{
    return (struct entry *)(void *)v->entry.data + i;
}

static uint32_t entry_count(const struct vocabulary *v)
{
    return (uint32_t)(v->entry.len / sizeof(struct entry));
}

/* ---- reading names ---- */

/* A table twice the largest vocabulary there can be is never crowded. */
static bool vocabulary_start(struct vocabulary *v)
{
    size_t slots = (size_t)2 << IMAGE_WORD_BITS;
    *v = (struct vocabulary){.slot = malloc(slots * sizeof *v->slot), .mask = (uint32_t)slots - 1};
    if (v->slot)
        memset(v->slot, 0xFF, slots * sizeof *v->slot);
    return v->slot != NULL;
}

static void vocabulary_free(struct vocabulary *v)
{
    free(v->slot);
    buffer_free(&v->entry);
    buffer_free(&v->pair[INDEX_NAMES]);
    buffer_free(&v->pair[INDEX_ALIASES]);
}

/* The position of a word, added if it is new; UINT32_MAX when it cannot be. */
static uint32_t vocabulary_add(struct vocabulary *v, const char *text, uint32_t len)
{
    uint32_t at = (uint32_t)image_hash(text, len) & v->mask;
    for (; v->slot[at] != IMAGE_SLOT_FREE; at = (at + 1) & v->mask) {
        const struct entry *e = entry_at(v, v->slot[at]);
        if (e->len == len && memcmp(e->text, text, len) == 0)
            return v->slot[at];
    }
    struct entry new = {.text = text, .len = len, .id = entry_count(v)};
    if ((new.id + 1) >> IMAGE_WORD_BITS) /* the last number might read as a free slot */
        return UINT32_MAX;
    buffer_append(&v->entry, &new, sizeof new);
    if (v->entry.failed)
        return UINT32_MAX;
    v->slot[at] = new.id;
    return new.id;
}

/* Splits text at spaces and hyphens into pairs; the last `tail` bytes are a code point tail.
 * false: too many words in the vocabulary or in the text, or too long a word. */
static bool add_text(struct vocabulary *v, const char *text, uint32_t len, uint32_t tail, enum index_part part,
                     uint32_t member)
{
    uint32_t words = 0;
    for (uint32_t at = 0; at < len;) {
        uint32_t end = at;
        while (end < len && text[end] != ' ' && text[end] != '-')
            end++;
        if (end > at) {
            struct pair pair = {vocabulary_add(v, text + at, end - at), member};
            if (pair.word == UINT32_MAX || end - at > INDEX_WORD_BYTES || ++words > INDEX_NAME_WORDS)
                return false;
            entry_at(v, pair.word)->stands_alone |= end - at != tail || end != len;
            buffer_append(&v->pair[part], &pair, sizeof pair);
        }
        at = end + 1;
    }
    return true;
}

static bool add_all(struct vocabulary *v, const struct names *names, struct ucd_error *error)
{
    for (uint32_t i = 0; i < names_count(names); i++) {
        const struct name *n = names_at(names, i);
        if (!n->control && !add_text(v, names->text.data + n->text, n->len, n->tail, INDEX_NAMES, i))
            return ucd_error_set(error, "too many or too long words: U+%04X", n->codepoint);
    }
    for (uint32_t i = 0; i < names_alias_count(names); i++) {
        const struct alias *a = names_alias(names, i);
        if (!add_text(v, names->text.data + a->text, a->len, 0, INDEX_ALIASES, i))
            return ucd_error_set(error, "too many or too long words: alias %u", i);
    }
    if (v->pair[INDEX_NAMES].failed || v->pair[INDEX_ALIASES].failed)
        return ucd_error_set(error, "out of memory");
    return true;
}

/* ---- writing sections ---- */

static int by_text(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* The members of each word, one after the other, in *members; word w's begin at start[w]. */
static bool deal(const struct buffer *pairs, const uint32_t *rank, uint32_t words, uint32_t **start, uint32_t **members)
{
    const struct pair *pair = (const struct pair *)(const void *)pairs->data;
    size_t count = pairs->len / sizeof *pair;
    *start = calloc((size_t)words + 2, sizeof **start);
    *members = malloc((count + 1) * sizeof **members);
    if (!*start || !*members)
        return false;
    uint32_t *next = *start + 1; /* after the second pass next[w] is start[w + 1] */
    for (size_t i = 0; i < count; i++)
        next[rank[pair[i].word] + 1]++;
    for (uint32_t w = 0; w < words; w++)
        next[w + 1] += next[w];
    for (size_t i = 0; i < count; i++)
        (*members)[next[rank[pair[i].word]]++] = pair[i].member;
    return true;
}

/* Appends ascending members, duplicates allowed, as maximal runs; returns how many distinct ones there are. */
static uint32_t append_runs(struct buffer *runs, const uint32_t *member, const uint32_t *end)
{
    uint32_t distinct = 0;
    while (member < end) {
        struct index_run run = {*member, *member + 1};
        for (member++; member < end && *member <= run.end; member++)
            run.end = *member + 1;
        distinct += run.end - run.first;
        buffer_append(runs, &run, sizeof run);
    }
    return distinct;
}

/* Adds a word number to the runs of those that are no code point tails. */
static void extend_plain(struct buffer *plain, uint32_t word)
{
    struct index_run *last = plain->len ? (struct index_run *)(void *)(plain->data + plain->len) - 1 : NULL;
    const struct index_run alone = {word, word + 1};
    if (last && last->end == word)
        last->end++;
    else
        buffer_append(plain, &alone, sizeof alone);
}

static void write_words(struct builder *b, const struct vocabulary *v, uint32_t *const start[2],
                        uint32_t *const members[2])
{
    struct buffer *text = builder_section(b, IMAGE_WORD_TEXT), *words = builder_section(b, IMAGE_WORDS);
    struct buffer *runs = builder_section(b, IMAGE_RUNS), *plain = builder_section(b, IMAGE_PLAIN_WORDS);
    for (uint32_t w = 0; w <= b->header.words; w++) {
        struct image_word record = {.text = (uint32_t)text->len};
        record.names = record.aliases = (uint32_t)(runs->len / sizeof(struct index_run));
        if (w < b->header.words) {
            const struct entry *e = entry_at(v, w);
            buffer_append(text, e->text, e->len);
            record.members = append_runs(runs, members[0] + start[0][w], members[0] + start[0][w + 1]);
            record.aliases = (uint32_t)(runs->len / sizeof(struct index_run));
            append_runs(runs, members[1] + start[1][w], members[1] + start[1][w + 1]);
            if (e->stands_alone)
                extend_plain(plain, w);
            else
                record.members |= IMAGE_TAIL;
        }
        buffer_append(words, &record, sizeof record);
    }
}

/* At most half full, so that most words stand in their first slot and a stranger is known after one or two. */
static bool write_hash(struct builder *b, const struct vocabulary *v)
{
    uint32_t slots = 2;
    while (slots < 2 * b->header.words)
        slots *= 2;
    b->header.hash_mask = slots - 1;
    struct buffer *section = builder_section(b, IMAGE_WORD_HASH);
    uint32_t *slot = buffer_extend(section, slots * sizeof *slot);
    if (!slot)
        return ucd_error_set(b->error, "out of memory");
    memset(slot, 0xFF, slots * sizeof *slot);
    for (uint32_t w = 0; w < b->header.words; w++) {
        const struct entry *e = entry_at(v, w);
        uint64_t hash = image_hash(e->text, e->len);
        uint32_t at = (uint32_t)hash & b->header.hash_mask;
        while (slot[at] != IMAGE_SLOT_FREE)
            at = (at + 1) & b->header.hash_mask;
        slot[at] = image_hash_slot(hash, w);
    }
    return true;
}

static bool write_all(struct builder *b, struct vocabulary *v)
{
    uint32_t *start[2] = {NULL, NULL}, *members[2] = {NULL, NULL};
    uint32_t words = b->header.words = entry_count(v);
    uint32_t *rank = malloc(((size_t)words + 1) * sizeof *rank);
    bool done = false;
    if (rank) {
        if (words)
            qsort(v->entry.data, words, sizeof(struct entry), by_text);
        for (uint32_t w = 0; w < words; w++)
            rank[entry_at(v, w)->id] = w;
        done = deal(&v->pair[0], rank, words, &start[0], &members[0]) &&
               deal(&v->pair[1], rank, words, &start[1], &members[1]);
    }
    if (done)
        write_words(b, v, start, members);
    for (int part = 0; part < 2; part++) {
        free(start[part]);
        free(members[part]);
    }
    free(rank);
    return done ? write_hash(b, v) : ucd_error_set(b->error, "out of memory");
}

bool build_words(struct builder *b)
{
    struct vocabulary v;
    if (!vocabulary_start(&v))
        return ucd_error_set(b->error, "out of memory");
    bool done = add_all(&v, b->names, b->error) && write_all(b, &v);
    vocabulary_free(&v);
    return done;
}
