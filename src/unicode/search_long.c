/* Reads lines longer than any query, see search_long.h. */
#include "search_long.h"
#include "unicode/image.h"
#include "unicode/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    STEP_BYTES = 8192, /* of ASCII in one step: up to 4,096 words looked up, below 0.2 ms */
    PIECE_BYTES = 252, /* of a text outside ASCII, upper-cased at a time … */
    PIECE_COST = 2048  /* … which takes as long as so many bytes of ASCII */
};

struct search_long {
    size_t len, at;     /* bytes before `at` are read */
    size_t first, last; /* what is not white space lies in [first, last) */
    bool rich;          /* DEFAULT: it is more than plain words */
    bool dead;          /* nothing matches, whatever follows */
    bool begun;
    enum search_result why; /* it was refused, unless this is SEARCH_OPENED */
    struct search_error error;
    size_t word_len;
    char word[INDEX_WORD_BYTES + 2]; /* one byte more than any word of a name says that it is too long */
    char text[];
};

struct search_long *search_long_new(const char *text, size_t len)
{
    struct search_long *l = malloc(sizeof *l + len);
    if (!l)
        return NULL;
    *l = (struct search_long){.len = len, .first = len};
    memcpy(l->text, text, len);
    return l;
}

static void end_word(struct search_long *l, struct search *s)
{
    size_t len = l->word_len;
    l->word_len = 0;
    if (len == 0 || l->dead)
        return;
    if (s->best)
        best_add(s->best, l->word, len);
    uint32_t word = image_find_word(s->index, l->word, len);
    bool names = s->names.lists > 0 || !l->begun, aliases = s->aliases.lists > 0 || !l->begun;
    l->begun = true;
    if (word == INDEX_NONE) {
        cursor_start(&s->names);
        cursor_start(&s->aliases);
        l->dead = true;
        return;
    }
    if (names)
        cursor_add(&s->names, image_postings(s->index, word, INDEX_NAMES));
    if (aliases && s->dialect == SEARCH_DEFAULT)
        cursor_add(&s->aliases, image_postings(s->index, word, INDEX_ALIASES));
    l->dead = !s->names.lists && !s->aliases.lists;
}

static void add(struct search_long *l, char c)
{
    l->word[l->word_len] = c;
    l->word_len += l->word_len <= INDEX_WORD_BYTES;
}

static void read_byte(struct search_long *l, struct search *s, unsigned char byte)
{
    unsigned char folded = search_fold[byte];
    if (s->dialect == SEARCH_DEFAULT && folded == MARK)
        l->rich = true;
    if (folded >= (s->dialect == SEARCH_DEFAULT ? STRANGE : CONTROL))
        add(l, (char)folded);
    else
        end_word(l, s);
}

/* Characters outside ASCII: in the default dialect they make more than plain words, whatever they are. */
static bool read_piece(struct search_long *l, struct search *s, const char *text, size_t len)
{
    char upper[3 * PIECE_BYTES];
    if (s->dialect == SEARCH_DEFAULT) {
        l->rich = true;
        return true;
    }
    size_t upper_len = text_upper(text, len, upper, sizeof upper);
    for (size_t at = 0; upper_len != SIZE_MAX && at < upper_len;) {
        uint32_t c;
        size_t bytes = text_decode(upper + at, upper_len - at, &c);
        if (c < 0x80)
            read_byte(l, s, (unsigned char)c);
        else if (text_is_space(c))
            end_word(l, s);
        else
            add(l, STRANGE);
        at += bytes;
    }
    return upper_len != SIZE_MAX;
}

/* Keeps track of where the white space at the ends is. */
static void note_ends(struct search_long *l, size_t at, size_t bytes, uint32_t c)
{
    if (text_is_space(c))
        return;
    l->first = at < l->first ? at : l->first;
    l->last = at + bytes;
}

/* The bytes of the next piece outside ASCII; 0 when it is not valid UTF-8. */
static size_t next_piece(const struct search_long *l)
{
    size_t most = text_whole(l->text + l->at, l->len - l->at, PIECE_BYTES), len = 0;
    while (len < most && (unsigned char)l->text[l->at + len] >= 0x80)
        len++;
    return text_is_utf8(l->text + l->at, len) ? len : 0;
}

static enum search_long_step refuse(struct search_long *l, enum search_result why)
{
    if (why == SEARCH_ILL_FORMED)
        query_error(&l->error, "query too long (limit 4096 bytes)", NULL, 0);
    l->why = why;
    return LONG_REFUSED;
}

static enum search_long_step at_end(struct search_long *l, struct search *s)
{
    end_word(l, s);
    if (l->first >= l->last || l->last - l->first <= QUERY_LINE_BYTES)
        return LONG_SHORT;
    return l->rich ? refuse(l, SEARCH_ILL_FORMED) : LONG_WORDS;
}

enum search_long_step search_long_read(struct search_long *l, struct search *s)
{
    for (size_t cost = 0; cost < STEP_BYTES;) {
        if (l->at == l->len)
            return at_end(l, s);
        unsigned char byte = (unsigned char)l->text[l->at];
        if (byte < 0x80) {
            note_ends(l, l->at++, 1, byte);
            read_byte(l, s, byte);
            cost++;
            continue;
        }
        size_t piece = next_piece(l);
        if (piece == 0)
            return refuse(l, SEARCH_BAD_UTF8);
        if (!read_piece(l, s, l->text + l->at, piece))
            return refuse(l, SEARCH_NO_MEMORY);
        for (size_t end = l->at + piece, bytes; l->at < end; l->at += bytes) {
            uint32_t c;
            bytes = text_decode(l->text + l->at, end - l->at, &c);
            note_ends(l, l->at, bytes, c);
        }
        cost += s->dialect == SEARCH_DEFAULT ? 2 * piece : PIECE_COST * piece / PIECE_BYTES + 16;
    }
    return LONG_AGAIN;
}

const char *search_long_text(const struct search_long *l, size_t *len)
{
    *len = l->last > l->first ? l->last - l->first : 0;
    return l->text + (*len ? l->first : 0);
}

void search_long_refuse(struct search_long *l, enum search_result why, const struct search_error *error)
{
    l->why = why;
    l->error = *error;
}

enum search_result search_long_why(const struct search_long *l, struct search_error *error)
{
    if (l->why == SEARCH_ILL_FORMED)
        *error = l->error;
    return l->why;
}

void search_long_free(struct search_long *l)
{
    free(l);
}

size_t search_long_bytes(const struct search_long *l)
{
    return sizeof *l + l->len;
}
