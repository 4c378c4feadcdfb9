/* Writes the lines of answers: text, tsv, json, codes. */
#include "unicode/render.h"
#include "query_lex.h"
#include "unicode/codepoint.h"
#include "unicode/props.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct render_style render_default = RENDER_DEFAULT;

#define BAR     "\xE2\x94\x80" /* U+2500 */
#define BARS_11 BAR BAR BAR BAR BAR BAR BAR BAR BAR BAR BAR
static const char bars[] = BARS_11 BARS_11 BARS_11 BARS_11 BARS_11 BARS_11; /* 66 of them */

/* ---- a line being written ---- */

struct line {
    char *text;
    size_t len;
};

static struct line begin_line(char *out)
{
    return (struct line){.text = out};
}

static void put(struct line *l, const char *text, size_t len)
{
    size_t room = RENDER_BYTES - 2 - l->len; /* the line end always fits */
    len = len < room ? len : room;
    memcpy(l->text + l->len, text, len);
    l->len += len;
}

static void put_text(struct line *l, const char *text)
{
    put(l, text, strlen(text));
}

/* By hand: printf is ten times as dear, and this is in every answer. */
static void put_number(struct line *l, uint64_t n)
{
    char digits[20];
    size_t len = 0;
    do {
        digits[sizeof digits - ++len] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    put(l, digits + sizeof digits - len, len);
}

static void put_format(struct line *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put_format(struct line *l, const char *format, ...)
{
    char text[64];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    put_text(l, text);
}

static size_t end_line(const struct render_style *style, struct line *l)
{
    if (!style->unix)
        l->text[l->len++] = '\r';
    l->text[l->len++] = '\n';
    return l->len;
}

/* The bytes at the start of text that need no second look. */
static size_t json_ready(const char *text, size_t len)
{
    size_t n = 0;
    while (n < len && text[n] >= ' ' && text[n] < 0x7F && text[n] != '"' && text[n] != '\\')
        n++;
    return n;
}

/* A JSON string.  Beside what JSON asks for, characters that a terminal would not show as they are are escaped. */
static void put_json(struct line *l, const char *text, size_t len)
{
    put(l, "\"", 1);
    while (len > 0) {
        uint32_t c;
        char escaped[CODEPOINT_BYTES];
        size_t ready = json_ready(text, len);
        put(l, text, ready);
        text += ready;
        len -= ready;
        if (!len)
            break;
        size_t bytes = text_decode(text, len, &c);
        uint32_t category = props_get(PROPS_CATEGORY, c);
        const char *kind = props_short(PROPS_CATEGORY, category);
        if (c == '"' || c == '\\')
            put(l, "\\", 1);
        if (kind[0] == 'C' || strcmp(kind, "Zl") == 0 || strcmp(kind, "Zp") == 0)
            put(l, escaped, codepoint_json(c, escaped));
        else
            put(l, text, bytes);
        text += bytes;
        len -= bytes;
    }
    put(l, "\"", 1);
}

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
        put(l, label, codepoint_label(s->codepoint, label));
        return;
    }
    const char *name = index_name(s->ix, s->ordinal, &len);
    put(l, name, len);
}

static void put_alias(struct line *l, const struct subject *s)
{
    size_t len;
    if (s->alias == INDEX_NONE)
        return;
    const char *alias = index_alias(s->ix, s->alias, &len);
    put(l, alias, len);
}

static void put_value(struct line *l, uint32_t table, uint32_t codepoint, bool short_name)
{
    uint32_t value = props_get(table, codepoint);
    if (props_has(table))
        put_text(l, short_name ? props_short(table, value) : props_long(table, value));
}

static void put_column(struct line *l, const struct render_style *style, const struct subject *s,
                       enum render_column column)
{
    char spelled[CODEPOINT_BYTES];
    switch (column) {
    case COLUMN_CP: put_format(l, "U+%04" PRIX32, s->codepoint); break;
    case COLUMN_CHAR: put(l, spelled, codepoint_show(s->ix, s->codepoint, style->safe, spelled)); break;
    case COLUMN_NAME: put_name(l, s); break;
    case COLUMN_ALIAS:
        if (style->format == RENDER_TEXT && s->alias != INDEX_NONE)
            put_text(l, "alias ");
        put_alias(l, s);
        break;
    case COLUMN_BLOCK: put_value(l, PROPS_BLOCK, s->codepoint, false); break;
    case COLUMN_SCRIPT: put_value(l, PROPS_SCRIPT, s->codepoint, false); break;
    case COLUMN_CATEGORY: put_value(l, PROPS_CATEGORY, s->codepoint, true); break;
    case COLUMN_AGE: put_value(l, PROPS_AGE, s->codepoint, true); break;
    case COLUMN_WIDTH: put_value(l, PROPS_WIDTH, s->codepoint, true); break;
    case COLUMN_UTF8: put(l, spelled, codepoint_utf8(s->codepoint, spelled)); break;
    case COLUMN_UTF16: put(l, spelled, codepoint_utf16(s->codepoint, spelled)); break;
    case COLUMN_HTML: put(l, spelled, codepoint_html(s->codepoint, spelled)); break;
    case COLUMN_DEC: put_format(l, "%" PRIu32, s->codepoint); break;
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
            put(l, "\t", 1);
        put_column(l, style, s, style->column[i]);
    }
}

static void put_object(struct line *l, const struct subject *s)
{
    char character[4];
    struct line name = {(char[RENDER_BYTES]){0}, 0};
    bool surrogate = s->codepoint >= 0xD800 && s->codepoint <= 0xDFFF;
    put_format(l, "{\"cp\":\"U+%04" PRIX32 "\",\"char\":", s->codepoint);
    put_json(l, character, surrogate ? 0 : text_encode(s->codepoint, character));
    put_text(l, ",\"name\":");
    put_name(&name, s);
    put_json(l, name.text, name.len);
    if (s->alias != INDEX_NONE) {
        name.len = 0;
        put_alias(&name, s);
        put_text(l, ",\"alias\":");
        put_json(l, name.text, name.len);
    }
    put_text(l, "}");
}

static size_t render_subject(const struct render_style *style, const struct subject *s, char *out)
{
    struct line l = begin_line(out);
    switch ((enum render_format)style->format) {
    case RENDER_TEXT:
    case RENDER_TSV: put_columns(&l, style, s); break;
    case RENDER_JSON: put_object(&l, s); break;
    case RENDER_CODES: put_format(&l, "U+%04" PRIX32, s->codepoint); break;
    case RENDER_FORMATS: break;
    }
    return end_line(style, &l);
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
    struct line l = begin_line(out);
    bool json = style->format == RENDER_JSON;
    if (json)
        put_text(&l, "{\"word\":\"");
    put(&l, word, len);
    if (json)
        put_format(&l, "\",\"count\":%" PRIu32 "}", members);
    else if (style->format != RENDER_CODES)
        put_format(&l, "\t%" PRIu32, members);
    return end_line(style, &l);
}

/* ---- what is no match ---- */

static size_t render_remark(const struct render_style *style, const char *mark, const char *key, const char *text,
                            size_t len, char *out)
{
    struct line l = begin_line(out);
    if (style->format == RENDER_JSON) {
        put_format(&l, "{\"%s\":", key);
        put_json(&l, text, len);
        put(&l, "}", 1);
    } else {
        put_text(&l, mark);
        put(&l, text, len);
    }
    return end_line(style, &l);
}

size_t render_note(const struct render_style *style, const char *text, size_t len, char *out)
{
    return render_remark(style, "# ", "note", text, len, out);
}

size_t render_error(const struct render_style *style, const char *text, size_t len, char *out)
{
    return render_remark(style, "! ", "error", text, len, out);
}

size_t render_ok(const struct render_style *style, char *out)
{
    struct line l = begin_line(out);
    put_text(&l, style->format == RENDER_JSON ? "{\"ok\":true}" : "# ok");
    return end_line(style, &l);
}

static void put_object_status(struct line *l, const struct render_tally *t)
{
    put_text(l, "{\"found\":");
    put_number(l, t->found);
    if (t->stopped || t->cut) {
        put_text(l, t->stopped ? ",\"stopped\":" : ",\"shown\":");
        put_number(l, t->shown);
    }
    put(l, "}", 1);
}

size_t render_status(const struct render_style *style, const struct render_tally *t, char *out)
{
    struct line l = begin_line(out);
    if (style->format == RENDER_JSON) {
        put_object_status(&l, t);
        return end_line(style, &l);
    }
    if (style->format == RENDER_TEXT)
        put(&l, bars, sizeof bars - 1);
    else
        put(&l, "#", 1);
    put(&l, " ", 1);
    put_number(&l, t->found);
    put_text(&l, t->stopped ? " found, stopped after " : t->cut ? " found, " : " found");
    if (t->stopped || t->cut)
        put_number(&l, t->shown);
    if (t->cut && !t->stopped)
        put_text(&l, " shown");
    return end_line(style, &l);
}

/* ---- names ---- */

const char *render_format_name(enum render_format format)
{
    static const char *const names[RENDER_FORMATS] = {"text", "tsv", "json", "codes"};
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
        size_t word = lex_word(text, (size_t)(end - text), ',');
        if (word && !add_column(&changed, text, word)) {
            *bad = text;
            *bad_len = word;
            return false;
        }
        text += word ? word : *text == ',' ? 1 : lex_space(text, (size_t)(end - text));
    }
    if (!changed.columns)
        return false;
    *style = changed;
    render_settle(style);
    return true;
}
