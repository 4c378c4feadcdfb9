/* mix.h - what is asked: weighted requests, and the n-th of them.
 *
 * A mix file has one request a line, `WEIGHT TAB QUERY`; lines that start with "# " and
 * empty lines are skipped.  Weights are whole numbers from 1 to 10^9.  The request is the query and
 * LF.  A raw file has templates with C escapes and nothing added, `WEIGHT TAB TEMPLATE` or just
 * `TEMPLATE` (weight 1), where {n} stands for the number of the request and {random:N} for a number
 * below N; both are pure functions of seed and n, as is the choice of the entry.
 */
#ifndef MOJILOAD_MIX_H
#define MOJILOAD_MIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MIX_ERROR = 160,
    MIX_REQUEST_MAX = 1
                      << 20, /* bytes of one request: whoever tests longer ones tests the limits of their own memory */
    MIX_EXPANDED_MAX = 8192  /* bytes of a request with placeholders, rendered anew each time */
};

struct mix_entry {
    char *request; /* the bytes sent (template: with placeholders), not terminated */
    size_t len;
    size_t query_len; /* without the line end */
    uint64_t weight;
    uint64_t up_to; /* sum of the weights up to this entry */
    bool placeholders;
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
void mix_free(struct mix *mix);

/* The entry of request n. */
size_t mix_pick(const struct mix *mix, uint64_t seed, uint64_t n);
/* The bytes of request n, which is of that entry: *len of them; buffer (MIX_EXPANDED_MAX bytes) is used
 * only when there are placeholders. */
const char *mix_request(const struct mix *mix, size_t entry, uint64_t seed, uint64_t n, char *buffer, size_t *len);

#endif
