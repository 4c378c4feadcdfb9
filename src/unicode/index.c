/* Reads the index image in place: characters, lines, aliases, vocabulary, posting lists. */
#include "unicode/image.h"
#include "unicode/text.h"

/* Included as bytes by index_image.S. */
extern const struct index index_image __attribute__((visibility("hidden")));

const struct index *index_builtin(void)
{
    return &index_image;
}

const char *index_unicode_version(const struct index *ix)
{
    return ix->version;
}

const char *index_source(const struct index *ix)
{
    return ix->source;
}

/* ---- characters ---- */

uint32_t index_count(const struct index *ix)
{
    return ix->count;
}

uint32_t index_named_count(const struct index *ix)
{
    return ix->named;
}

static const struct image_range *ranges(const struct index *ix, uint32_t *count)
{
    *count = image_section_bytes(ix, IMAGE_RANGES) / (uint32_t)sizeof(struct image_range);
    return image_section(ix, IMAGE_RANGES);
}

/* Ordinals and code points are turned into each other by a binary search over some 700 ranges of
 * consecutive ones, ten steps in 5.6 KB that stay in the cache.  Rejected: an array by ordinal (600
 * KB) and one by code point (4.4 MB), one load each, but mostly from memory. */
uint32_t index_codepoint(const struct index *ix, uint32_t ordinal)
{
    uint32_t count;
    const struct image_range *range = ranges(ix, &count);
    uint32_t low = 0, high = count - 1; /* range[low].ordinal <= ordinal < range[high].ordinal */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (range[middle].ordinal <= ordinal)
            low = middle;
        else
            high = middle;
    }
    return range[low].codepoint + (ordinal - range[low].ordinal);
}

/* The last range that begins at or before a code point: U+0000 is in the first one. */
static const struct image_range *range_of(const struct index *ix, uint32_t codepoint)
{
    uint32_t count;
    const struct image_range *range = ranges(ix, &count);
    uint32_t low = 0, high = count - 1;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (range[middle].codepoint <= codepoint)
            low = middle;
        else
            high = middle;
    }
    return range + low;
}

uint32_t index_ordinal(const struct index *ix, uint32_t codepoint)
{
    const struct image_range *range = range_of(ix, codepoint);
    uint32_t within = codepoint - range->codepoint;
    return within < range[1].ordinal - range->ordinal ? range->ordinal + within : INDEX_NONE;
}

uint32_t index_ordinal_from(const struct index *ix, uint32_t codepoint)
{
    const struct image_range *range = range_of(ix, codepoint);
    uint32_t within = codepoint - range->codepoint, size = range[1].ordinal - range->ordinal;
    return range->ordinal + (within < size ? within : size);
}

const char *index_lines(const struct index *ix, uint32_t first, uint32_t end, size_t *len)
{
    const uint32_t *offset = image_section(ix, IMAGE_LINE_OFFSETS);
    *len = offset[end] - offset[first];
    return (const char *)image_section(ix, IMAGE_LINES) + offset[first];
}

/* The last column of the line: looked for from its end, because a name has no TAB, but the
 * character column might be one to four bytes. */
const char *index_name(const struct index *ix, uint32_t ordinal, size_t *len)
{
    size_t line_len;
    const char *line = index_lines(ix, ordinal, ordinal + 1, &line_len);
    const char *end = line + line_len - 2;
    const char *name = end;
    while (name[-1] != '\t')
        name--;
    *len = (size_t)(end - name);
    return name;
}

bool index_is_control(const struct index *ix, uint32_t ordinal)
{
    return text_is_control(index_codepoint(ix, ordinal));
}

const char *index_region(const struct index *ix, size_t *len)
{
    *len = image_section_bytes(ix, IMAGE_LINES);
    return image_section(ix, IMAGE_LINES);
}

/* ---- aliases ---- */

static const struct image_alias *alias_at(const struct index *ix, uint32_t alias)
{
    return (const struct image_alias *)image_section(ix, IMAGE_ALIASES) + alias;
}

uint32_t index_alias_count(const struct index *ix)
{
    return ix->aliases;
}

uint32_t index_alias_ordinal(const struct index *ix, uint32_t alias)
{
    return alias_at(ix, alias)->ordinal;
}

const char *index_alias_line(const struct index *ix, uint32_t alias, size_t *len)
{
    const struct image_alias *a = alias_at(ix, alias);
    *len = a[1].line - a->line;
    return (const char *)image_section(ix, IMAGE_LINES) + a->line;
}

const char *index_alias(const struct index *ix, uint32_t alias, size_t *len)
{
    size_t line_len;
    const char *line = index_alias_line(ix, alias, &line_len);
    *len = alias_at(ix, alias)->len;
    return line + line_len - 2 - *len;
}

const char *index_alias_kind(const struct index *ix, uint32_t alias)
{
    return image_alias_kind(alias_at(ix, alias)->kind);
}

uint32_t index_aliases_from(const struct index *ix, uint32_t ordinal)
{
    uint32_t low = 0, high = ix->aliases;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (alias_at(ix, middle)->ordinal < ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct index_run index_aliases_of(const struct index *ix, uint32_t ordinal)
{
    return (struct index_run){index_aliases_from(ix, ordinal), index_aliases_from(ix, ordinal + 1)};
}

/* ---- vocabulary ---- */

uint32_t index_word_count(const struct index *ix)
{
    return ix->words;
}

const char *index_word_text(const struct index *ix, uint32_t word, size_t *len)
{
    const struct image_word *w = (const struct image_word *)image_section(ix, IMAGE_WORDS) + word;
    *len = w[1].text - w->text;
    return (const char *)image_section(ix, IMAGE_WORD_TEXT) + w->text;
}

uint32_t index_word(const struct index *ix, const char *word, size_t len)
{
    return image_find_word(ix, word, len);
}

struct index_runs index_postings(const struct index *ix, uint32_t word, enum index_part part)
{
    return image_postings(ix, word, part);
}

bool index_word_is_tail(const struct index *ix, uint32_t word)
{
    const struct image_word *w = (const struct image_word *)image_section(ix, IMAGE_WORDS) + word;
    return (w->members & IMAGE_TAIL) != 0;
}

struct index_runs index_plain_words(const struct index *ix)
{
    uint32_t count = image_section_bytes(ix, IMAGE_PLAIN_WORDS) / (uint32_t)sizeof(struct index_run);
    return (struct index_runs){image_section(ix, IMAGE_PLAIN_WORDS), count, 0};
}
