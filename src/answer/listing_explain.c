/* Takes a text apart: its code points in order, and which of them are one character to its reader (a grapheme cluster,
 * UAX #29).
 *
 * A cluster may be as long as the text.  Its code points are counted ahead of the first of them, in steps like all
 * else; u8_grapheme_breaks() would look at all of a megabyte at once, and want another one for what it finds.
 */
#include "listing_inside.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <unictype.h>
#include <unigbrk.h>

enum {
    UNITS_SCAN = 8,  /* reading one code point of a cluster, in units of listing_spend() */
    UNITS_POINT = 20 /* writing the line of one */
};

/* ---- where a cluster ends ---- */

static bool is_control(int property)
{
    return property == GBP_CR || property == GBP_LF || property == GBP_CONTROL;
}

/* Hangul syllables: rules GB6 to GB8. */
static bool joins_jamo(int before, int behind)
{
    switch (before) {
    case GBP_L: return behind == GBP_L || behind == GBP_V || behind == GBP_LV || behind == GBP_LVT;
    case GBP_LV:
    case GBP_V: return behind == GBP_V || behind == GBP_T;
    case GBP_LVT:
    case GBP_T: return behind == GBP_T;
    default: return false;
    }
}

/* No boundary between the cluster so far and this code point: the rules from GB3 on, in their order. */
static bool joins(const struct listing_cluster *k, uint32_t codepoint, int property)
{
    if (is_control(k->latest) || is_control(property))
        return k->latest == GBP_CR && property == GBP_LF;
    if (joins_jamo(k->latest, property))
        return true;
    if (property == GBP_EXTEND || property == GBP_ZWJ || property == GBP_SPACINGMARK || k->latest == GBP_PREPEND)
        return true;
    if (k->pictograph && k->latest == GBP_ZWJ && uc_is_property_extended_pictographic(codepoint))
        return true;
    return property == GBP_RI && k->flags % 2 == 1;
}

static void append(struct listing_cluster *k, uint32_t codepoint, int property)
{
    bool extends = property == GBP_EXTEND || property == GBP_ZWJ;
    k->pictograph = uc_is_property_extended_pictographic(codepoint) ||
                    (k->pictograph && extends && k->latest != GBP_ZWJ);
    k->flags = property == GBP_RI ? k->flags + 1 : 0;
    k->latest = property;
    k->points++;
}

/* Looks for the end of the cluster that begins at l->at: true when it is there. */
static bool find_end(struct listing *l)
{
    struct listing_cluster *k = &l->cluster;
    while (k->end < l->len) {
        uint32_t c;
        size_t bytes = text_decode(l->text + k->end, l->len - k->end, &c);
        int property = uc_graphemeclusterbreak_property(c);
        if (k->points && !joins(k, c, property))
            return true;
        if (!listing_spend(l, UNITS_SCAN))
            return false;
        append(k, c, property);
        k->end += bytes;
    }
    return true;
}

/* ---- lines ---- */

enum listing_step listing_explain(struct listing *l, const struct render_style *style, char *out, size_t *len)
{
    struct listing_cluster *k = &l->cluster;
    if (l->at == l->len)
        return LISTING_END;
    if (!k->complete) {
        if (!find_end(l))
            return LISTING_AGAIN;
        k->complete = true;
        if (k->points > 1) {
            char line[LISTING_LINE_BYTES];
            int n = snprintf(line, sizeof line, "grapheme cluster of %" PRIu32 " code points:", k->points);
            *len = render_note(style, line, (size_t)n, out);
            return LISTING_NOTE;
        }
    }
    uint32_t c;
    listing_spend(l, UNITS_POINT);
    l->at += (uint32_t)text_decode(l->text + l->at, l->len - l->at, &c);
    if (l->at == k->end)
        *k = (struct listing_cluster){.end = k->end};
    *len = render_codepoint(style, l->index, c, out);
    return LISTING_RESULT;
}
