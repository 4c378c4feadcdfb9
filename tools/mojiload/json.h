/* json.h - just enough JSON: a writer that keeps the commas, and a reader for our own reports.
 */
#ifndef MOJILOAD_JSON_H
#define MOJILOAD_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- writing (RFC 8259), into a stream ---- */

struct json_writer {
    FILE *out;
    unsigned depth;
    bool first; /* nothing stands before in the present object or array */
};

/* key NULL inside arrays, and for the document itself. */
void json_open(struct json_writer *w, const char *key, char bracket);      /* '{' or '[' */
void json_close(struct json_writer *w, char bracket);                      /* '}' or ']' */
void json_text(struct json_writer *w, const char *key, const char *value); /* NULL becomes null; bytes that are no UTF-8
                                                                              become U+FFFD */
void json_bytes(struct json_writer *w, const char *key, const char *value, size_t len);
void json_uint(struct json_writer *w, const char *key, uint64_t value);
void json_real(struct json_writer *w, const char *key, double value); /* null when not finite */
void json_bool(struct json_writer *w, const char *key, bool value);

/* ---- reading ---- */

enum json_kind {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* A value in a flat array: children follow their parent; skip is the number of values in it, with itself. */
struct json_value {
    enum json_kind kind;
    uint32_t skip;
    const char *key; /* in an object; in the text, not terminated */
    size_t key_len;
    const char *text; /* strings without quotes, escapes left as they are; in the text */
    size_t text_len;
    double number; /* also of booleans: 0, 1 */
};

/* Parses len bytes, at most max_values values deep and wide together; NULL when ill-formed,
 * too large, nested more than 64 deep or out of memory.  Points into text; give back with free(3). */
struct json_value *json_parse(const char *text, size_t len, size_t max_values);
/* The member of an object, or NULL (also when object is NULL or none). */
const struct json_value *json_member(const struct json_value *object, const char *key);
/* First child and next sibling of arrays and objects: for (c = json_first(a); c != NULL; c = json_next(a, c)). */
const struct json_value *json_first(const struct json_value *parent);
const struct json_value *json_next(const struct json_value *parent, const struct json_value *child);
/* A number's value, or otherwise when v is NULL or none. */
double json_number(const struct json_value *v, double otherwise);

#endif
