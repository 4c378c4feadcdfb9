/* Tests words, patterns and phrases on the text of one name or alias. */
#include "unicode/label.h"
#include "unicode/index.h"

#include <string.h>

static bool is_separator(char c)
{
    return c == ' ' || c == '-';
}

size_t label_piece(const char *text, size_t len, size_t *at)
{
    while (*at < len && is_separator(text[*at]))
        ++*at;
    size_t end = *at;
    while (end < len && !is_separator(text[end]))
        end++;
    return end - *at;
}

size_t label_words(const char *label, size_t len)
{
    size_t words = 0;
    for (size_t at = 0, word; (word = label_piece(label, len, &at)) > 0; at += word)
        words++;
    return words;
}

/* A place where the word stands between separators or edges. */
static bool has_word(const char *label, size_t len, const char *word, size_t word_len)
{
    const char *at = label, *end = label + len;
    while ((at = memmem(at, (size_t)(end - at), word, word_len))) {
        const char *behind = at + word_len;
        if ((at == label || is_separator(at[-1])) && (behind == end || is_separator(*behind)))
            return true;
        at++;
    }
    return false;
}

bool label_has_words(const char *label, size_t len, const char *words, size_t words_len)
{
    for (size_t at = 0, word; (word = label_piece(words, words_len, &at)) > 0; at += word)
        if (!has_word(label, len, words + at, word))
            return false;
    return true;
}

/* ---- patterns ---- */

static bool is_wildcard(char c)
{
    return c == '*' || c == '?';
}

size_t label_collapse(char *pattern, size_t *len)
{
    size_t kept = 0, least = 0;
    for (size_t i = 0; i < *len;) {
        bool star = false;
        if (!is_wildcard(pattern[i])) {
            pattern[kept++] = pattern[i++];
            least++;
            continue;
        }
        for (; i < *len && is_wildcard(pattern[i]); i++) {
            star |= pattern[i] == '*';
            least += pattern[i] == '?';
            if (pattern[i] == '?')
                pattern[kept++] = '?';
        }
        if (star)
            pattern[kept++] = '*';
    }
    *len = kept;
    return least;
}

/* The last pieces kept. */
struct kept_pieces {
    struct {
        size_t at, len;
    } piece[LABEL_KEPT];
    size_t count;
};

static bool is_kept(const struct kept_pieces *k, const char *text, const char *piece, size_t len)
{
    size_t known = k->count < LABEL_KEPT ? k->count : LABEL_KEPT;
    for (size_t i = 0; i < known; i++)
        if (k->piece[i].len == len && memcmp(text + k->piece[i].at, piece, len) == 0)
            return true;
    return false;
}

bool label_simplify(char *patterns, size_t *len)
{
    struct kept_pieces kept = {.count = 0};
    size_t used = 0;
    bool any = false; /* a piece that any word fits */
    for (size_t at = 0, typed; (typed = label_piece(patterns, *len, &at)) > 0; at += typed) {
        size_t piece = typed;
        if (label_collapse(patterns + at, &piece) > INDEX_WORD_BYTES)
            return false;
        bool this_any = piece == 1 && patterns[at] == '*';
        any |= this_any;
        if (this_any || is_kept(&kept, patterns, patterns + at, piece))
            continue;
        if (used)
            patterns[used++] = '-';
        memmove(patterns + used, patterns + at, piece);
        kept.piece[kept.count % LABEL_KEPT].at = used;
        kept.piece[kept.count++ % LABEL_KEPT].len = piece;
        used += piece;
    }
    if (!used && any)
        patterns[used++] = '*';
    *len = used;
    return true;
}

/* Greedy with one step back: when a letter does not fit, only the latest "*" takes one more, for
 * what an earlier one could still take in, this one can, too.  At worst pattern times word steps.
 * Rejected: recursion at each "*", which takes exponential time on "*a*a*a*a*b". */
bool label_fits(const char *p, size_t p_len, const char *w, size_t w_len, size_t *work)
{
    size_t i = 0, j = 0, star = p_len, resume = 0; /* star: the latest "*", which takes up to w[resume] */
    size_t steps = 2;
    bool fits = true;
    for (; fits && j < w_len; steps++) {
        if (i < p_len && p[i] == '*') {
            star = i++;
            resume = j;
        } else if (i < p_len && (p[i] == '?' || p[i] == w[j])) {
            i++;
            j++;
        } else if (star < p_len) {
            i = star + 1;
            j = ++resume;
        } else {
            fits = false;
        }
    }
    *work += steps;
    while (i < p_len && p[i] == '*')
        i++;
    return fits && i == p_len;
}

/* Spares the words one by one where a stretch of the pattern without wildcards is not even in the
 * label. */
static bool may_fit(const char *label, size_t len, const char *pattern, size_t pattern_len)
{
    size_t best = 0, best_len = 0;
    for (size_t i = 0, from = 0; i <= pattern_len; i++) {
        if (i < pattern_len && !is_wildcard(pattern[i]))
            continue;
        if (i - from > best_len) {
            best = from;
            best_len = i - from;
        }
        from = i + 1;
    }
    return best_len == 0 || memmem(label, len, pattern + best, best_len) != NULL;
}

static bool has_pattern(const char *label, size_t len, const char *pattern, size_t pattern_len, size_t *work)
{
    *work += 8 + pattern_len / 2 + len / 4;
    if (!may_fit(label, len, pattern, pattern_len))
        return false;
    for (size_t at = 0, word; (word = label_piece(label, len, &at)) > 0; at += word) {
        *work += word / 2;
        if (label_fits(pattern, pattern_len, label + at, word, work))
            return true;
    }
    return false;
}

bool label_has_patterns(const char *label, size_t len, const char *patterns, size_t patterns_len, size_t *work)
{
    for (size_t at = 0, piece; (piece = label_piece(patterns, patterns_len, &at)) > 0; at += piece)
        if (!has_pattern(label, len, patterns + at, piece, work))
            return false;
    return true;
}

/* ---- phrases ---- */

/* What stands between two words of a phrase: hyphens that have to stand in the label, or any
 * separator. */
static bool same_separator(const char *phrase, size_t phrase_len, const char *label, size_t label_len)
{
    bool mixed = memchr(phrase, ' ', phrase_len) && memchr(phrase, '-', phrase_len);
    return !mixed || (phrase_len == label_len && memcmp(phrase, label, label_len) == 0);
}

/* The phrase from its first word on, held against the label from one of its words on. */
static bool phrase_at(const char *label, size_t len, const char *phrase, size_t phrase_len)
{
    size_t at = 0, in = 0;
    for (;;) {
        size_t piece = 0, word = 0, gap = at, label_gap = in;
        if ((piece = label_piece(phrase, phrase_len, &at)) == 0)
            return len - in >= phrase_len - gap && memcmp(phrase + gap, label + in, phrase_len - gap) == 0;
        word = label_piece(label, len, &in);
        if (word != piece || memcmp(phrase + at, label + in, word) != 0 ||
            !same_separator(phrase + gap, at - gap, label + label_gap, in - label_gap))
            return false;
        at += piece;
        in += word;
    }
}

bool label_has_phrase(const char *label, size_t len, const char *phrase, size_t phrase_len)
{
    size_t lead = 0; /* hyphens, and a space behind them, that begin the phrase */
    label_piece(phrase, phrase_len, &lead);
    for (size_t at = 0, word; (word = label_piece(label, len, &at)) > 0; at += word)
        if (at >= lead && memcmp(label + at - lead, phrase, lead) == 0 &&
            phrase_at(label + at, len - at, phrase + lead, phrase_len - lead))
            return true;
    return false;
}
