/* test_cache.c - the cache gives back what was stored, or nothing; never something else. */
#include "../../src/server/cache.h"

#include "reactor/sys.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool store(struct cache *cache, const char *line, const char *answer)
{
    struct cached c = {.answer = answer, .len = (uint32_t)strlen(answer), .lines = 3, .tail_lines = 1}, found;
    cache_store(cache, line, strlen(line), &c);
    return cache_find(cache, line, strlen(line), &found);
}

Test(cache, gives_back_what_was_stored)
{
    struct cache *cache = cache_new(&reactor_sys_linux);
    struct cached found;
    cr_expect_not(cache_find(cache, "cat", 3, &found));
    cr_assert(store(cache, "cat", "ten cats"));
    cr_assert(cache_find(cache, "cat", 3, &found));
    cr_expect_eq(found.len, 8u);
    cr_expect_arr_eq(found.answer, "ten cats", 8);
    cr_expect_eq(found.lines, 3u);
    cr_expect_eq(found.tail_lines, 1u);
    cr_expect_not(cache_find(cache, "cat ", 4, &found));
    cr_expect_not(cache_find(cache, "ca", 2, &found));
    cr_expect_not(cache_find(cache, "", 0, &found));
    cache_free(cache, &reactor_sys_linux);
}

Test(cache, what_is_too_long_is_left_out)
{
    struct cache *cache = cache_new(&reactor_sys_linux);
    char line[CACHE_KEY_BYTES + 2], answer[CACHE_ANSWER_BYTES + 2];
    memset(line, 'k', sizeof line);
    memset(answer, 'a', sizeof answer);
    line[sizeof line - 1] = answer[sizeof answer - 1] = '\0';
    cr_expect_not(store(cache, line, "short"));
    cr_expect_not(store(cache, "short", answer));
    cr_expect(store(cache, line + 1, answer + 1), "exactly as long as may be");
    cache_free(cache, &reactor_sys_linux);
}

Test(cache, no_cache_is_an_empty_one)
{
    struct cached found;
    cr_expect_not(store(NULL, "cat", "ten cats"));
    cr_expect_not(cache_find(NULL, "cat", 3, &found));
    cache_free(NULL, &reactor_sys_linux);
}

/* What is found for a line always begins with that line, however often the ring has gone round. */
Test(cache, old_entries_vanish_and_never_mix)
{
    struct cache *cache = cache_new(&reactor_sys_linux);
    const char *text = getenv("SEED");
    unsigned seed = text ? (unsigned)strtoul(text, NULL, 10) : 20260101u, hits = 0;
    fprintf(stderr, "SEED=%u\n", seed);
    srand(seed);
    for (int i = 0; i < 60000; i++) {
        char line[64], answer[CACHE_ANSWER_BYTES + 1];
        struct cached found;
        int n = snprintf(line, sizeof line, "query %d", rand() % 6000);
        if (cache_find(cache, line, (size_t)n, &found)) {
            hits++;
            cr_assert_geq(found.len, (uint32_t)n);
            cr_assert_arr_eq(found.answer, line, (size_t)n);
            cr_assert_eq(found.answer[found.len - 1], '$');
            continue;
        }
        int len = n + 1 + rand() % (CACHE_ANSWER_BYTES - n - 1);
        memset(answer, '.', sizeof answer);
        memcpy(answer, line, (size_t)n);
        answer[len - 1] = '$';
        answer[len] = '\0';
        store(cache, line, answer);
    }
    cr_expect_gt(hits, 1000u);
    cache_free(cache, &reactor_sys_linux);
}

/* ---- lines whose hashes agree ---- */

/* One round of the hash, and what must be mixed into a state so that it becomes another. */
static const uint64_t FACTOR = UINT64_C(0xFF51AFD7ED558CCD);

static uint64_t round_of(uint64_t state, uint64_t word)
{
    state = (state ^ word) * FACTOR;
    return state ^ state >> 32;
}

static uint64_t word_between(uint64_t state, uint64_t wanted)
{
    uint64_t inverse = FACTOR; /* Newton's iteration: each doubles the bits that are right, three at first */
    for (int i = 0; i < 5; i++)
        inverse *= 2 - FACTOR * inverse;
    return state ^ (wanted ^ wanted >> 32) * inverse;
}

/* Fills a line of whole words, all of them filler but the last one, so that it hashes like every other made so. */
static void make_colliding(char *line, size_t words, uint64_t filler)
{
    static const uint64_t meeting_point = UINT64_C(0x0123456789ABCDEF);
    uint64_t state = words * sizeof filler * UINT64_C(0x9E3779B97F4A7C15);
    for (size_t i = 0; i + 1 < words; i++, filler++) {
        memcpy(line + i * sizeof filler, &filler, sizeof filler);
        state = round_of(state, filler);
    }
    filler = word_between(state, meeting_point);
    memcpy(line + (words - 1) * sizeof filler, &filler, sizeof filler);
}

/* An entry whose hash agrees but whose line does not is of another line, whatever its length. */
Test(cache, equal_hashes_are_not_equal_lines)
{
    enum {
        WORDS = CACHE_KEY_BYTES / sizeof(uint64_t)
    };
    struct cache *cache = cache_new(&reactor_sys_linux);
    char line[WORDS + 1][CACHE_KEY_BYTES], answer[32];
    struct cached found;
    for (size_t i = 0; i <= WORDS; i++) { /* the last but one as long as the last */
        size_t words = i < WORDS ? i + 1 : WORDS;
        make_colliding(line[i], words, 1000 * i);
        cr_assert_eq(cache_hash(line[i], words * 8), cache_hash(line[0], 8),
                     "these do not collide: is it another hash?");
    }
    for (size_t i = 0; i <= WORDS; i++) {
        size_t len = (i < WORDS ? i + 1 : WORDS) * 8;
        cr_assert_not(cache_find(cache, line[i], len, &found), "line %zu: somebody else's answer", i);
        snprintf(answer, sizeof answer, "answer %zu", i);
        struct cached c = {.answer = answer, .len = (uint32_t)strlen(answer), .lines = (uint32_t)i};
        cache_store(cache, line[i], len, &c);
        for (size_t back = 0; back < 4 && back <= i; back++) { /* the newest four of a set are there */
            size_t j = i - back, j_len = (j < WORDS ? j + 1 : WORDS) * 8;
            cr_assert(cache_find(cache, line[j], j_len, &found), "line %zu after %zu", j, i);
            cr_assert_eq(found.lines, (uint32_t)j);
        }
        if (i >= 4)
            cr_assert_not(cache_find(cache, line[i - 4], (i - 3) * 8, &found), "more than four places");
    }
    cache_free(cache, &reactor_sys_linux);
}

/* A line and the same with eight more bytes, equal in hash: neither is taken for the other, also when the bytes behind
 * the shorter one, where its answer begins, are those that the longer one goes on with. */
Test(cache, a_line_is_not_its_own_beginning)
{
    char line[24], other[24];
    struct cached found;
    make_colliding(line, 2, 7);
    make_colliding(other, 3, 7);
    uint64_t state = sizeof line * UINT64_C(0x9E3779B97F4A7C15), word;
    for (size_t i = 0; i < 2; i++) {
        memcpy(&word, line + 8 * i, 8);
        state = round_of(state, word);
    }
    word = word_between(state, UINT64_C(0x0123456789ABCDEF));
    memcpy(line + 16, &word, 8);
    cr_assert_eq(cache_hash(line, 24), cache_hash(other, 24));
    cr_assert_eq(cache_hash(line, 16), cache_hash(line, 24));
    for (size_t stored = 16; stored <= 24; stored += 8) {
        struct cache *cache = cache_new(&reactor_sys_linux);
        struct cached c = {.answer = line + 16, .len = 8};
        cache_store(cache, line, stored, &c);
        cr_expect(cache_find(cache, line, stored, &found));
        cr_expect_not(cache_find(cache, line, 40 - stored, &found), "%zu bytes stored", stored);
        cache_free(cache, &reactor_sys_linux);
    }
}

/* ---- the ring ---- */

static void store_sized(struct cache *cache, unsigned number, size_t key_len, size_t answer_len)
{
    char key[CACHE_KEY_BYTES], answer[CACHE_ANSWER_BYTES];
    memset(key, 'k', sizeof key);
    memcpy(key, &number, sizeof number);
    memset(answer, (int)('A' + number % 26), sizeof answer);
    struct cached c = {.answer = answer, .len = (uint32_t)answer_len, .lines = number};
    cache_store(cache, key, key_len, &c);
}

/* 1 found and right, 0 not there. */
static int look_up(struct cache *cache, unsigned number, size_t key_len, size_t answer_len)
{
    char key[CACHE_KEY_BYTES];
    struct cached found;
    memset(key, 'k', sizeof key);
    memcpy(key, &number, sizeof number);
    if (!cache_find(cache, key, key_len, &found))
        return 0;
    cr_assert_eq(found.len, answer_len);
    cr_assert_eq(found.lines, number);
    for (size_t i = 0; i < found.len; i++)
        cr_assert_eq(found.answer[i], (char)('A' + number % 26), "entry %u is overwritten at %zu", number, i);
    return 1;
}

/* Three times round with entries of one size, for sizes that do and do not fit the ring a whole number of times:
 * after each step the newest is there, and all that are found are whole. */
Test(cache, the_ring_goes_round)
{
    static const size_t sizes[][2] = {{4, 0}, {4, 4}, {5, 3}, {128, 2048}, {128, 2000}, {8, 1980}, {100, 1024}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct cache *cache = cache_new(&reactor_sys_linux);
        size_t key = sizes[s][0], answer = sizes[s][1];
        unsigned steps = (unsigned)(3 * CACHE_BYTES / (32 + key + answer)), kept = 0;
        for (unsigned i = 0; i < steps; i++) {
            store_sized(cache, i, key, answer);
            cr_assert(look_up(cache, i, key, answer), "the newest, %u of %zu + %zu bytes", i, key, answer);
            if (i > 700) {
                kept += (unsigned)look_up(cache, i - 700, key, answer);
                look_up(cache, i - i / 3, key, answer);
            }
        }
        for (unsigned i = 0; i < steps; i++)
            look_up(cache, i, key, answer);
        cr_expect_gt(kept, steps / 2, "700 entries of %zu + %zu bytes fit, most of them into their sets", key, answer);
        cache_free(cache, &reactor_sys_linux);
    }
}

/* What stands where an entry was before the ring came round is not read as one, even if it looks like it: answers
 * are bytes that clients choose. */
Test(cache, what_looks_like_an_entry_is_none)
{
    enum {
        HEADER = 24, /* hash, four numbers */
        KEY = 8,
        SLOT = 2048, /* of an entry: a whole number of them fills the ring */
        SLOTS = CACHE_BYTES / SLOT
    };
    struct cache *cache = cache_new(&reactor_sys_linux);
    struct cached found;
    char key[KEY], big_key[CACHE_KEY_BYTES] = "covers the first slot and a bit", big[CACHE_ANSWER_BYTES] = "";
    for (unsigned i = 0; i < SLOTS; i++)
        store_sized(cache, i, KEY, SLOT - HEADER - KEY);
    cr_assert(look_up(cache, 1, KEY, SLOT - HEADER - KEY));
    memset(key, 'k', sizeof key);
    memcpy(key, &(unsigned){1}, sizeof(unsigned));
    char *forged = big + SLOT - HEADER - sizeof big_key; /* lies where the second slot begins */
    uint64_t hash = cache_hash(key, KEY);
    uint32_t numbers[4] = {KEY, 6, 1, 0};
    memcpy(forged, &hash, sizeof hash);
    memcpy(forged + sizeof hash, numbers, sizeof numbers);
    memcpy(forged + HEADER, key, KEY);
    memcpy(forged + HEADER + KEY, "forged", 6);
    struct cached c = {.answer = big, .len = sizeof big};
    cache_store(cache, big_key, sizeof big_key, &c);
    cr_assert(cache_find(cache, big_key, sizeof big_key, &found));
    cr_assert_arr_eq(found.answer, big, sizeof big);
    cr_assert_not(cache_find(cache, key, KEY, &found), "a forged entry was believed");
    cr_assert(look_up(cache, 2, KEY, SLOT - HEADER - KEY), "the next one is whole still");
    cache_free(cache, &reactor_sys_linux);
}

/* Every length of a line, the empty one included: found itself, and no other length of the same bytes. */
Test(cache, every_length_of_a_line)
{
    struct cache *cache = cache_new(&reactor_sys_linux);
    char line[CACHE_KEY_BYTES + 1];
    struct cached found;
    memset(line, 0, sizeof line); /* zeros: what a hash that pads with them cannot tell apart by itself */
    for (size_t len = 0; len <= CACHE_KEY_BYTES; len++) {
        struct cached c = {.answer = "answer", .len = 6, .lines = (uint32_t)len};
        cr_assert_not(cache_find(cache, line, len, &found), "%zu bytes", len);
        cache_store(cache, line, len, &c);
    }
    for (size_t len = 0; len <= CACHE_KEY_BYTES; len++) {
        cr_assert(cache_find(cache, line, len, &found), "%zu bytes", len);
        cr_assert_eq(found.lines, (uint32_t)len);
    }
    cr_assert_not(cache_find(cache, line, CACHE_KEY_BYTES + 1, &found));
    cache_free(cache, &reactor_sys_linux);
}
