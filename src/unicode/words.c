/* Words of a text to posting lists of a search, see words.h. */
#include "words.h"
#include "best.h"
#include "unicode/image.h"
#include "unicode/text.h"

enum {
    PIECE_BYTES = 252 /* upper-cased at a time, so that a line of any length needs no memory */
};

enum {
    S = WORDS_SPLIT,
    C = WORDS_CONTROL,
    M = WORDS_MARK,
    F = WORDS_FOREIGN
};

static const unsigned char fold[256] = {
    C,   C,   C,   C,   C,   C,   C,   C,   C,   S,   S,   S,   S,   S,   C,   C,   /* 9 … 13 are white space */
    C,   C,   C,   C,   C,   C,   C,   C,   C,   C,   C,   C,   S,   S,   S,   S,   /* and so are 28 … 31 */
    S,   M,   M,   F,   F,   M,   M,   F,   M,   M,   M,   M,   F,   S,   F,   F,   /* ! " % & ( ) * + and the hyphen */
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', M,   F,   F,   F,   F,   M,   /* digits : ? */
    F,   'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', /* capitals */
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', F,   M,   F,   F,   F,   /* \ */
    F,   'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', /* small letters */
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', F,   M,   F,   F,   C    /* |, DEL */
};

static void nothing_matches(struct words_reader *r)
{
    r->may_match[INDEX_NAMES] = r->may_match[INDEX_ALIASES] = false;
    cursor_start(&r->search->names);
    cursor_start(&r->search->aliases);
}

void words_end(struct words_reader *r)
{
    struct search *s = r->search;
    if (r->len == 0)
        return;
    if (s->best)
        best_add(s->best, r->word, r->len);
    uint32_t word = image_find_word(s->index, r->word, r->len);
    r->len = 0;
    if (word == INDEX_NONE) {
        nothing_matches(r);
        return;
    }
    if (r->may_match[INDEX_NAMES])
        r->may_match[INDEX_NAMES] = cursor_add(&s->names, image_postings(s->index, word, INDEX_NAMES));
    if (r->may_match[INDEX_ALIASES])
        r->may_match[INDEX_ALIASES] = cursor_add(&s->aliases, image_postings(s->index, word, INDEX_ALIASES));
}

size_t words_ascii(struct words_reader *r, const char *text, size_t len)
{
    const char *in = text, *const end = text + len;
    char *out = r->word + r->len, *const full = r->word + INDEX_WORD_BYTES + 1;
    for (; in < end; in++) {
        unsigned char folded = fold[(unsigned char)*in];
        if (folded >= r->word_from) {
            *out = (char)folded;
            out += out < full;
        } else if (folded == WORDS_SPLIT || folded == WORDS_CONTROL) {
            r->len = (size_t)(out - r->word);
            words_end(r);
            out = r->word;
        } else {
            break;
        }
    }
    r->len = (size_t)(out - r->word);
    return (size_t)(in - text);
}

static void add_foreign(struct words_reader *r)
{
    r->word[r->len] = WORDS_FOREIGN;
    r->len += r->len <= INDEX_WORD_BYTES;
}

/* The text is upper-cased already. */
static void read_upper(struct words_reader *r, const char *text, size_t len)
{
    for (;;) {
        size_t ascii = words_ascii(r, text, len);
        text += ascii;
        len -= ascii;
        if (!len)
            return;
        uint32_t codepoint;
        size_t bytes = text_decode(text, len, &codepoint);
        if (text_is_space(codepoint))
            words_end(r);
        else
            add_foreign(r);
        text += bytes;
        len -= bytes;
    }
}

/* Upper case first: U+017F is an S, U+FB01 two letters. */
bool words_any(struct words_reader *r, const char *text, size_t len)
{
    while (len > 0) {
        char upper[3 * PIECE_BYTES];
        size_t piece = text_whole(text, len, PIECE_BYTES);
        size_t upper_len = text_upper(text, piece, upper, sizeof upper);
        if (upper_len == SIZE_MAX)
            return false;
        read_upper(r, upper, upper_len);
        text += piece;
        len -= piece;
    }
    return true;
}
