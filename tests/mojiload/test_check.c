/* The checker on damaged answers: the verdict does not depend on how the bytes are cut, damage is seen, and
 * nothing a server sends can break it.  SEED=n repeats a run. */
#include "dialogue/check.h"
#include "dialogue/mix.h"
#include "rng.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULE "──────────────────────────────────────────────────────────────────"

static const char right_answer[] = "# a note\r\n"
                                   "U+2654\t♔\tWHITE CHESS KING\r\n"
                                   "U+265A\t♚\tBLACK CHESS KING\r\n"
                                   "U+1FA00\t🨀\tNEUTRAL CHESS KING\talias CHESS KING OF SOME KIND\r\n" RULE
                                   " 3 found\r\n?> ";

struct bench {
    struct mix mix;
    struct answers answers;
};

static void bench_make(struct bench *b, const char *query, bool verify)
{
    char error[MIX_ERROR];
    memset(b, 0, sizeof *b);
    cr_assert(mix_add_query(&b->mix, query, error));
    cr_assert(answers_init(&b->answers, &b->mix, verify, false));
}

static void bench_free(struct bench *b)
{
    answers_free(&b->answers);
    mix_free(&b->mix);
}

static uint64_t seed_now(void)
{
    const char *seed = getenv("SEED");
    return seed != NULL && seed[0] != '\0' ? strtoull(seed, NULL, 0) : 1;
}

/* The verdict on bytes fed in pieces of random size; CHECK_MORE when they do not make a whole answer. */
static enum check_verdict verdict_of(struct bench *b, const char *bytes, size_t len, uint64_t seed, size_t *taken)
{
    struct check *k = calloc(1, sizeof *k); /* from the heap, so that a sanitizer sees its edges */
    enum check_verdict verdict = CHECK_MORE;
    cr_assert_not_null(k);
    check_begin(k, &b->answers, &b->answers.answer[0]);
    for (*taken = 0; *taken < len && verdict == CHECK_MORE;) {
        size_t left = len - *taken,
               piece = seed == 0 ? left : 1 + rng_u64(seed, *taken, RNG_GAP) % (left < 40 ? left : 40);
        char *copy = malloc(piece);
        cr_assert_not_null(copy);
        memcpy(copy, bytes + *taken, piece);
        *taken += check_feed(k, copy, piece, &verdict);
        free(copy);
    }
    if (verdict == CHECK_MORE)
        check_abandon(k);
    free(k);
    return verdict;
}

Test(check, right_answers_are_right_however_cut)
{
    struct bench b;
    size_t taken;
    bench_make(&b, "chess king", false);
    for (uint64_t seed = 0; seed < 200; seed++)
        cr_expect_eq(verdict_of(&b, right_answer, sizeof right_answer - 1, seed, &taken), CHECK_RIGHT, "seed %llu",
                     (unsigned long long)seed);
    cr_expect_eq(b.answers.answer[0].state, ANSWER_READY);
    cr_expect_eq(b.answers.answer[0].users, 0);
    bench_free(&b);
}

/* One byte changed, taken out or put in. */
static size_t damage(char *bytes, size_t len, uint64_t seed)
{
    size_t at = rng_u64(seed, 0, RNG_MIX) % len;
    char byte = (char)rng_u64(seed, 1, RNG_MIX);
    switch (rng_u64(seed, 2, RNG_MIX) % 3) {
    case 0: bytes[at] = (char)(bytes[at] ^ (byte == 0 ? 1 : byte)); return len;
    case 1: memmove(bytes + at, bytes + at + 1, len - at - 1); return len - 1;
    default:
        memmove(bytes + at + 1, bytes + at, len - at);
        bytes[at] = byte;
        return len + 1;
    }
}

static void expect_damage_is_seen(bool known)
{
    uint64_t first = seed_now();
    for (uint64_t seed = first; seed < first + 3000; seed++) {
        struct bench b;
        char bytes[sizeof right_answer + 1];
        size_t taken, taken_cut;
        memcpy(bytes, right_answer, sizeof right_answer);
        size_t len = damage(bytes, sizeof right_answer - 1, seed);
        bool note = memcmp(bytes, "# ", 2) == 0 && memcmp(bytes + 2, right_answer + 2, 8) != 0; /* any note is one */
        bench_make(&b, "chess king", false);
        if (known)
            cr_assert_eq(verdict_of(&b, right_answer, sizeof right_answer - 1, 0, &taken), CHECK_RIGHT);
        enum check_verdict whole = verdict_of(&b, bytes, len, 0, &taken);
        enum check_verdict cut = verdict_of(&b, bytes, len, seed + 1, &taken_cut);
        cr_expect(whole == cut || (!known && whole == CHECK_RIGHT), "SEED=%llu: %d whole, %d cut",
                  (unsigned long long)seed, (int)whole, (int)cut);
        cr_expect(whole != CHECK_RIGHT || taken < len || (note && !known) ||
                      memcmp(bytes, right_answer, sizeof right_answer - 1) == 0,
                  "SEED=%llu: damage not seen in \"%.*s\"", (unsigned long long)seed, (int)len, bytes);
        bench_free(&b);
    }
}

Test(check, one_damaged_byte_is_seen_when_the_answer_is_known)
{
    expect_damage_is_seen(true);
}

Test(check, nothing_a_server_sends_breaks_it)
{
    static const char *const words[] = {
        "U+", "265A",     "\t", "♚",  "BLACK CHESS KING", "\r\n",     "\n", "?", "?> ", "> ",
        RULE, " 1 found", "! ", "# ", "alias ",           "\xE2\x99", "\0", "0", " "};
    uint64_t first = seed_now();
    for (uint64_t seed = first; seed < first + 3000; seed++) {
        char bytes[4096];
        size_t len = 0, taken, taken_cut;
        for (uint64_t i = 0; len < 2500 && i < 5 + seed % 40; i++) {
            const char *word = words[rng_u64(seed, i, RNG_MIX) % (sizeof words / sizeof words[0])];
            size_t n = strlen(word);
            memcpy(bytes + len, word, n);
            len += n;
        }
        struct bench b;
        bench_make(&b, seed % 2 == 0 ? "chess king" : "\"black chess\"", seed % 3 == 0);
        enum check_verdict whole = verdict_of(&b, bytes, len, 0, &taken);
        enum check_verdict cut = verdict_of(&b, bytes, len, seed + 1, &taken_cut);
        cr_expect_eq(whole, cut, "SEED=%llu: %d whole, %d cut", (unsigned long long)seed, (int)whole, (int)cut);
        cr_expect_eq(taken, taken_cut, "SEED=%llu", (unsigned long long)seed);
        bench_free(&b);
    }
}

Test(check, a_line_without_end_takes_no_memory)
{
    struct bench b;
    size_t taken;
    static char bytes[100000];
    bench_make(&b, "chess king", false);
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes + sizeof bytes - 5, "\r\n?> ", 5);
    cr_expect_eq(verdict_of(&b, bytes, sizeof bytes, 7, &taken), CHECK_WRONG);
    cr_expect_eq(taken, sizeof bytes);
    bench_free(&b);
}

Test(check, rendered_answers_are_right_answers)
{
    static const char *const queries[] = {"chess king", "snowman", "xyzzy",        "",  "   ",
                                          "nbsp",       "gc:Sm",   "\"letter a\"", "(", "U+265A"};
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct bench known, fresh;
        size_t taken;
        bench_make(&known, queries[i], true);
        bench_make(&fresh, queries[i], false);
        const struct answer *a = &known.answers.answer[0];
        cr_assert_eq(a->state, ANSWER_READY, "%s", queries[i]);
        enum check_verdict want = a->error ? CHECK_ERROR : CHECK_RIGHT;
        cr_expect_eq(verdict_of(&known, a->bytes, a->len, 3, &taken), want, "%s", queries[i]);
        cr_expect_eq(verdict_of(&fresh, a->bytes, a->len, 3, &taken), want, "%s: by its own checks", queries[i]);
        bench_free(&known);
        bench_free(&fresh);
    }
}

Test(answers, stay_within_the_budget)
{
    struct mix mix = {0};
    struct answers answers;
    char error[MIX_ERROR], query[32];
    for (int i = 0; i < 40; i++) {
        snprintf(query, sizeof query, "cjk !u+%04x", 0x4e00 + i); /* 4 MB each */
        cr_assert(mix_add_query(&mix, query, error));
    }
    cr_assert(answers_init(&answers, &mix, true, false));
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < mix.count; i++) {
            struct answer *a = answers_acquire(&answers, &answers.answer[i]);
            cr_assert_not_null(a);
            cr_expect_leq(answers.held_bytes, ANSWERS_BUDGET_BYTES + a->len);
            answers_release(a);
        }
    }
    answers_free(&answers);
    mix_free(&mix);
}
