/* Looks through the words of names and aliases: for those near to a misspelt one, for those that fit a pattern. */
#include "unicode/vocabulary.h"
#include "unicode/label.h"
#include "unicode/near.h"

#include <string.h>

static bool in_runs(struct index_runs runs, uint32_t ordinal)
{
    uint32_t low = 0, high = runs.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (runs.run[middle].end <= ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    return low < runs.count && runs.run[low].first <= ordinal;
}

uint32_t vocabulary_members(const struct index *ix, uint32_t word)
{
    struct index_runs names = index_postings(ix, word, INDEX_NAMES), aliases = index_postings(ix, word, INDEX_ALIASES);
    uint32_t members = names.members, latest = INDEX_NONE;
    for (uint32_t i = 0; i < aliases.count; i++)
        for (uint32_t alias = aliases.run[i].first; alias < aliases.run[i].end; alias++) {
            uint32_t ordinal = index_alias_ordinal(ix, alias);
            members += ordinal != latest && !in_runs(names, ordinal);
            latest = ordinal;
        }
    return members;
}

/* ---- near ---- */

void vocabulary_near_start(struct vocabulary_near *n)
{
    n->at = 0;
    n->count = 0;
}

/* Words come in alphabetical order, so that of equals the first one stays in front. */
static void keep(struct vocabulary_near *n, uint32_t word, uint32_t members, unsigned distance)
{
    uint32_t at = n->count;
    while (at > 0 && (n->best[at - 1].distance > distance ||
                      (n->best[at - 1].distance == distance && n->best[at - 1].members < members)))
        at--;
    if (at == VOCABULARY_NEAREST)
        return;
    n->count += n->count < VOCABULARY_NEAREST;
    memmove(&n->best[at + 1], &n->best[at], (n->count - at - 1) * sizeof *n->best);
    n->best[at].word = word;
    n->best[at].members = members;
    n->best[at].distance = distance;
}

/* The run that a word number lies in or before. */
static const struct index_run *run_from(struct index_runs runs, uint32_t word)
{
    const struct index_run *run = runs.run;
    while (run < runs.run + runs.count && run->end <= word) /* there are a few dozen */
        run++;
    return run;
}

bool vocabulary_near_step(struct vocabulary_near *n, const struct index *ix, const char *word, size_t len)
{
    struct index_runs plain = index_plain_words(ix);
    const struct index_run *run = run_from(plain, n->at), *end = plain.run + plain.count;
    struct near_walk walk;
    unsigned limit = near_limit(len);
    size_t work = 0;
    if (len > NEAR_BYTES)
        return true;
    near_walk_start(&walk, word, len, limit);
    for (; run < end; run++)
        for (n->at = n->at > run->first ? n->at : run->first; n->at < run->end; n->at++) {
            size_t text_len;
            const char *text = index_word_text(ix, n->at, &text_len);
            if (work > VOCABULARY_STEP)
                return false;
            unsigned distance = near_walk_next(&walk, text, text_len, &work);
            if (distance <= limit)
                keep(n, n->at, vocabulary_members(ix, n->at), distance);
        }
    return true;
}

/* ---- fitting ---- */

/* Bytes at the front of a pattern that a word has to begin with. */
static size_t literal_len(const char *pattern, size_t len)
{
    size_t at = 0;
    while (at < len && pattern[at] != '*' && pattern[at] != '?')
        at++;
    return at;
}

/* Below, at or above zero as the word comes before, among or behind those that begin with the prefix. */
static int compare_front(const struct index *ix, uint32_t word, const char *prefix, size_t len)
{
    size_t text_len;
    const char *text = index_word_text(ix, word, &text_len);
    int order = memcmp(text, prefix, text_len < len ? text_len : len);
    return order == 0 && text_len < len ? -1 : order;
}

/* The first word from `low` on that begins with the prefix, or comes behind those that do. */
static uint32_t first_with(const struct index *ix, uint32_t low, const char *prefix, size_t len)
{
    uint32_t high = index_word_count(ix);
    if (low < high && compare_front(ix, low, prefix, len) >= 0)
        return low;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_front(ix, middle, prefix, len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool vocabulary_fits(const struct index *ix, const char *pattern, size_t len, uint32_t *word)
{
    uint32_t words = index_word_count(ix);
    size_t prefix = literal_len(pattern, len), work = 0;
    for (*word = first_with(ix, *word, pattern, prefix); *word < words && work < VOCABULARY_STEP; ++*word) {
        size_t text_len;
        const char *text = index_word_text(ix, *word, &text_len);
        if (prefix && (text_len < prefix || memcmp(text, pattern, prefix) != 0)) {
            *word = words;
            return false;
        }
        work += 2;
        if (label_fits(pattern, len, text, text_len, &work))
            return true;
    }
    return false;
}
