/* Finds a character by its whole name: among those that have all its words, the one that has them in this order and
 * no others. */
#include "query_forms.h"
#include "unicode/cursor.h"
#include "unicode/label.h"

#include <string.h>

enum {
    SEPARATORS = 4,        /* more than single ones, in a name: TIBETAN MARK BKA- SHOG GI MGO RGYAN has one */
    LONGEST = 128,         /* bytes of a name or alias; Unicode 15 has up to 88 */
    NAME_CANDIDATES = 2000 /* Unicode 15 needs 1,169, for YI SYLLABLE YI */
};

/* In the spelling of names: upper case, single separators; 0 when it can be none. */
static size_t spell(const char *text, size_t len, char out[LONGEST])
{
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i] == '_' ? ' ' : text[i];
        if ((unsigned char)c >= 0x80 || used == LONGEST)
            return 0;
        if (c <= ' ' && (!used || out[used - 1] == ' '))
            continue;
        out[used++] = c >= 'a' && c <= 'z' ? (char)(c - 0x20) : c <= ' ' ? ' ' : c;
    }
    return used && out[used - 1] == ' ' ? used - 1 : used;
}

/* 2: the same; 1: but for separators; 0: another name. */
static unsigned agree(const char *name, size_t len, const char *wanted, size_t wanted_len)
{
    size_t at = 0, in = 0, word, piece;
    if (len == wanted_len && memcmp(name, wanted, len) == 0)
        return 2;
    do {
        word = label_piece(name, len, &at);
        piece = label_piece(wanted, wanted_len, &in);
        if (word != piece || memcmp(name + at, wanted + in, word) != 0)
            return 0;
        at += word;
        in += piece;
    } while (word);
    return 1;
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

/* The name, as index_name(), unless it is longer than could agree: of a thousand names with the same words most are.
 * A line is "U+XXXX TAB CHARACTER TAB NAME CR LF". */
static const char *name_up_to(const struct index *ix, uint32_t ordinal, size_t longest, size_t *len)
{
    size_t line_len;
    const char *line = index_lines(ix, ordinal, ordinal + 1, &line_len);
    const char *end = line + line_len - 2, *name = end;
    while (name[-1] != '\t' && (size_t)(end - name) <= longest)
        name--;
    *len = (size_t)(end - name);
    return *len <= longest ? name : NULL;
}

/* The best of the names, or aliases, with all words: how well it agrees. */
static unsigned search(const struct index *ix, enum index_part part, const char *wanted, size_t len, uint32_t *ordinal)
{
    struct cursor c;
    struct index_run run;
    unsigned best = 0, looked = 0;
    if (!look_for(&c, ix, part, wanted, len))
        return 0;
    while (best < 2 && looked < NAME_CANDIDATES && cursor_next(&c, NAME_CANDIDATES, &run))
        for (uint32_t i = run.first; best < 2 && i < run.end && looked < NAME_CANDIDATES; i++, looked++) {
            size_t name_len;
            const char *name = part == INDEX_NAMES ? name_up_to(ix, i, len + SEPARATORS, &name_len)
                                                   : index_alias(ix, i, &name_len);
            unsigned how = name ? agree(name, name_len, wanted, len) : 0;
            if (how <= best)
                continue;
            best = how;
            *ordinal = part == INDEX_NAMES ? i : index_alias_ordinal(ix, i);
        }
    return best;
}

bool name_find(const char *name, size_t len, uint32_t *codepoint)
{
    const struct index *ix = index_builtin();
    char wanted[LONGEST];
    uint32_t ordinal = 0;
    size_t wanted_len = spell(name, len, wanted);
    unsigned best = search(ix, INDEX_NAMES, wanted, wanted_len, &ordinal);
    uint32_t by_alias = 0;
    if (best < 2 && search(ix, INDEX_ALIASES, wanted, wanted_len, &by_alias) > best) {
        best = 2;
        ordinal = by_alias;
    }
    *codepoint = best ? index_codepoint(ix, ordinal) : 0;
    return best > 0;
}
