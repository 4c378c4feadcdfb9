/* answer/answer.h - what an answer is, for everybody who puts one out: a session, the command line, a checker.
 *
 * An answer is pulled, a piece at a time, when there is room for it:
 *
 *     struct answer a;
 *     struct answer_error error;
 *     struct answer_piece piece;
 *     char out[ANSWER_PIECE_BYTES];
 *     if (answer_open(&a, &settings, &request, &error) != ANSWER_OPENED) … error.text, and no answer_close() …
 *     for (;;) switch (answer_next(&a, out, &piece)) {
 *     case ANSWER_AGAIN:   … let others have a turn, then call again …
 *     case ANSWER_REFUSED: … answer_refusal(&a, &error) … answer_close(&a, ANSWER_DROPPED, NULL) …
 *     case ANSWER_CLOSING: … piece.text … answer_close(&a, ANSWER_COMPLETE, &rest) …
 *     default:             … piece.text …
 *     }
 *
 * Each piece is one rendered line in out, or a run of lines that the index has ready, which are not copied.  What is in
 * flight is a position, never a list of results: an answer of four megabytes holds no more than one of a line.
 *
 * This room checks UTF-8, words errors, keeps limits and knows from where /more goes on.  It knows nothing of sockets.
 */
#ifndef ANSWER_ANSWER_H
#define ANSWER_ANSWER_H

#include "answer/listing.h"
#include "answer/notes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ANSWER_PIECE_BYTES = RENDER_BYTES, /* what answer_next() needs to render into */
    ANSWER_LINE_BYTES = 1200, /* the longest line it makes but of results: a note in JSON, 198 bytes of bars … */
    ANSWER_KEPT_BYTES = 128   /* of a request line are held in the answer itself; a longer one is allocated */
};

/* ---- what is asked ---- */

enum answer_kind {
    ANSWER_QUERY, /* matches, notes, a status line */
    ANSWER_COUNT, /* the status line of a query alone */
    ANSWER_INFO,  /* these four are listings: see listing.h */
    ANSWER_EXPLAIN,
    ANSWER_LIST,
    ANSWER_WORDS
};

/* How answers look; start from ANSWER_SETTINGS_DEFAULT. */
struct answer_settings {
    struct render_style style; /* settled: render_settle() */
    uint32_t limit;            /* results an answer shows; 0: all */
    bool best;                 /* the best matches first, not in code point order */
};
#define ANSWER_SETTINGS_DEFAULT                                                                                        \
    {                                                                                                                  \
        .style = RENDER_DEFAULT                                                                                        \
    }

struct answer_request {
    enum answer_kind kind;
    bool classic; /* queries in the classic dialect */
    const char *line;
    size_t len;
};

enum answer_result {
    ANSWER_OPENED,
    ANSWER_BAD_UTF8,
    ANSWER_ILL_FORMED,
    ANSWER_NOTHING_MORE, /* from answer_open_more() only */
    ANSWER_NO_MEMORY
};

/* Why there is no answer: in every case but ANSWER_OPENED. */
struct answer_error {
    char text[256]; /* printable UTF-8, no line end, terminated, without "! " */
};

/* True when a line is valid UTF-8, which everything here asks for; else false, and error says so.  For those who want
 * to look into a line before they open it. */
bool answer_accepts(const char *line, size_t len, struct answer_error *error);

/* ---- an answer in flight ---- */

/* A place in an answer from which /more can go on without looking for what comes before. */
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

struct answer_rest;

/* The fields are private: read through the functions below. */
struct answer {
    struct search search;    /* unless it is a listing */
    struct listing *listing; /* NULL: it is a search */
    struct search_run run;   /* of the search, what is not yet handed out */
    uint32_t given;          /* results in the last piece */
    const struct answer_settings *settings;
    uint64_t skip;       /* matches still to be passed over, which were shown before */
    uint64_t skip_lines; /* and how many that were in all */
    uint64_t total;      /* how many matches there are, where an earlier answer has counted them; else 0 */
    uint64_t lines;      /* results handed out */
    uint64_t next_place; /* lines at which the next place is noted */
    unsigned places;     /* noted */
    struct answer_place place[ANSWER_PLACES]; /* the newest of them, in order */
    struct answer_place cut;                  /* where the limit cut it; matches 0: nowhere */
    uint32_t other_lines;                     /* handed out that are no results: notes, cards, status */
    bool best;                                /* the best matches first */
    bool trimmed;                             /* not every match is shown: a limit, some shown before, only counted */
    bool counting;                            /* shows no match and no note */
    bool stopped;                             /* interrupted: counts what is left, shows no more */
    bool noting;                              /* the search is over, notes follow */
    uint8_t line_len;                         /* of line; 0: it is not there */
    char line[ANSWER_KEPT_BYTES];             /* the line it answers … */
    struct answer_rest *rest;                 /* … or, longer, there; may be NULL */
    struct notes notes;                       /* valid while noting */
};

/* A piece of it, whole lines with their line ends. */
struct answer_piece {
    const char *text;
    size_t len;
    bool ready; /* lies in the index, for as long as the program runs; else in out */
};

enum answer_step {
    ANSWER_RESULTS, /* lines that count as found, and to which a limit applies */
    ANSWER_NOTE,    /* a remark */
    ANSWER_CARD,    /* a line of a card or of a list of values */
    ANSWER_MARK,    /* of a text taken apart: the mark before a cluster */
    ANSWER_FRAME,   /* what stands around the values where they are one object of JSON */
    ANSWER_CLOSING, /* the closing line (len 0: none): nothing follows */
    ANSWER_AGAIN,   /* a slice of work is over, 0.2 ms or so: let others have a turn, then call again */
    ANSWER_REFUSED  /* the line is no query, as shows only now; nothing follows */
};

/* Opens an answer.  The line is not needed afterwards, the settings are, until answer_close(); a is the caller's, who
 * does well to keep one to use again: an answer to plain words allocates nothing. */
enum answer_result answer_open(struct answer *a, const struct answer_settings *settings,
                               const struct answer_request *request, struct answer_error *error);
/* The next piece.  out: ANSWER_PIECE_BYTES. */
enum answer_step answer_next(struct answer *a, char *out, struct answer_piece *piece);
/* The piece of the last step, ANSWER_RESULTS, could not be put out: it comes again. */
void answer_return(struct answer *a);
/* After ANSWER_REFUSED: what answer_open() would have returned, had it read so long a line at once. */
enum answer_result answer_refusal(const struct answer *a, struct answer_error *error);
/* Its reader has interrupted it, and dropped result lines of what was handed out never left: only the closing line
 * follows. */
void answer_stop(struct answer *a, uint64_t dropped);

/* Results in all: right once the closing line is out. */
uint64_t answer_found(const struct answer *a);
/* The line, where the answer is one that the same line leads to each time: to a query, from its beginning, not
 * interrupted, under whatever settings; else, or when it is longer than ANSWER_KEPT_BYTES, NULL. */
const char *answer_repeatable(const struct answer *a, size_t *len);

enum answer_ending {
    ANSWER_COMPLETE, /* its closing line is out */
    ANSWER_DROPPED   /* anything else: it was refused, its reader has gone */
};

/* Ends an answer, whatever became of it, and releases what it holds.
 *
 * *rest is what /more continues, NULL for nothing.  A complete query puts its own in the place of that: what it has not
 * shown, or, when it has shown everything, what an interrupt may yet take back of it; NULL, if neither or without
 * memory.  Others leave it, no longer the newest.  rest may be NULL: nothing is kept. */
void answer_close(struct answer *a, enum answer_ending why, struct answer_rest **rest);

/* ---- the rest of an answer ---- */

/* Opens an answer to what the one before has not shown.  rest may be NULL, and is not changed. */
enum answer_result answer_open_more(struct answer *a, const struct answer_settings *settings,
                                    const struct answer_rest *rest, struct answer_error *error);
/* An answer that was complete was interrupted before all of it had left: its reader has got `shown` results of it.
 * Does nothing when another answer came after it, or rest is NULL. */
void answer_rest_cut(struct answer_rest *rest, uint64_t shown);
/* Bytes held. */
size_t answer_rest_bytes(const struct answer_rest *rest);
void answer_rest_free(struct answer_rest *rest);

#endif
