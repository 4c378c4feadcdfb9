/* Reads lines longer than any query, see search_long.h. */
#include "search_long.h"
#include "unicode/query.h"
#include "unicode/text.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum {
    STEP_BYTES = 8192, /* of ASCII in one step: up to 4,096 words looked up, below 0.2 ms */
    PIECE_BYTES = 252, /* of a text outside ASCII, upper-cased at a time … */
    PIECE_COST = 2048  /* … which takes as long as so many bytes of ASCII */
};

struct search_long {
    size_t len, at;            /* bytes before `at` are read */
    size_t first, last;        /* what is not white space lies in [first, last) */
    bool rich;                 /* DEFAULT: it is more than plain words */
    enum search_result why;    /* it was refused, unless this is SEARCH_OPENED */
    struct search_error error; /* for SEARCH_ILL_FORMED */
    struct words_reader words;
    char text[];
};

struct search_long *search_long_new(struct search *s, const char *text, size_t len)
{
    struct search_long *l = malloc(sizeof *l + len);
    if (!l)
        return NULL;
    *l = (struct search_long){.len = len, .first = len};
    words_start(&l->words, s);
    memcpy(l->text, text, len);
    return l;
}

/* Keeps track of where the white space at the ends is. */
static void note_ends(struct search_long *l, size_t at, size_t bytes, uint32_t c)
{
    if (text_is_space(c))
        return;
    l->first = at < l->first ? at : l->first;
    l->last = at + bytes;
}

/* Reads ASCII up to `most` bytes: returns how many.  A mark makes the line rich, and its words are
 * of no use then. */
static size_t read_ascii(struct search_long *l, size_t most)
{
    const char *text = l->text + l->at;
    size_t len = 0;
    if (!l->rich)
        len = words_ascii(&l->words, text, most);
    l->rich = l->rich || (len < most && (unsigned char)text[len] < 0x80);
    while (l->rich && len < most && (unsigned char)text[len] < 0x80)
        len++;
    for (size_t i = 0; i < len; i++)
        note_ends(l, l->at + i, 1, (unsigned char)text[i]);
    return len;
}

/* Characters outside ASCII: in the default dialect they make more than plain words, whatever they
 * are. */
static bool read_piece(struct search_long *l, enum search_dialect dialect, const char *text, size_t len)
{
    l->rich |= dialect == SEARCH_DEFAULT;
    if (!l->rich && !words_any(&l->words, text, len))
        return false;
    uint32_t c;
    for (size_t at = 0, bytes; at < len; at += bytes) {
        bytes = text_decode(text + at, len - at, &c);
        note_ends(l, (size_t)(text - l->text) + at, bytes, c);
    }
    return true;
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

static enum search_long_step at_end(struct search_long *l)
{
    words_end(&l->words);
    if (l->first >= l->last || l->last - l->first <= QUERY_LINE_BYTES)
        return LONG_SHORT;
    return l->rich ? refuse(l, SEARCH_ILL_FORMED) : LONG_WORDS;
}

enum search_long_step search_long_read(struct search_long *l, struct search *s)
{
    l->words.search = s; /* which may have been copied meanwhile */
    for (size_t cost = 0, bytes; cost < STEP_BYTES; l->at += bytes) {
        size_t left = l->len - l->at;
        if (left == 0)
            return at_end(l);
        bytes = read_ascii(l, left < STEP_BYTES - cost ? left : STEP_BYTES - cost);
        cost += bytes;
        if (bytes > 0)
            continue;
        bytes = next_piece(l);
        if (bytes == 0)
            return refuse(l, SEARCH_BAD_UTF8);
        if (!read_piece(l, s->dialect, l->text + l->at, bytes))
            return refuse(l, SEARCH_NO_MEMORY);
        cost += s->dialect == SEARCH_DEFAULT ? 2 * bytes : PIECE_COST * bytes / PIECE_BYTES + 16;
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
