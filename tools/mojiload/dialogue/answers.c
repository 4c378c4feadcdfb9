/* Keeps the known answers of a mix, within a budget; the checker compares with them before it looks closer. */
#include "dialogue/answers.h"

#include "dialogue/mix.h"
#include "dialogue/render.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum answer_kind answer_kind_of(const char *query, size_t len, bool classic)
{
    while (len > 0 && isspace((unsigned char)*query)) {
        query++;
        len--;
    }
    if (len == 0)
        return ANSWER_BLANK;
    return *query == '/' && !classic ? ANSWER_DIRECTIVE : ANSWER_QUERY;
}

/* One word that may be read as a code point (QUERY: "face", "0x41") is no promise about names. */
static bool is_hex_word(const char *text, size_t len)
{
    if (len > 2 && text[0] == '0' && text[1] == 'X')
        return true;
    size_t digits = 0;
    while (digits < len && isxdigit((unsigned char)text[digits]))
        digits++;
    return digits == len;
}

static void split_words(struct answer *a)
{
    const char *text = a->word_text;
    for (size_t at = 0; at < a->query_len;) {
        size_t end = at;
        while (end < a->query_len && text[end] != ' ')
            end++;
        if (end > at) {
            if (a->words == ANSWER_WORDS)
                return; /* the first sixteen must do */
            a->word[a->words++] = (struct answer_word){(uint16_t)at, (uint16_t)(end - at)};
        }
        at = end + 1;
    }
    if (a->words == 1 && is_hex_word(text + a->word[0].at, a->word[0].len))
        a->words = 0;
}

/* Fills word[] when the query is nothing but ASCII letters, digits, spaces and hyphens. */
static bool plain_words(struct answer *a)
{
    if (a->kind != ANSWER_QUERY || a->query_len > UINT16_MAX)
        return true;
    a->word_text = malloc(a->query_len + 1);
    if (a->word_text == NULL)
        return false;
    for (size_t i = 0; i < a->query_len; i++) {
        char c = a->query[i];
        if (isalnum((unsigned char)c))
            c = (char)toupper((unsigned char)c);
        else if (c == '-' || isspace((unsigned char)c))
            c = ' ';
        else
            return true;
        a->word_text[i] = c;
    }
    split_words(a);
    return true;
}

static void forget(struct answers *all, struct answer *a, enum answer_state next)
{
    all->held_bytes -= a->capacity;
    free(a->bytes);
    a->bytes = NULL;
    a->len = a->capacity = 0;
    a->recorder = NULL;
    a->state = next;
}

/* Drops rendered answers that nobody uses until wanted bytes fit, or none is left. */
static void make_room(struct answers *all, size_t wanted)
{
    for (size_t looked = 0; looked < all->count && all->held_bytes + wanted > ANSWERS_BUDGET_BYTES; looked++) {
        struct answer *a = &all->answer[all->hand];
        all->hand = (all->hand + 1) % all->count;
        if (a->state == ANSWER_READY && a->users == 0)
            forget(all, a, ANSWER_UNKNOWN);
    }
}

static void render(struct answers *all, struct answer *a)
{
    struct rendered r;
    if (!render_answer(a->query, a->query_len, all->classic, &r)) {
        a->state = ANSWER_NOT_KEPT;
        return;
    }
    make_room(all, r.len);
    a->bytes = r.bytes;
    a->len = a->capacity = r.len;
    a->error = r.error;
    a->rendered = true;
    a->state = ANSWER_READY;
    all->held_bytes += r.len;
}

bool answers_init(struct answers *all, const struct mix *mix, bool verify, bool classic)
{
    *all = (struct answers){.verify = verify, .classic = classic, .count = mix->count};
    all->answer = calloc(mix->count, sizeof *all->answer);
    if (all->answer == NULL)
        return false;
    for (size_t i = 0; i < mix->count; i++) {
        struct answer *a = &all->answer[i];
        a->query = mix->entry[i].request;
        a->query_len = mix->entry[i].query_len;
        a->kind = answer_kind_of(a->query, a->query_len, classic);
        all->directives |= a->kind == ANSWER_DIRECTIVE;
        if (!plain_words(a)) {
            answers_free(all);
            return false;
        }
    }
    for (size_t i = 0; verify && !all->directives && i < mix->count && all->held_bytes < ANSWERS_BUDGET_BYTES; i++)
        render(all, &all->answer[i]);
    return true;
}

void answers_free(struct answers *all)
{
    for (size_t i = 0; i < all->count; i++) {
        free(all->answer[i].bytes);
        free(all->answer[i].word_text);
    }
    free(all->answer);
    *all = (struct answers){0};
}

struct answer *answers_acquire(struct answers *all, struct answer *a)
{
    if (all->directives)
        return NULL;
    if (a->state == ANSWER_UNKNOWN && all->verify)
        render(all, a);
    if (a->state != ANSWER_READY)
        return NULL;
    a->users++;
    return a;
}

void answers_release(struct answer *a)
{
    a->users--;
}

bool answers_record(struct answers *all, struct answer *a, const void *who)
{
    if (a->state != ANSWER_UNKNOWN || all->directives || all->verify)
        return false;
    a->state = ANSWER_RECORDING;
    a->recorder = who;
    return true;
}

void answers_append(struct answers *all, struct answer *a, const char *bytes, size_t len)
{
    if (a->state != ANSWER_RECORDING)
        return;
    if (a->len + len > a->capacity) {
        size_t bigger = (a->len + len) * 2;
        char *grown = all->held_bytes + bigger > ANSWERS_BUDGET_BYTES ? NULL : realloc(a->bytes, bigger);
        if (grown == NULL) {
            forget(all, a, ANSWER_NOT_KEPT);
            return;
        }
        all->held_bytes += bigger - a->capacity;
        a->bytes = grown;
        a->capacity = bigger;
    }
    memcpy(a->bytes + a->len, bytes, len);
    a->len += len;
}

/* The part of the buffer that doubling left over goes back, so that the budget counts answers. */
static void shrink(struct answers *all, struct answer *a)
{
    char *exact = realloc(a->bytes, a->len);
    if (exact == NULL)
        return;
    all->held_bytes -= a->capacity - a->len;
    a->bytes = exact;
    a->capacity = a->len;
}

void answers_end(struct answers *all, struct answer *a, bool keep)
{
    if (a->state != ANSWER_RECORDING)
        return;
    if (!keep) {
        forget(all, a, ANSWER_UNKNOWN);
        return;
    }
    a->state = ANSWER_READY;
    a->recorder = NULL;
    shrink(all, a);
}
