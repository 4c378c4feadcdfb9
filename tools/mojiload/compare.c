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

/* One report, as far as it is compared. */
struct report_file {
    struct json_value *document;
    struct slice *slice;
    struct compared run;
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

static bool truth(const struct json_value *object, const char *key)
{
    const struct json_value *v = json_member(object, key);
    return v != NULL && v->number > 0;
}

static struct slice slice_of(const struct json_value *v)
{
    struct slice s = {
        .start_ns = (uint64_t)number(v, "start_ns"),
        .length_ns = (uint64_t)number(v, "length_ns"),
        .asked_per_s = number(v, "asked_per_s"),
        .mean_ns = number(v, "mean_ns"),
        .p50_ns = (uint64_t)number(v, "p50_ns"),
        .p99_ns = (uint64_t)number(v, "p99_ns"),
        .warmup = truth(v, "warmup"),
    };
    s.outcome[OUTCOME_OK] = (uint64_t)number(v, "ok");
    return s;
}

static bool read_series(const struct json_value *series, struct report_file *out)
{
    out->slice = calloc((size_t)series->skip, sizeof *out->slice); /* more than enough */
    out->run.slice = out->slice;
    if (out->slice == NULL)
        return false;
    for (const struct json_value *v = json_first(series); v != NULL; v = json_next(series, v)) {
        struct slice s = slice_of(v);
        out->run.open_loop |= s.asked_per_s > 0;
        out->slice[out->run.slices++] = s;
    }
    return true;
}

static bool read_document(struct report_file *out)
{
    const struct json_value *result = json_member(out->document, "result"), *series = json_member(result, "series");
    const struct json_value *schema = json_member(out->document, "schema");
    if (schema == NULL || schema->text_len < 8 || memcmp(schema->text, "mojiload", 8) != 0 || series == NULL ||
        series->kind != JSON_ARRAY || !read_series(series, out))
        return false;
    struct compared *run = &out->run;
    run->is_void = truth(json_member(result, "self"), "void");
    run->part[COMPARE_ERRORS] = (uint64_t)number(result, "errors");
    run->whole[COMPARE_ERRORS] = (uint64_t)number(result, "attempts");
    run->part[COMPARE_KEPT] = (uint64_t)number(json_member(result, "outcomes"), "ok");
    run->whole[COMPARE_KEPT] = run->open_loop ? (uint64_t)number(result, "asked") : 0;
    return true;
}

/* *text is what the document points into: free it last. */
static bool load(const char *path, struct report_file *out, char **text)
{
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return complain(path, strerror(errno));
    size_t len;
    *text = read_all(in, &len);
    bool failed = ferror(in) != 0;
    fclose(in);
    if (*text == NULL || failed)
        return complain(path, "cannot be read");
    out->document = json_parse(*text, len, VALUES_MAX);
    return (out->document != NULL && read_document(out)) || complain(path, "is no report of mojiload --json");
}

/* Reports of unlike loads can be compared, but not without a word. */
static void note_differences(FILE *out, const struct report_file *a, const struct report_file *b)
{
    static const char *const keys[] = {"rate_per_s", "ramp_ns", "clients", "pipeline", "churn", "think_ns"};
    const struct json_value *x = json_member(a->document, "config"), *y = json_member(b->document, "config");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (number(x, keys[i]) != number(y, keys[i]))
            fprintf(out, "note: loaded differently: %s is %.10g in A and %.10g in B\n", keys[i], number(x, keys[i]),
                    number(y, keys[i]));
    }
}

static int compare(FILE *out, const struct report_file *a, const struct report_file *b, const char *const path[2],
                   unsigned fail_if)
{
    struct comparison comparison;
    if (a->run.open_loop != b->run.open_loop) {
        fprintf(stderr, "mojiload: %s is of an open loop (--rate) and %s of a closed one: their times do not compare\n",
                path[!a->run.open_loop], path[a->run.open_loop]);
        return STATUS_USAGE;
    }
    compare_runs(&comparison, &a->run, &b->run, false);
    note_differences(out, a, b);
    report_comparison(out, &comparison, path[0], path[1]);
    return (fail_if >> comparison.verdict & 1) != 0 ? STATUS_MISSED : STATUS_FINE;
}

int compare_files(FILE *out, const char *path_a, const char *path_b, unsigned fail_if)
{
    const char *const path[] = {path_a, path_b};
    struct report_file file[2] = {0};
    char *text[2] = {NULL};
    bool good = load(path[0], &file[0], &text[0]) && load(path[1], &file[1], &text[1]);
    int status = good ? compare(out, &file[0], &file[1], path, fail_if) : STATUS_USAGE;
    for (int i = 0; i < 2; i++) {
        free(file[i].slice);
        free(file[i].document);
        free(text[i]);
    }
    return status;
}
