/* answers.h - what is known about the answer to each query of a mix.
 *
 * Two sources.  With --verify the bytes are rendered from the index that is linked in, and any
 * difference is wrong.  Without it, the first answer to a query that has passed every check
 * of its own (check.h) is kept, and later answers are compared with it first: equal bytes need no second
 * look, which makes checking a memcmp().
 *
 * Memory: at most ANSWERS_BUDGET_BYTES are kept (rendered ones: beyond those in use at the moment).
 */
#ifndef MOJILOAD_ANSWERS_H
#define MOJILOAD_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ANSWERS_BUDGET_BYTES = 64 << 20, /* ten times the largest answer: a mix of ordinary queries fits a hundred times */
    ANSWER_WORDS = 16
};

enum answer_kind {
    ANSWER_QUERY,     /* ends in a status line or an error line */
    ANSWER_BLANK,     /* nothing but the prompt */
    ANSWER_DIRECTIVE, /* starts with '/': some lines, whatever they are */
    ANSWER_GREETING   /* what the server says first: the prompt, or an error line and the end */
};

enum answer_state {
    ANSWER_UNKNOWN,   /* no bytes yet */
    ANSWER_RECORDING, /* some check is writing them down */
    ANSWER_READY,
    ANSWER_NOT_KEPT /* too large, or cannot be rendered: every answer gets the full check */
};

struct answer {
    const char *query; /* of the mix: lives as long */
    size_t query_len;
    enum answer_kind kind;
    bool rendered; /* the bytes come from the index */
    bool error;    /* the answer is an error line */
    enum answer_state state;
    char *bytes; /* with the prompt */
    size_t len, capacity;
    uint32_t users;       /* checks that are comparing with the bytes */
    const void *recorder; /* the check that records */
    /* The upper-case words of a query of plain ASCII words: each stands in the name
     * or the alias of every line of its answer.  None for other queries. */
    struct answer_word {
        uint16_t at, len; /* in word_text */
    } word[ANSWER_WORDS];
    unsigned words;
    char *word_text;
};

struct answers {
    struct answer *answer; /* by entry of the mix */
    size_t count;
    bool verify, classic;
    bool directives; /* the mix changes settings: answers to one query may differ and are neither kept nor ordered */
    size_t held_bytes;
    size_t hand; /* where making room looks next */
};

struct mix;

/* What kind of answer a query gets. */
enum answer_kind answer_kind_of(const char *query, size_t len, bool classic);

/* One answer for each entry.  With verify, renders them all as far as the budget goes.  False when out of memory. */
bool answers_init(struct answers *all, const struct mix *mix, bool verify, bool classic);
void answers_free(struct answers *all);

/* The answer, to be compared with until answers_release(), or NULL when there are no bytes: then
 * it may be recorded. */
struct answer *answers_acquire(struct answers *all, struct answer *a);
void answers_release(struct answer *a);

/* Recording: who (any pointer) begins - true when nobody else does and nothing is known -, appends, and ends. */
bool answers_record(struct answers *all, struct answer *a, const void *who);
void answers_append(struct answers *all, struct answer *a, const char *bytes, size_t len);
/* keep: the answer was right.  Only the one who records may call these two. */
void answers_end(struct answers *all, struct answer *a, bool keep);

#endif
