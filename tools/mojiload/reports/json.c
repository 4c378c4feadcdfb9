/* Structs to JSON and back, by json-c.
 *
 * json-c and not jansson, which has the handier calls: --seed is any 64-bit number, and jansson's integers are signed.
 */
#include "reports/json.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

enum {
    DEPTH_MAX = 64,
    LINED_LEVELS = 2, /* whose members have a line each */
    FLAGS = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE
};

struct json_object *json_text(const char *bytes, size_t len)
{
    uint8_t *text = malloc(3 * len + 1); /* a bad byte becomes three */
    size_t out = 0;
    if (text == NULL)
        return NULL;
    for (size_t in = 0; in < len;) {
        ucs4_t c;
        in += (size_t)u8_mbtouc(&c, (const uint8_t *)bytes + in, len - in);
        out += (size_t)u8_uctomb(text + out, c, 4);
    }
    struct json_object *object = json_object_new_string_len((const char *)text, (int)out);
    free(text);
    return object;
}

struct json_object *json_real(double value)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%.15g", value);
    return isfinite(value) ? json_object_new_double_s(value, digits) : NULL;
}

double json_number(struct json_object *object, const char *key)
{
    struct json_object *v = json_object_object_get(object, key);
    bool number = json_object_is_type(v, json_type_int) || json_object_is_type(v, json_type_double);
    return number ? json_object_get_double(v) : 0;
}

void json_put(struct json_object *to, const void *from, const struct json_field *field, size_t count)
{
    for (const struct json_field *f = field; f < field + count; f++) {
        const void *at = (const char *)from + f->offset;
        struct json_object *v = NULL;
        switch (f->kind) {
        case JSON_BOOL: v = json_object_new_boolean(*(const bool *)at); break;
        case JSON_UINT32: v = json_object_new_uint64(*(const uint32_t *)at); break;
        case JSON_UINT64: v = json_object_new_uint64(*(const uint64_t *)at); break;
        case JSON_REAL: v = json_real(*(const double *)at); break;
        case JSON_TEXT: v = json_text(at, strlen(at)); break;
        }
        json_object_object_add(to, f->key, v);
    }
}

void json_get(struct json_object *from, void *to, const struct json_field *field, size_t count)
{
    for (const struct json_field *f = field; f < field + count; f++) {
        void *at = (char *)to + f->offset;
        double number = json_number(from, f->key);
        switch (f->kind) {
        case JSON_BOOL: *(bool *)at = json_object_get_boolean(json_object_object_get(from, f->key)); break;
        case JSON_UINT32: *(uint32_t *)at = (uint32_t)number; break;
        case JSON_UINT64: *(uint64_t *)at = (uint64_t)number; break;
        case JSON_REAL: *(double *)at = number; break;
        case JSON_TEXT: break; /* nothing that is compared */
        }
    }
}

static void write_level(FILE *out, struct json_object *v, int level)
{
    if (level == LINED_LEVELS || !json_object_is_type(v, json_type_object) || json_object_object_length(v) == 0) {
        const char *text = json_object_to_json_string_ext(v, FLAGS);
        fputs(text != NULL ? text : "null", out);
        return;
    }
    const char *between = "{";
    json_object_object_foreach(v, key, member)
    {
        fprintf(out, "%s\n%*s\"%s\":", between, 2 * level + 2, "", key);
        write_level(out, member, level + 1);
        between = ",";
    }
    fprintf(out, "\n%*s}", 2 * level, "");
}

void json_write(FILE *out, struct json_object *document)
{
    write_level(out, document, 0);
    fputc('\n', out);
}

/* Control characters but for white space, which json-c (0.16) lets pass in strings. */
static bool has_control(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 && text[i] != '\t' && text[i] != '\n' && text[i] != '\r')
            return true;
    }
    return false;
}

struct json_object *json_read(FILE *in)
{
    char *text = NULL;
    size_t capacity = 0;
    ssize_t len = getdelim(&text, &capacity, '\0', in); /* to the end: a NUL is no JSON */
    struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
    struct json_object *document = NULL;
    if (len >= 0 && len < INT_MAX && tokener != NULL && !has_control(text, (size_t)len)) {
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
        document = json_tokener_parse_ex(tokener, text, (int)len);
        if (json_tokener_get_error(tokener) != json_tokener_success) {
            json_object_put(document);
            document = NULL;
        }
    }
    if (tokener != NULL)
        json_tokener_free(tokener);
    free(text);
    return document;
}
