/* Index compiler, characters: rendered lines, where each begins, code point ranges, aliases. */
#include "builder.h"
#include "unicode/text.h"

#include <stdio.h>

/* What stands for a control in its line: the Control Pictures block for C0 and
 * DEL, which C1 has nothing like. */
static uint32_t shown(const struct name *name)
{
    if (!name->control)
        return name->codepoint;
    if (name->codepoint == 0x7F)
        return 0x2421;
    return name->codepoint < 0x20 ? 0x2400 + name->codepoint : 0xFFFD;
}

/* "U+265A TAB ♚ TAB BLACK CHESS KING" */
static void append_start(struct buffer *lines, const struct names *names, const struct name *name)
{
    char text[16], utf8[4];
    int n = snprintf(text, sizeof text, "U+%04X\t", name->codepoint);
    buffer_append(lines, text, (size_t)n);
    buffer_append(lines, utf8, text_encode(shown(name), utf8));
    buffer_append(lines, "\t", 1);
    buffer_append(lines, names->text.data + name->text, name->len);
}

static void append_characters(struct builder *b)
{
    struct buffer *lines = builder_section(b, IMAGE_LINES);
    struct buffer *offsets = builder_section(b, IMAGE_LINE_OFFSETS);
    struct buffer *ranges = builder_section(b, IMAGE_RANGES);
    uint32_t next = UINT32_MAX; /* the code point that would continue the range */
    for (uint32_t i = 0; i < b->header.count; i++) {
        const struct name *name = names_at(b->names, i);
        if (name->codepoint != next) {
            struct image_range range = {name->codepoint, i};
            buffer_append(ranges, &range, sizeof range);
        }
        next = name->codepoint + 1;
        b->header.named += !name->control;
        buffer_append_u32(offsets, (uint32_t)lines->len);
        append_start(lines, b->names, name);
        buffer_append(lines, "\r\n", 2);
    }
    struct image_range end = {UINT32_MAX, b->header.count};
    buffer_append(ranges, &end, sizeof end);
    buffer_append_u32(offsets, (uint32_t)lines->len);
}

static void append_aliases(struct builder *b)
{
    struct buffer *lines = builder_section(b, IMAGE_LINES);
    struct buffer *aliases = builder_section(b, IMAGE_ALIASES);
    for (uint32_t i = 0; i < b->header.aliases; i++) {
        const struct alias *a = names_alias(b->names, i);
        struct image_alias record = {a->ordinal, (uint32_t)lines->len, a->len, a->kind};
        buffer_append(aliases, &record, sizeof record);
        append_start(lines, b->names, names_at(b->names, a->ordinal));
        buffer_append(lines, "\talias ", 7);
        buffer_append(lines, b->names->text.data + a->text, a->len);
        buffer_append(lines, "\r\n", 2);
    }
    struct image_alias end = {.ordinal = b->header.count, .line = (uint32_t)lines->len};
    buffer_append(aliases, &end, sizeof end);
}

bool build_lines(struct builder *b)
{
    b->header.count = names_count(b->names);
    b->header.aliases = names_alias_count(b->names);
    append_characters(b);
    append_aliases(b);
    return true;
}
