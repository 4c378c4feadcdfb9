/* Holds properties while they are read, and writes them as C tables. */
#include "gather.h"

#include <stdlib.h>
#include <string.h>

const char *const gather_category[CATEGORIES] = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl",
                                                 "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc",
                                                 "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn"};

bool gather_start(struct gather *g, struct ucd_error *error)
{
    *g = (struct gather){.tables = PROPS_BINARY, .error = error};
    buffer_append(&g->text, "\0", 1); /* the empty name */
    for (uint32_t t = 0; t < PROPS_BINARY; t++)
        if (t != PROPS_AGE && t != PROPS_WIDTH && !gather_table(g, t))
            return false;
    return true;
}

bool gather_table(struct gather *g, uint32_t table)
{
    g->table[table] = calloc(CODEPOINTS, sizeof *g->table[table]);
    return g->table[table] || ucd_error_set(g->error, "out of memory");
}

void gather_free(struct gather *g)
{
    for (uint32_t t = 0; t < MAX_TABLES; t++) {
        free(g->table[t]);
        buffer_free(&g->value[t]);
    }
    buffer_free(&g->text);
    buffer_free(&g->pairs);
    buffer_free(&g->decompositions);
}

/* ---- names ---- */

void gather_value(struct gather *g, uint32_t table, uint32_t low, uint32_t high)
{
    struct props_value v = {(uint32_t)g->text.len, (uint16_t)low, (uint16_t)high};
    buffer_append(&g->value[table], &v, sizeof v);
}

void gather_name(struct gather *g, const char *name, size_t len)
{
    buffer_append(&g->text, name, len);
    buffer_append(&g->text, "\0", 1);
}

void gather_name_end(struct gather *g)
{
    buffer_append(&g->text, "\0", 1);
}

static const struct props_value *values(const struct gather *g, uint32_t table, size_t *count)
{
    *count = g->value[table].len / sizeof(struct props_value);
    return (const void *)g->value[table].data;
}

int gather_find(const struct gather *g, uint32_t table, struct ucd_text name)
{
    size_t count;
    const struct props_value *v = values(g, table, &count);
    for (size_t i = 0; i < count; i++)
        for (const char *n = g->text.data + v[i].names; *n; n += strlen(n) + 1)
            if (v[i].low == v[i].high && ucd_text_is(name, n))
                return v[i].low;
    return -1;
}

uint32_t gather_binary(struct gather *g, struct ucd_text short_name, struct ucd_text long_name)
{
    int known = gather_find(g, PROPS_BINARY, long_name);
    if (known >= 0)
        return (uint32_t)known;
    if (g->tables == MAX_TABLES)
        return (uint32_t)ucd_error_set(g->error, "more than %d properties", MAX_TABLES);
    if (!gather_table(g, g->tables))
        return 0;
    gather_value(g, PROPS_BINARY, g->tables, g->tables);
    gather_name(g, short_name.text, short_name.len);
    gather_name(g, long_name.text, long_name.len);
    gather_name_end(g);
    return g->tables++;
}

bool gather_group(const char *short_name, uint32_t *low, uint32_t *high)
{
    static const char cased[] = "LC"; /* Lu, Ll and Lt: the only group that is not an initial */
    bool found = false;
    for (uint32_t i = 0; i < CATEGORIES; i++) {
        bool member = strcmp(short_name, cased) == 0 ? i < 3 : !short_name[1] && gather_category[i][0] == *short_name;
        if (!member)
            continue;
        *low = found ? *low : i;
        *high = i;
        found = true;
    }
    return found;
}

/* ---- single characters ---- */

void gather_pair(struct gather *g, uint32_t codepoint, uint32_t upper, uint32_t lower, uint32_t title)
{
    struct props_case pair = {codepoint, upper, lower, title};
    if (upper != codepoint || lower != codepoint || title != codepoint)
        buffer_append(&g->pairs, &pair, sizeof pair);
}

void gather_decomposition(struct gather *g, uint32_t codepoint, const char *text, size_t len)
{
    struct props_decomposition d = {codepoint, (uint32_t)g->text.len};
    buffer_append(&g->decompositions, &d, sizeof d);
    gather_name(g, text, len);
}

/* ---- writing ---- */

/* Appends the steps of one table to the array being written; returns how many. */
static uint32_t write_steps(const uint16_t *table, FILE *out)
{
    uint32_t steps = 0;
    for (uint32_t c = 0; table && c < CODEPOINTS; c++)
        if (c == 0 || table[c] != table[c - 1])
            fprintf(out, "0x%X,%c", c << PROPS_VALUE_BITS | table[c], ++steps % 8 ? ' ' : '\n');
    return steps;
}

static void write_tables(const struct gather *g, FILE *out)
{
    uint32_t count[MAX_TABLES], at = 0;
    size_t value = 0;
    fputs("static const uint32_t step[] = {\n", out);
    for (uint32_t t = 0; t < g->tables; t++)
        count[t] = write_steps(g->table[t], out);
    fputs("};\nstatic const struct props_steps table[] = {\n", out);
    for (uint32_t t = 0; t < g->tables; t++) {
        size_t named = t < PROPS_BINARY ? g->value[t].len / sizeof(struct props_value) : 0;
        fprintf(out, "{%u, %u, %zu, %zu},\n", at, count[t], value, named);
        at += count[t];
        value += named;
    }
    fputs("};\nstatic const struct props_value value[] = {\n", out);
    for (uint32_t t = 0; t <= PROPS_BINARY; t++) {
        size_t named;
        const struct props_value *v = values(g, t, &named);
        for (size_t i = 0; i < named; i++)
            fprintf(out, "{%u, %u, %u},\n", v[i].names, v[i].low, v[i].high);
    }
    fprintf(out, "};\nenum { BINARY = %zu };\n", value);
}

static void write_characters(const struct gather *g, FILE *out)
{
    const struct props_case *pair = (const void *)g->pairs.data;
    const struct props_decomposition *d = (const void *)g->decompositions.data;
    fputs("static const struct props_case pair[] = {\n", out);
    for (size_t i = 0; i < g->pairs.len / sizeof *pair; i++)
        fprintf(out, "{0x%X, 0x%X, 0x%X, 0x%X},\n", pair[i].codepoint, pair[i].upper, pair[i].lower, pair[i].title);
    fputs("};\nstatic const struct props_decomposition decomposition[] = {\n", out);
    for (size_t i = 0; i < g->decompositions.len / sizeof *d; i++)
        fprintf(out, "{0x%X, %u},\n", d[i].codepoint, d[i].text);
    fputs("};\n", out);
}

/* An array of characters, not a string: compilers need only take strings of 4095. */
static void write_text(const struct gather *g, FILE *out)
{
    fputs("static const char text[] = {\n", out);
    for (size_t i = 0; i < g->text.len; i++)
        fprintf(out, "%d,%c", g->text.data[i], (i + 1) % 24 ? ' ' : '\n');
    fputs("};\n", out);
}

bool gather_is_whole(const struct gather *g)
{
    bool failed = g->text.failed || g->pairs.failed || g->decompositions.failed;
    for (uint32_t t = 0; t <= PROPS_BINARY; t++)
        failed |= g->value[t].failed;
    return !failed || ucd_error_set(g->error, "out of memory");
}

void gather_write(const struct gather *g, FILE *out)
{
    fputs("/* Made by mkindex. */\n#include \"unicode/props.h\"\n\n", out);
    write_tables(g, out);
    write_characters(g, out);
    write_text(g, out);
    fprintf(out,
            "const struct props_image props_image = {step, table, %u, value, BINARY, pair, %zu,\n"
            "                                        decomposition, %zu, text};\n",
            g->tables, g->pairs.len / sizeof(struct props_case),
            g->decompositions.len / sizeof(struct props_decomposition));
}
