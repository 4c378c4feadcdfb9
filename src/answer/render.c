/* Writes the lines of answers: text, tsv, json, codes, chars. */
#include "answer/render.h"
#include "render_line.h"
#include "unicode/codepoint.h"
#include "unicode/props.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <string.h>

static const struct render_style render_default = RENDER_DEFAULT;

#define BAR     "\xE2\x94\x80" /* U+2500 */
#define BARS_11 BAR BAR BAR BAR BAR BAR BAR BAR BAR BAR BAR
static const char bars[] = BARS_11 BARS_11 BARS_11 BARS_11 BARS_11 BARS_11; /* 66 of them */

/* ---- columns ---- */

/* What a line is about. */
struct subject {
    const struct index *ix;
    uint32_t codepoint, ordinal, alias; /* ordinal, alias: INDEX_NONE where there is none */
};

static void put_name(struct line *l, const struct subject *s)
{
    char label[CODEPOINT_BYTES];
    size_t len;
    if (s->ordinal == INDEX_NONE) {
        line_put(l, label, codepoint_label(s->codepoint, label));
        return;
    }
    const char *name = index_name(s->ix, s->ordinal, &len);
    line_put(l, name, len);
}

static void put_alias(struct line *l, const struct subject *s)
{
    size_t len;
    if (s->alias == INDEX_NONE)
        return;
    const char *alias = index_alias(s->ix, s->alias, &len);
    line_put(l, alias, len);
}

static void put_value(struct line *l, uint32_t table, uint32_t codepoint, bool short_name)
{
    uint32_t value = props_get(table, codepoint);
    if (props_has(table))
        line_text(l, short_name ? props_short(table, value) : props_long(table, value));
}

static void put_column(struct line *l, const struct render_style *style, const struct subject *s,
                       enum render_column column)
{
    char spelled[CODEPOINT_BYTES];
    switch (column) {
    case COLUMN_CP: line_format(l, "U+%04" PRIX32, s->codepoint); break;
    case COLUMN_CHAR: line_put(l, spelled, codepoint_show(s->ix, s->codepoint, style->safe, spelled)); break;
    case COLUMN_NAME: put_name(l, s); break;
    case COLUMN_ALIAS:
        if (style->format == RENDER_TEXT && s->alias != INDEX_NONE)
            line_text(l, "alias ");
        put_alias(l, s);
        break;
    case COLUMN_BLOCK: put_value(l, PROPS_BLOCK, s->codepoint, false); break;
    case COLUMN_SCRIPT: put_value(l, PROPS_SCRIPT, s->codepoint, false); break;
    case COLUMN_CATEGORY: put_value(l, PROPS_CATEGORY, s->codepoint, true); break;
    case COLUMN_AGE: put_value(l, PROPS_AGE, s->codepoint, true); break;
    case COLUMN_WIDTH: put_value(l, PROPS_WIDTH, s->codepoint, true); break;
    case COLUMN_UTF8: line_put(l, spelled, codepoint_utf8(s->codepoint, spelled)); break;
    case COLUMN_UTF16: line_put(l, spelled, codepoint_utf16(s->codepoint, spelled)); break;
    case COLUMN_HTML: line_put(l, spelled, codepoint_html(s->codepoint, spelled)); break;
    case COLUMN_DEC: line_format(l, "%" PRIu32, s->codepoint); break;
    case COLUMNS: break;
    }
}

static void put_columns(struct line *l, const struct render_style *style, const struct subject *s)
{
    for (unsigned i = 0; i < style->columns; i++) {
        bool last = i + 1 == style->columns;
        if (last && i > 0 && style->format == RENDER_TEXT && style->column[i] == COLUMN_ALIAS && s->alias == INDEX_NONE)
            break;
        if (i > 0)
            line_put(l, "\t", 1);
        put_column(l, style, s, style->column[i]);
    }
}

static void put_object(struct line *l, const struct subject *s)
{
    char character[4];
    struct line name = {(char[RENDER_BYTES]){0}, 0};
    bool surrogate = s->codepoint >= 0xD800 && s->codepoint <= 0xDFFF;
    line_format(l, "{\"cp\":\"U+%04" PRIX32 "\",\"char\":", s->codepoint);
    line_json(l, character, surrogate ? 0 : text_encode(s->codepoint, character));
    line_text(l, ",\"name\":");
    put_name(&name, s);
    line_json(l, name.text, name.len);
    if (s->alias != INDEX_NONE) {
        name.len = 0;
        put_alias(&name, s);
        line_text(l, ",\"alias\":");
        line_json(l, name.text, name.len);
    }
    line_text(l, "}");
}

static size_t render_subject(const struct render_style *style, const struct subject *s, char *out)
{
    struct line l = line_begin(out);
    switch ((enum render_format)style->format) {
    case RENDER_TEXT:
    case RENDER_TSV: put_columns(&l, style, s); break;
    case RENDER_JSON: put_object(&l, s); break;
    case RENDER_CODES: line_format(&l, "U+%04" PRIX32, s->codepoint); break;
    case RENDER_CHARS: put_column(&l, style, s, COLUMN_CHAR); break;
    case RENDER_FORMATS: break;
    }
    return line_end(style, &l);
}

size_t render_match(const struct render_style *style, const struct index *ix, uint32_t ordinal, uint32_t alias,
                    char *out)
{
    struct subject s = {ix, index_codepoint(ix, ordinal), ordinal, alias};
    return render_subject(style, &s, out);
}

size_t render_codepoint(const struct render_style *style, const struct index *ix, uint32_t codepoint, char *out)
{
    struct subject s = {ix, codepoint, index_ordinal(ix, codepoint), INDEX_NONE};
    return render_subject(style, &s, out);
}

size_t render_word(const struct render_style *style, const char *word, size_t len, uint32_t members, char *out)
{
    struct line l = line_begin(out);
    bool json = style->format == RENDER_JSON;
    if (json)
        line_text(&l, "{\"word\":\"");
    line_put(&l, word, len);
    if (json)
        line_format(&l, "\",\"count\":%" PRIu32 "}", members);
    else if (style->format != RENDER_CODES && style->format != RENDER_CHARS)
        line_format(&l, "\t%" PRIu32, members);
    return line_end(style, &l);
}

/* ---- what is no match ---- */

static size_t render_remark(const struct render_style *style, const char *mark, const char *key, const char *text,
                            size_t len, char *out)
{
    struct line l = line_begin(out);
    if (style->format == RENDER_JSON) {
        line_format(&l, "{\"%s\":", key);
        line_json(&l, text, len);
        line_put(&l, "}", 1);
    } else {
        line_text(&l, mark);
        line_put(&l, text, len);
    }
    return line_end(style, &l);
}

size_t render_note(const struct render_style *style, const char *text, size_t len, char *out)
{
    return render_remark(style, "# ", "note", text, len, out);
}

size_t render_unmarked(const struct render_style *style, const char *text, size_t len, char *out)
{
    struct line l = line_begin(out);
    line_put(&l, text, len);
    return line_end(style, &l);
}

size_t render_error(const struct render_style *style, const char *text, size_t len, char *out)
{
    return render_remark(style, "! ", "error", text, len, out);
}

size_t render_ok(const struct render_style *style, char *out)
{
    struct line l = line_begin(out);
    line_text(&l, style->format == RENDER_JSON ? "{\"ok\":true}" : "# ok");
    return line_end(style, &l);
}

size_t render_number(const struct render_style *style, uint64_t number, char *out)
{
    struct line l = line_begin(out);
    line_number(&l, number);
    return line_end(style, &l);
}

static void put_object_status(struct line *l, const struct render_tally *t)
{
    line_text(l, "{\"found\":");
    line_number(l, t->found);
    if (t->stopped || t->cut) {
        line_text(l, t->stopped ? ",\"stopped\":" : ",\"shown\":");
        line_number(l, t->shown);
    }
    line_put(l, "}", 1);
}

size_t render_status(const struct render_style *style, const struct render_tally *t, char *out)
{
    struct line l = line_begin(out);
    if (style->format == RENDER_JSON) {
        put_object_status(&l, t);
        return line_end(style, &l);
    }
    if (style->format == RENDER_TEXT)
        line_put(&l, bars, sizeof bars - 1);
    else
        line_put(&l, "#", 1);
    line_put(&l, " ", 1);
    line_number(&l, t->found);
    line_text(&l, t->stopped ? " found, stopped after " : t->cut ? " found, " : " found");
    if (t->stopped || t->cut)
        line_number(&l, t->shown);
    if (t->cut && !t->stopped)
        line_text(&l, " shown");
    return line_end(style, &l);
}

/* ---- names ---- */

const char *render_format_name(enum render_format format)
{
    static const char *const names[RENDER_FORMATS] = {"text", "tsv", "json", "codes", "chars"};
    return names[format];
}

const char *render_column_name(enum render_column column)
{
    static const char *const names[COLUMNS] = {"cp",  "char",  "name", "alias", "block", "script", "category",
                                               "age", "width", "utf8", "utf16", "html",  "dec"};
    return names[column];
}

void render_settle(struct render_style *style)
{
    style->plain = style->format == RENDER_TEXT && !style->safe && style->columns == render_default.columns &&
                   memcmp(style->column, render_default.column, style->columns) == 0;
}

static bool is_name(const char *text, size_t len, const char *name)
{
    if (strlen(name) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 0x20 : text[i]) != name[i])
            return false;
    return true;
}

bool render_parse_format(struct render_style *style, const char *text, size_t len)
{
    for (unsigned f = 0; f < RENDER_FORMATS; f++)
        if (is_name(text, len, render_format_name(f))) {
            style->format = (uint8_t)f;
            render_settle(style);
            return true;
        }
    return false;
}

/* Adds the column of this name: false when there is none or it is there. */
static bool add_column(struct render_style *style, const char *text, size_t len)
{
    for (unsigned c = 0; c < COLUMNS; c++)
        if (is_name(text, len, render_column_name(c)) && !memchr(style->column, (int)c, style->columns)) {
            style->column[style->columns++] = (uint8_t)c;
            return true;
        }
    return false;
}

bool render_parse_columns(struct render_style *style, const char *text, size_t len, const char **bad, size_t *bad_len)
{
    struct render_style changed = *style;
    const char *end = text + len;
    changed.columns = 0;
    *bad_len = 0;
    while (text < end) {
        size_t word = text_word(text, (size_t)(end - text), ',');
        if (word && !add_column(&changed, text, word)) {
            *bad = text;
            *bad_len = word;
            return false;
        }
        text += word ? word : *text == ',' ? 1 : text_space(text, (size_t)(end - text));
    }
    if (!changed.columns)
        return false;
    *style = changed;
    render_settle(style);
    return true;
}
