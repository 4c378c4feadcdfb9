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
