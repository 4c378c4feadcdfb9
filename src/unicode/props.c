/* Looks character properties up in the tables that tools/mkindex has made. */
#include "unicode/props.h"

#include <stdio.h>
#include <string.h>

enum {
    VALUE_MASK = (1 << PROPS_VALUE_BITS) - 1,
    END = 0x110000,
    LOOSE_BYTES = 80 /* no name of a value is longer */
};

static uint32_t step_first(const struct props_steps *t, uint32_t number)
{
    return props_image.step[t->at + number] >> PROPS_VALUE_BITS;
}

static uint32_t step_value(const struct props_steps *t, uint32_t number)
{
    return props_image.step[t->at + number] & VALUE_MASK;
}

/* The step a code point lies in. */
static uint32_t find_step(const struct props_steps *t, uint32_t codepoint)
{
    uint32_t low = 0, high = t->count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (step_first(t, middle) <= codepoint)
            low = middle;
        else
            high = middle;
    }
    return low;
}

bool props_has(uint32_t table)
{
    return props_image.table[table].count > 0;
}

uint32_t props_get(uint32_t table, uint32_t codepoint)
{
    const struct props_steps *t = &props_image.table[table];
    return t->count ? step_value(t, find_step(t, codepoint)) : 0;
}

/* Walks on from the step the code point is in: where `inside` changes, the answer does.  Looking
 * for the end by a search is not possible, for a group of values (all letters) may begin and end in
 * any step. */
bool props_span(uint32_t table, uint32_t low, uint32_t high, uint32_t codepoint, uint32_t *end)
{
    const struct props_steps *t = &props_image.table[table];
    *end = END;
    if (!t->count)
        return false;
    uint32_t at = find_step(t, codepoint), value = step_value(t, at);
    bool inside = value >= low && value <= high;
    uint32_t last = t->count - at > PROPS_SPAN_STEPS ? at + PROPS_SPAN_STEPS : t->count;
    while (++at < last) {
        value = step_value(t, at);
        if ((value >= low && value <= high) != inside)
            break;
    }
    if (at < t->count)
        *end = step_first(t, at);
    return inside;
}

/* ---- names ---- */

uint32_t props_values(uint32_t table)
{
    return table == PROPS_BINARY ? props_image.tables - PROPS_BINARY : props_image.table[table].values;
}

const struct props_value *props_value(uint32_t table, uint32_t number)
{
    uint32_t first = table == PROPS_BINARY ? props_image.binary : props_image.table[table].value;
    return &props_image.value[first + number];
}

const char *props_name(const struct props_value *value, uint32_t number)
{
    const char *name = props_image.text + value->names;
    for (; number > 0 && *name; number--)
        name += strlen(name) + 1;
    return *name ? name : NULL;
}

/* Names of a single value: those stand before the groups, but not every number is named (combining
 * classes). */
static const char *name_of(uint32_t table, uint32_t value, uint32_t which)
{
    for (uint32_t i = 0; i < props_values(table); i++) {
        const struct props_value *v = props_value(table, i);
        if (v->low == value && v->high == value) {
            const char *name = props_name(v, which);
            return name ? name : "";
        }
    }
    return "";
}

const char *props_short(uint32_t table, uint32_t value)
{
    return name_of(table, value, 0);
}

const char *props_long(uint32_t table, uint32_t value)
{
    return name_of(table, value, 1);
}

/* True when a name is, loosely, `wanted`, which props_loose() has made.  Nearly all names differ in
 * their first letter: a query may look for 64 values in tables of some 700 names, so nothing is
 * copied. */
static bool is_loosely(const char *name, const char *wanted)
{
    char loose[LOOSE_BYTES];
    char first = (char)(*name >= 'A' && *name <= 'Z' ? *name + 0x20 : *name);
    if (first != *wanted && first != 'i') /* an initial "is" does not count */
        return false;
    props_loose(name, strlen(name), loose, sizeof loose);
    return strcmp(wanted, loose) == 0;
}

/* By a walk over all names of the table, some 700 for scripts and blocks together: it happens once
 * for each property of a query.  Rejected: a sorted copy of the loose names, which the compiler of
 * the tables and props_loose() would have to agree on in one more place. */
const struct props_value *props_find(uint32_t table, const char *name, size_t len)
{
    char wanted[LOOSE_BYTES];
    props_loose(name, len, wanted, sizeof wanted);
    for (uint32_t i = 0, values = props_values(table); i < values; i++) {
        const struct props_value *value = props_value(table, i);
        for (const char *at = props_image.text + value->names; *at; at += strlen(at) + 1)
            if (is_loosely(at, wanted))
                return value;
    }
    return NULL;
}

/* ---- single characters ---- */

bool props_case(uint32_t codepoint, struct props_case *pair)
{
    uint32_t low = 0, high = props_image.pairs;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (props_image.pair[middle].codepoint < codepoint)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == props_image.pairs || props_image.pair[low].codepoint != codepoint)
        return false;
    *pair = props_image.pair[low];
    return true;
}

/* The Unicode Standard, section 3.12: the canonical decomposition takes one jamo off the end. */
static const char *hangul(uint32_t codepoint, char buffer[PROPS_HANGUL_BYTES])
{
    uint32_t syllable = codepoint - 0xAC00, tail = syllable % 28;
    uint32_t first = tail ? codepoint - tail : 0x1100 + syllable / (21 * 28);
    uint32_t second = tail ? 0x11A7 + tail : 0x1161 + syllable % (21 * 28) / 28;
    snprintf(buffer, PROPS_HANGUL_BYTES, "%04X %04X", first & 0xFFFF, second & 0xFFFF);
    return buffer;
}

const char *props_decomposition(uint32_t codepoint, char buffer[PROPS_HANGUL_BYTES])
{
    if (codepoint >= 0xAC00 && codepoint <= 0xD7A3)
        return hangul(codepoint, buffer);
    uint32_t low = 0, high = props_image.decompositions;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (props_image.decomposition[middle].codepoint < codepoint)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == props_image.decompositions || props_image.decomposition[low].codepoint != codepoint)
        return NULL;
    return props_image.text + props_image.decomposition[low].text;
}

bool props_is_noncharacter(uint32_t codepoint)
{
    return (codepoint & 0xFFFE) == 0xFFFE || (codepoint >= 0xFDD0 && codepoint <= 0xFDEF);
}
