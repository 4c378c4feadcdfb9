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

#include "answer/listing.h"
#include "reactor/reactor.h"
#include "unicode/search.h"

#include <stdbool.h>
#include <stdint.h>

struct asked;
struct conn;
struct own;
struct settings;

/* Output room that the longest single thing an answer puts out needs at once:
 * a note, in JSON, or the status line (198 bytes of bars, two numbers). */
enum {
    ANSWER_ROOM = 1200
};

enum answer_step {
    ANSWER_FULL,   /* the output is full: go on when the peer has taken some */
    ANSWER_AGAIN,  /* a slice of work is over: let others have a turn */
    ANSWER_DONE,   /* the status line is out */
    ANSWER_REFUSED /* the line is no query: search_refusal() */
};

/* A place in an answer from which "/more" can go on without looking for what comes before. */
struct answer_place {
    uint64_t matches; /* before it, also of earlier answers */
    uint32_t ordinal; /* of the first character behind it */
};

/* Places kept of an answer as it goes, at least so many lines apart: together they reach back further than the output
 * that an interrupt takes back (some 9,000 lines). */
enum {
    ANSWER_PLACES = 4,
    ANSWER_PLACE_LINES = 4096
};

struct answer {
    struct search search;    /* unless it is a listing */
    struct listing *listing; /* NULL: it is a search */
    struct search_run run;   /* of the search, what is not yet put out */
    const struct settings *settings;
    struct own *own;     /* the session's, which has no room for both */
    uint64_t skip;       /* matches still to be passed over, which were shown before */
    uint64_t skip_lines; /* and how many that were in all */
    uint64_t total;      /* how many matches there are, where an earlier answer has counted them; else 0 */
    uint64_t lines;      /* matches put out */
    uint64_t next_place; /* lines at which the next place is noted */
    unsigned places;     /* noted */
    struct answer_place place[ANSWER_PLACES]; /* the newest of them, in order */
    struct answer_place cut;                  /* where the limit cut it; matches 0: nowhere */
    uint32_t tail_lines;                      /* lines put out that are no matches: notes and status */
    bool best;                                /* the best matches first */
    bool trimmed;                             /* not every match is shown: a limit, some shown before, only counted */
    bool counting;                            /* shows no match and no note */
    bool stopped;                             /* interrupted: counts what is left, puts out no more */
    bool words_due;                           /* interrupted, and the wait for a timing mark is over */
    bool whole;                               /* not a byte of it has left the output yet */
    uint8_t line_len;                         /* of line; 0: it is not to be kept */
    char line[CACHE_KEY_BYTES];               /* the line it answers … */
    struct asked *asked;                      /* … or, longer, there; may be NULL */
    struct conn *conn;                        /* whose answer it is */
    struct reactor_timer grace;               /* how long words wait for a timing mark */
};

/* Puts out the next part.  The search or the listing must be open. */
enum answer_step answer_fill(struct answer *a, struct conn *c);

/* How many matches there are: right once the answer is done. */
static inline uint64_t answer_found(const struct answer *a)
{
    return a->total ? a->total : search_found(&a->search);
}

/* The peer interrupted; dropped lines of what was put out never left. */
void answer_stop(struct answer *a, uint64_t dropped);

#endif
