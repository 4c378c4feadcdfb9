/* mix.h - what is asked: weighted requests, and the n-th of them.
 *
 * A mix file has one request a line, `WEIGHT TAB QUERY`; lines that start with "# " and
 * empty lines are skipped.  Weights are whole numbers from 1 to 10^9.  The request is the query and
 * LF.  A raw file has templates (template.h) with C escapes and nothing added, `[WEIGHT TAB] TEMPLATE [TAB PATTERN]`
 * (weight 1 unless given), where the pattern (wildcard.h) is that of a right answer.
 */
#ifndef MOJILOAD_MIX_H
#define MOJILOAD_MIX_H

#include "dialogue/template.h"
#include "dialogue/wildcard.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MIX_ERROR = 240,
    MIX_REQUEST_MAX = 1
                      << 20, /* bytes of one request: whoever tests longer ones tests the limits of their own memory */
    MIX_EXPANDED_MAX = TEMPLATE_MAX
};

struct mix_entry {
    char *request; /* the bytes sent (with placeholders: the template as it was read), not terminated */
    size_t len;
    size_t query_len; /* without the line end */
    uint64_t weight;
    uint64_t up_to;            /* sum of the weights up to this entry */
    struct template *template; /* NULL: no placeholders */
    char *expect;              /* raw: the pattern of a right answer as it was read; NULL: none of its own */
    struct glob *expected;     /* after mix_expect(); NULL: anything is right */
};

struct mix {
    struct mix_entry *entry;
    size_t count;
    uint64_t total_weight;
    bool raw;
};

/* All return false with a message in error, and leave what is in the mix as it was.  Start with a zeroed struct. */
bool mix_add_query(struct mix *mix, const char *query, char error[MIX_ERROR]);
bool mix_add_file(struct mix *mix, const char *path, bool raw, char error[MIX_ERROR]);
/* The default: by size of answer, see mix.c. */
bool mix_add_default(struct mix *mix, char error[MIX_ERROR]);
/* Raw: compiles the patterns of right answers, that of all (may be NULL) where a template has none of its own. trailer:
 * raw_trailer(). */
bool mix_expect(struct mix *mix, const char *all, const char *trailer, size_t len, char error[MIX_ERROR]);
void mix_free(struct mix *mix);

/* The entry of request n. */
size_t mix_pick(const struct mix *mix, uint64_t seed, uint64_t n);
/* The bytes of request n, which is of that entry: *len of them; buffer (MIX_EXPANDED_MAX bytes) is used
 * only when there are placeholders. */
const char *mix_request(const struct mix *mix, size_t entry, uint64_t seed, uint64_t n, char *buffer, size_t *len);

#endif
