/* The universe of characters, put together from DerivedName.txt and NameAliases.txt. */
#include "names.h"
#include "unicode/image.h"
#include "unicode/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t names_ordinal(const struct names *n, uint32_t codepoint)
{
    uint32_t low = 0, high = names_count(n);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (names_at(n, middle)->codepoint < codepoint)
            low = middle + 1;
        else
            high = middle;
    }
    return low < names_count(n) && names_at(n, low)->codepoint == codepoint ? low : UINT32_MAX;
}

/* ---- building ---- */

static void append_entry(struct names *n, uint32_t codepoint, const char *text, size_t len, size_t tail)
{
    struct name name = {.codepoint = codepoint,
                        .text = (uint32_t)n->text.len,
                        .len = (uint8_t)len,
                        .tail = (uint8_t)tail,
                        .control = text_is_control(codepoint)};
    buffer_append(&n->text, text, len);
    buffer_append(&n->name, &name, sizeof name);
}

/* All controls from after the last entry up to below. */
static void append_controls(struct names *n, uint32_t below)
{
    uint32_t count = names_count(n);
    uint32_t next = count ? names_at(n, count - 1)->codepoint + 1 : 0;
    for (; next < below && next < 0xA0; next++)
        if (text_is_control(next))
            append_entry(n, next, NULL, 0, 0);
}

void names_append(struct names *n, uint32_t codepoint, const char *text, size_t len, size_t tail)
{
    append_controls(n, codepoint);
    append_entry(n, codepoint, text, len, tail);
}

/* A control is shown by its first alias, else by its code point label (the Unicode Standard, section 4.8). */
static void label_controls(struct names *n)
{
    struct name *name = (struct name *)(void *)n->name.data;
    for (uint32_t i = names_alias_count(n); i-- > 0;) {
        const struct alias *a = names_alias(n, i);
        if (name[a->ordinal].control) {
            name[a->ordinal].text = a->text;
            name[a->ordinal].len = a->len;
        }
    }
    for (uint32_t i = 0; i < names_count(n); i++) {
        char label[32];
        if (!name[i].control || name[i].len)
            continue;
        name[i].text = (uint32_t)n->text.len;
        name[i].len = (uint8_t)snprintf(label, sizeof label, "<control-%04X>", name[i].codepoint);
        buffer_append(&n->text, label, name[i].len);
    }
}

static bool memory_is_out(const struct names *n)
{
    return n->name.failed || n->text.failed || n->alias.failed;
}

bool names_finish(struct names *n, struct ucd_error *error)
{
    append_controls(n, UINT32_MAX);
    if (!memory_is_out(n))
        label_controls(n);
    return !memory_is_out(n) || ucd_error_set(error, "out of memory");
}

void names_free(struct names *n)
{
    buffer_free(&n->name);
    buffer_free(&n->alias);
    buffer_free(&n->text);
}

/* ---- the two files ---- */

static bool is_name_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Letters, digits, single spaces and hyphens: what the index splits into words. */
static bool check_name(struct ucd_file *f, struct ucd_text t)
{
    if (!t.len)
        return ucd_fail(f, "empty name");
    if (t.len >= NAME_BYTES)
        return ucd_fail(f, "a name of more than %d bytes", NAME_BYTES - 1);
    for (size_t i = 0; i < t.len; i++)
        if (!is_name_byte(t.text[i]) && t.text[i] != ' ' && t.text[i] != '-')
            return ucd_fail(f, "'%c' in a name", t.text[i]);
    if (memmem(t.text, t.len, "  ", 2))
        return ucd_fail(f, "two spaces in a name");
    return true;
}

/* One code point of a range whose name is the pattern before + code point + after. */
static bool append_derived(struct names *n, struct ucd_file *f, uint32_t codepoint, struct ucd_text pattern,
                           const char *star)
{
    char name[2 * NAME_BYTES];
    size_t before = (size_t)(star - pattern.text), after = pattern.len - before - 1;
    int len = snprintf(name, sizeof name, "%.*s%04X%.*s", (int)before, pattern.text, codepoint, (int)after, star + 1);
    if (!check_name(f, (struct ucd_text){name, (size_t)len}))
        return false;
    names_append(n, codepoint, name, (size_t)len, after ? 0 : (size_t)len - before);
    return true;
}

static bool append_record(struct names *n, struct ucd_file *f, const struct ucd_record *r)
{
    struct ucd_text name = r->field[1];
    uint32_t count = names_count(n);
    if (r->fields != 2)
        return ucd_fail(f, "%u fields where 2 belong", r->fields);
    if (count && r->first <= names_at(n, count - 1)->codepoint)
        return ucd_fail(f, "%04X does not come after %04X", r->first, names_at(n, count - 1)->codepoint);
    if (name.len >= NAME_BYTES)
        return ucd_fail(f, "a name of more than %d bytes", NAME_BYTES - 1);
    const char *star = memchr(name.text, '*', name.len);
    if (!star && r->first != r->last)
        return ucd_fail(f, "one name for a range");
    if (!star && !check_name(f, name))
        return false;
    for (uint32_t c = r->first; c <= r->last; c++) {
        if (text_is_control(c) || (c >= 0xD800 && c <= 0xDFFF))
            return ucd_fail(f, "%04X can have no name", c);
        if (!star)
            names_append(n, c, name.text, name.len, 0);
        else if (!append_derived(n, f, c, name, star))
            return false;
    }
    return true;
}

static bool alias_kind(struct ucd_text t, uint8_t *kind)
{
    for (size_t i = 0; i < ALIAS_KINDS; i++)
        if (ucd_text_is(t, image_alias_kind((enum alias_kind)i))) {
            *kind = (uint8_t)i;
            return true;
        }
    return false;
}

static bool append_alias(struct names *n, struct ucd_file *f, const struct ucd_record *r)
{
    struct alias a = {.ordinal = names_ordinal(n, r->first), .text = (uint32_t)n->text.len};
    uint32_t count = names_alias_count(n);
    if (r->fields != 3 || r->first != r->last)
        return ucd_fail(f, "an alias is one code point, a name and a type");
    if (a.ordinal == UINT32_MAX)
        return ucd_fail(f, "%04X has no name and is no control", r->first);
    if (count && a.ordinal < names_alias(n, count - 1)->ordinal)
        return ucd_fail(f, "%04X stands after a higher code point", r->first);
    if (!alias_kind(r->field[2], &a.kind))
        return ucd_fail(f, "unknown type of alias \"%.*s\"", (int)(r->field[2].len < 40 ? r->field[2].len : 40),
                        r->field[2].text);
    if (!check_name(f, r->field[1]))
        return false;
    a.len = (uint8_t)r->field[1].len;
    buffer_append(&n->text, r->field[1].text, a.len);
    buffer_append(&n->alias, &a, sizeof a);
    return true;
}

static bool read_file(struct names *n, struct ucd_file *f,
                      bool (*append)(struct names *, struct ucd_file *, const struct ucd_record *))
{
    struct ucd_record r;
    enum ucd_step step;
    while ((step = ucd_next(f, &r)) == UCD_RECORD)
        if (!r.missing && !append(n, f, &r))
            return false;
    return step == UCD_END;
}

bool names_from_files(struct names *n, struct ucd_file *derived_name, struct ucd_file *aliases)
{
    *n = (struct names){.source = "UCD"};
    ucd_version(derived_name, n->version, sizeof n->version);
    if (!read_file(n, derived_name, append_record))
        return false;
    if (!names_count(n))
        return ucd_fail(derived_name, "no name in the whole file");
    append_controls(n, UINT32_MAX);
    if (aliases && !read_file(n, aliases, append_alias))
        return false;
    return names_finish(n, derived_name->error);
}

bool names_from_ucd(struct names *n, const char *dir, struct ucd_error *error)
{
    struct ucd_file derived_name, aliases = {0};
    *n = (struct names){0};
    bool done = ucd_open(&derived_name, dir, "DerivedName.txt", UCD_CODEPOINTS, error) &&
                ucd_open(&aliases, dir, "NameAliases.txt", UCD_CODEPOINTS, error) &&
                names_from_files(n, &derived_name, &aliases);
    ucd_close(&derived_name);
    ucd_close(&aliases);
    return done;
}
