/* JSON for reports: written by report_json.c, read back by compare.c. */
#include "json.h"

#include "unicode/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

static void put_string(FILE *out, const char *text, size_t len)
{
    fputc('"', out);
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)text[i];
        size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        if (i + n > len || !text_is_utf8(text + i, n)) {
            fputs("\\ufffd", out);
            i++;
            continue;
        }
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7F || c == '<') /* '<': so that a report may stand in a page */
            fprintf(out, "\\u%04x", c);
        else
            fwrite(text + i, 1, n, out);
        i += n;
    }
    fputc('"', out);
}

/* Comma, new line for what is not deep, and the key. */
static void lead(struct json_writer *w, const char *key)
{
    if (w->depth > 0 && !w->first)
        fputc(',', w->out);
    if (w->depth > 0 && w->depth <= 2)
        fprintf(w->out, "\n%*s", (int)(2 * w->depth), "");
    w->first = false;
    if (key == NULL)
        return;
    put_string(w->out, key, strlen(key));
    fputc(':', w->out);
}

void json_open(struct json_writer *w, const char *key, char bracket)
{
    lead(w, key);
    fputc(bracket, w->out);
    w->depth++;
    w->first = true;
}

void json_close(struct json_writer *w, char bracket)
{
    w->depth--;
    if (w->depth <= 1 && !w->first)
        fprintf(w->out, "\n%*s", (int)(2 * w->depth), "");
    fputc(bracket, w->out);
    w->first = false;
    if (w->depth == 0)
        fputc('\n', w->out);
}

void json_bytes(struct json_writer *w, const char *key, const char *value, size_t len)
{
    lead(w, key);
    put_string(w->out, value, len);
}

void json_text(struct json_writer *w, const char *key, const char *value)
{
    if (value != NULL) {
        json_bytes(w, key, value, strlen(value));
        return;
    }
    lead(w, key);
    fputs("null", w->out);
}

void json_uint(struct json_writer *w, const char *key, uint64_t value)
{
    lead(w, key);
    fprintf(w->out, "%llu", (unsigned long long)value);
}

void json_real(struct json_writer *w, const char *key, double value)
{
    lead(w, key);
    if (isfinite(value))
        fprintf(w->out, "%.15g", value);
    else
        fputs("null", w->out);
}

void json_bool(struct json_writer *w, const char *key, bool value)
{
    lead(w, key);
    fputs(value ? "true" : "false", w->out);
}

/* ---- reading ---- */

enum {
    DEPTH_MAX = 64
};

struct reader {
    const char *at, *end;
    struct json_value *value;
    size_t count, capacity, max;
};

static void skip_space(struct reader *r)
{
    while (r->at < r->end && strchr(" \t\r\n", *r->at) != NULL && *r->at != '\0')
        r->at++;
}

static bool accept(struct reader *r, char c)
{
    skip_space(r);
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static bool accept_word(struct reader *r, const char *word)
{
    size_t len = strlen(word);
    if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
        return false;
    r->at += len;
    return true;
}

static bool read_string(struct reader *r, const char **text, size_t *len)
{
    if (!accept(r, '"'))
        return false;
    *text = r->at;
    for (; r->at < r->end && *r->at != '"'; r->at++) {
        if ((unsigned char)*r->at < 0x20 || (*r->at == '\\' && ++r->at == r->end))
            return false;
    }
    *len = (size_t)(r->at - *text);
    return accept(r, '"');
}

static bool read_number(struct reader *r, double *number)
{
    char copy[40];
    size_t len = 0;
    while (r->at + len < r->end && r->at[len] != '\0' && strchr("+-.0123456789eE", r->at[len]) != NULL)
        len++;
    if (len == 0 || len >= sizeof copy)
        return false;
    memcpy(copy, r->at, len);
    copy[len] = '\0';
    char *end;
    *number = strtod(copy, &end);
    r->at += len;
    return *end == '\0';
}

/* A new value: its index, or SIZE_MAX. */
static size_t push(struct reader *r)
{
    if (r->count == r->max)
        return SIZE_MAX;
    if (r->count == r->capacity) {
        size_t bigger = r->capacity == 0 ? 256 : r->capacity * 2;
        struct json_value *grown = realloc(r->value, bigger * sizeof *grown);
        if (grown == NULL)
            return SIZE_MAX;
        r->value = grown;
        r->capacity = bigger;
    }
    r->value[r->count] = (struct json_value){.kind = JSON_NULL};
    return r->count++;
}

static bool read_value(struct reader *r, const char *key, size_t key_len, unsigned depth);

static bool read_members(struct reader *r, bool object, unsigned depth)
{
    char close = object ? '}' : ']';
    if (accept(r, close))
        return true;
    do {
        const char *key = NULL;
        size_t key_len = 0;
        if (object && (!read_string(r, &key, &key_len) || !accept(r, ':')))
            return false;
        if (!read_value(r, key, key_len, depth + 1))
            return false;
    } while (accept(r, ','));
    return accept(r, close);
}

static bool read_scalar(struct reader *r, struct json_value *v)
{
    if (*r->at == '"') {
        v->kind = JSON_STRING;
        return read_string(r, &v->text, &v->text_len);
    }
    if (accept_word(r, "null"))
        return true;
    v->kind = JSON_BOOL;
    v->number = 1;
    if (accept_word(r, "true"))
        return true;
    v->number = 0;
    if (accept_word(r, "false"))
        return true;
    v->kind = JSON_NUMBER;
    return read_number(r, &v->number);
}

static bool read_value(struct reader *r, const char *key, size_t key_len, unsigned depth)
{
    skip_space(r);
    size_t i = push(r);
    if (i == SIZE_MAX || r->at == r->end || depth > DEPTH_MAX)
        return false;
    r->value[i].key = key;
    r->value[i].key_len = key_len;
    bool good, object = *r->at == '{';
    if (object || *r->at == '[') {
        r->at++;
        r->value[i].kind = object ? JSON_OBJECT : JSON_ARRAY;
        good = read_members(r, object, depth);
    } else {
        good = read_scalar(r, &r->value[i]);
    }
    r->value[i].skip = (uint32_t)(r->count - i);
    return good;
}

struct json_value *json_parse(const char *text, size_t len, size_t max_values)
{
    struct reader r = {.at = text, .end = text + len, .max = max_values < UINT32_MAX ? max_values : UINT32_MAX};
    bool good = read_value(&r, NULL, 0, 0);
    skip_space(&r);
    if (good && r.at == r.end)
        return r.value;
    free(r.value);
    return NULL;
}

const struct json_value *json_first(const struct json_value *parent)
{
    bool has = parent != NULL && (parent->kind == JSON_OBJECT || parent->kind == JSON_ARRAY) && parent->skip > 1;
    return has ? parent + 1 : NULL;
}

const struct json_value *json_next(const struct json_value *parent, const struct json_value *child)
{
    const struct json_value *next = child + child->skip;
    return next < parent + parent->skip ? next : NULL;
}

const struct json_value *json_member(const struct json_value *object, const char *key)
{
    size_t len = strlen(key);
    if (object == NULL || object->kind != JSON_OBJECT)
        return NULL;
    for (const struct json_value *c = json_first(object); c != NULL; c = json_next(object, c)) {
        if (c->key_len == len && memcmp(c->key, key, len) == 0)
            return c;
    }
    return NULL;
}

double json_number(const struct json_value *v, double otherwise)
{
    return v != NULL && v->kind == JSON_NUMBER ? v->number : otherwise;
}
