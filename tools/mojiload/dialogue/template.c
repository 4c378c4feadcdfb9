/* Compiles templates to parts, and renders them. */
#include "dialogue/template.h"

#include "rng.h"
#include "units.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum part_kind {
    PART_TEXT,
    PART_N,
    PART_RANDOM,
    PART_ZIPF,
    PART_FILE
};

struct part {
    enum part_kind kind;
    char *bytes; /* PART_TEXT, PART_FILE (its lines, one after the other): owned */
    size_t len;
    size_t *line;   /* PART_FILE: where they begin, one more at the end */
    uint64_t below; /* PART_N: 0 or 10 to the width; else N */
    double exponent;
    int width;
};

struct template
{
    struct part *part;
    size_t parts;
};

static bool fail(char error[TEMPLATE_ERROR], const char *what, const char *part, size_t len)
{
    snprintf(error, TEMPLATE_ERROR, "%s: %.*s", what, (int)(len < 40 ? len : 40), part);
    return false;
}

/* ---- placeholders ---- */

static bool parse_n(struct part *p, const char *argument, char error[TEMPLATE_ERROR])
{
    uint64_t width = 0;
    if (argument != NULL && (!units_count(argument, 18, &width) || width == 0))
        return fail(error, "{n:WIDTH} wants 1 to 18 digits", argument, strlen(argument));
    p->width = (int)width;
    for (p->below = width > 0; width > 0; width--)
        p->below *= 10;
    return true;
}

static bool parse_below(struct part *p, const char *argument, char error[TEMPLATE_ERROR])
{
    if (argument == NULL || !units_count(argument, 1000000000000, &p->below) || p->below == 0)
        return fail(error, "wants a number from 1 to 10^12", argument != NULL ? argument : "", 40);
    p->width = snprintf(NULL, 0, "%" PRIu64, p->below - 1);
    return true;
}

/* N[:S] */
static bool parse_zipf(struct part *p, const char *argument, char error[TEMPLATE_ERROR])
{
    char number[32];
    size_t len = argument != NULL ? strcspn(argument, ":") : 0;
    p->exponent = 0.99; /* as YCSB has it */
    if (len >= sizeof number)
        return fail(error, "wants a number from 1 to 10^12", argument, len);
    snprintf(number, sizeof number, "%.*s", (int)len, argument != NULL ? argument : "");
    if (len > 0 && argument[len] == ':') {
        char *end;
        p->exponent = strtod(argument + len + 1, &end);
        if (*end != '\0' || end == argument + len + 1 || !(p->exponent > 0 && p->exponent <= 10))
            return fail(error, "{zipf:N:S} wants an exponent above 0, up to 10", argument, strlen(argument));
    }
    return parse_below(p, number, error);
}

static bool parse_file(struct part *p, const char *path, char error[TEMPLATE_ERROR])
{
    FILE *in = path != NULL ? fopen(path, "re") : NULL;
    char *line = NULL;
    size_t capacity = 0;
    if (in == NULL)
        return fail(error, path != NULL ? strerror(errno) : "{file:PATH} wants a path", path != NULL ? path : "", 40);
    bool good = true;
    for (ssize_t got; good && (got = getline(&line, &capacity, in)) >= 0;) {
        size_t len = (size_t)got - (line[got - 1] == '\n');
        char *bytes = realloc(p->bytes, p->len + len + 1);
        size_t *starts = realloc(p->line, (p->below + 2) * sizeof *starts);
        p->bytes = bytes != NULL ? bytes : p->bytes;
        p->line = starts != NULL ? starts : p->line;
        good = bytes != NULL && starts != NULL && len <= TEMPLATE_MAX;
        if (!good)
            break;
        memcpy(p->bytes + p->len, line, len);
        p->line[p->below++] = p->len;
        p->len += len;
        p->line[p->below] = p->len;
        p->width = (int)len > p->width ? (int)len : p->width; /* the longest */
    }
    good = good && !ferror(in) && p->below > 0;
    free(line);
    fclose(in);
    return good || fail(error, "no lines in it, or too long ones", path, strlen(path));
}

static const struct {
    const char *name;
    enum part_kind kind;
    bool (*parse)(struct part *p, const char *argument, char error[TEMPLATE_ERROR]);
} placeholders[] = {
    {"n", PART_N, parse_n},
    {"random", PART_RANDOM, parse_below},
    {"zipf", PART_ZIPF, parse_zipf},
    {"file", PART_FILE, parse_file},
};

/* "{name}" or "{name:argument}", len bytes. */
static bool parse_placeholder(struct part *p, const char *text, size_t len, char error[TEMPLATE_ERROR])
{
    char copy[512];
    if (text[len - 1] != '}')
        return fail(error, "a placeholder is not closed", text, len);
    if (len - 2 >= sizeof copy)
        return fail(error, "a placeholder is too long", text, len);
    snprintf(copy, sizeof copy, "%.*s", (int)(len - 2), text + 1);
    char *colon = strchr(copy, ':');
    if (colon != NULL)
        *colon = '\0';
    for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++) {
        if (strcmp(placeholders[i].name, copy) != 0)
            continue;
        p->kind = placeholders[i].kind;
        return placeholders[i].parse(p, colon != NULL ? colon + 1 : NULL, error);
    }
    return fail(error, "no such placeholder ({n} {random:N} {zipf:N} {file:PATH}; \\x7b is a brace)", text, len);
}

/* ---- templates ---- */

/* The length of the placeholder at text, 0 if there is none.  One that is not closed goes to the end. */
static size_t placeholder_at(const char *text, size_t len)
{
    if (len < 2 || text[0] != '{' || text[1] < 'a' || text[1] > 'z')
        return 0;
    const char *end = memchr(text, '}', len);
    return end != NULL ? (size_t)(end - text) + 1 : len;
}

static bool parse_text(struct part *p, const char *text, size_t len, char error[TEMPLATE_ERROR])
{
    p->bytes = malloc(len + 1);
    p->len = p->bytes != NULL ? units_unescape(text, len, p->bytes) : SIZE_MAX;
    return p->len != SIZE_MAX || fail(error, "a bad escape (\\n \\r \\t \\0 \\\\ \\xHH) in", text, len);
}

/* Parts are cut where a placeholder begins; an escaped byte is passed over whole. */
static size_t text_len(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && placeholder_at(text + at, len - at) == 0)
        at += text[at] == '\\' && at + 1 < len ? 2 : 1;
    return at;
}

static struct part *add_part(struct template *t)
{
    struct part *grown = realloc(t->part, (t->parts + 1) * sizeof *grown);
    if (grown == NULL)
        return NULL;
    t->part = grown;
    t->part[t->parts] = (struct part){.kind = PART_TEXT};
    return &t->part[t->parts++];
}

static size_t longest(const struct template *t)
{
    size_t len = 0;
    for (size_t i = 0; i < t->parts; i++)
        len += t->part[i].kind == PART_TEXT ? t->part[i].len : t->part[i].width > 0 ? (size_t)t->part[i].width : 20;
    return len;
}

struct template *template_parse(const char *text, size_t len, char error[TEMPLATE_ERROR])
{
    struct template *t = calloc(1, sizeof *t);
    snprintf(error, TEMPLATE_ERROR, "out of memory");
    bool good = t != NULL;
    for (size_t at = 0; good && at < len;) {
        size_t took = placeholder_at(text + at, len - at);
        struct part *p = add_part(t);
        if (p == NULL)
            good = false;
        else if (took > 0)
            good = parse_placeholder(p, text + at, took, error);
        else
            good = parse_text(p, text + at, took = text_len(text + at, len - at), error);
        at += took;
    }
    size_t plain;
    if (good && longest(t) > TEMPLATE_MAX && template_plain(t, &plain) == NULL)
        good = fail(error, "a template with placeholders gets longer than 8192 bytes", text, len);
    if (good)
        return t;
    template_free(t);
    return NULL;
}

void template_free(struct template *t)
{
    for (size_t i = 0; t != NULL && i < t->parts; i++) {
        free(t->part[i].bytes);
        free(t->part[i].line);
    }
    if (t != NULL)
        free(t->part);
    free(t);
}

const char *template_plain(const struct template *t, size_t *len)
{
    if (t->parts != 1 || t->part[0].kind != PART_TEXT)
        return NULL;
    *len = t->part[0].len;
    return t->part[0].bytes;
}

/* ---- rendering ---- */

/* The i-th random number of that place in request n. */
static uint64_t draw(uint64_t seed, uint64_t n, size_t place, uint64_t i)
{
    return rng_mix64(rng_u64(seed, n, RNG_TEMPLATE) + ((uint64_t)(place + 1) << 20 | i) * 0x9E3779B97F4A7C15u);
}

/* log(1 + x) / x and (exp(x) - 1) / x, without loss near 0. */
static double log_ratio(double x)
{
    return fabs(x) > 1e-8 ? log1p(x) / x : 1 - x / 2;
}
static double exp_ratio(double x)
{
    return fabs(x) > 1e-8 ? expm1(x) / x : 1 + x / 2;
}

/* The integral of x^-s, and its inverse. */
static double integral(double x, double s)
{
    return exp_ratio((1 - s) * log(x)) * log(x);
}
static double integral_inverse(double y, double s)
{
    double t = fmax(-1, y * (1 - s));
    return exp(log_ratio(t) * y);
}

/* Ranks from 1 to N by rejection and inversion (Hoermann and Derflinger, 1996): exact for any N, without a table. */
static uint64_t zipf(const struct part *p, uint64_t seed, uint64_t n, size_t place)
{
    double s = p->exponent, from = integral(1.5, s) - 1, to = integral((double)p->below + 0.5, s);
    for (uint64_t i = 0;; i++) {
        double unit = (double)(draw(seed, n, place, i) >> 11) * 0x1p-53;
        double u = to + unit * (from - to), x = integral_inverse(u, s), k = floor(x + 0.5);
        k = k < 1 ? 1 : k > (double)p->below ? (double)p->below : k;
        if (i == 1000 || u >= integral(k + 0.5, s) - exp(-s * log(k)))
            return (uint64_t)k - 1;
    }
}

static size_t render_part(const struct part *p, uint64_t seed, uint64_t n, size_t place, char *out)
{
    uint64_t value = n;
    switch (p->kind) {
    case PART_TEXT: memcpy(out, p->bytes, p->len); return p->len;
    case PART_N: value = p->below > 0 ? n % p->below : n; break;
    case PART_RANDOM: value = draw(seed, n, place, 0) % p->below; break;
    case PART_ZIPF: value = zipf(p, seed, n, place); break;
    case PART_FILE: {
        uint64_t i = draw(seed, n, place, 0) % p->below;
        memcpy(out, p->bytes + p->line[i], p->line[i + 1] - p->line[i]);
        return p->line[i + 1] - p->line[i];
    }
    }
    char digits[32];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%0*" PRIu64, p->width, value);
    memcpy(out, digits, len); /* without the NUL, for which there may be no room */
    return len;
}

size_t template_render(const struct template *t, uint64_t seed, uint64_t n, char buffer[TEMPLATE_MAX])
{
    size_t len = 0;
    for (size_t i = 0; i < t->parts; i++)
        len += render_part(&t->part[i], seed, n, i, buffer + len);
    return len;
}
