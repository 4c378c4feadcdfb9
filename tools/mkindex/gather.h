/* gather.h - character properties on their way from the data files to the compiled tables. */
#ifndef MKINDEX_GATHER_H
#define MKINDEX_GATHER_H

#include "buffer.h"
#include "ucd.h"
#include "unicode/props.h"

#include <stdio.h>

enum {
    CODEPOINTS = 0x110000,
    MAX_TABLES = 128, /* the enumerated ones and the binary ones; Unicode 15 has 7 + 56 in the files read */
    CATEGORIES = 30,
    NAME_CHARS = 80
};

struct gather {
    uint16_t *table[MAX_TABLES]; /* CODEPOINTS values each; NULL: the source has no such data */
    uint32_t tables;
    struct buffer value[MAX_TABLES]; /* of struct props_value; [PROPS_BINARY]: the names of all binary ones */
    struct buffer text;
    struct buffer pairs, decompositions;
    uint32_t range_first; /* of the pair of records "<…, First>" and "<…, Last>" in UnicodeData.txt */
    struct ucd_error *error;
};

/* The short names of the categories, by value (UAX #44, table 12). */
extern const char *const gather_category[CATEGORIES];

/* Each returns false with error set. */
bool gather_start(struct gather *g, struct ucd_error *error);
bool gather_from_ucd(struct gather *g, const char *dir);
bool gather_from_libunistring(struct gather *g);
/* No append has failed: asked once, before gather_write(). */
bool gather_is_whole(const struct gather *g);
/* Writes the tables as a C source; look for errors at out. */
void gather_write(const struct gather *g, FILE *out);
void gather_free(struct gather *g);

/* A table of zeros: false when memory is out. */
bool gather_table(struct gather *g, uint32_t table);
/* The table of a binary property, made with these names (of which the second counts) when it is new; 0: failed. */
uint32_t gather_binary(struct gather *g, struct ucd_text short_name, struct ucd_text long_name);
/* Names a value or a group; further names may follow up to gather_name_end(). */
void gather_value(struct gather *g, uint32_t table, uint32_t low, uint32_t high);
void gather_name(struct gather *g, const char *name, size_t len);
void gather_name_end(struct gather *g);
/* The value a name stands for, exactly; -1: none. */
int gather_find(const struct gather *g, uint32_t table, struct ucd_text name);
/* The values of a group of categories: "L" and so on. */
bool gather_group(const char *short_name, uint32_t *low, uint32_t *high);
void gather_pair(struct gather *g, uint32_t codepoint, uint32_t upper, uint32_t lower, uint32_t title);
void gather_decomposition(struct gather *g, uint32_t codepoint, const char *text, size_t len);

#endif
