/* Opens listings by their argument and hands out their lines. */
#include "listing_inside.h"
#include "unicode/label.h"
#include "unicode/pasted.h"
#include "unicode/props.h"
#include "unicode/query.h"
#include "unicode/text.h"
#include "unicode/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    STEP_UNITS = 32768, /* of some 5 ns between two LISTING_AGAIN: protects the other clients' turns */
    UNITS_LINE = 40,    /* of writing one */
    UNITS_WORD = 8      /* of looking at a word that does not fit */
};

/* ---- arguments ---- */

static enum search_result ill_formed(struct search_error *error, const char *what, const char *text, size_t len)
{
    query_error(error, what, text, len);
    return SEARCH_ILL_FORMED;
}

/* A code point as lists, files and programs write it ("<U+1F600>", "e2 99 9a"), or what is wrong. */
static enum search_result open_pasted(struct listing *l, struct search_error *error)
{
    struct pasted pasted;
    bool ascii = true;
    for (size_t i = 0; i < l->len; i++)
        ascii &= (unsigned char)l->text[i] < 0x80;
    if (l->len > QUERY_LINE_BYTES || !pasted_is_list(&pasted, l->index, l->text, l->len))
        return ill_formed(error, ascii ? "one character or code point, not" : "several code points, for /explain",
                          l->text, l->len);
    if (pasted.items > 1)
        return ill_formed(error, "several code points, ask without /info", l->text, l->len);
    l->codepoint = pasted.item[0].first;
    return SEARCH_OPENED;
}

/* The form is all of the text and one code point. */
static enum search_result open_form(struct listing *l, struct search_error *error)
{
    struct query_form form;
    size_t taken = query_form(l->text, l->len, &form, error);
    l->codepoint = form.codepoint[0];
    if (!taken)
        return SEARCH_ILL_FORMED;
    if (taken == l->len && form.count > 1)
        return ill_formed(error, "two code points, for /explain", l->text, l->len);
    return taken == l->len ? SEARCH_OPENED : open_pasted(l, error);
}

/* One character, or one code point in a form that a query takes, or 4 to 6 hex digits. */
static enum search_result open_info(struct listing *l, struct search_error *error)
{
    if (l->len == 0)
        return ill_formed(error, "/info needs a character or a code point", NULL, 0);
    if (text_decode(l->text, l->len, &l->codepoint) == l->len)
        return SEARCH_OPENED;
    if (query_starts_codepoint(l->text, l->len))
        return open_form(l, error);
    bool hex = l->len >= 4 && l->len <= 6 && query_hex(l->text, l->len, 6, &l->codepoint) == l->len;
    if (hex && l->codepoint <= 0x10FFFF)
        return SEARCH_OPENED;
    return open_pasted(l, error);
}

static void upper_ascii(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 0x20);
}

static enum search_result open_values(struct listing *l, struct search_error *error)
{
    static const struct {
        const char *name;
        uint32_t table;
    } lists[] = {{"blocks", PROPS_BLOCK},
                 {"scripts", PROPS_SCRIPT},
                 {"categories", PROPS_CATEGORY},
                 {"properties", PROPS_BINARY}};
    size_t word = text_word(l->text, l->len, ' ');
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strlen(lists[i].name) != word || strncasecmp(lists[i].name, l->text, word) != 0)
            continue;
        l->table = lists[i].table;
        l->list = lists[i].name;
        for (size_t bytes; (bytes = text_space(l->text + word, l->len - word)) > 0;)
            word += bytes;
        l->len -= word;
        memmove(l->text, l->text + word, l->len);
        upper_ascii(l->text, l->len);
        for (size_t k = 0; k < l->len; k++)
            if (l->text[k] == '_')
                l->text[k] = ' ';
        if (!label_simplify(l->text, &l->len))
            l->at = props_values(l->table); /* nothing can fit */
        return SEARCH_OPENED;
    }
    return ill_formed(error, "/list blocks, scripts, categories or properties, not", l->text, word);
}

static enum search_result open_words(struct listing *l, struct search_error *error)
{
    if (l->len == 0)
        return ill_formed(error, "/words needs a pattern", NULL, 0);
    for (size_t i = 0; i < l->len; i++)
        if (l->text[i] == ' ' || (unsigned char)l->text[i] >= 0x80)
            return ill_formed(error, "one pattern of ASCII letters and digits, not", l->text, l->len);
    upper_ascii(l->text, l->len);
    if (label_collapse(l->text, &l->len) > INDEX_WORD_BYTES)
        l->at = index_word_count(l->index); /* no word is so long */
    return SEARCH_OPENED;
}

static enum search_result open_kind(struct listing *l, struct search_error *error)
{
    switch (l->kind) {
    case LISTING_INFO: return open_info(l, error);
    case LISTING_EXPLAIN: return l->len ? SEARCH_OPENED : ill_formed(error, "/explain needs a text", NULL, 0);
    case LISTING_VALUES: return open_values(l, error);
    case LISTING_WORDS: return open_words(l, error);
    }
    return SEARCH_ILL_FORMED;
}

enum search_result listing_open(struct listing **made, const struct index *ix, enum listing_kind kind, const char *text,
                                size_t len, struct search_error *error)
{
    const char *whole = text;
    size_t whole_len = len;
    *made = NULL;
    if (!text_is_utf8(text, len)) {
        snprintf(error->text, sizeof error->text, "not valid UTF-8");
        return SEARCH_BAD_UTF8;
    }
    if (kind != LISTING_EXPLAIN)
        text_strip(&text, &len);
    if (kind == LISTING_INFO && len == 0) { /* white space may be what is asked about */
        text = whole;
        len = whole_len;
    }
    if (kind != LISTING_EXPLAIN && len > QUERY_LINE_BYTES)
        return ill_formed(error, "argument too long (limit 4096 bytes)", NULL, 0);
    struct listing *l = malloc(sizeof *l + len);
    *made = l;
    if (!l)
        return SEARCH_NO_MEMORY;
    *l = (struct listing){.index = ix, .kind = kind, .len = len, .units = STEP_UNITS};
    memcpy(l->text, text, len);
    enum search_result result = open_kind(l, error);
    if (result == SEARCH_OPENED)
        return result;
    free(l);
    *made = NULL;
    return result;
}

/* ---- lines ---- */

static enum listing_step next_word(struct listing *l, const struct render_style *style, char *out, size_t *len)
{
    size_t text_len;
    uint32_t before = l->at, words = index_word_count(l->index);
    if (before == words)
        return LISTING_END;
    bool fits = vocabulary_fits(l->index, l->text, l->len, &l->at);
    if (!fits)
        return l->at == words ? LISTING_END : LISTING_AGAIN;
    listing_spend(l, (size_t)(l->at - before) * UNITS_WORD);
    const char *text = index_word_text(l->index, l->at, &text_len);
    *len = render_word(style, text, text_len, vocabulary_members(l->index, l->at), out);
    l->at++;
    return LISTING_RESULT;
}

/* In JSON documents the values stand in one object. */
static enum listing_step next_value(struct listing *l, const struct render_style *style, char *out, size_t *len)
{
    bool object = style->document && style->format == RENDER_JSON;
    if (object && !l->begun) {
        l->begun = true;
        *len = listing_list_begin(l, out);
        return LISTING_FRAME;
    }
    enum listing_step step = listing_values(l, style, out, len);
    if (step != LISTING_END || !object || l->ended)
        return step;
    l->ended = true;
    *len = listing_list_end(style, out);
    return LISTING_FRAME;
}

static enum listing_step next_line(struct listing *l, const struct render_style *style, char *out, size_t *len)
{
    switch (l->kind) {
    case LISTING_INFO: return listing_card(l, style, out, len);
    case LISTING_EXPLAIN: return listing_explain(l, style, out, len);
    case LISTING_VALUES: return next_value(l, style, out, len);
    case LISTING_WORDS: return next_word(l, style, out, len);
    }
    return LISTING_END;
}

enum listing_step listing_next(struct listing *l, const struct render_style *style, char *out, size_t *len)
{
    enum listing_step step = l->units ? next_line(l, style, out, len) : LISTING_AGAIN;
    listing_spend(l, UNITS_LINE);
    if (step == LISTING_AGAIN)
        l->units = STEP_UNITS;
    l->found += step == LISTING_RESULT;
    return step;
}

size_t listing_text(const struct render_style *style, const char *text, size_t len, char *out)
{
    return style->document ? render_unmarked(style, text, len, out) : render_note(style, text, len, out);
}

uint64_t listing_found(const struct listing *l)
{
    return l->found;
}

bool listing_counts(const struct listing *l)
{
    return l->kind == LISTING_EXPLAIN || l->kind == LISTING_WORDS;
}

bool listing_is_limited(const struct listing *l)
{
    return l->kind == LISTING_WORDS;
}

void listing_close(struct listing *l)
{
    free(l);
}
