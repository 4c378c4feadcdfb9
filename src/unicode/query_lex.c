/* Finds where the atoms of a query begin and end, before anyone asks what they mean. */
#include "query_lex.h"
#include "unicode/text.h"

#include <string.h>

static bool is_ascii_punctuation(char c)
{
    return c > ' ' && c < 0x7F && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z');
}

/* The bytes of a quoted text that begins at text; all of it, and *unclosed, when nothing closes it. */
static size_t quoted_len(const char *text, size_t len, const char **unclosed)
{
    const char *close = memchr(text + 1, '"', len - 1);
    if (!close)
        *unclosed = "unclosed quote";
    return close ? (size_t)(close - text) + 1 : len;
}

bool lex_is_punctuation(const char *text, size_t len)
{
    return len > 0 && is_ascii_punctuation(*text);
}

/* The bytes of an escape: the backslash, and the character behind it if that is punctuation, or a name in braces. */
static size_t escape_len(const char *text, size_t len, const char **unclosed)
{
    if (len < 3 || text[1] != 'N' || text[2] != '{')
        return lex_is_punctuation(text + 1, len - 1) ? 2 : 1;
    const char *close = memchr(text, '}', len);
    if (!close)
        *unclosed = "unclosed brace";
    return close ? (size_t)(close - text) + 1 : len;
}

/* The bytes of the next step inside an atom: an escape, or one whole character. */
static size_t step_len(const char *text, size_t len, const char **unclosed)
{
    uint32_t c;
    if (*text == '\\')
        return escape_len(text, len, unclosed);
    return (unsigned char)*text < 0x80 ? 1 : text_decode(text, len, &c);
}

size_t lex_step(const char *text, size_t len)
{
    const char *unclosed;
    return step_len(text, len, &unclosed);
}

/* Notes what the character at text + at makes of the atom; returns the bytes of the quoted value that it begins. */
static size_t note_character(struct query_atom *atom, const char *text, size_t len, size_t at)
{
    atom->escaped |= text[at] == '\\';
    atom->pattern |= text[at] == '*' || text[at] == '?';
    atom->non_ascii |= (unsigned char)text[at] >= 0x80;
    if (text[at] != ':' || atom->colon != SIZE_MAX)
        return 0;
    atom->colon = at;
    atom->quoted = at + 1 < len && text[at + 1] == '"';
    return atom->quoted ? quoted_len(text + at + 1, len - at - 1, &atom->unclosed) : 0;
}

void lex_atom(const char *text, size_t len, struct query_atom *atom)
{
    size_t at = 0;
    *atom = (struct query_atom){.text = text, .colon = SIZE_MAX};
    if (text[0] == '"') {
        atom->quoted = true;
        at = quoted_len(text, len, &atom->unclosed);
    }
    while (at < len && !atom->quoted && text[at] != '|' && text[at] != ')' && !text_space(text + at, len - at)) {
        size_t value = note_character(atom, text, len, at);
        at += step_len(text + at, len - at, &atom->unclosed) + value;
    }
    atom->len = at;
}

size_t lex_upper_bytes(const struct query_atom *atom)
{
    return atom->non_ascii ? 3 * atom->len : atom->len; /* text_upper() */
}

static size_t count_characters(const char *text, size_t len)
{
    size_t n = 0;
    for (uint32_t c; len > 0; n++) {
        size_t bytes = text_decode(text, len, &c);
        text += bytes;
        len -= bytes;
    }
    return n;
}

/* Each character typed lists at most one. */
static void measure_atom(const struct query_atom *atom, struct query_size *size)
{
    bool may_list = atom->non_ascii || atom->escaped || query_starts_codepoint(atom->text, atom->len);
    size->atoms++;
    size->characters += may_list ? count_characters(atom->text, atom->len) : 1;
    size->text += lex_upper_bytes(atom);
}

static bool left_open(struct search_error *error, const char *what, const char *from, const char *end)
{
    query_error(error, what, from, (size_t)(end - from));
    return false;
}

bool lex_measure(const char *text, size_t len, struct query_size *size, struct search_error *error)
{
    const char *at = text, *end = text + len, *open = NULL;
    size_t depth = 0;
    *size = (struct query_size){0};
    while (at < end) {
        size_t left = (size_t)(end - at), space = text_space(at, left);
        if (space) {
            at += space;
        } else if (*at == '(') {
            open = depth++ ? open : at;
            at++;
        } else if (*at == ')' || *at == '|' || *at == '!') {
            depth -= *at == ')' && depth > 0;
            size->bangs += *at == '!';
            at++;
        } else {
            struct query_atom atom;
            lex_atom(at, left, &atom);
            if (atom.unclosed)
                return left_open(error, atom.unclosed, at, end);
            measure_atom(&atom, size);
            at += atom.len;
        }
    }
    return depth == 0 || left_open(error, "unclosed bracket", open, end);
}
