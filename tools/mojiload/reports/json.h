/* json.h - between our structs and json-c: tables of fields, written by report_json.c and read back by compare.c.
 *
 * Objects are json-c's (json_object.h there: who adds an object to another gives it away, json_object_put() frees).
 * Memory that runs out leaves a value out and errno at ENOMEM, as malloc(3) sets it: a writer clears errno first and
 * looks at it once at the end.
 */
#ifndef MOJILOAD_JSON_H
#define MOJILOAD_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum json_kind {
    JSON_BOOL,
    JSON_UINT32,
    JSON_UINT64,
    JSON_REAL,
    JSON_TEXT /* an array of char, terminated */
};

/* A member of a struct and its key. */
struct json_field {
    const char *key;
    enum json_kind kind;
    size_t offset;
};

/* clang-format off */
#define JSON_KIND(member) \
    _Generic((member), bool: JSON_BOOL, uint32_t: JSON_UINT32, uint64_t: JSON_UINT64, \
             double: JSON_REAL, char *: JSON_TEXT)
/* clang-format on */
#define JSON_AS(type, key, member)                                                                                     \
    {                                                                                                                  \
        key, JSON_KIND(((type *)0)->member), offsetof(type, member)                                                    \
    }
#define JSON_FIELD(type, member) JSON_AS(type, #member, member)
/* A table and its length, as the next two take them. */
#define JSON_TABLE(fields) (fields), sizeof(fields) / sizeof(fields)[0]

/* Adds the fields of the struct at from. */
void json_put(struct json_object *to, const void *from, const struct json_field *field, size_t count);
/* Sets the fields of the struct at to: those of from that are numbers or booleans, the others to 0. */
void json_get(struct json_object *from, void *to, const struct json_field *field, size_t count);

/* Bytes that are no UTF-8 become U+FFFD. */
struct json_object *json_text(const char *bytes, size_t len);
/* Fifteen digits, more than was ever measured; null when not finite. */
struct json_object *json_real(double value);
/* The double, 0 when there is no such member or it is no number. */
double json_number(struct json_object *object, const char *key);

/* One member a line down to the second level, as people read it and grep finds it, the rest without a space. */
void json_write(FILE *out, struct json_object *document);
/* The document in the stream; NULL when ill-formed (RFC 8259), of more than 2 GiB or nested more than 64 deep. */
struct json_object *json_read(FILE *in);

#endif
