/* The inside of a listing, shared by listing.c and what each kind of listing says. */
#ifndef ANSWER_LISTING_INSIDE_H
#define ANSWER_LISTING_INSIDE_H

#include "answer/listing.h"

enum {
    LISTING_LINE_BYTES = 512 /* of a note before it is rendered */
};

/* The grapheme cluster being read or, complete, being shown. */
struct listing_cluster {
    size_t end;      /* where the next code point to look at begins */
    uint32_t points; /* in it */
    uint32_t flags;  /* regional indicators at its end */
    int latest;      /* Grapheme_Cluster_Break of its last code point */
    bool pictograph; /* its end is a pictograph and what extends it, with at most one joiner */
    bool complete;
};

struct listing {
    const struct index *index;
    enum listing_kind kind;
    uint32_t at;                    /* position: field of a card, byte of a text, value of a table, word */
    uint32_t codepoint;             /* INFO */
    uint32_t table;                 /* VALUES: enum props_table … */
    const char *list;               /* … and its name in the plural */
    uint32_t values;                /* VALUES: JSON objects written */
    bool begun, ended;              /* VALUES: the JSON object around them is */
    struct listing_cluster cluster; /* EXPLAIN */
    uint32_t units;                 /* of work left until the next LISTING_AGAIN */
    uint64_t found;
    size_t len;
    char text[]; /* the argument; patterns in upper case and simplified */
};

/* Takes units of some 5 ns off what is left of the step: false when it is over. */
static inline bool listing_spend(struct listing *l, size_t units)
{
    l->units = units < l->units ? l->units - (uint32_t)units : 0;
    return l->units > 0;
}

/* Each writes the line at l->at and moves on; LISTING_AGAIN when the step is over before; LISTING_END behind the last.
 */
enum listing_step listing_card(struct listing *l, const struct render_style *style, char *out, size_t *len);
enum listing_step listing_explain(struct listing *l, const struct render_style *style, char *out, size_t *len);
enum listing_step listing_values(struct listing *l, const struct render_style *style, char *out, size_t *len);

/* ---- documents: with style->document ---- */

/* A value of a property as lists show it. */
struct listing_value {
    const char *name, *short_name; /* the same where there is only one */
    uint32_t members;
};

/* The card in the formats that are not lines of text: a JSON object, the code point or the character alone. */
size_t listing_card_document(const struct listing *l, const struct render_style *style, char *out);
/* A value in the formats that are not text; in JSON it stands between begin and end. */
size_t listing_value_document(struct listing *l, const struct render_style *style, const struct listing_value *value,
                              char *out);
size_t listing_list_begin(const struct listing *l, char *out);
size_t listing_list_end(const struct render_style *style, char *out);
/* A line of text of a card or a list: a note, or, in a document, without "# ". */
size_t listing_text(const struct render_style *style, const char *text, size_t len, char *out);

#endif
