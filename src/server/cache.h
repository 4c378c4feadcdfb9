/* cache.h - recent small answers, ready to be copied.
 *
 * From the bytes of a request line to the bytes of its answer, prompt
 * included.  Answers never change while the program runs (the index is part of
 * it), so there is nothing to invalidate: an entry goes when newer ones need its place.
 *
 * Entries lie one behind the other in a ring of CACHE_BYTES; a table of
 * positions, indexed by hash, leads to them.  A position that the ring's head has passed by more
 * than its length is of an entry that has been overwritten.  A hash leads to
 * four places; of five lines that meet there the oldest goes.
 */
#ifndef SERVER_CACHE_H
#define SERVER_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CACHE_BYTES = 2 << 20,    /* all that is ever held; some 4,000 answers of a screen */
    CACHE_KEY_BYTES = 128,    /* longest line that is kept */
    CACHE_ANSWER_BYTES = 2048 /* longest answer: beyond, copying is what costs, not finding */
};

struct reactor_sys;
struct cache;

/* NULL without memory: the service is slower then, no more. */
struct cache *cache_new(const struct reactor_sys *sys);
void cache_free(struct cache *cache, const struct reactor_sys *sys);

struct cached {
    const char *answer; /* valid until the next cache_store() */
    uint32_t len;
    uint32_t lines;      /* matches in it */
    uint32_t tail_lines; /* its other lines */
};

/* What leads to a line's places.  Not secret and not free of collisions, so a line is compared byte by byte as well;
 * for tests, which make lines that collide. */
uint64_t cache_hash(const char *line, size_t len);
/* True, and *found filled in, when the answer to this line is there. */
bool cache_find(struct cache *cache, const char *line, size_t len, struct cached *found);
/* Keeps a copy, unless it is too long. */
void cache_store(struct cache *cache, const char *line, size_t len, const struct cached *answer);

#endif
