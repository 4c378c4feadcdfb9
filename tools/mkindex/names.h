/* names.h - the universe of characters: every name, the controls, the formal aliases.
 *
 * Names come from DerivedName.txt, which spells out the name rules NR1 (Hangul
 * syllables) and NR2 (code point tails: CJK UNIFIED IDEOGRAPH-4E00) of the
 * Unicode Standard, section 4.8; or, where no Unicode Character Database is at hand, from
 * libunistring with these rules applied here.
 */
#ifndef MKINDEX_NAMES_H
#define MKINDEX_NAMES_H

#include "buffer.h"
#include "ucd.h"

enum {
    NAME_BYTES = 256, /* longest name or alias accepted; Unicode 15 has 88 */
};

struct name {
    uint32_t codepoint;
    uint32_t text; /* offset in names.text */
    uint8_t len;
    uint8_t tail; /* bytes at the end that NR2 derived from the code point, 0: none */
    bool control; /* has no name: text is its first alias, or a label like <control-0080> */
};

struct alias {
    uint32_t ordinal; /* of its character */
    uint32_t text;
    uint8_t len;
    uint8_t kind; /* enum alias_kind */
};

/* In code point order; a position in `name` is the character's ordinal. */
struct names {
    char version[16];    /* of Unicode: "15.0.0" */
    const char *source;  /* "UCD" or "libunistring" */
    struct buffer name;  /* of struct name */
    struct buffer alias; /* of struct alias, by ordinal, then in file order */
    struct buffer text;
};

static inline const struct name *names_at(const struct names *n, uint32_t ordinal)
{
    return (const struct name *)(const void *)n->name.data + ordinal;
}
static inline uint32_t names_count(const struct names *n)
{
    return (uint32_t)(n->name.len / sizeof(struct name));
}
static inline const struct alias *names_alias(const struct names *n, uint32_t number)
{
    return (const struct alias *)(const void *)n->alias.data + number;
}
static inline uint32_t names_alias_count(const struct names *n)
{
    return (uint32_t)(n->alias.len / sizeof(struct alias));
}
/* The ordinal of a code point, or UINT32_MAX. */
uint32_t names_ordinal(const struct names *n, uint32_t codepoint);

/* Each fills *n; false: error says why.  Release it with names_free() either way. */

/* DerivedName.txt and NameAliases.txt of a directory (ucd_open()). */
bool names_from_ucd(struct names *n, const char *dir, struct ucd_error *error);
/* Of two open files; aliases NULL: none. */
bool names_from_files(struct names *n, struct ucd_file *derived_name, struct ucd_file *aliases);
/* The names libunistring knows, its gaps filled by rule; no aliases. */
bool names_from_libunistring(struct names *n, struct ucd_error *error);
void names_free(struct names *n);

/* For the sources above: appends one name in ascending code point order, the
 * controls below it first.  tail: as in struct name. */
void names_append(struct names *n, uint32_t codepoint, const char *text, size_t len, size_t tail);
/* The controls above the last name, and the labels of those without an alias.
 * false: memory is out. */
bool names_finish(struct names *n, struct ucd_error *error);

#endif
