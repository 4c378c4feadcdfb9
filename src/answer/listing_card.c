/* The card of one character: every field a line, in an order for people. */
#include "listing_inside.h"
#include "unicode/codepoint.h"
#include "unicode/props.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct card_line {
    const struct listing *listing;
    const struct render_style *style;
    char text[LISTING_LINE_BYTES];
    size_t len;
};

static void say(struct card_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct card_line *line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line->text + line->len, sizeof line->text - line->len, format, args);
    va_end(args);
    line->len += n > 0 ? (size_t)n : 0;
    if (line->len >= sizeof line->text)
        line->len = sizeof line->text - 1;
}

static uint32_t codepoint(const struct card_line *line)
{
    return line->listing->codepoint;
}

/* ---- fields: each writes its line, or nothing when the character has no such field ---- */

static void field_codepoint(struct card_line *line)
{
    say(line, "code point: U+%04" PRIX32 " (%" PRIu32 ")", codepoint(line), codepoint(line));
}

static void field_kind(struct card_line *line)
{
    if (index_ordinal(line->listing->index, codepoint(line)) == INDEX_NONE)
        say(line, "not a character: %s", codepoint_kind(codepoint(line)));
}

static void field_char(struct card_line *line)
{
    char shown[CODEPOINT_BYTES];
    size_t len = codepoint_show(line->listing->index, codepoint(line), line->style->safe, shown);
    say(line, "character: %.*s", (int)len, shown);
}

static void field_name(struct card_line *line)
{
    const struct index *ix = line->listing->index;
    uint32_t ordinal = index_ordinal(ix, codepoint(line));
    char label[CODEPOINT_BYTES];
    size_t len = codepoint_label(codepoint(line), label);
    const char *name = label;
    if (ordinal != INDEX_NONE && !index_is_control(ix, ordinal))
        name = index_name(ix, ordinal, &len);
    say(line, "name: %.*s", (int)len, name);
}

/* All of them in one line; each with what kind of alias it is. */
static void field_aliases(struct card_line *line)
{
    const struct index *ix = line->listing->index;
    uint32_t ordinal = index_ordinal(ix, codepoint(line));
    if (ordinal == INDEX_NONE)
        return;
    struct index_run aliases = index_aliases_of(ix, ordinal);
    for (uint32_t a = aliases.first; a < aliases.end; a++) {
        size_t len;
        const char *alias = index_alias(ix, a, &len);
        say(line, "%s%.*s (%s)", a == aliases.first ? "alias: " : ", ", (int)len, alias, index_alias_kind(ix, a));
    }
    if (index_alias_count(ix) == 0)
        say(line, "alias: not in this program's data");
}

static void value(struct card_line *line, const char *label, uint32_t table, bool both)
{
    uint32_t v = props_get(table, codepoint(line));
    if (!props_has(table))
        say(line, "%s: not in this program's data", label);
    else if (both)
        say(line, "%s: %s %s", label, props_short(table, v), props_long(table, v));
    else
        say(line, "%s: %s", label, props_long(table, v));
}

static void field_category(struct card_line *line)
{
    value(line, "category", PROPS_CATEGORY, true);
}

static void field_script(struct card_line *line)
{
    value(line, "script", PROPS_SCRIPT, true);
}

static void field_block(struct card_line *line)
{
    value(line, "block", PROPS_BLOCK, false);
}

static void field_age(struct card_line *line)
{
    uint32_t v = props_get(PROPS_AGE, codepoint(line));
    if (!props_has(PROPS_AGE))
        say(line, "age: not in this program's data");
    else
        say(line, "age: %s", v ? props_short(PROPS_AGE, v) : "none");
}

static void field_width(struct card_line *line)
{
    value(line, "width", PROPS_WIDTH, true);
}

static void spelled(struct card_line *line, const char *label, size_t (*spell)(uint32_t, char *))
{
    char text[CODEPOINT_BYTES];
    size_t len = spell(codepoint(line), text);
    if (len)
        say(line, "%s: %.*s", label, (int)len, text);
}

static void field_utf8(struct card_line *line)
{
    spelled(line, "UTF-8", codepoint_utf8);
}

static void field_utf16(struct card_line *line)
{
    spelled(line, "UTF-16", codepoint_utf16);
}

static void field_html(struct card_line *line)
{
    spelled(line, "HTML", codepoint_html);
}

static void field_c(struct card_line *line)
{
    spelled(line, "C", codepoint_c);
}

static void field_json(struct card_line *line)
{
    spelled(line, "JSON", codepoint_json);
}

static void field_url(struct card_line *line)
{
    spelled(line, "URL", codepoint_url);
}

/* "<compat> 0020 0308" becomes "<compat> U+0020 U+0308". */
static void field_decomposition(struct card_line *line)
{
    char buffer[PROPS_HANGUL_BYTES];
    const char *text = props_decomposition(codepoint(line), buffer);
    say(line, "decomposition:%s", text ? "" : " none");
    while (text && *text) {
        size_t len = strcspn(text, " ");
        say(line, *text == '<' ? " %.*s" : " U+%.*s", (int)len, text);
        text += len + (text[len] == ' ');
    }
}

static void field_case(struct card_line *line)
{
    struct props_case pair;
    bool has = props_case(codepoint(line), &pair);
    say(line, "case:%s", has ? "" : " none");
    if (!has)
        return;
    if (pair.upper != codepoint(line))
        say(line, " upper U+%04" PRIX32, pair.upper);
    if (pair.lower != codepoint(line))
        say(line, " lower U+%04" PRIX32, pair.lower);
    if (pair.title != pair.upper)
        say(line, " title U+%04" PRIX32, pair.title);
}

static void field_combining(struct card_line *line)
{
    uint32_t v = props_get(PROPS_COMBINING, codepoint(line));
    say(line, "combining class: %" PRIu32 " %s", v, props_long(PROPS_COMBINING, v));
}

static void field_bidi(struct card_line *line)
{
    value(line, "bidi class", PROPS_BIDI, true);
}

static void (*const fields[])(struct card_line *) = {
    field_codepoint, field_kind, field_char,          field_name, field_aliases,   field_category, field_script,
    field_block,     field_age,  field_width,         field_utf8, field_utf16,     field_html,     field_c,
    field_json,      field_url,  field_decomposition, field_case, field_combining, field_bidi,
};

/* In columns the label is one of its own. */
static void split_label(struct card_line *line)
{
    char *colon = strstr(line->text, ": ");
    if (!colon)
        return;
    *colon = '\t';
    memmove(colon + 1, colon + 2, line->len - (size_t)(colon + 2 - line->text));
    line->len--;
}

enum listing_step listing_card(struct listing *l, const struct render_style *style, char *out, size_t *len)
{
    struct card_line line = {.listing = l, .style = style};
    if (style->document && style->format != RENDER_TEXT && style->format != RENDER_TSV) {
        if (l->at++ > 0)
            return LISTING_END;
        *len = listing_card_document(l, style, out);
        return LISTING_NOTE;
    }
    while (l->at < sizeof fields / sizeof *fields) {
        fields[l->at++](&line);
        if (!line.len)
            continue;
        if (style->document && style->format == RENDER_TSV)
            split_label(&line);
        *len = listing_text(style, line.text, line.len, out);
        return LISTING_NOTE;
    }
    return LISTING_END;
}
