/* Cards and lists that stand alone, in the formats for programs: a JSON object each, columns, names.
 *
 * Every object of a kind has the same keys; what a character has not is null, or an empty array. */
#include "listing_inside.h"
#include "render_line.h"
#include "unicode/codepoint.h"
#include "unicode/props.h"
#include "unicode/text.h"

#include <inttypes.h>

/* ---- members of an object ---- */

static void key(struct line *l, const char *name)
{
    line_text(l, l->len > 1 ? ",\"" : "\"");
    line_text(l, name);
    line_text(l, "\":");
}

/* text NULL: null. */
static void string(struct line *l, const char *name, const char *text, size_t len)
{
    key(l, name);
    if (text)
        line_json(l, text, len);
    else
        line_text(l, "null");
}

static void number(struct line *l, const char *name, uint64_t n)
{
    key(l, name);
    line_number(l, n);
}

static void codepoint(struct line *l, const char *name, uint32_t c)
{
    key(l, name);
    line_format(l, "\"U+%04" PRIX32 "\"", c);
}

/* The short name of a property's value, or the long one. */
static void property(struct line *l, const char *name, uint32_t table, uint32_t c, bool is_long)
{
    uint32_t value = props_get(table, c);
    const char *text = is_long ? props_long(table, value) : props_short(table, value);
    string(l, name, props_has(table) ? text : NULL, strlen(text));
}

static void spelling(struct line *l, const char *name, size_t (*spell)(uint32_t, char *), uint32_t c)
{
    char text[CODEPOINT_BYTES];
    size_t len = spell(c, text);
    string(l, name, len ? text : NULL, len);
}

/* ---- a card ---- */

static void put_aliases(struct line *l, const char *name, const struct index *ix, struct index_run aliases, bool kinds)
{
    key(l, name);
    line_text(l, "[");
    for (uint32_t a = aliases.first; a < aliases.end; a++) {
        size_t len;
        const char *text = index_alias(ix, a, &len);
        if (a > aliases.first)
            line_text(l, ",");
        if (kinds)
            line_json(l, index_alias_kind(ix, a), strlen(index_alias_kind(ix, a)));
        else
            line_json(l, text, len);
    }
    line_text(l, "]");
}

/* What it is, and how it is called. */
static void put_identity(struct line *l, const struct index *ix, uint32_t c)
{
    char utf8[4], label[CODEPOINT_BYTES];
    bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    uint32_t ordinal = index_ordinal(ix, c);
    size_t len = codepoint_label(c, label);
    const char *name = label, *kind = ordinal == INDEX_NONE ? codepoint_kind(c) : "character";
    if (ordinal != INDEX_NONE && !index_is_control(ix, ordinal))
        name = index_name(ix, ordinal, &len);
    codepoint(l, "cp", c);
    number(l, "dec", c);
    string(l, "char", surrogate ? NULL : utf8, surrogate ? 0 : text_encode(c, utf8));
    string(l, "kind", kind, strlen(kind));
    string(l, "name", name, len);
    struct index_run aliases = {0, 0};
    if (ordinal != INDEX_NONE)
        aliases = index_aliases_of(ix, ordinal);
    put_aliases(l, "aliases", ix, aliases, false);
    put_aliases(l, "alias_kinds", ix, aliases, true);
}

static void put_properties(struct line *l, uint32_t c)
{
    uint32_t age = props_get(PROPS_AGE, c);
    const char *version = props_short(PROPS_AGE, age);
    property(l, "category", PROPS_CATEGORY, c, false);
    property(l, "category_name", PROPS_CATEGORY, c, true);
    property(l, "script", PROPS_SCRIPT, c, true);
    property(l, "script_code", PROPS_SCRIPT, c, false);
    property(l, "block", PROPS_BLOCK, c, true);
    string(l, "age", props_has(PROPS_AGE) && age ? version : NULL, strlen(version));
    property(l, "width", PROPS_WIDTH, c, false);
    property(l, "width_name", PROPS_WIDTH, c, true);
    number(l, "combining_class", props_get(PROPS_COMBINING, c));
    property(l, "bidi_class", PROPS_BIDI, c, false);
    property(l, "bidi_class_name", PROPS_BIDI, c, true);
}

static void put_spellings(struct line *l, uint32_t c)
{
    spelling(l, "utf8", codepoint_utf8, c);
    spelling(l, "utf16", codepoint_utf16, c);
    spelling(l, "html", codepoint_html, c);
    spelling(l, "c", codepoint_c, c);
    spelling(l, "json", codepoint_json, c);
    spelling(l, "url", codepoint_url, c);
}

/* "<compat> 0020 0308" becomes "compat" and ["U+0020","U+0308"]. */
static void put_decomposition(struct line *l, uint32_t c)
{
    char buffer[PROPS_HANGUL_BYTES];
    const char *text = props_decomposition(c, buffer), *type = text ? "canonical" : NULL;
    size_t type_len = type ? strlen(type) : 0;
    if (text && *text == '<') {
        type = text + 1;
        type_len = strcspn(type, ">");
        text = type + type_len + 2;
    }
    string(l, "decomposition_type", type, type_len);
    key(l, "decomposition");
    line_text(l, "[");
    for (const char *between = ""; text && *text; between = ",") {
        size_t len = strcspn(text, " ");
        line_format(l, "%s\"U+%.*s\"", between, (int)len, text);
        text += len + (text[len] == ' ');
    }
    line_text(l, "]");
}

static void put_case(struct line *l, uint32_t c)
{
    struct props_case pair;
    if (!props_case(c, &pair))
        pair = (struct props_case){c, c, c, c};
    const struct {
        const char *name;
        uint32_t mapped;
    } mappings[] = {{"upper", pair.upper}, {"lower", pair.lower}, {"title", pair.title}};
    for (size_t i = 0; i < sizeof mappings / sizeof *mappings; i++) {
        if (mappings[i].mapped != c)
            codepoint(l, mappings[i].name, mappings[i].mapped);
        else
            string(l, mappings[i].name, NULL, 0);
    }
}

size_t listing_card_document(const struct listing *l, const struct render_style *style, char *out)
{
    struct line line = line_begin(out);
    if (style->format != RENDER_JSON)
        return render_codepoint(style, l->index, l->codepoint, out);
    line_text(&line, "{");
    put_identity(&line, l->index, l->codepoint);
    put_properties(&line, l->codepoint);
    put_spellings(&line, l->codepoint);
    put_decomposition(&line, l->codepoint);
    put_case(&line, l->codepoint);
    line_text(&line, "}");
    return line_end(style, &line);
}

/* ---- a list ---- */

size_t listing_list_begin(const struct listing *l, char *out)
{
    struct line line = line_begin(out);
    line_text(&line, "{");
    string(&line, "list", l->list, strlen(l->list));
    key(&line, "values");
    line_text(&line, "[");
    return line.len;
}

size_t listing_list_end(const struct render_style *style, char *out)
{
    struct line line = line_begin(out);
    line_text(&line, "]}");
    return line_end(style, &line);
}

static void put_value_object(struct line *line, const struct listing_value *v)
{
    struct line object = line_begin(line->text + line->len);
    line_text(&object, "{");
    string(&object, "name", v->name, strlen(v->name));
    string(&object, "short", v->short_name, strlen(v->short_name));
    number(&object, "count", v->members);
    line_text(&object, "}");
    line->len += object.len;
}

size_t listing_value_document(struct listing *l, const struct render_style *style, const struct listing_value *v,
                              char *out)
{
    struct line line = line_begin(out);
    if (style->format == RENDER_JSON) {
        line_text(&line, l->values++ ? "," : "");
        put_value_object(&line, v);
        return line.len;
    }
    line_text(&line, v->name);
    if (style->format == RENDER_TSV) {
        line_text(&line, "\t");
        line_text(&line, v->short_name);
        line_format(&line, "\t%" PRIu32, v->members);
    }
    return line_end(style, &line);
}
