/* The byte array that the data readers and the index compiler grow their tables in. */
#include "buffer.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_BYTES = 256 /* small enough for a section that stays empty, large enough to skip the first doublings */
};

static bool grow(struct buffer *b, size_t needed)
{
    size_t cap = b->cap ? b->cap : FIRST_BYTES;
    while (cap < needed) {
        if (cap > SIZE_MAX / 2)
            return false;
        cap *= 2;
    }
    char *data = realloc(b->data, cap);
    if (!data)
        return false;
    b->data = data;
    b->cap = cap;
    return true;
}

void *buffer_extend(struct buffer *b, size_t bytes)
{
    if (b->failed || bytes > SIZE_MAX - b->len || ((b->len + bytes > b->cap || !b->data) && !grow(b, b->len + bytes))) {
        b->failed = true;
        return NULL;
    }
    char *start = b->data + b->len;
    memset(start, 0, bytes);
    b->len += bytes;
    return start;
}

void buffer_append(struct buffer *b, const void *data, size_t bytes)
{
    void *to = buffer_extend(b, bytes);
    if (to && bytes)
        memcpy(to, data, bytes);
}

void buffer_append_u32(struct buffer *b, uint32_t value)
{
    buffer_append(b, &value, sizeof value);
}

void buffer_free(struct buffer *b)
{
    free(b->data);
    *b = (struct buffer){0};
}
