/* The compare command: from two JSON reports to a table and a verdict. */
#include "compare.h"

#include "json.h"
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    VALUES_MAX = 20000000 /* a day of seconds has 2 million values */
};
#define FILE_MAX ((size_t)1 << 30)

struct slices {
    struct slice *slice;
    size_t count;
};

static bool complain(const char *path, const char *why)
{
    fprintf(stderr, "mojiload: %s: %s\n", path, why);
    return false;
}

static char *read_all(FILE *in, size_t *len)
{
    size_t capacity = 1 << 16;
    char *text = malloc(capacity);
    *len = 0;
    while (text != NULL) {
        *len += fread(text + *len, 1, capacity - *len, in);
        if (*len < capacity)
            return text;
        char *grown = capacity < FILE_MAX ? realloc(text, capacity * 2) : NULL;
        if (grown == NULL)
            free(text);
        capacity *= 2;
        text = grown;
    }
    return NULL;
}

static double number(const struct json_value *object, const char *key)
{
    return json_number(json_member(object, key), 0);
}

static struct slice slice_of(const struct json_value *v)
{
    const struct json_value *warmup = json_member(v, "warmup");
    struct slice s = {
        .start_ns = (uint64_t)number(v, "start_ns"),
        .length_ns = (uint64_t)number(v, "length_ns"),
        .asked_per_s = number(v, "asked_per_s"),
        .mean_ns = number(v, "mean_ns"),
        .p50_ns = (uint64_t)number(v, "p50_ns"),
        .p99_ns = (uint64_t)number(v, "p99_ns"),
        .warmup = warmup != NULL && warmup->number > 0,
    };
    s.outcome[OUTCOME_OK] = (uint64_t)number(v, "ok");
    return s;
}

static bool slices_of(const struct json_value *document, struct slices *out)
{
    const struct json_value *series = json_member(json_member(document, "result"), "series");
    const struct json_value *schema = json_member(document, "schema");
    if (schema == NULL || schema->text_len < 8 || memcmp(schema->text, "mojiload", 8) != 0 || series == NULL ||
        series->kind != JSON_ARRAY)
        return false;
    out->slice = calloc((size_t)series->skip, sizeof *out->slice); /* more than enough */
    if (out->slice == NULL)
        return false;
    for (const struct json_value *v = json_first(series); v != NULL; v = json_next(series, v))
        out->slice[out->count++] = slice_of(v);
    return true;
}

static bool load(const char *path, struct slices *out)
{
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return complain(path, strerror(errno));
    size_t len;
    char *text = read_all(in, &len);
    bool failed = ferror(in) != 0;
    fclose(in);
    if (text == NULL || failed) {
        free(text);
        return complain(path, "cannot be read");
    }
    struct json_value *document = json_parse(text, len, VALUES_MAX);
    bool good = document != NULL && slices_of(document, out);
    free(document);
    free(text);
    return good || complain(path, "is no report of mojiload --json");
}

int compare_files(FILE *out, const char *path_a, const char *path_b)
{
    struct slices a = {0}, b = {0};
    struct comparison comparison;
    bool good = load(path_a, &a) && load(path_b, &b);
    if (good) {
        compare_slices(&comparison, a.slice, a.count, b.slice, b.count, false);
        report_comparison(out, &comparison, path_a, path_b);
    }
    free(a.slice);
    free(b.slice);
    return good ? STATUS_FINE : STATUS_USAGE;
}
