/* unicode/image.h - the format of the index image: what tools/mkindex writes and the server reads
 * in place.
 *
 * An image is a header (struct index) and sections, each an array of one type in native byte order:
 * an image is made by the build for the machine that runs it, never shipped, and so has no version
 * number.
 *
 * Why it looks like this:
 *
 *   - One block of bytes, included by the assembler (index_image.S).  A C source of that size is
 *     slow to compile; a file opened at run time can be missing, or of another version.  As
 *     read-only data it costs a millisecond at the start, is shared by all processes that run the
 *     program and goes under memory pressure without being swapped.
 *   - Offsets of 32 bits where a program would have pointers: half the size, and nothing to
 *     relocate.  Relocation would write to the pages, and then each process had a copy of its own.
 *   - Lines are kept as they are sent (6 MB), because making 4 of them with printf() takes 3,200
 *     cycles and copying them 80, and because the lines of neighbours lie next to each other, so
 *     that a run of matches is one memcpy() or one sendfile().  A name is the end of its line and
 *     is not kept a second time.
 *   - Posting lists are runs [first, end) of members, not single members: words of blocks and
 *     scripts hold for long rows of neighbours (CJK: 98,263 members in 8 runs), and runs are what
 *     an answer is made of. Rejected: bitmaps, 19 KB for each of 127,500 words; differences packed
 *     into bytes, smaller by half but to be unpacked from the front, which forbids the leaps of a
 *     cursor.
 *   - Words are found by a hash table with the word number and part of the hash in a slot, so that
 *     a slot of another word is seldom compared: 1.5 probes where a binary search over 127,500
 *     words takes 17.  Rejected: a perfect hash, which saves the probes after the first but needs a
 *     second table to be looked at, and a word that no name has must still be compared.  The words
 *     themselves are in byte order, so that patterns and misspelt words are looked up among
 *     neighbours.
 *   - Aliases have posting lists of their own over alias numbers, because words must hold on one
 *     name or alias and never on a mixture of them.
 *
 * To add a section:
 *   1. add its number, with the type of its elements, to enum image_section_id; the type has no
 *      padding, which would make the image differ from build to build;
 *   2. in the builder, append the elements to builder_section(b, ID) in a
 *      build step of your own, and list the step in builder.c;
 *   3. in the runtime, read image_section(ix, ID) and image_section_bytes(ix, ID).
 * A section nobody appended to has 0 bytes.
 */
#ifndef UNICODE_IMAGE_H
#define UNICODE_IMAGE_H

#include "unicode/index.h"

#include <string.h>

enum image_section_id {
    IMAGE_LINES,        /* char: the rendered lines of all ordinals, then of all aliases; page-aligned */
    IMAGE_LINE_OFFSETS, /* uint32_t: where the line of each ordinal begins in IMAGE_LINES; one more for the end */
    IMAGE_RANGES,       /* struct image_range, by code point; the last is a sentinel */
    IMAGE_ALIASES,      /* struct image_alias, by alias number; one more for the end */
    IMAGE_WORD_TEXT,    /* char: the words in byte order, nothing between them */
    IMAGE_WORDS,        /* struct image_word, by word number; one more for the end */
    IMAGE_WORD_HASH,    /* uint32_t: image_hash_slot() or IMAGE_SLOT_FREE; a power of two of them */
    IMAGE_RUNS,         /* struct index_run: all posting lists, one after the other */
    IMAGE_PLAIN_WORDS,  /* struct index_run: the word numbers that are no code point tails */
    IMAGE_SECTIONS
};

enum {
    IMAGE_ALIGN = 64,       /* of a section: a cache line */
    IMAGE_PAGE_ALIGN = 4096 /* of the image and of IMAGE_LINES, which leaves by sendfile */
};

struct image_place {
    uint32_t offset, bytes; /* from the start of the image */
};

struct index {
    char version[16]; /* terminated, as source */
    char source[16];
    uint32_t bytes; /* the whole image */
    uint32_t count, named;
    uint32_t aliases;
    uint32_t words;
    uint32_t hash_mask; /* slots of IMAGE_WORD_HASH less one */
    struct image_place section[IMAGE_SECTIONS];
};

/* Ordinals from `ordinal` up to that of the next range are consecutive code points from
 * `codepoint`. */
struct image_range {
    uint32_t codepoint, ordinal;
};

/* The types of NameAliases.txt. */
enum alias_kind {
    ALIAS_CORRECTION,
    ALIAS_CONTROL,
    ALIAS_ALTERNATE,
    ALIAS_FIGMENT,
    ALIAS_ABBREVIATION,
    ALIAS_KINDS
};

struct image_alias {
    uint32_t ordinal;
    uint32_t line; /* offset in IMAGE_LINES; the line ends where the next one begins */
    uint16_t len;  /* bytes of the alias, the last before the line end */
    uint16_t kind; /* enum alias_kind */
};

/* Lengths and run counts are differences to the next word's record. */
struct image_word {
    uint32_t text;    /* offset in IMAGE_WORD_TEXT */
    uint32_t names;   /* first run over ordinals in IMAGE_RUNS */
    uint32_t aliases; /* first run over alias numbers; up to the next word's names */
    uint32_t members; /* ordinals in the runs; IMAGE_TAIL added for code point tails */
};
#define IMAGE_TAIL 0x80000000u

/* A hash slot: the word number below, some bits of the hash above, which spare most
 * comparisons with words that only share the slot. */
enum {
    IMAGE_WORD_BITS = 18
};
#define IMAGE_SLOT_FREE UINT32_MAX

/* "correction" …, as the file writes them and cards show them. */
static inline const char *image_alias_kind(enum alias_kind kind)
{
    static const char *const names[ALIAS_KINDS] = {"correction", "control", "alternate", "figment", "abbreviation"};
    return names[kind];
}

static inline const void *image_section(const struct index *ix, enum image_section_id id)
{
    return (const char *)ix + ix->section[id].offset;
}
static inline uint32_t image_section_bytes(const struct index *ix, enum image_section_id id)
{
    return ix->section[id].bytes;
}

/* The hash of a word: mkindex and the server must agree.  Words are at most a few
 * dozen bytes of A-Z and 0-9, so two overlapping loads cover nearly all of them. */
static inline uint64_t image_hash(const char *word, size_t len)
{
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15); /* 2^64 / golden ratio: spreads by multiplication */
    uint64_t h = 0, last;
    if (len >= 8) {
        for (size_t at = 0; at + 8 < len; at += 8) {
            memcpy(&last, word + at, 8);
            h = (h ^ last) * odd;
            h ^= h >> 32;
        }
        memcpy(&last, word + len - 8, 8);
        h ^= last;
    } else if (len >= 4) {
        uint32_t low, high;
        memcpy(&low, word, 4);
        memcpy(&high, word + len - 4, 4);
        h = (uint64_t)high << 32 | low;
    } else if (len) {
        const unsigned char *byte = (const unsigned char *)word;
        h = (uint64_t)byte[0] << 16 | (uint64_t)byte[len / 2] << 8 | byte[len - 1];
    }
    h = (h ^ len) * odd;
    h = (h ^ h >> 32) * odd; /* once is not enough: code point tails differ in few bits */
    return h ^ h >> 32;
}
static inline uint32_t image_hash_slot(uint64_t hash, uint32_t word)
{
    return (uint32_t)(hash >> 32) << IMAGE_WORD_BITS | word;
}

/* What index_word() and index_postings() do, for the code that every query pays for. */
static inline uint32_t image_find_word(const struct index *ix, const char *word, size_t len)
{
    const uint32_t *slots = (const uint32_t *)image_section(ix, IMAGE_WORD_HASH);
    const struct image_word *words = (const struct image_word *)image_section(ix, IMAGE_WORDS);
    const char *text = (const char *)image_section(ix, IMAGE_WORD_TEXT);
    const uint32_t number_bits = (1u << IMAGE_WORD_BITS) - 1;
    uint64_t hash = image_hash(word, len);
    uint32_t wanted = image_hash_slot(hash, 0), at = (uint32_t)hash & ix->hash_mask, slot;
    for (; (slot = slots[at]) != IMAGE_SLOT_FREE; at = (at + 1) & ix->hash_mask) {
        const struct image_word *w = words + (slot & number_bits);
        if ((slot & ~number_bits) == wanted && w[1].text - w->text == len && memcmp(text + w->text, word, len) == 0)
            return slot & number_bits;
    }
    return INDEX_NONE;
}
static inline struct index_runs image_postings(const struct index *ix, uint32_t word, enum index_part part)
{
    const struct image_word *w = (const struct image_word *)image_section(ix, IMAGE_WORDS) + word;
    const struct index_run *run = (const struct index_run *)image_section(ix, IMAGE_RUNS);
    if (part == INDEX_NAMES)
        return (struct index_runs){run + w->names, w->aliases - w->names, w->members & ~IMAGE_TAIL};
    struct index_runs runs = {run + w->aliases, w[1].names - w->aliases, 0};
    for (uint32_t i = 0; i < runs.count; i++) /* one or two */
        runs.members += runs.run[i].end - runs.run[i].first;
    return runs;
}

#endif
