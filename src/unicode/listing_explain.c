/* Takes a text apart: its code points in order, and which of them are one character to its reader. */
#include "listing_inside.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <unigbrk.h>

static bool begins_cluster(const struct listing *l, size_t at)
{
    return l->text[l->len + at] != 0;
}

/* The code points of the cluster that begins here. */
static uint32_t cluster_points(const struct listing *l)
{
    uint32_t points = 0, c;
    for (size_t at = l->at; at < l->len && (at == l->at || !begins_cluster(l, at)); points++)
        at += text_decode(l->text + at, l->len - at, &c);
    return points;
}

void listing_find_clusters(struct listing *l)
{
    u8_grapheme_breaks((const uint8_t *)l->text, l->len, l->text + l->len);
}

enum listing_step listing_explain(struct listing *l, const struct render_style *style, char *out, size_t *len)
{
    if (l->at == l->len)
        return LISTING_END;
    if (begins_cluster(l, l->at) && !l->in_cluster) {
        uint32_t points = cluster_points(l);
        l->in_cluster = true;
        if (points > 1) {
            char line[LISTING_LINE_BYTES];
            int n = snprintf(line, sizeof line, "grapheme cluster of %" PRIu32 " code points:", points);
            *len = render_note(style, line, (size_t)n, out);
            return LISTING_NOTE;
        }
    }
    uint32_t c;
    l->in_cluster = false;
    l->at += (uint32_t)text_decode(l->text + l->at, l->len - l->at, &c);
    *len = render_codepoint(style, l->index, c, out);
    return LISTING_RESULT;
}
