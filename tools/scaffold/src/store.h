/* store.h - keys and values in memory, at most STORE_ENTRIES of them.
 *
 * Knows nothing of sockets, so its tests need none.  All memory it will ever
 * use is in the struct: a full store is an answer, not a crash.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STORE_ENTRIES = 1024,
    STORE_KEY_BYTES = 64,    /* longest key */
    STORE_VALUE_BYTES = 256, /* longest value */
    STORE_BUCKETS = 1024     /* a power of two */
};

struct store_entry {
    char key[STORE_KEY_BYTES + 1];
    char value[STORE_VALUE_BYTES + 1];
    uint16_t next; /* in its bucket, or among the free ones; 0: the last */
    bool used;
};

struct store {
    struct store_entry entries[STORE_ENTRIES + 1]; /* entry 0 is not used */
    uint16_t buckets[STORE_BUCKETS];               /* first entry, or 0 */
    uint16_t free_entry;
    unsigned count;
};

enum store_status {
    STORE_OK,
    STORE_FULL,
    STORE_TOO_LONG /* key or value; nothing was changed */
};

void store_init(struct store *s);
/* Sets key to value, both NUL-terminated and copied. */
enum store_status store_set(struct store *s, const char *key, const char *value);
/* The value, valid until the store changes; NULL: no such key. */
const char *store_get(const struct store *s, const char *key);
/* False: there was no such key. */
bool store_delete(struct store *s, const char *key);
/* Walks the keys: start with *position 0; NULL at the end.  The store may change
 * between calls; a key that stays is seen exactly once. */
const char *store_next_key(const struct store *s, unsigned *position);

#endif
