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

bool vocabulary_near_step(struct vocabulary_near *n, const struct index *ix, const char *word, size_t len)
{
    unsigned limit = near_limit(len);
    uint32_t words = index_word_count(ix), end = words - n->at > VOCABULARY_STEP ? n->at + VOCABULARY_STEP : words;
    for (; n->at < end; n->at++) {
        size_t text_len;
        const char *text = index_word_text(ix, n->at, &text_len);
        if (text_len + limit < len || text_len > len + limit || index_word_is_tail(ix, n->at))
            continue;
        unsigned distance = near_distance(word, len, text, text_len, limit);
        if (distance <= limit)
            keep(n, n->at, vocabulary_members(ix, n->at), distance);
    }
    return n->at == words;
}

/* ---- fitting ---- */

bool vocabulary_fits(const struct index *ix, const char *pattern, size_t len, uint32_t *word)
{
    uint32_t words = index_word_count(ix), end = words - *word > VOCABULARY_STEP ? *word + VOCABULARY_STEP : words;
    for (; *word < end; ++*word) {
        size_t text_len;
        const char *text = index_word_text(ix, *word, &text_len);
        if (label_fits(pattern, len, text, text_len))
            return true;
    }
    return false;
}
