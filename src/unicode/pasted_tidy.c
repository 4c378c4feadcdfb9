/* Takes out of a line what word processors, browsers and phones have put into it: format characters, typographic
 * quotes, hyphens and spaces.
 *
 * Two passes in place, each of which never makes a line longer.  The first goes piece by piece: a piece ends at
 * white space, quotes and the marks of the grammar, and is left as it is if it has characters outside ASCII besides
 * format characters and hyphens, because then it is a list of characters and not a word.
 */
#include "pasted_inside.h"
#include "unicode/props.h"
#include "unicode/text.h"

#include <string.h>

/* ---- kinds of characters ---- */

static bool is_variation_selector(uint32_t c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) || (c >= 0x180B && c <= 0x180F);
}

/* What has no ink of its own: general category Cf, and the marks that only choose how others look. */
static bool is_format(uint32_t c)
{
    static uint32_t category = UINT32_MAX;
    if (c < 0x80)
        return false;
    if (category == UINT32_MAX)
        category = props_find(PROPS_CATEGORY, "Cf", 2)->low;
    return c == 0x034F || is_variation_selector(c) || props_get(PROPS_CATEGORY, c) == category;
}

static bool is_hyphen(uint32_t c)
{
    return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE58 || c == 0xFE63 || c == 0xFF0D;
}

/* U+2019 does not open: it is an apostrophe, too. */
static bool opens_quote(uint32_t c)
{
    return (c >= 0x201C && c <= 0x201F) || c == 0x2018 || c == 0x201A || c == 0x201B || c == 0xAB || c == 0xBB ||
           c == 0x2039 || c == 0x203A || (c >= 0x300C && c <= 0x300F) || c == 0x301D || c == 0x2033 || c == 0xFF02;
}

static bool closes_quote(uint32_t c)
{
    return opens_quote(c) || c == '"' || c == 0x2019 || c == 0x301E || c == 0x301F;
}

static bool reads_as_ascii(const char *text, size_t len)
{
    char upper[16];
    size_t n = text_upper(text, len, upper, sizeof upper);
    for (size_t i = 0; n != SIZE_MAX && i < n; i++)
        if ((unsigned char)upper[i] >= 0x80)
            return false;
    return n != SIZE_MAX;
}

/* ---- pieces ---- */

static bool ends_piece(uint32_t c)
{
    return c <= ' ' || c == 0x7F || c == '|' || c == '(' || c == ')' || c == ':' || c == '"' ||
           (c >= 0x80 && (text_is_space(c) || (closes_quote(c) && c != 0x2019)));
}

struct piece {
    const char *text;
    size_t len;
    uint32_t before, behind; /* the characters around it, ' ' at the ends of the line */
    bool ascii;              /* some of it is ASCII … */
    bool other;              /* … or is neither that nor to be changed */
};

static void measure(struct piece *piece, const char *end)
{
    uint32_t c;
    size_t bytes;
    const char *at = piece->text;
    piece->ascii = piece->other = false;
    for (; at < end; at += bytes) {
        bytes = text_decode(at, (size_t)(end - at), &c);
        if (ends_piece(c))
            break;
        piece->ascii |= c < 0x80;
        piece->other = piece->other || (c >= 0x80 && !is_format(c) && !is_hyphen(c) && !reads_as_ascii(at, bytes));
    }
    piece->len = (size_t)(at - piece->text);
    piece->behind = ' ';
    if (at < end)
        text_decode(at, (size_t)(end - at), &piece->behind);
}

static bool is_outer(uint32_t c)
{
    return c <= ' ' || text_is_space(c);
}

/* A piece of format characters alone that stands beside a word and not for a term of its own. */
static bool is_stray(const struct piece *piece)
{
    bool quote_before = closes_quote(piece->before), quote_behind = closes_quote(piece->behind);
    return (is_outer(piece->before) || piece->before == ')' || quote_before) &&
           (is_outer(piece->behind) || piece->behind == '(' || quote_behind) && !(quote_before && quote_behind);
}

static bool is_format_alone(const struct piece *piece)
{
    uint32_t c;
    for (size_t at = 0; at < piece->len; at += text_decode(piece->text + at, piece->len - at, &c))
        if (text_decode(piece->text + at, piece->len - at, &c) && !is_format(c))
            return false;
    return piece->len > 0;
}

/* The next character of the piece from `at` on that is not dropped. */
static uint32_t next_kept(const struct piece *piece, size_t at)
{
    uint32_t c = ' ';
    for (size_t bytes; at < piece->len; at += bytes) {
        bytes = text_decode(piece->text + at, piece->len - at, &c);
        if (!is_format(c))
            return c;
    }
    return ' ';
}

static bool is_letter(uint32_t c)
{
    return c < 0x80 && pasted_is_alnum((char)c);
}

/* A dash between two code points is a range: "U+2190–U+21FF". */
static bool is_range(const struct piece *piece, uint32_t c)
{
    return (c == 0x2013 || c == 0x2014) && piece->len > 2 && (piece->text[0] | 0x20) == 'u' && piece->text[1] == '+';
}

/* Writes the piece to out without what is to go: its new length. */
static size_t tidy_piece(struct pasted *p, const struct piece *piece, char *out)
{
    size_t used = 0, bytes;
    uint32_t c, last = ' ';
    for (size_t at = 0; at < piece->len; at += bytes) {
        bytes = text_decode(piece->text + at, piece->len - at, &c);
        if (is_format(c)) {
            pasted_ignore(p, c);
            continue;
        }
        bool hyphen = is_hyphen(c) && (is_letter(last) || is_letter(next_kept(piece, at + bytes)));
        if (hyphen && is_range(piece, c))
            out[used++] = '.';
        if (hyphen)
            out[used++] = is_range(piece, c) ? '.' : '-';
        else
            memmove(out + used, piece->text + at, bytes);
        used += hyphen ? 0 : bytes;
        last = c;
    }
    return used;
}

static void tidy_pieces(struct pasted *p)
{
    bool has_words = pasted_has_alnum(p->line, p->len);
    const char *at = p->line, *end = p->line + p->len;
    char *out = p->line;
    uint32_t before = ' ';
    while (at < end) {
        struct piece piece = {.text = at, .before = before};
        measure(&piece, end);
        bool stray = has_words && is_stray(&piece) && is_format_alone(&piece);
        if (stray || (piece.ascii && !piece.other)) {
            out += tidy_piece(p, &piece, out);
        } else {
            memmove(out, piece.text, piece.len);
            out += piece.len;
        }
        at += piece.len;
        if (at == end)
            break;
        size_t bytes = text_decode(at, (size_t)(end - at), &before); /* what ended the piece */
        memmove(out, at, bytes);
        out += bytes;
        at += bytes;
    }
    p->len = (size_t)(out - p->line);
}

/* ---- quotes and spaces ---- */

/* Where the quote that begins before `at` is closed: the closing one, or NULL. */
static const char *find_close(const char *at, const char *end)
{
    uint32_t c, next;
    for (size_t bytes; at < end; at += bytes) {
        bytes = text_decode(at, (size_t)(end - at), &c);
        next = ' ';
        if (at + bytes < end)
            text_decode(at + bytes, (size_t)(end - at) - bytes, &next);
        if (closes_quote(c) && (is_outer(next) || next == '|' || next == ')'))
            return at;
    }
    return NULL;
}

/* Copies [at, to) with spaces of ASCII. */
static char *copy_spaced(char *out, const char *at, const char *to)
{
    uint32_t c;
    for (size_t bytes; at < to; at += bytes) {
        bytes = text_decode(at, (size_t)(to - at), &c);
        if (c >= 0x80 && text_is_space(c)) {
            *out++ = ' ';
            continue;
        }
        memmove(out, at, bytes);
        out += bytes;
    }
    return out;
}

/* What comes next in the line, looked for once: a line of a thousand opening quotes would be walked through a thousand
 * times. */
struct ahead {
    const char *end;
    const char *close; /* the next closing quote from where it was looked for last; `end`: none */
    const char *alnum; /* the next letter or digit, likewise */
};

static const char *next_close(struct ahead *a, const char *from)
{
    if (!a->close || a->close < from) {
        a->close = find_close(from, a->end);
        a->close = a->close ? a->close : a->end;
    }
    return a->close;
}

static const char *next_alnum(struct ahead *a, const char *from)
{
    if (!a->alnum || a->alnum < from)
        for (a->alnum = from; a->alnum < a->end && !pasted_is_alnum(*a->alnum);)
            a->alnum++;
    return a->alnum;
}

/* A typographic quote at `at`, where an atom may begin: true, with *at and *out behind what it quotes, or behind it
 * alone where nothing closes it and the parser is to say so. */
static bool take_quote(const char **at, char **out, struct ahead *ahead)
{
    uint32_t c;
    const char *end = ahead->end, *inner = *at + text_decode(*at, (size_t)(end - *at), &c);
    if (!opens_quote(c) && (c != '"' || memchr(inner, '"', (size_t)(end - inner))))
        return false;
    const char *close = next_close(ahead, inner);
    if ((c == '"' && close == end) || next_alnum(ahead, inner) >= (close < end ? close : inner + (inner < end)))
        return false;
    *(*out)++ = '"';
    *at = inner;
    if (close == end)
        return true;
    *at = close + text_decode(close, (size_t)(end - close), &c); /* before it is written over */
    *out = copy_spaced(*out, inner, close);
    *(*out)++ = '"';
    return true;
}

static void tidy_quotes(struct pasted *p)
{
    const char *at = p->line, *end = p->line + p->len;
    struct ahead ahead = {.end = end};
    char *out = p->line;
    bool begins = true; /* an atom may begin here */
    while (at < end) {
        if (begins && take_quote(&at, &out, &ahead)) {
            begins = false;
            continue;
        }
        uint32_t c;
        const char *from = at;
        at += text_decode(at, (size_t)(end - at), &c);
        begins = is_outer(c) || c == '(' || c == '|' || c == '!' || c == ':';
        out = copy_spaced(out, from, at);
    }
    p->len = (size_t)(out - p->line);
}

void pasted_tidy(struct pasted *p)
{
    tidy_pieces(p);
    tidy_quotes(p);
    const char *text = p->line;
    text_strip(&text, &p->len);
    memmove(p->line, text, p->len);
}
