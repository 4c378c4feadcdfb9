/* Lists the values that property atoms take, each with how many characters have it. */
#include "listing_inside.h"
#include "unicode/label.h"
#include "unicode/props.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    UNITS_VALUE = 8, /* looking at one, in units of listing_spend() */
    UNITS_NAME = 20, /* and at each of its names */
    UNITS_SPAN = 24  /* counting the characters between two changes of a property */
};

/* Any of the value's names fits the pattern, as a query's pattern fits a name. */
static bool fits(struct listing *l, const struct props_value *value)
{
    const char *name;
    for (uint32_t n = 0; l->len > 0 && (name = props_name(value, n)); n++) {
        char label[LISTING_LINE_BYTES];
        size_t len = strlen(name), work = 0;
        for (size_t i = 0; i < len; i++)
            label[i] = name[i] == '_' ? ' ' : name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 0x20) : name[i];
        bool has = label_has_patterns(label, len, l->text, l->len, &work);
        listing_spend(l, UNITS_NAME + work / 2);
        if (has)
            return true;
    }
    return l->len == 0;
}

/* "Chess Symbols" needs no "Chess_Symbols" beside it. */
static bool same_name(const char *a, const char *b)
{
    char loose_a[LISTING_LINE_BYTES], loose_b[LISTING_LINE_BYTES];
    props_loose(a, strlen(a), loose_a, sizeof loose_a);
    props_loose(b, strlen(b), loose_b, sizeof loose_b);
    return strcmp(loose_a, loose_b) == 0;
}

static uint32_t count_members(struct listing *l, uint32_t table, uint32_t low, uint32_t high)
{
    uint32_t members = 0;
    for (uint32_t c = 0, end; c < 0x110000; c = end) {
        listing_spend(l, UNITS_SPAN);
        if (props_span(table, low, high, c, &end))
            members += index_ordinal_from(l->index, end) - index_ordinal_from(l->index, c);
    }
    return members;
}

static size_t write_value(struct listing *l, const struct render_style *style, const struct listing_value *v, char *out)
{
    char line[LISTING_LINE_BYTES];
    bool two = !same_name(v->short_name, v->name);
    if (style->document && style->format != RENDER_TEXT)
        return listing_value_document(l, style, v, out);
    int n = snprintf(line, sizeof line, "%s%s%s (%" PRIu32 ")", v->name, two ? ", " : "", two ? v->short_name : "",
                     v->members);
    return listing_text(style, line, (size_t)n, out);
}

enum listing_step listing_values(struct listing *l, const struct render_style *style, char *out, size_t *len)
{
    while (l->at < props_values(l->table)) {
        if (!listing_spend(l, UNITS_VALUE))
            return LISTING_AGAIN;
        const struct props_value *value = props_value(l->table, l->at++);
        if (!fits(l, value))
            continue;
        bool binary = l->table == PROPS_BINARY;
        uint32_t members = count_members(l, binary ? value->low : l->table, binary ? 1 : value->low,
                                         binary ? 1 : value->high);
        const char *short_name = props_name(value, 0), *long_name = props_name(value, 1);
        const struct listing_value v = {long_name ? long_name : short_name, short_name, members};
        *len = write_value(l, style, &v, out);
        return LISTING_NOTE;
    }
    return LISTING_END;
}
