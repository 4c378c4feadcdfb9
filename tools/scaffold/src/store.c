/* store.c - a hash table of fixed size, chained by entry numbers. */
#include "store.h"

#include <string.h>

void store_init(struct store *s)
{
    memset(s, 0, sizeof *s);
    for (uint16_t i = STORE_ENTRIES; i > 0; i--) {
        s->entries[i].next = s->free_entry;
        s->free_entry = i;
    }
}

/* FNV-1a.  A public server would want a keyed hash: here a client can choose
 * keys that meet in one bucket, which costs at most STORE_ENTRIES steps. */
static unsigned bucket_of(const char *key)
{
    uint32_t hash = 2166136261u;
    for (; *key != '\0'; key++)
        hash = (hash ^ (unsigned char)*key) * 16777619u;
    return hash & (STORE_BUCKETS - 1);
}

/* The link that leads to key's entry, or the end of its bucket (*link 0). */
static uint16_t *find(struct store *s, const char *key)
{
    uint16_t *link = &s->buckets[bucket_of(key)];
    while (*link != 0 && strcmp(s->entries[*link].key, key) != 0)
        link = &s->entries[*link].next;
    return link;
}

enum store_status store_set(struct store *s, const char *key, const char *value)
{
    if (strlen(key) > STORE_KEY_BYTES || strlen(value) > STORE_VALUE_BYTES)
        return STORE_TOO_LONG;
    uint16_t *link = find(s, key);
    if (*link == 0) {
        if (s->free_entry == 0)
            return STORE_FULL;
        struct store_entry *e = &s->entries[s->free_entry];
        *link = s->free_entry;
        s->free_entry = e->next;
        e->next = 0;
        e->used = true;
        memcpy(e->key, key, strlen(key) + 1);
        s->count++;
    }
    memcpy(s->entries[*link].value, value, strlen(value) + 1);
    return STORE_OK;
}

const char *store_get(const struct store *s, const char *key)
{
    for (uint16_t i = s->buckets[bucket_of(key)]; i != 0; i = s->entries[i].next)
        if (strcmp(s->entries[i].key, key) == 0)
            return s->entries[i].value;
    return NULL;
}

bool store_delete(struct store *s, const char *key)
{
    uint16_t *link = find(s, key), i = *link;
    if (i == 0)
        return false;
    *link = s->entries[i].next;
    s->entries[i].used = false;
    s->entries[i].next = s->free_entry;
    s->free_entry = i;
    s->count--;
    return true;
}

const char *store_next_key(const struct store *s, unsigned *position)
{
    while (*position < STORE_ENTRIES) {
        const struct store_entry *e = &s->entries[++*position];
        if (e->used)
            return e->key;
    }
    return NULL;
}
