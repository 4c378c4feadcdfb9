/* The compare command: from two JSON reports to a table and a verdict. */
#include "reports/compare.h"

#include "reports/json.h"
#include "reports/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One report, as far as it is compared. */
struct report_file {
    struct json_object *document;
    struct slice *slice;
    struct compared run;
};

static bool complain(const char *path, const char *why)
{
    fprintf(stderr, "mojiload: %s: %s\n", path, why);
    return false;
}

static struct json_object *member(struct json_object *object, const char *key)
{
    return json_object_object_get(object, key); /* NULL of NULL, and of what is no object */
}

static bool read_series(struct json_object *series, struct report_file *out)
{
    size_t count = json_object_array_length(series);
    out->slice = calloc(count + 1, sizeof *out->slice);
    out->run.slice = out->slice;
    if (out->slice == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        out->slice[i] = report_json_slice(json_object_array_get_idx(series, i));
        out->run.open_loop |= out->slice[i].asked_per_s > 0;
    }
    out->run.slices = count;
    return true;
}

static bool read_document(struct report_file *out)
{
    struct json_object *result = member(out->document, "result"), *series = member(result, "series");
    const char *schema = json_object_get_string(member(out->document, "schema"));
    if (schema == NULL || strncmp(schema, "mojiload", 8) != 0 || !json_object_is_type(series, json_type_array) ||
        !read_series(series, out))
        return false;
    struct compared *run = &out->run;
    run->is_void = json_object_get_boolean(member(member(result, "self"), "void"));
    run->part[COMPARE_ERRORS] = (uint64_t)json_number(result, "errors");
    run->whole[COMPARE_ERRORS] = (uint64_t)json_number(result, "attempts");
    run->part[COMPARE_KEPT] = (uint64_t)json_number(member(result, "outcomes"), "ok");
    run->whole[COMPARE_KEPT] = run->open_loop ? (uint64_t)json_number(result, "asked") : 0;
    return true;
}

static bool load(const char *path, struct report_file *out)
{
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return complain(path, strerror(errno));
    out->document = json_read(in);
    bool failed = ferror(in) != 0;
    fclose(in);
    if (failed)
        return complain(path, "cannot be read");
    return (out->document != NULL && read_document(out)) || complain(path, "is no report of mojiload --json");
}

/* Reports of unlike loads can be compared, but not without a word. */
static void note_differences(FILE *out, const struct report_file *a, const struct report_file *b)
{
    static const char *const keys[] = {"rate_per_s", "ramp_ns", "clients", "pipeline", "churn", "think_ns"};
    struct json_object *x = member(a->document, "config"), *y = member(b->document, "config");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (json_number(x, keys[i]) != json_number(y, keys[i]))
            fprintf(out, "note: loaded differently: %s is %.10g in A and %.10g in B\n", keys[i],
                    json_number(x, keys[i]), json_number(y, keys[i]));
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
    bool good = load(path[0], &file[0]) && load(path[1], &file[1]);
    int status = good ? compare(out, &file[0], &file[1], path, fail_if) : STATUS_USAGE;
    for (int i = 0; i < 2; i++) {
        free(file[i].slice);
        json_object_put(file[i].document);
    }
    return status;
}
