/* The requests of a run: reads mixes and templates, and tells which the n-th is. */
#include "mix.h"

#include "rng.h"
#include "units.h"

#include <errno.h>
#include <inttypes.h>
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

/* The length of a placeholder at text, 0 if there is none. *below: N of {random:N}, or 0 for {n}. */
static size_t placeholder(const char *text, size_t len, uint64_t *below)
{
    static const char random[] = "{random:";
    if (len >= 3 && memcmp(text, "{n}", 3) == 0) {
        *below = 0;
        return 3;
    }
    size_t at = sizeof random - 1;
    if (len <= at || memcmp(text, random, at) != 0)
        return 0;
    uint64_t value = 0;
    for (; at < len && text[at] >= '0' && text[at] <= '9' && value < 1000000000000; at++)
        value = value * 10 + (uint64_t)(text[at] - '0');
    *below = value;
    return at < len && text[at] == '}' && value > 0 ? at + 1 : 0;
}

static bool has_placeholder(const char *text, size_t len)
{
    uint64_t below;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '{' && placeholder(text + i, len - i, &below) > 0)
            return true;
    }
    return false;
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
    *e = (struct mix_entry){.request = malloc(len + 1), .weight = weight};
    if (e->request == NULL)
        return fail(error, "out of memory");
    e->query_len = raw ? units_unescape(text, len, e->request) : len;
    if (e->query_len == SIZE_MAX || (raw && e->query_len == 0)) {
        free(e->request);
        return fail(error, "a bad escape (\\n \\r \\t \\0 \\\\ \\xHH) or an empty template");
    }
    e->len = e->query_len;
    if (!raw) {
        memcpy(e->request, text, len);
        e->request[e->len++] = '\n';
    }
    e->placeholders = raw && has_placeholder(e->request, e->len);
    if (e->placeholders && e->len > MIX_EXPANDED_MAX / 8) {
        free(e->request);
        return fail(error, "a template with placeholders is longer than 1024 bytes");
    }
    mix->total_weight += weight;
    e->up_to = mix->total_weight;
    mix->count++;
    mix->raw = raw;
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
    size_t at = 0;
    uint64_t value = 0;
    for (; at < len && at < 10 && line[at] >= '0' && line[at] <= '9'; at++)
        value = value * 10 + (uint64_t)(line[at] - '0');
    if (at == 0 || at == len || line[at] != '\t' || value == 0 || value > 1000000000)
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
            snprintf(error, MIX_ERROR, "%.60s:%u: %.80s", path, number, why);
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
        free(mix->entry[i].request);
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
    *len = e->len;
    if (!e->placeholders)
        return e->request;
    size_t at = 0;
    for (size_t i = 0; i < e->len;) {
        uint64_t below;
        size_t took = e->request[i] == '{' ? placeholder(e->request + i, e->len - i, &below) : 0;
        if (took == 0) {
            buffer[at++] = e->request[i++];
            continue;
        }
        uint64_t value = below == 0 ? n : rng_u64(seed, n + i, RNG_TEMPLATE) % below;
        at += (size_t)snprintf(buffer + at, 24, "%" PRIu64, value);
        i += took;
    }
    *len = at;
    return buffer;
}
