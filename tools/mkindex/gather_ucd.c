/* Reads properties from the files of a Unicode Character Database. */
#include "gather.h"

#include <stdlib.h>
#include <string.h>

/* What a record of one file means. */
typedef bool (*record_fn)(struct gather *g, struct ucd_file *f, const struct ucd_record *r);

struct source {
    const char *name;
    enum ucd_kind kind;
    record_fn record;
    bool defaults; /* its @missing records count too; they come before the others */
};

static bool read_file(struct gather *g, const char *dir, const struct source *source)
{
    struct ucd_file f;
    struct ucd_record r;
    enum ucd_step step;
    if (!ucd_open(&f, dir, source->name, source->kind, g->error))
        return false;
    while ((step = ucd_next(&f, &r)) == UCD_RECORD)
        if ((!r.missing || source->defaults) && !source->record(g, &f, &r)) {
            step = UCD_MALFORMED;
            break;
        }
    ucd_close(&f);
    return step == UCD_END;
}

static void fill(uint16_t *table, uint32_t first, uint32_t last, uint32_t value)
{
    for (uint32_t c = first; c <= last; c++)
        table[c] = (uint16_t)value;
}

static int category(struct ucd_text name)
{
    for (int i = 0; i < CATEGORIES; i++)
        if (ucd_text_is(name, gather_category[i]))
            return i;
    return -1;
}

/* ---- names of values ---- */

static void add_names(struct gather *g, const struct ucd_record *r, uint32_t from)
{
    for (uint32_t i = from; i < r->fields; i++)
        gather_name(g, r->field[i].text, r->field[i].len);
    gather_name_end(g);
}

/* Next free number of a table whose values are numbered as they come. */
static uint32_t next_number(const struct gather *g, uint32_t table)
{
    return (uint32_t)(g->value[table].len / sizeof(struct props_value));
}

static bool category_names(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    char name[NAME_CHARS];
    uint32_t low, high;
    int single = category(r->field[1]);
    if (single >= 0) {
        low = high = (uint32_t)single;
    } else {
        snprintf(name, sizeof name, "%.*s", (int)r->field[1].len, r->field[1].text);
        if (!gather_group(name, &low, &high))
            return ucd_fail(f, "unknown category");
    }
    gather_value(g, PROPS_CATEGORY, low, high);
    add_names(g, r, 1);
    return true;
}

static bool combining_names(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    char number[NAME_CHARS], *end;
    snprintf(number, sizeof number, "%.*s", (int)r->field[1].len, r->field[1].text);
    unsigned long value = strtoul(number, &end, 10);
    if (*end || value > 254)
        return ucd_fail(f, "no combining class");
    gather_value(g, PROPS_COMBINING, (uint32_t)value, (uint32_t)value);
    add_names(g, r, 2);
    return true;
}

static bool value_names(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    static const struct {
        const char *property;
        uint32_t table;
    } numbered[] = {{"sc", PROPS_SCRIPT}, {"ea", PROPS_WIDTH}, {"bc", PROPS_BIDI}};
    if (r->fields < 3)
        return ucd_fail(f, "a value needs two names");
    if (ucd_text_is(r->field[0], "gc"))
        return category_names(g, f, r);
    if (ucd_text_is(r->field[0], "ccc"))
        return combining_names(g, f, r);
    for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++) {
        if (!ucd_text_is(r->field[0], numbered[i].property))
            continue;
        uint32_t number = next_number(g, numbered[i].table);
        gather_value(g, numbered[i].table, number, number);
        add_names(g, r, 1);
    }
    return true;
}

/* ---- values of characters ---- */

static bool set_named(struct gather *g, struct ucd_file *f, const struct ucd_record *r, uint32_t table)
{
    int value = gather_find(g, table, r->field[1]);
    if (value < 0)
        return ucd_fail(f, "unknown value");
    fill(g->table[table], r->first, r->last, (uint32_t)value);
    return true;
}

static bool script_record(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    return set_named(g, f, r, PROPS_SCRIPT);
}

static bool width_record(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    return set_named(g, f, r, PROPS_WIDTH);
}

static bool bidi_record(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    return set_named(g, f, r, PROPS_BIDI);
}

static bool block_record(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    uint32_t number = next_number(g, PROPS_BLOCK);
    (void)f;
    gather_value(g, PROPS_BLOCK, number, number);
    gather_name(g, r->field[1].text, r->field[1].len);
    gather_name(g, r->field[1].text, r->field[1].len);
    gather_name_end(g);
    fill(g->table[PROPS_BLOCK], r->first, r->last, number);
    return true;
}

static bool same_loosely(struct ucd_text t, const char *name)
{
    char a[NAME_CHARS], b[NAME_CHARS];
    props_loose(t.text, t.len, a, sizeof a);
    props_loose(name, strlen(name), b, sizeof b);
    return strcmp(a, b) == 0;
}

/* Blocks.txt spells the names people see, PropertyValueAliases.txt has the short ones: the block gets a
 * new list of names, the short one first. */
static bool block_names(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    (void)f;
    if (!ucd_text_is(r->field[0], "blk"))
        return true;
    struct props_value *v = (void *)g->value[PROPS_BLOCK].data;
    for (size_t i = 0; i < next_number(g, PROPS_BLOCK); i++) {
        char name[NAME_CHARS];
        snprintf(name, sizeof name, "%s", g->text.data + v[i].names);
        if (!same_loosely(r->field[2], name))
            continue;
        v[i].names = (uint32_t)g->text.len;
        gather_name(g, r->field[1].text, r->field[1].len);
        gather_name(g, name, strlen(name));
        add_names(g, r, 3);
        break;
    }
    return true;
}

/* Versions are numbered in their order, which is that of the file. */
static bool age_record(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    int value = gather_find(g, PROPS_AGE, r->field[1]);
    (void)f;
    if (value < 0) {
        char other[NAME_CHARS];
        value = (int)next_number(g, PROPS_AGE);
        gather_value(g, PROPS_AGE, (uint32_t)value, (uint32_t)value);
        gather_name(g, r->field[1].text, r->field[1].len);
        int n = snprintf(other, sizeof other, "V%.*s", (int)r->field[1].len, r->field[1].text);
        for (char *dot = other; (dot = strchr(dot, '.'));)
            *dot = '_';
        gather_name(g, other, (size_t)n);
        gather_name_end(g);
    }
    fill(g->table[PROPS_AGE], r->first, r->last, (uint32_t)value);
    return true;
}

static bool mapping(struct ucd_file *f, struct ucd_text t, uint32_t otherwise, uint32_t *to)
{
    *to = otherwise;
    return t.len == 0 || ucd_codepoint(t, to) || ucd_fail(f, "bad case mapping");
}

static bool has_ending(struct ucd_text t, const char *ending)
{
    size_t len = strlen(ending);
    return t.len >= len && memcmp(t.text + t.len - len, ending, len) == 0;
}

static bool data_record(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    static const struct ucd_text mirrored_short = {"Bidi_M", 6}, mirrored_long = {"Bidi_Mirrored", 13};
    if (has_ending(r->field[1], ", First>")) {
        g->range_first = r->first;
        return true;
    }
    uint32_t first = has_ending(r->field[1], ", Last>") ? g->range_first : r->first;
    int gc = category(r->field[2]);
    if (r->fields != 15 || gc < 0)
        return ucd_fail(f, "not 15 fields with a category");
    fill(g->table[PROPS_CATEGORY], first, r->last, (uint32_t)gc);
    fill(g->table[PROPS_COMBINING], first, r->last, (uint32_t)strtoul(r->field[3].text, NULL, 10));
    uint32_t mirrored = gather_binary(g, mirrored_short, mirrored_long);
    if (!mirrored)
        return false;
    fill(g->table[mirrored], first, r->last, ucd_text_is(r->field[9], "Y"));
    if (r->field[5].len)
        gather_decomposition(g, r->first, r->field[5].text, r->field[5].len);
    uint32_t upper, lower, title;
    if (!mapping(f, r->field[12], r->first, &upper) || !mapping(f, r->field[13], r->first, &lower) ||
        !mapping(f, r->field[14], upper, &title))
        return false;
    gather_pair(g, r->first, upper, lower, title);
    return true;
}

/* PropertyAliases.txt names many properties; a binary one becomes ours with its first record in a data file. */
static bool binary_record(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    (void)f;
    if (r->fields != 2)
        return true; /* an enumerated property among the binary ones: InCB in Unicode 15.1 */
    uint32_t table = gather_binary(g, r->field[1], r->field[1]);
    if (!table)
        return false;
    fill(g->table[table], r->first, r->last, 1);
    return true;
}

/* A binary property's names: the short one first, then the long one, then the others, without repeating. */
static bool binary_names(struct gather *g, struct ucd_file *f, const struct ucd_record *r)
{
    int table = gather_find(g, PROPS_BINARY, r->field[1]);
    (void)f;
    if (table < 0)
        return true;
    struct props_value *v = (struct props_value *)(void *)g->value[PROPS_BINARY].data + (table - PROPS_BINARY);
    v->names = (uint32_t)g->text.len;
    add_names(g, r, 0);
    return true;
}

bool gather_from_ucd(struct gather *g, const char *dir)
{
    static const struct source files[] = {
        /* Blocks.txt before the names of its blocks, binary properties before theirs */
        {"PropertyValueAliases.txt", UCD_VALUES, value_names, false},
        {"UnicodeData.txt", UCD_CODEPOINTS, data_record, false},
        {"DerivedBidiClass.txt", UCD_CODEPOINTS, bidi_record, true},
        {"Scripts.txt", UCD_CODEPOINTS, script_record, false},
        {"EastAsianWidth.txt", UCD_CODEPOINTS, width_record, false},
        {"DerivedAge.txt", UCD_CODEPOINTS, age_record, false},
        {"Blocks.txt", UCD_CODEPOINTS, block_record, false},
        {"PropertyValueAliases.txt", UCD_VALUES, block_names, false},
        {"PropList.txt", UCD_CODEPOINTS, binary_record, false},
        {"DerivedCoreProperties.txt", UCD_CODEPOINTS, binary_record, false},
        {"emoji-data.txt", UCD_CODEPOINTS, binary_record, false},
        {"PropertyAliases.txt", UCD_VALUES, binary_names, false},
    };
    static const struct ucd_text none = {"NA", 2}, no_block = {"No_Block", 8}, unknown_script = {"Zzzz", 4},
                                 neutral = {"N", 1};
    if (!gather_table(g, PROPS_AGE) || !gather_table(g, PROPS_WIDTH))
        return false;
    gather_value(g, PROPS_AGE, 0, 0);
    gather_name(g, none.text, none.len);
    gather_name(g, "Unassigned", 10);
    gather_name_end(g);
    gather_value(g, PROPS_BLOCK, 0, 0);
    gather_name(g, "NB", 2);
    gather_name(g, no_block.text, no_block.len);
    gather_name_end(g);
    fill(g->table[PROPS_CATEGORY], 0, CODEPOINTS - 1, CATEGORIES - 1);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (!read_file(g, dir, &files[i]))
            return false;
        if (i > 0)
            continue;
        int script = gather_find(g, PROPS_SCRIPT, unknown_script), width = gather_find(g, PROPS_WIDTH, neutral);
        if (script < 0 || width < 0)
            return ucd_error_set(g->error, "%s/%s: no Zzzz or N", dir, files[i].name);
        fill(g->table[PROPS_SCRIPT], 0, CODEPOINTS - 1, (uint32_t)script);
        fill(g->table[PROPS_WIDTH], 0, CODEPOINTS - 1, (uint32_t)width);
    }
    return true;
}
