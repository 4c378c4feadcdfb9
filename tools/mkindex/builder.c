/* The frame of the index compiler: runs the build steps and lays their sections out as an image. */
#include "builder.h"

#include <stdio.h>

static builder_step *const steps[] = {build_lines, build_words};

static size_t aligned(size_t offset, size_t align)
{
    return (offset + align - 1) / align * align;
}

static bool lay_out(struct builder *b, struct buffer *image)
{
    size_t end = aligned(sizeof b->header, IMAGE_PAGE_ALIGN);
    for (size_t i = 0; i < IMAGE_SECTIONS; i++) {
        end = aligned(end, i == IMAGE_LINES ? IMAGE_PAGE_ALIGN : IMAGE_ALIGN);
        if (b->section[i].failed)
            return ucd_error_set(b->error, "out of memory");
        if (b->section[i].len > UINT32_MAX - end)
            return ucd_error_set(b->error, "the index would be larger than 4 GiB");
        b->header.section[i] = (struct image_place){(uint32_t)end, (uint32_t)b->section[i].len};
        end += b->section[i].len;
    }
    b->header.bytes = (uint32_t)end;
    buffer_append(image, &b->header, sizeof b->header);
    for (size_t i = 0; i < IMAGE_SECTIONS && !image->failed; i++) {
        buffer_extend(image, b->header.section[i].offset - image->len);
        buffer_append(image, b->section[i].data, b->section[i].len);
    }
    return !image->failed || ucd_error_set(b->error, "out of memory");
}

bool builder_build(const struct names *names, struct buffer *image, struct ucd_error *error)
{
    struct builder b = {.names = names, .error = error};
    bool done = true;
    snprintf(b.header.version, sizeof b.header.version, "%s", names->version);
    snprintf(b.header.source, sizeof b.header.source, "%s", names->source);
    *image = (struct buffer){0};
    for (size_t i = 0; done && i < sizeof steps / sizeof *steps; i++)
        done = steps[i](&b);
    done = done && lay_out(&b, image);
    for (size_t i = 0; i < IMAGE_SECTIONS; i++)
        buffer_free(&b.section[i]);
    if (!done)
        buffer_free(image);
    return done;
}
