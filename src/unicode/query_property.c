/* Property atoms: keys and values by name, with the nearest ones where a name is unknown.
 *
 * All come to the same node, "table t has a value of low … high": binary properties are tables of 0
 * and 1, groups of categories are contiguous values (enum props_table), and ages are numbered in
 * order of version, so that "<", ">=" and a version without its minor number are ranges, too.  So
 * the plan knows one kind of property. */
#include "nearest.h"
#include "unicode/props.h"
#include "unicode/query.h"

#include <stdio.h>
#include <string.h>

enum {
    NAME_BYTES = 80 /* of a loose name; longer ones are unknown */
};

struct key {
    const char *short_name, *long_name;
    int table;        /* enum props_table, or one of the two below */
    const char *noun; /* what a value is called in errors */
};
enum {
    KEY_RANGE = -1
};
static const struct key keys[] = {
    {"gc", "category", PROPS_CATEGORY, "category"},
    {"sc", "script", PROPS_SCRIPT, "script"},
    {"blk", "block", PROPS_BLOCK, "block"},
    {"ea", "width", PROPS_WIDTH, "width"},
    {"age", "age", PROPS_AGE, "age"},
    {"in", "range", KEY_RANGE, "range"},
    {"is", "is", PROPS_BINARY, "property"},
};
#define KEYS (sizeof keys / sizeof *keys)

/* ---- the nearest names ---- */

/* error: unknown NOUN "VALUE"; near: A, B */
static enum search_result unknown(struct search_error *error, const char *noun, const char *value, size_t len,
                                  const struct nearest *n)
{
    query_error_unknown(error, noun, value, len);
    nearest_say(n, "", "", error);
    return SEARCH_ILL_FORMED;
}

static void offer(struct nearest *n, const char *candidate, const char *shown)
{
    char loose[NAME_BYTES];
    size_t len = props_loose(candidate, strlen(candidate), loose, sizeof loose);
    nearest_offer(n, loose, len, shown, strlen(shown));
}

static enum search_result unknown_key(struct search_error *error, const char *key, size_t len)
{
    struct nearest n;
    char loose[NAME_BYTES];
    nearest_start(&n, loose, props_loose(key, len, loose, sizeof loose));
    for (size_t i = 0; i < KEYS; i++) {
        offer(&n, keys[i].short_name, keys[i].short_name);
        offer(&n, keys[i].long_name, keys[i].long_name);
    }
    for (size_t i = 0; n.count == 0 && i < KEYS && i < NEAREST; i++) { /* nothing near: the commonest */
        n.best[i].shown = keys[i].short_name;
        n.best[i].len = strlen(keys[i].short_name);
    }
    n.count = n.count ? n.count : NEAREST;
    return unknown(error, "key", key, len, &n);
}

static enum search_result unknown_value(struct search_error *error, const struct key *key, const char *value,
                                        size_t len)
{
    struct nearest n;
    char loose[NAME_BYTES];
    nearest_start(&n, loose, props_loose(value, len, loose, sizeof loose));
    for (uint32_t i = 0; i < props_values((uint32_t)key->table); i++) {
        const struct props_value *v = props_value((uint32_t)key->table, i);
        const char *candidate, *shown = props_name(v, 1);
        for (uint32_t k = 0; (candidate = props_name(v, k)); k++)
            offer(&n, candidate, shown ? shown : props_name(v, 0));
    }
    return unknown(error, key->noun, value, len, &n);
}

/* ---- values ---- */

static enum search_result ill_formed(struct search_error *error, const char *what, const char *part, size_t len)
{
    query_error(error, what, part, len);
    return SEARCH_ILL_FORMED;
}

struct version {
    unsigned major, minor;
    bool has_minor;
};

/* "13", "13.0", "V13_0": the bytes it takes, 0 when it is none of these. */
static size_t parse_version(const char *text, size_t len, struct version *v)
{
    size_t at = len > 0 && (*text == 'v' || *text == 'V');
    unsigned *number = &v->major, digits = 0;
    *v = (struct version){0};
    for (; at < len; at++) {
        if (text[at] >= '0' && text[at] <= '9' && digits < 4) {
            *number = *number * 10 + (unsigned)(text[at] - '0');
            digits++;
        } else if ((text[at] == '.' || text[at] == '_') && digits && !v->has_minor) {
            v->has_minor = true;
            number = &v->minor;
            digits = 0;
        } else {
            return 0;
        }
    }
    return digits ? at : 0;
}

/* Below, at or above zero as a is older than, the same as or newer than b, of which only the major
 * part counts when it has no other. */
static int compare_versions(const struct version *a, const struct version *b)
{
    if (a->major != b->major)
        return a->major < b->major ? -1 : 1;
    if (!b->has_minor || a->minor == b->minor)
        return 0;
    return a->minor < b->minor ? -1 : 1;
}

static struct version age_version(uint32_t value)
{
    struct version v;
    const char *name = props_short(PROPS_AGE, value);
    parse_version(name, strlen(name), &v);
    return v;
}

static enum search_result parse_age(struct query_node *node, const char *value, size_t len, struct search_error *error)
{
    struct version wanted;
    bool less = *value == '<', more = *value == '>';
    size_t at = less || more;
    bool equal = at == len || value[at] == '=' || !at;
    at += at < len && value[at] == '=';
    while (at < len && value[at] == ' ')
        at++;
    if (!parse_version(value + at, len - at, &wanted))
        return ill_formed(error, "an age is [< <= > >= =]N[.N], not", value, len);
    uint32_t newest = props_values(PROPS_AGE) - 1;
    struct version newest_version = age_version(newest);
    if (equal && !less && !more && compare_versions(&newest_version, &wanted) < 0)
        return ill_formed(error, "age newer than the data", value, len);
    node->kind = QUERY_VALUES;
    node->values.table = PROPS_AGE;
    node->values.low = 1; /* empty: 1 … 0 */
    node->values.high = 0;
    for (uint32_t i = 1; i <= newest; i++) {
        struct version v = age_version(i);
        int order = compare_versions(&v, &wanted);
        if (!((order < 0 && less) || (order == 0 && equal) || (order > 0 && more)))
            continue;
        if (!node->values.high)
            node->values.low = (uint16_t)i;
        node->values.high = (uint16_t)i;
    }
    return SEARCH_OPENED;
}

static enum search_result parse_range(struct query_node *node, struct index_run *range, const char *value, size_t len,
                                      struct search_error *error)
{
    node->kind = QUERY_RANGES;
    return query_range(value, len, range, error) ? SEARCH_OPENED : SEARCH_ILL_FORMED;
}

static bool is_word(const char *text, size_t len, const char *word)
{
    if (strlen(word) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 0x20 : text[i]) != word[i])
            return false;
    return true;
}

static bool has_data(const struct key *key)
{
    return key->table == KEY_RANGE || key->table == PROPS_BINARY || props_has((uint32_t)key->table);
}

enum search_result query_property(struct query_node *node, struct index_run *range, const char *key, size_t key_len,
                                  const char *value, size_t value_len, struct search_error *error)
{
    size_t k = 0;
    if (key_len == 0)
        return ill_formed(error, "empty key before", value - 1, value_len + 1);
    while (k < KEYS && !is_word(key, key_len, keys[k].short_name) && !is_word(key, key_len, keys[k].long_name))
        k++;
    if (k == KEYS)
        return unknown_key(error, key, key_len);
    if (value_len == 0)
        return ill_formed(error, "empty value after", key, key_len + 1);
    if (!has_data(&keys[k]))
        return ill_formed(error, "not in this program's data, which are libunistring's", key, key_len);
    if (keys[k].table == KEY_RANGE)
        return parse_range(node, range, value, value_len, error);
    if (keys[k].table == PROPS_AGE)
        return parse_age(node, value, value_len, error);
    const struct props_value *found = props_find((uint32_t)keys[k].table, value, value_len);
    if (!found)
        return unknown_value(error, &keys[k], value, value_len);
    node->kind = QUERY_VALUES;
    bool binary = keys[k].table == PROPS_BINARY;
    node->values.table = binary ? found->low : (uint16_t)keys[k].table;
    node->values.low = binary ? 1 : found->low;
    node->values.high = binary ? 1 : found->high;
    return SEARCH_OPENED;
}
