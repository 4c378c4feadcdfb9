/* cache.c - a ring of answers and a hash table of positions in it: two bounded blocks, no lists, no eviction work. */
#include "cache.h"

#include "reactor/sys.h"

#include <string.h>

/* Four places a set: with one each, a tenth of 2,000 lines that are asked in turn
 * would push another out every time.  A set is half a cache line. */
enum {
    SETS = 2048, /* a power of two; all places are twice what entries of usual length fit */
    WAYS = 4,
    ALIGN = 8
};

struct entry {
    uint64_t hash;
    uint32_t key_len, answer_len;
    uint32_t lines, tail_lines;
    char bytes[]; /* key, answer */
};

struct cache {
    uint64_t head;              /* bytes ever written; the ring's head is at head % CACHE_BYTES */
    uint64_t place[SETS][WAYS]; /* of an entry: see place_of(); 0: none */
    _Alignas(ALIGN) char ring[CACHE_BYTES];
};

struct cache *cache_new(const struct reactor_sys *sys)
{
    struct cache *cache = sys->alloc(sizeof *cache);
    if (!cache)
        return NULL;
    /* The ring is left alone: pages nobody has touched are not resident. */
    cache->head = 0;
    memset(cache->place, 0, sizeof cache->place);
    return cache;
}

void cache_free(struct cache *cache, const struct reactor_sys *sys)
{
    if (cache)
        sys->free(cache);
}

/* Eight bytes at a time, multiplied and folded.  A client who makes lines meet only loses the benefit of
 * the cache for them, so the hash need not be secret. */
uint64_t cache_hash(const char *line, size_t len)
{
    uint64_t hash = len * UINT64_C(0x9E3779B97F4A7C15), word;
    for (; len >= sizeof word; line += sizeof word, len -= sizeof word) {
        memcpy(&word, line, sizeof word);
        hash = (hash ^ word) * UINT64_C(0xFF51AFD7ED558CCD);
        hash ^= hash >> 32;
    }
    word = 0;
    for (size_t i = 0; i < len; i++)
        word = word << 8 | (unsigned char)line[i];
    hash = (hash ^ word) * UINT64_C(0xFF51AFD7ED558CCD);
    return hash ^ hash >> 32;
}

static struct entry *entry_at(struct cache *cache, uint64_t position)
{
    return (struct entry *)(void *)&cache->ring[position % CACHE_BYTES];
}

/* A position plus one, and in the low 16 bits a part of the hash, so that the
 * entries of other lines, cold memory, are not looked at. */
static uint64_t place_of(uint64_t position, uint64_t hash)
{
    return (position + 1) << 16 | hash >> 48;
}

/* The entry at a place taken from the table, if it is still there and is this line's. */
static const struct entry *entry_if(struct cache *cache, uint64_t place, uint64_t hash, const char *line, size_t len)
{
    if (place == 0 || (place & 0xFFFF) != hash >> 48 || cache->head - ((place >> 16) - 1) > CACHE_BYTES)
        return NULL;
    const struct entry *e = entry_at(cache, (place >> 16) - 1);
    return e->hash == hash && e->key_len == len && memcmp(e->bytes, line, len) == 0 ? e : NULL;
}

/* The place of the set that is given up for a new entry: the oldest. */
static uint64_t *oldest_place(struct cache *cache, uint64_t hash)
{
    uint64_t *set = cache->place[hash % SETS], *oldest = set;
    for (unsigned way = 1; way < WAYS; way++)
        if (set[way] < *oldest)
            oldest = &set[way];
    return oldest;
}

bool cache_find(struct cache *cache, const char *line, size_t len, struct cached *found)
{
    if (!cache || len > CACHE_KEY_BYTES)
        return false;
    uint64_t hash = cache_hash(line, len);
    const struct entry *e = NULL;
    for (unsigned way = 0; way < WAYS && !e; way++)
        e = entry_if(cache, cache->place[hash % SETS][way], hash, line, len);
    if (!e)
        return false;
    *found = (struct cached){
        .answer = e->bytes + e->key_len, .len = e->answer_len, .lines = e->lines, .tail_lines = e->tail_lines};
    return true;
}

void cache_store(struct cache *cache, const char *line, size_t len, const struct cached *answer)
{
    if (!cache || len > CACHE_KEY_BYTES || answer->len > CACHE_ANSWER_BYTES)
        return;
    size_t size = sizeof(struct entry) + len + answer->len;
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (CACHE_BYTES - cache->head % CACHE_BYTES <
        size) /* an entry lies in one piece: skip what is left before the end */
        cache->head += CACHE_BYTES - cache->head % CACHE_BYTES;
    uint64_t hash = cache_hash(line, len);
    struct entry *e = entry_at(cache, cache->head);
    e->hash = hash;
    e->key_len = (uint32_t)len;
    e->answer_len = answer->len;
    e->lines = answer->lines;
    e->tail_lines = answer->tail_lines;
    memcpy(e->bytes, line, len);
    memcpy(e->bytes + len, answer->answer, answer->len);
    *oldest_place(cache, hash) = place_of(cache->head, hash);
    cache->head += size;
}
