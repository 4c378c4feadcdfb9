/* The requests of a run: reads mixes and templates, and tells which the n-th is. */
#include "dialogue/mix.h"

#include "rng.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One user in three finds nothing, half find one line, the others a screen; now and then somebody asks for a large
 * answer, and one time in 10,000 for the largest, which takes as long as thousands of others. */
static const struct {
    uint64_t weight;
    const char *query;
} default_mix[] = {
    {3000, "chess tomato"},    /* nothing (and notes that say why) */
    {5000, "snowman without"}, /* one line */
    {1900, "chess black"},     /* a screen: 33 lines, 2 KB */
    {99, "mathematical"},      /* 50 KB */
    {1, "cjk"},                /* 4 MB */
};

static bool fail(char error[MIX_ERROR], const char *message)
{
    snprintf(error, MIX_ERROR, "%s", message);
    return false;
}

static void free_entry(struct mix_entry *e)
{
    free(e->request);
    free(e->expect);
    free(e->expected);
    template_free(e->template);
}

static bool set_bytes(struct mix_entry *e, const char *bytes, size_t len, const char *end)
{
    e->request = malloc(len + 1);
    if (e->request == NULL)
        return false;
    memcpy(e->request, bytes, len);
    e->query_len = e->len = len;
    if (*end != '\0')
        e->request[e->len++] = *end;
    return true;
}

/* TEMPLATE [TAB PATTERN] */
static bool set_template(struct mix_entry *e, const char *text, size_t len, char error[MIX_ERROR])
{
    struct glob glob;
    const char *tab = memchr(text, '\t', len), *plain;
    size_t template_len = tab != NULL ? (size_t)(tab - text) : len, plain_len;
    if (template_len == 0)
        return fail(error, "an empty template");
    e->template = template_parse(text, template_len, error);
    if (e->template == NULL)
        return false;
    plain = template_plain(e->template, &plain_len);
    bool good = plain != NULL ? set_bytes(e, plain, plain_len, "") : set_bytes(e, text, template_len, "");
    if (good && tab != NULL) {
        e->expect = strndup(tab + 1, len - template_len - 1);
        if (e->expect != NULL && !glob_compile(&glob, e->expect, NULL, 0))
            return fail(error, "an ill-formed or too long pattern behind the TAB (a TAB in a template is \\t)");
        good = e->expect != NULL;
    }
    if (plain != NULL) {
        template_free(e->template);
        e->template = NULL;
    }
    return good || fail(error, "out of memory");
}

/* Adds text, and LF unless raw. */
static bool add(struct mix *mix, uint64_t weight, const char *text, size_t len, bool raw, char error[MIX_ERROR])
{
    if (len + 1 > MIX_REQUEST_MAX)
        return fail(error, "a request is longer than 1 MiB");
    struct mix_entry *grown = realloc(mix->entry, (mix->count + 1) * sizeof *grown);
    if (grown == NULL)
        return fail(error, "out of memory");
    mix->entry = grown;
    struct mix_entry *e = &mix->entry[mix->count];
    *e = (struct mix_entry){.weight = weight};
    fail(error, "out of memory");
    if (raw ? !set_template(e, text, len, error) : !set_bytes(e, text, len, "\n")) {
        free_entry(e);
        return false;
    }
    mix->total_weight += weight;
    e->up_to = mix->total_weight;
    mix->count++;
    mix->raw = raw;
    return true;
}

bool mix_expect(struct mix *mix, const char *all, const char *trailer, size_t len, char error[MIX_ERROR])
{
    for (size_t i = 0; i < mix->count; i++) {
        struct mix_entry *e = &mix->entry[i];
        const char *pattern = e->expect != NULL ? e->expect : all;
        if (pattern == NULL)
            continue;
        e->expected = malloc(sizeof *e->expected);
        if (e->expected == NULL)
            return fail(error, "out of memory");
        if (!glob_compile(e->expected, pattern, trailer, len)) {
            snprintf(error, MIX_ERROR, "no pattern, or too long (60 bytes, with --until): %.60s", pattern);
            return false;
        }
    }
    return true;
}

bool mix_add_query(struct mix *mix, const char *query, char error[MIX_ERROR])
{
    if (strchr(query, '\n') != NULL)
        return fail(error, "a query is one line");
    return add(mix, 1, query, strlen(query), false, error);
}

bool mix_add_default(struct mix *mix, char error[MIX_ERROR])
{
    for (size_t i = 0; i < sizeof default_mix / sizeof default_mix[0]; i++) {
        if (!add(mix, default_mix[i].weight, default_mix[i].query, strlen(default_mix[i].query), false, error))
            return false;
    }
    return true;
}

/* WEIGHT TAB at the start of a line: its length, 0 when it is not there. */
static size_t weight_prefix(const char *line, size_t len, uint64_t *weight)
{
    size_t at = strspn(line, "0123456789");
    uint64_t value = at <= 10 ? strtoull(line, NULL, 10) : 0;
    if (at == 0 || at >= len || line[at] != '\t' || value == 0 || value > 1000000000)
        return 0;
    *weight = value;
    return at + 1;
}

static bool add_line(struct mix *mix, const char *line, size_t len, bool raw, char error[MIX_ERROR])
{
    if (len == 0 || (len >= 2 && line[0] == '#' && line[1] == ' '))
        return true;
    uint64_t weight = 1;
    size_t prefix = weight_prefix(line, len, &weight);
    if (prefix == 0 && !raw)
        return fail(error, "not WEIGHT TAB QUERY with a weight from 1 to 1000000000");
    return add(mix, weight, line + prefix, len - prefix, raw, error);
}

static bool add_stream(struct mix *mix, FILE *in, const char *path, bool raw, char error[MIX_ERROR])
{
    char *line = NULL, why[MIX_ERROR];
    size_t capacity = 0, before = mix->count;
    ssize_t got;
    bool good = true;
    for (unsigned number = 1; good && (got = getline(&line, &capacity, in)) >= 0; number++) {
        size_t len = (size_t)got - (got > 0 && line[got - 1] == '\n');
        good = add_line(mix, line, len, raw, why);
        if (!good)
            snprintf(error, MIX_ERROR, "%.60s:%u: %.150s", path, number, why);
    }
    free(line);
    if (good && ferror(in)) {
        snprintf(error, MIX_ERROR, "%.60s: %.80s", path, strerror(errno));
        return false;
    }
    if (good && mix->count == before) {
        snprintf(error, MIX_ERROR, "%.60s: no request in it", path);
        return false;
    }
    return good;
}

bool mix_add_file(struct mix *mix, const char *path, bool raw, char error[MIX_ERROR])
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (in == NULL) {
        snprintf(error, MIX_ERROR, "%.60s: %.80s", path, strerror(errno));
        return false;
    }
    bool good = add_stream(mix, in, path, raw, error);
    if (in != stdin)
        fclose(in);
    return good;
}

void mix_free(struct mix *mix)
{
    for (size_t i = 0; i < mix->count; i++)
        free_entry(&mix->entry[i]);
    free(mix->entry);
    *mix = (struct mix){0};
}

size_t mix_pick(const struct mix *mix, uint64_t seed, uint64_t n)
{
    if (mix->count == 1)
        return 0;
    uint64_t point = rng_u64(seed, n, RNG_MIX) % mix->total_weight; /* bias below 2^-20 */
    size_t low = 0, high = mix->count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point < mix->entry[middle].up_to)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

const char *mix_request(const struct mix *mix, size_t entry, uint64_t seed, uint64_t n, char *buffer, size_t *len)
{
    const struct mix_entry *e = &mix->entry[entry];
    *len = e->template != NULL ? template_render(e->template, seed, n, buffer) : e->len;
    return e->template != NULL ? buffer : e->request;
}
