/* buffer.h - a growing byte array for readers and builders.
 *
 * Failure is sticky: after an allocation has failed every further append does
 * nothing, so a builder checks `failed` once at its end instead of at every
 * step.  Growing moves the bytes: keep offsets, not pointers.
 */
#ifndef MKINDEX_BUFFER_H
#define MKINDEX_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
    char *data;
    size_t len, cap;
    bool failed; /* out of memory at some point; the content is not complete */
};

/* Appends bytes of zeros and returns where they begin (valid until the next
 * call), or NULL when memory is out. */
void *buffer_extend(struct buffer *b, size_t bytes);
void buffer_append(struct buffer *b, const void *data, size_t bytes);
void buffer_append_u32(struct buffer *b, uint32_t value);
/* Frees the bytes; b is then empty and usable again. */
void buffer_free(struct buffer *b);

#endif
