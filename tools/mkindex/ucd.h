/* ucd.h - reads the text files of the Unicode Character Database.
 *
 *     struct ucd_file f;
 *     struct ucd_record r;
 *     enum ucd_step step;
 *     if (!ucd_open(&f, "/usr/share/unicode", "Blocks.txt", UCD_CODEPOINTS, &error)) …
 *     while ((step = ucd_next(&f, &r)) == UCD_RECORD)
 *         … r.first, r.last, r.field[1] …
 *     ucd_close(&f);
 *     if (step == UCD_MALFORMED) … error.text is "file:line: reason" …
 *
 * The common format (UAX #44, section 4.2): one record a line, fields separated by semicolons, white space around
 * a field without meaning, '#' begins a comment, and a comment "@missing: 0000..10FFFF; value" names a default.
 * Field 0 is a code point or a range XXXX..YYYY in files of code points, anything in others
 * (PropertyAliases.txt).
 *
 * What the reader rejects by itself: a byte outside printable ASCII before the comment, a field 0 that is not
 * 4 to 6 hex digits or lies above 10FFFF, a range that runs backwards, a
 * record of a single or of more than UCD_FIELDS fields, a last line that is cut off.  What the fields
 * mean is the caller's: it reports with ucd_fail().
 */
#ifndef MKINDEX_UCD_H
#define MKINDEX_UCD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    UCD_FIELDS = 16,     /* UnicodeData.txt has the most, 15 */
    UCD_NAME_BYTES = 256 /* of a file name in an error; longer ones lose their beginning */
};

enum ucd_kind {
    UCD_CODEPOINTS, /* field 0 is a code point or a range */
    UCD_VALUES      /* field 0 is text like the others */
};

enum ucd_step {
    UCD_RECORD,
    UCD_END,
    UCD_MALFORMED /* the error given to ucd_open() is filled; so it stays on further calls */
};

/* Not terminated; points into the file's bytes. */
struct ucd_text {
    const char *text;
    size_t len;
};

struct ucd_record {
    uint32_t first, last; /* UCD_CODEPOINTS: field 0, last included */
    uint32_t fields;      /* in field[], at least 2; those beyond are empty */
    bool missing;         /* from an @missing line: the value of what no other line lists */
    struct ucd_text field[UCD_FIELDS];
};

struct ucd_error {
    char text[512]; /* printable, no line end */
};

struct ucd_file {
    struct ucd_error *error;
    enum ucd_kind kind;
    uint32_t line; /* of the latest record, from 1 */
    bool failed;
    /* private */
    char name[UCD_NAME_BYTES];
    const char *data, *at, *end;
    char *owned; /* NULL: the bytes are the caller's */
};

/* Reads dir/name whole, or where Debian and the ucd zip file keep it: dir/extracted, dir/auxiliary,
 * dir/emoji.  false: error says which file and why, nothing is held. */
bool ucd_open(struct ucd_file *f, const char *dir, const char *name, enum ucd_kind kind, struct ucd_error *error);
/* The same on bytes in memory, which must outlive f. */
void ucd_open_memory(struct ucd_file *f, const char *name, const char *data, size_t len, enum ucd_kind kind,
                     struct ucd_error *error);
/* Frees the bytes, and with them every ucd_text.  Harmless after a failed open. */
void ucd_close(struct ucd_file *f);

/* The next record into *r.  Texts in it stay valid until ucd_close(). */
enum ucd_step ucd_next(struct ucd_file *f, struct ucd_record *r);
/* Sets the error "name:line: reason" for the latest record, unless one is set already.  Returns false. */
bool ucd_fail(struct ucd_file *f, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same without a file: for memory that is out and the like.  Returns false. */
bool ucd_error_set(struct ucd_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The version in the first line, "# Blocks-15.0.0.txt": "15.0.0", or "unknown". */
void ucd_version(const struct ucd_file *f, char *out, size_t cap);

bool ucd_text_is(struct ucd_text t, const char *word);
/* Parses 4 to 6 hex digits up to 10FFFF; false if t is anything else. */
bool ucd_codepoint(struct ucd_text t, uint32_t *codepoint);

#endif
