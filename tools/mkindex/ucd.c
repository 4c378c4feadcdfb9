/* The reader of Unicode Character Database files: bytes to records, with file, line and reason for what is no record.
 */
#include "ucd.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool ucd_error_set(struct ucd_error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    return false;
}

bool ucd_fail(struct ucd_file *f, const char *format, ...)
{
    char reason[sizeof f->error->text - UCD_NAME_BYTES - 16];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    if (!f->failed)
        ucd_error_set(f->error, "%s:%u: %s", f->name, f->line, reason);
    f->failed = true;
    return false;
}

/* ---- opening ---- */

/* The end of a long path says more than its beginning. */
static void set_name(struct ucd_file *f, const char *name)
{
    size_t len = strlen(name);
    size_t skip = len < sizeof f->name ? 0 : len - (sizeof f->name - 1);
    memcpy(f->name, name + skip, len - skip + 1);
}

void ucd_open_memory(struct ucd_file *f, const char *name, const char *data, size_t len, enum ucd_kind kind,
                     struct ucd_error *error)
{
    *f = (struct ucd_file){.error = error, .kind = kind, .data = data, .at = data, .end = data + len};
    set_name(f, name);
}

/* All bytes of a stream; NULL with errno. */
static char *read_all(FILE *in, size_t *len)
{
    size_t cap = 1 << 16;
    char *data = malloc(cap);
    *len = 0;
    while (data) {
        *len += fread(data + *len, 1, cap - *len, in);
        if (ferror(in)) {
            free(data);
            return NULL;
        }
        if (*len < cap)
            return data;
        char *larger = realloc(data, cap *= 2);
        if (!larger)
            free(data);
        data = larger;
    }
    return NULL;
}

bool ucd_open(struct ucd_file *f, const char *dir, const char *name, enum ucd_kind kind, struct ucd_error *error)
{
    static const char *const places[] = {"", "extracted/", "auxiliary/", "emoji/"};
    char path[4096];
    FILE *in = NULL;
    for (size_t i = 0; !in && i < sizeof places / sizeof *places; i++) {
        if ((size_t)snprintf(path, sizeof path, "%s/%s%s", dir, places[i], name) >= sizeof path)
            errno = ENAMETOOLONG;
        else
            in = fopen(path, "re");
        if (!in && errno != ENOENT)
            break;
    }
    *f = (struct ucd_file){.error = error, .failed = true};
    if (!in)
        return ucd_error_set(error, "%s/%s: %s", dir, name, strerror(errno));
    size_t len = 0;
    char *data = read_all(in, &len);
    int read_errno = errno;
    fclose(in);
    if (!data)
        return ucd_error_set(error, "%s: %s", path, strerror(read_errno));
    ucd_open_memory(f, path, data, len, kind, error);
    f->owned = data;
    return true;
}

void ucd_close(struct ucd_file *f)
{
    free(f->owned);
    f->owned = NULL;
    f->data = f->at = f->end = NULL;
}

/* ---- records ---- */

static struct ucd_text trimmed(const char *text, const char *end)
{
    while (text < end && (*text == ' ' || *text == '\t'))
        text++;
    while (end > text && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
        end--;
    return (struct ucd_text){text, (size_t)(end - text)};
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool ucd_codepoint(struct ucd_text t, uint32_t *codepoint)
{
    uint32_t value = 0;
    if (t.len < 4 || t.len > 6)
        return false;
    for (size_t i = 0; i < t.len; i++) {
        int digit = hex_value(t.text[i]);
        if (digit < 0)
            return false;
        value = value << 4 | (uint32_t)digit;
    }
    *codepoint = value;
    return value <= 0x10FFFF;
}

static bool parse_range(struct ucd_file *f, struct ucd_record *r)
{
    struct ucd_text t = r->field[0], first = t, last = t;
    const char *dots = memmem(t.text, t.len, "..", 2);
    if (dots) {
        first.len = (size_t)(dots - t.text);
        last = (struct ucd_text){dots + 2, t.len - first.len - 2};
    }
    if (!ucd_codepoint(first, &r->first) || !ucd_codepoint(last, &r->last))
        return ucd_fail(f, "\"%.*s\" is no code point or range", (int)(t.len < 40 ? t.len : 40), t.text);
    if (r->first > r->last)
        return ucd_fail(f, "the range %04X..%04X runs backwards", r->first, r->last);
    return true;
}

/* Cuts [text, end), a line without its comment, into fields. */
static bool parse_fields(struct ucd_file *f, struct ucd_record *r, const char *text, const char *end)
{
    for (const char *p = text; p < end; p++)
        if ((*p < ' ' || *p > '~') && *p != '\t' && *p != '\r')
            return ucd_fail(f, "unexpected byte 0x%02X", (unsigned)(unsigned char)*p);
    while (text <= end) {
        const char *semicolon = memchr(text, ';', (size_t)(end - text));
        const char *stop = semicolon ? semicolon : end;
        if (r->fields == UCD_FIELDS)
            return ucd_fail(f, "more than %d fields", UCD_FIELDS);
        r->field[r->fields++] = trimmed(text, stop);
        text = stop + 1;
    }
    if (r->fields < 2)
        return ucd_fail(f, "no semicolon after the first field");
    return f->kind == UCD_VALUES || parse_range(f, r);
}

/* The part of a line that holds fields: before the comment, or the comment itself if it is an @missing line. */
static struct ucd_text record_part(struct ucd_text line, bool *missing)
{
    static const char word[] = "@missing:";
    const char *end = line.text + line.len;
    const char *comment = memchr(line.text, '#', line.len);
    *missing = false;
    if (!comment)
        return trimmed(line.text, end);
    struct ucd_text before = trimmed(line.text, comment);
    struct ucd_text after = trimmed(comment + 1, end);
    if (before.len || after.len < sizeof word - 1 || memcmp(after.text, word, sizeof word - 1) != 0)
        return before;
    *missing = true;
    const char *again = memchr(after.text, '#', after.len);
    return trimmed(after.text + sizeof word - 1, again ? again : end);
}

enum ucd_step ucd_next(struct ucd_file *f, struct ucd_record *r)
{
    while (!f->failed && f->at < f->end) {
        const char *newline = memchr(f->at, '\n', (size_t)(f->end - f->at));
        struct ucd_text line = {f->at, (size_t)((newline ? newline : f->end) - f->at)};
        f->line++;
        if (!newline) {
            ucd_fail(f, "the last line is cut off");
            break;
        }
        f->at = newline + 1;
        *r = (struct ucd_record){0};
        struct ucd_text part = record_part(line, &r->missing);
        if (part.len)
            return parse_fields(f, r, part.text, part.text + part.len) ? UCD_RECORD : UCD_MALFORMED;
    }
    return f->failed ? UCD_MALFORMED : UCD_END;
}

/* ---- small questions ---- */

void ucd_version(const struct ucd_file *f, char *out, size_t cap)
{
    const char *end = memchr(f->data, '\n', (size_t)(f->end - f->data));
    const char *dash = end ? memchr(f->data, '-', (size_t)(end - f->data)) : NULL;
    size_t len = 0;
    if (dash && *f->data == '#')
        while (dash + 1 + len < end && (dash[1 + len] == '.' || (dash[1 + len] >= '0' && dash[1 + len] <= '9')))
            len++;
    if (len && dash[len] == '.') /* the dot of ".txt" */
        len--;
    snprintf(out, cap, "%.*s", (int)(len ? len : 7), len ? dash + 1 : "unknown");
}

bool ucd_text_is(struct ucd_text t, const char *word)
{
    return strlen(word) == t.len && memcmp(t.text, word, t.len) == 0;
}
