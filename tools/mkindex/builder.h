/* builder.h - the index compiler: from names to the image that unicode/index.h reads.
 *
 * Runs at build time and in tests.  The same names give the same
 * bytes, always: nothing depends on time, addresses or the order of a hash table.
 */
#ifndef MKINDEX_BUILDER_H
#define MKINDEX_BUILDER_H

#include "names.h"
#include "unicode/image.h"

struct builder {
    const struct names *names;
    struct ucd_error *error;
    struct index header; /* counts; the sections' places are filled at the end */
    struct buffer section[IMAGE_SECTIONS];
};

/* A step fills its sections (and counts in the header) from names.
 * false: error is set.  Failed buffers are noticed at the end and need no check. */
typedef bool builder_step(struct builder *b);
builder_step build_lines; /* IMAGE_LINES, _LINE_OFFSETS, _RANGES, _ALIASES */
builder_step build_words; /* IMAGE_WORD_TEXT, _WORDS, _WORD_HASH, _RUNS */

static inline struct buffer *builder_section(struct builder *b, enum image_section_id id)
{
    return &b->section[id];
}

/* Compiles names into *image, page-aligned within itself.
 * false: error says why; *image is empty then.  Release with buffer_free(). */
bool builder_build(const struct names *names, struct buffer *image, struct ucd_error *error);

#endif
