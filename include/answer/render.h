/* answer/render.h - lines of an answer in the format asked for: matches, notes, errors, closing lines.
 *
 * Every function writes one line, with its line end, into RENDER_BYTES of the caller's and returns its length.
 * What would not fit is cut; nothing that Unicode 15 has comes near.
 */
#ifndef ANSWER_RENDER_H
#define ANSWER_RENDER_H

#include "unicode/search.h"

enum {
    RENDER_BYTES = 2048
};

enum render_format {
    RENDER_TEXT,  /* columns between TABs, an alias only where it matched; closed by a bar */
    RENDER_TSV,   /* a fixed number of columns; closed by "# 6 found" */
    RENDER_JSON,  /* an object a line */
    RENDER_CODES, /* "U+265A" alone; closed by "# 6 found" */
    RENDER_CHARS, /* the character alone, as its column shows it; closed by "# 6 found" */
    RENDER_FORMATS
};

enum render_column {
    COLUMN_CP,
    COLUMN_CHAR,
    COLUMN_NAME,
    COLUMN_ALIAS,
    COLUMN_BLOCK,
    COLUMN_SCRIPT,
    COLUMN_CATEGORY,
    COLUMN_AGE,
    COLUMN_WIDTH,
    COLUMN_UTF8,
    COLUMN_UTF16,
    COLUMN_HTML,
    COLUMN_DEC,
    COLUMNS
};

/* How lines look; all zeros but `columns` is not a style: start from RENDER_DEFAULT. */
struct render_style {
    uint8_t format;  /* enum render_format */
    uint8_t columns; /* how many of column[] are shown */
    uint8_t column[COLUMNS];
    bool safe;     /* characters that would disturb the line are shown so that they do not */
    bool lf;       /* lines end in LF, not CR LF */
    bool document; /* cards and lists come without "# ", as one object in JSON (see listing.h), counts as a number */
    bool plain;    /* exactly the lines the index has ready; kept by render_settle() */
};
#define RENDER_DEFAULT                                                                                                 \
    {                                                                                                                  \
        .format = RENDER_TEXT, .columns = 4, .column = {COLUMN_CP, COLUMN_CHAR, COLUMN_NAME, COLUMN_ALIAS},            \
        .plain = true                                                                                                  \
    }
/* To be called after a change to a style. */
void render_settle(struct render_style *style);

/* How an answer ends. */
struct render_tally {
    uint64_t found;
    uint64_t shown; /* told when `cut` */
    bool cut;       /* by a limit */
    bool stopped;   /* by an interrupt, after `shown` */
};

/* alias: the number of the one that matched, INDEX_NONE: by name. */
size_t render_match(const struct render_style *style, const struct index *ix, uint32_t ordinal, uint32_t alias,
                    char *out);
/* A code point that may be outside the universe: its name column is a label like <private-use-E000>. */
size_t render_codepoint(const struct render_style *style, const struct index *ix, uint32_t codepoint, char *out);
/* A word and how many characters it finds. */
size_t render_word(const struct render_style *style, const char *word, size_t len, uint32_t members, char *out);
size_t render_note(const struct render_style *style, const char *text, size_t len, char *out);
/* The text alone. */
size_t render_unmarked(const struct render_style *style, const char *text, size_t len, char *out);
size_t render_error(const struct render_style *style, const char *text, size_t len, char *out);
/* What ends a setting or a card. */
size_t render_ok(const struct render_style *style, char *out);
/* A number on a line of its own: a count for a program. */
size_t render_number(const struct render_style *style, uint64_t number, char *out);
size_t render_status(const struct render_style *style, const struct render_tally *tally, char *out);

/* ---- names, for settings ---- */

const char *render_format_name(enum render_format format);
const char *render_column_name(enum render_column column);
/* Takes a list of column names, between spaces or commas, into the style: false, with style unchanged and the first
 * bad one in *bad, when one is unknown or named twice; or, bad_len 0, when there is none. */
bool render_parse_columns(struct render_style *style, const char *text, size_t len, const char **bad, size_t *bad_len);
bool render_parse_format(struct render_style *style, const char *text, size_t len);

#endif
