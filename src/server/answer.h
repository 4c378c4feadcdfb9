/* answer.h - an answer in flight: a search whose matches leave as the peer takes them.
 *
 * What an answer holds is its position in the search, never its matches:
 * lines lie ready in the index, short runs of them are copied into
 * the conn's output and long ones pointed at, so four megabytes cost no more
 * memory than one line.
 */
#ifndef SERVER_ANSWER_H
#define SERVER_ANSWER_H

#include "cache.h"

#include "reactor/reactor.h"
#include "unicode/search.h"

#include <stdbool.h>
#include <stdint.h>

struct conn;

/* Output room that the longest single thing an answer puts out needs at once:
 * a note or the status line (198 bytes of bars, two numbers). */
enum {
    ANSWER_ROOM = 512
};

enum answer_step {
    ANSWER_FULL,  /* the output is full: go on when the peer has taken some */
    ANSWER_AGAIN, /* a slice of work is over: let others have a turn */
    ANSWER_DONE   /* the status line is out */
};

struct answer {
    struct search search;
    struct search_run run;      /* of it, what is not yet put out */
    uint64_t lines;             /* matches put out */
    uint32_t tail_lines;        /* lines put out that are no matches: notes and status */
    bool stopped;               /* interrupted: counts what is left, puts out no more */
    bool words_due;             /* interrupted, and the wait for a timing mark is over */
    bool whole;                 /* not a byte of it has left the output yet */
    uint8_t line_len;           /* of line; 0: it is not to be kept */
    char line[CACHE_KEY_BYTES]; /* the line it answers */
    struct conn *conn;          /* whose answer it is */
    struct reactor_timer grace; /* how long words wait for a timing mark */
};

/* Puts out the next part.  The search must be open; close it with search_close(). */
enum answer_step answer_fill(struct answer *a, struct conn *c);

/* The peer interrupted; dropped lines of what was put out never left. */
void answer_stop(struct answer *a, uint64_t dropped);

/* The status line of found matches into out; stopped_after < 0: not interrupted.  Returns its length. */
enum {
    ANSWER_STATUS_BYTES = 288
};
size_t answer_status(uint64_t found, int64_t stopped_after, char out[ANSWER_STATUS_BYTES]);

#endif
