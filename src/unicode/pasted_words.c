/* Words as they stand in programs and sentences: HEAVY_CHECK_MARK, "cat, face."
 *
 * Only atoms made of letters, digits and what is named here are changed, so nothing that is a form of the
 * query language is.  No name has any of these marks, so such an atom could not match anyway.
 */
#include "pasted_inside.h"
#include "query_lex.h"

#include <string.h>

/* Between words, and at the edges of words. */
static const char between[] = "_,;/", edges[] = "_,;.'`[]{}<>";

static bool is_in(const char *set, char c)
{
    return c && strchr(set, c);
}

static bool is_space(char c) /* others are spaces by now */
{
    return (unsigned char)c <= ' ' || c == 0x7F;
}

/* An atom: up to white space or a mark that ends it. */
static size_t atom_len(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && !is_space(text[at]) && text[at] != '|' && text[at] != ')')
        at += lex_step(text + at, len - at);
    return at;
}

static bool begins_code_point(const char *text, size_t len)
{
    return query_starts_codepoint(text, len) ||
           (len > 1 && ((text[0] == '0' && (text[1] | 0x20) == 'x') || (text[1] == '+' && (text[0] | 0x20) == 'u')));
}

static bool is_word(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!pasted_is_alnum(text[i]) && !is_in(between, text[i]) && !is_in(edges, text[i]) && !is_in("-*?", text[i]))
            return false;
    return pasted_has_alnum(text, len) && !begins_code_point(text, len);
}

static void drop(struct pasted *p, char c)
{
    if (c != '_')
        pasted_ignore(p, (unsigned char)c);
}

/* Writes the word without its marks.  If it is free its parts become words of their own, so that the notes can tell
 * which of them is in the way; else hyphens keep them together, because a space would end a choice. */
static size_t write_word(struct pasted *p, const char *text, size_t len, bool is_free, char *out)
{
    size_t used = 0;
    while (len > 0 && is_in(edges, text[len - 1]))
        drop(p, text[--len]);
    for (size_t i = 0; i < len; i++) {
        if ((used == 0 && is_in(edges, text[i])) || (used > 0 && is_in(between, text[i]))) {
            drop(p, text[i]);
            if (used)
                out[used++] = is_free ? ' ' : '-';
        } else {
            out[used++] = text[i] == '-' && is_free ? ' ' : text[i];
        }
    }
    return used;
}

/* The bytes of a phrase with its quotes, which has to be closed. */
static size_t phrase_len(const char *text, size_t len)
{
    const char *close = len > 1 ? memchr(text + 1, '"', len - 1) : NULL;
    return close ? (size_t)(close - text) + 1 : 0;
}

static size_t write_phrase(struct pasted *p, const char *text, size_t len, char *out)
{
    size_t used = 0, last = len - 2; /* of what is quoted */
    while (last > 0 && is_in(",;.", text[last]) && pasted_has_alnum(text, last))
        drop(p, text[last--]);
    for (size_t i = 0; i <= last; i++)
        out[used++] = text[i] == '_' && pasted_has_alnum(text, len) ? ' ' : text[i];
    out[used++] = '"';
    return used;
}

/* No other mark is beside it, so that it may become several words. */
static bool stands_free(char before, const char *behind, const char *end)
{
    while (behind < end && is_space(*behind))
        behind++;
    return before == ' ' && (behind == end || (*behind != '|' && *behind != ')'));
}

/* So many words that they have to stay together, or there would be too many atoms. */
static bool has_many_parts(const struct pasted *p)
{
    size_t parts = 1;
    for (size_t i = 0; i < p->len; i++)
        parts += is_space(p->line[i]) || p->line[i] == '-' || is_in(between, p->line[i]);
    return parts > QUERY_ATOMS;
}

void pasted_words(struct pasted *p)
{
    const char *at = p->line, *end = p->line + p->len;
    char *out = p->line, before = ' '; /* the last character that is no space, or ' ' behind an atom */
    bool many = has_many_parts(p);
    for (bool begins = true; at < end;) {
        size_t left = (size_t)(end - at);
        size_t atom = begins && !is_in("(!\"", *at) ? atom_len(at, left) : 0; /* a row of marks is no atom each time */
        char last = at[atom ? atom - 1 : 0];
        if (begins && *at == '"' && (atom = phrase_len(at, left)) > 0) {
            out += write_phrase(p, at, atom, out);
            last = '"';
        } else if (begins && is_word(at, atom)) {
            out += write_word(p, at, atom, !many && stands_free(before, at + atom, end), out);
        } else {
            atom = atom ? atom : 1;
            last = at[atom - 1];
            memmove(out, at, atom);
            out += atom;
        }
        at += atom;
        begins = is_space(last) || is_in("(!|", last);
        before = is_space(last) ? before : begins ? last : ' ';
    }
    p->len = (size_t)(out - p->line);
}
