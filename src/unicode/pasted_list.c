/* Lists of code points, in the notations of data files, style sheets, programs and hex editors:
 *
 *     1F468 200D 1F469    U+2660,U+2663    1F935-200D-2642-FE0F    0x41, 0x42    {0x1F431, 0x200D}
 *     \u0041 \u0042       "1F600" "1F601"  <U+1F600>               u1F468_u200D, uni2660
 *     U+0025-00FF, U+0131 (style sheets)                           1F600..1F64F
 *     1F600 ; fully-qualified # 😀 E1.0 grinning face              (emoji-test.txt and other UCD files)
 *     265A;BLACK CHESS KING;So;0;ON;;;;;N;;;;;                     (UnicodeData.txt)
 *     e2 80 8b    E2808B    0xE2 0x99 0x9A    F0:9F:98:80          (bytes of UTF-8)
 *
 * Bare hex digits may as well be words.  So a list of them has an item of four digits or more, none longer than six,
 * and if no item has a decimal digit ("face bed") none of them is a word of a name.
 */
#include "pasted_inside.h"
#include "unicode/text.h"

#include <stdio.h>
#include <string.h>

enum {
    LAST_CODEPOINT = 0x10FFFF,
    BARE_DIGITS_MIN = 2,
    BARE_DIGITS_MAX = 6,
    WHOLE_DIGITS_MIN = 4 /* at least one bare item has so many */
};

struct item {
    uint32_t first, last;
    size_t digits; /* of hex, without prefix */
    bool prefixed;
    bool foreign; /* a notation that only lists know: the parser reads a word */
    bool chains;  /* the next may follow at once: an escape or a reference */
};

struct list {
    struct pasted *p;
    const struct index *index;
    const char *at, *end;
    uint32_t count;   /* items */
    uint32_t points;  /* code points in them */
    uint32_t bare;    /* items without a prefix */
    uint32_t bytes;   /* items that may be one byte: two digits, bare or behind 0x */
    bool decimal;     /* a bare item has a decimal digit */
    bool whole;       /* a bare item has four digits or more */
    bool known;       /* a bare item is a word */
    bool foreign;     /* an item is in a notation that the parser does not know */
    bool range;       /* an item is a range */
    bool colon;       /* stands between items: only bytes are written so */
    bool only_spaces; /* nothing but these and brackets stands between items and around them */
    bool separated;   /* something stands between them at all */
};

static const char around[] = " ,;.-_+{}[]()<>'\"`\t";

static bool is_between(char c)
{
    return c && (c == ':' || strchr(around, c));
}

/* ---- items ---- */

static size_t hex_item(const char *text, size_t len, size_t prefix, size_t min, struct item *item)
{
    item->digits = len > prefix ? query_hex(text + prefix, len - prefix, 8, &item->first) : 0;
    item->prefixed = prefix > 0;
    item->foreign = item->chains = false;
    return item->digits >= min ? prefix + item->digits : 0;
}

/* "u1F468", "uni2660": as files and glyphs are called. */
static size_t foreign_item(const char *text, size_t len, size_t prefix, struct item *item)
{
    size_t taken = hex_item(text, len, prefix, WHOLE_DIGITS_MIN, item);
    item->foreign = true;
    return taken;
}

/* With something behind it. */
static bool begins(const char *text, size_t len, const char *with)
{
    size_t n = strlen(with);
    return len > n && memcmp(text, with, n) == 0;
}

/* One code point: its bytes, 0 when there is none. */
static size_t read_one(const char *text, size_t len, struct item *item)
{
    const char *why;
    if (begins(text, len, "0x") || begins(text, len, "0X"))
        return hex_item(text, len, 2, 1, item);
    if (begins(text, len, "U+") || begins(text, len, "u+"))
        return hex_item(text, len, 2, 1, item);
    if (begins(text, len, "\\x") && text[2] != '{') {
        size_t taken = hex_item(text, len, 2, 2, item); /* a byte */
        item->chains = true;
        return item->digits == 2 ? taken : 0;
    }
    if (query_starts_codepoint(text, len)) {
        *item = (struct item){.prefixed = true, .chains = true};
        return query_codepoint(text, len, &item->first, &why);
    }
    if (begins(text, len, "uni"))
        return foreign_item(text, len, 3, item);
    if (begins(text, len, "u") || begins(text, len, "U"))
        return foreign_item(text, len, 1, item);
    return hex_item(text, len, 0, BARE_DIGITS_MIN, item);
}

/* Behind an emoji a joiner, a selector or a keycap is the next of a sequence, not the end of a range. */
static bool ends_range(uint32_t first, uint32_t last)
{
    return last > first && last != 0x200D && last != 0x20E3 && last != 0xFE0E && last != 0xFE0F;
}

/* "A..B", and in style sheets "U+A-B". */
static size_t read_range_end(const char *text, size_t len, struct item *item)
{
    struct item end;
    bool dots = begins(text, len, "..");
    if (!dots && !(item->prefixed && !item->chains && begins(text, len, "-")))
        return 0;
    size_t mark = dots ? 2 : 1, taken = read_one(text + mark, len - mark, &end);
    if (!taken || (!dots && end.prefixed) || !ends_range(item->first, end.first))
        return 0;
    item->last = end.first;
    return mark + taken;
}

static bool is_known_word(const struct index *ix, const char *text, size_t len)
{
    char word[16];
    return len < sizeof word && text_upper(text, len, word, sizeof word) == len &&
           index_word(ix, word, len) != INDEX_NONE;
}

static void note_item(struct list *l, const struct item *item, const char *text)
{
    l->count++;
    l->points += item->last - item->first + 1;
    l->range |= item->last > item->first;
    bool hex = !item->prefixed || (l->end - text > 1 && (text[1] | 0x20) == 'x'); /* 0x, \x */
    l->bytes += hex && item->digits == 2;
    l->foreign |= item->foreign;
    if (item->prefixed)
        return;
    l->bare++;
    l->whole |= item->digits >= WHOLE_DIGITS_MIN;
    for (size_t i = 0; i < item->digits; i++)
        l->decimal |= text[i] >= '0' && text[i] <= '9';
    l->known |= is_known_word(l->index, text, item->digits);
}

/* The item at l->at: false when there is none or no room for it. */
static bool read_item(struct list *l)
{
    struct item item;
    const char *from = l->at;
    size_t taken = read_one(from, (size_t)(l->end - from), &item);
    if (!taken || item.first > LAST_CODEPOINT || l->p->items == PASTED_ITEMS)
        return false;
    if (!item.prefixed && item.digits > BARE_DIGITS_MAX)
        return false;
    item.last = item.first;
    l->at += taken;
    l->at += read_range_end(l->at, (size_t)(l->end - l->at), &item);
    bool dots = l->end - l->at >= 2 && memcmp(l->at, "..", 2) == 0; /* also where nothing follows them */
    if (item.last > LAST_CODEPOINT || dots)
        return false; /* dots that are no good range are for the parser to complain of */
    note_item(l, &item, from);
    l->p->item[l->p->items++] = (struct index_run){item.first, item.last + 1};
    return l->at == l->end || item.chains || is_between(*l->at);
}

/* Reads [at, end) as items and what stands between them. */
static bool read_items(struct list *l, const char *at, const char *end)
{
    *l = (struct list){.p = l->p, .index = l->index, .at = at, .end = end, .only_spaces = true};
    l->p->items = 0;
    while (l->at < l->end) {
        char c = *l->at;
        if (is_between(c)) {
            l->separated |= l->count > 0;
            l->colon |= c == ':';
            l->only_spaces &= c == ' ' || c == '\t' || c == '(' || c == ')';
            l->at++;
        } else if (!read_item(l)) {
            return false;
        }
    }
    return l->count > 0;
}

/* ---- what a list is accepted as ---- */

/* Each code point once, in the order of the list. */
static void drop_repeats(struct pasted *p)
{
    uint32_t count = p->items;
    p->items = 0;
    for (uint32_t i = 0; i < count; i++)
        pasted_add(p, p->item[i].first); /* into a place already read */
}

/* A list with ranges becomes a query for any of them, which finds each character once. */
static bool write_query(struct pasted *p)
{
    size_t used = 0;
    for (uint32_t i = 0; i < p->items; i++) {
        int n = snprintf(p->line + used, sizeof p->line - used, "%sU+%X..U+%X", i ? "|" : "",
                         (unsigned)p->item[i].first, (unsigned)p->item[i].end - 1);
        if (n < 0 || (size_t)n >= sizeof p->line - used)
            return false;
        used += (size_t)n;
    }
    p->len = used;
    p->items = 0;
    return true;
}

static bool accept(struct list *l)
{
    l->p->read = l->points;
    if (l->range)
        return write_query(l->p);
    drop_repeats(l->p);
    return true;
}

/* Replaces the items by the characters that these bytes are: false when they are no UTF-8, or ASCII alone. */
static bool accept_bytes(struct pasted *p, const char *bytes, size_t len)
{
    uint32_t c;
    bool ascii = true;
    for (size_t at = 0; at < len; at++)
        ascii &= (unsigned char)bytes[at] < 0x80;
    if (ascii || !text_is_utf8(bytes, len))
        return false;
    p->bytes = true;
    p->items = p->read = 0;
    for (size_t at = 0; at < len; p->read++) {
        at += text_decode(bytes + at, len - at, &c);
        pasted_add(p, c);
    }
    return true;
}

static bool items_are_bytes(const struct list *l)
{
    char bytes[PASTED_ITEMS];
    if (l->bytes < 2 || l->bytes != l->count || l->range || !l->separated)
        return false;
    for (uint32_t i = 0; i < l->count; i++)
        bytes[i] = (char)l->p->item[i].first;
    return accept_bytes(l->p, bytes, l->count);
}

/* Bare digits that are more likely code points than words and numbers. */
static bool are_code_points(const struct list *l)
{
    return l->bare == 0 || (l->whole && (l->decimal || !l->known));
}

/* A single one is left to the parser as far as it understands it, and so are the same ones with spaces between: a space
 * asks for both, and gets both. */
static bool is_for_the_parser(const struct list *l)
{
    bool same = true;
    for (uint32_t i = 1; i < l->p->items; i++)
        same &= l->p->item[i].first == l->p->item[0].first && l->p->item[i].end == l->p->item[0].end;
    if (l->count > 1 && !l->separated) /* escapes that follow each other are one atom */
        return true;
    if (l->count == 1 && l->bare == 1)
        return !l->range;
    return same && l->bare == 0 && !l->foreign && l->only_spaces;
}

/* ---- lines of files ---- */

/* A line of a file of the Unicode Character Database: code points, a semicolon, fields. */
static bool read_fields(struct list *l)
{
    const char *text = l->p->line, *line_end = text + l->p->len;
    const char *end = text;
    unsigned semicolons = 0;
    while (end < line_end && *end != ';' && *end != '#')
        end++;
    if (end == line_end || end == text)
        return false;
    for (const char *at = end; at < line_end; at++)
        semicolons += *at == ';';
    if (!read_items(l, text, end) || l->bare != l->count || !l->whole || !(l->decimal || semicolons > 1))
        return false;
    return accept(l);
}

/* The whole line one run of hex digits, as bytes; where it is a code point it is that. */
static bool read_run(struct pasted *p, const struct index *ix)
{
    char bytes[QUERY_LINE_BYTES / 2];
    uint32_t value;
    size_t prefix = p->len > 2 && p->line[0] == '0' && (p->line[1] | 0x20) == 'x' ? 2 : 0;
    size_t digits = p->len - prefix;
    if (digits < WHOLE_DIGITS_MIN || digits % 2)
        return false;
    if (digits <= BARE_DIGITS_MAX && query_hex(p->line + prefix, digits, digits, &value) == digits &&
        value <= LAST_CODEPOINT && index_ordinal(ix, value) != INDEX_NONE)
        return false;
    for (size_t i = 0; i < digits / 2; i++) {
        if (query_hex(p->line + prefix + 2 * i, 2, 2, &value) != 2)
            return false;
        bytes[i] = (char)value;
    }
    return accept_bytes(p, bytes, digits / 2);
}

bool pasted_list(struct pasted *p, const struct index *ix)
{
    struct list l = {.p = p, .index = ix};
    if (read_items(&l, p->line, p->line + p->len)) {
        if (items_are_bytes(&l))
            return true;
        if (!l.colon && are_code_points(&l) && !is_for_the_parser(&l))
            return accept(&l);
    }
    if (read_run(p, ix) || read_fields(&l))
        return true;
    p->items = p->read = 0;
    return false;
}
