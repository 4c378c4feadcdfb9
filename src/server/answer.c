/* answer.c - renders a search into a conn's output, run by run, in bounded memory. */
#include "answer.h"

#include "reactor/conn.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Runs of lines from this length on are pointed at instead of copied: below, an
 * iovec of its own costs the kernel more than the copy costs us. */
enum {
    REFER_MIN_BYTES = 4096
};

/* Matches taken from the search at once (4,096 lines are some 160 KB), and output
 * beyond which an answer waits: cutting it at a line, when it is interrupted, looks through no more than both. */
enum {
    RUN_MAX = 4096,
    AHEAD_MAX_BYTES = 256 * 1024
};

#define BAR     "\xE2\x94\x80" /* U+2500 */
#define BARS_11 BAR BAR BAR BAR BAR BAR BAR BAR BAR BAR BAR
static const char bars[] = BARS_11 BARS_11 BARS_11 BARS_11 BARS_11 BARS_11; /* 66 of them */

/* Decimal digits of n to out; returns how many.  printf is ten times as dear, and this is in every answer. */
static size_t put_number(uint64_t n, char *out)
{
    char digits[20];
    size_t len = 0;
    do {
        digits[sizeof digits - ++len] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    memcpy(out, digits + sizeof digits - len, len);
    return len;
}

size_t answer_status(uint64_t found, int64_t stopped_after, char out[ANSWER_STATUS_BYTES])
{
    static const char found_words[] = " found";
    static const char stopped_words[] = ", stopped after ";
    char *p = out;
    memcpy(p, bars, sizeof bars - 1);
    p += sizeof bars - 1;
    *p++ = ' ';
    p += put_number(found, p);
    memcpy(p, found_words, sizeof found_words - 1);
    p += sizeof found_words - 1;
    if (stopped_after >= 0) {
        memcpy(p, stopped_words, sizeof stopped_words - 1);
        p += sizeof stopped_words - 1;
        p += put_number((uint64_t)stopped_after, p);
    }
    *p++ = '\r';
    *p++ = '\n';
    return (size_t)(p - out);
}

/* True when the whole run is put out. */
static bool put_run(struct answer *a, struct conn *c)
{
    const struct index *ix = a->search.index;
    size_t len;
    const char *lines;
    if (a->run.alias)
        lines = index_alias_line(ix, a->run.first, &len);
    else
        lines = index_lines(ix, a->run.first, a->run.first + a->run.count, &len);
    if (len < REFER_MIN_BYTES ? !conn_write(c, lines, len) : !conn_refer(c, lines, len))
        return false;
    a->lines += a->run.count;
    a->run.count = 0;
    return true;
}

static void put_note(struct answer *a, struct conn *c)
{
    size_t len;
    const char *note = search_note(&a->search, &len);
    conn_write(c, "# ", 2);
    conn_write(c, note, len);
    conn_write(c, "\r\n", 2);
    a->tail_lines++;
}

static void put_status(struct answer *a, struct conn *c)
{
    char *out = conn_reserve(c, ANSWER_STATUS_BYTES);
    if (out)
        conn_commit(c, answer_status(search_found(&a->search), a->stopped ? (int64_t)a->lines : -1, out));
    a->tail_lines++;
}

enum answer_step answer_fill(struct answer *a, struct conn *c)
{
    for (;;) {
        if (a->run.count > 0 && !put_run(a, c))
            return ANSWER_FULL;
        if (conn_room(c) < ANSWER_ROOM || conn_unsent(c) > AHEAD_MAX_BYTES)
            return ANSWER_FULL;
        switch (search_next(&a->search, RUN_MAX, &a->run)) {
        case SEARCH_RUN:
            if (a->stopped)
                a->run.count = 0;
            break;
        case SEARCH_NOTE:
            a->run.count = 0;
            if (!a->stopped)
                put_note(a, c);
            break;
        case SEARCH_AGAIN: a->run.count = 0; return ANSWER_AGAIN;
        case SEARCH_END:
            a->run.count = 0;
            put_status(a, c);
            return ANSWER_DONE;
        }
    }
}

void answer_stop(struct answer *a, uint64_t dropped)
{
    a->stopped = true;
    a->run.count = 0;
    a->lines -= dropped < a->lines ? dropped : a->lines;
}
