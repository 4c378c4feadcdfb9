/* Finds a character by its whole name: among those that have all its words, the one that has them in this order and
 * no others. */
#include "query_forms.h"
#include "unicode/cursor.h"
#include "unicode/label.h"

#include <string.h>

enum {
    LONGEST = 128,         /* bytes of a name or alias; Unicode 15 has up to 88 */
    CANDIDATES = 2000,     /* looked at; Unicode 15 needs 1,169, for YI SYLLABLE YI */
    LOOSE_CANDIDATES = 250 /* the same where separators do not matter, which takes longer */
};

/* In the spelling of names: upper case, single separators, if plain no hyphens; 0 when it can be none. */
static size_t spell(const char *text, size_t len, bool plain, char out[LONGEST])
{
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i] == '_' || (plain && text[i] == '-') ? ' ' : text[i];
        if ((unsigned char)c >= 0x80 || used == LONGEST)
            return 0;
        if (c <= ' ' && (!used || out[used - 1] == ' '))
            continue;
        out[used++] = c >= 'a' && c <= 'z' ? (char)(c - 0x20) : c <= ' ' ? ' ' : c;
    }
    return used && out[used - 1] == ' ' ? used - 1 : used;
}

/* The same words in the same order, whatever separates them. */
static bool same_words(const char *name, size_t len, const char *wanted, size_t wanted_len)
{
    size_t at = 0, in = 0, word, piece;
    do {
        word = label_piece(name, len, &at);
        piece = label_piece(wanted, wanted_len, &in);
        if (word != piece || memcmp(name + at, wanted + in, word) != 0)
            return false;
        at += word;
        in += piece;
    } while (word);
    return true;
}

/* Where all words stand: false when one of them is none of any name. */
static bool look_for(struct cursor *c, const struct index *ix, enum index_part part, const char *name, size_t len)
{
    cursor_start(c);
    for (size_t at = 0, word; (word = label_piece(name, len, &at)) > 0; at += word) {
        uint32_t number = index_word(ix, name + at, word);
        if (number == INDEX_NONE || !cursor_add(c, index_postings(ix, number, part)))
            return false;
    }
    return c->lists > 0;
}

/* The name is just this: asked of the end of its line, "U+XXXX TAB CHARACTER TAB NAME CR LF", for of a thousand names
 * that have the same words most are others. */
static bool is_name(const struct index *ix, uint32_t ordinal, const char *wanted, size_t len)
{
    size_t line_len;
    const char *line = index_lines(ix, ordinal, ordinal + 1, &line_len);
    if (line_len < len + sizeof "\t\r\n" - 1)
        return false;
    const char *name = line + line_len - 2 - len;
    return name[-1] == '\t' && memcmp(name, wanted, len) == 0;
}

static bool agrees(const struct index *ix, enum index_part part, uint32_t i, const char *wanted, size_t len, bool loose)
{
    size_t name_len;
    if (part == INDEX_NAMES && !loose)
        return is_name(ix, i, wanted, len);
    const char *name = part == INDEX_NAMES ? index_name(ix, i, &name_len) : index_alias(ix, i, &name_len);
    return loose ? same_words(name, name_len, wanted, len) : name_len == len && memcmp(name, wanted, len) == 0;
}

/* The first name, or alias, that agrees among those that have all the words. */
static bool search(const struct index *ix, enum index_part part, const char *wanted, size_t len, bool loose,
                   uint32_t *ordinal)
{
    struct cursor c;
    struct index_run run;
    uint32_t left = loose ? LOOSE_CANDIDATES : CANDIDATES;
    if (!look_for(&c, ix, part, wanted, len))
        return false;
    while (left && cursor_next(&c, left, &run)) {
        left -= run.end - run.first;
        for (uint32_t i = run.first; i < run.end; i++)
            if (agrees(ix, part, i, wanted, len, loose)) {
                *ordinal = part == INDEX_NAMES ? i : index_alias_ordinal(ix, i);
                return true;
            }
    }
    return false;
}

/* By name or alias. */
static bool search_both(const struct index *ix, const char *wanted, size_t len, bool loose, uint32_t *ordinal)
{
    return search(ix, INDEX_NAMES, wanted, len, loose, ordinal) ||
           search(ix, INDEX_ALIASES, wanted, len, loose, ordinal);
}

bool name_find(const char *name, size_t len, uint32_t *codepoint)
{
    const struct index *ix = index_builtin();
    char wanted[LONGEST], plain[LONGEST];
    uint32_t ordinal = 0;
    size_t wanted_len = spell(name, len, false, wanted), plain_len = spell(name, len, true, plain);
    bool found = search_both(ix, wanted, wanted_len, false, &ordinal) ||
                 search_both(ix, plain, plain_len, false, &ordinal) ||
                 search_both(ix, wanted, wanted_len, true, &ordinal);
    *codepoint = found ? index_codepoint(ix, ordinal) : 0;
    return found;
}
