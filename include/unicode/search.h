/* unicode/search.h - from a line of text to its matches, one run at a time.
 *
 *     struct search s;
 *     struct search_error error;
 *     if (search_open(&s, index_builtin(), SEARCH_DEFAULT, text, len, &error) != SEARCH_OPENED) …
 *     for (;;) switch (search_next(&s, 1000, &run)) {
 *     case SEARCH_RUN:   … lines of run …
 *     case SEARCH_AGAIN: … let others have a turn, then call again …
 *     case SEARCH_REFUSED: … search_refusal(&s, &error) … search_close(&s) …
 *     case SEARCH_END:   … search_found(&s) … search_close(&s) …
 *     }
 *
 * A search is a position, never a result list: a plain query's state is this
 * struct and nothing else, whatever it matches.
 *
 * Three ways to an answer, chosen as the line is read (open_default() in search.c says by what):
 *
 *   words           src/unicode/words.c gives their posting lists to two cursors, one over names
 *                   and one over aliases, which are merged as they are handed out.  Nothing is
 *                   allocated.
 *   richer queries  query_plan.c: unicode/pasted.h (what was meant), unicode/query.h (to a tree),
 *                   unicode/plan.h (to matches).  A few allocations, bounded as plan.h says.
 *   long lines      search_long.c reads them in steps; what it finds is one of the two above, or
 *                   refused.
 *
 * Best first is a stage behind each of them (src/unicode/best.h).  Rejected: one way for all, a
 * tree of terms also for words.  It would be less code, but "chess black king" costs 2,300
 * instructions by its lists and 590,000 as a tree, which tests the 380 characters with aliases one
 * by one.
 */
#ifndef UNICODE_SEARCH_H
#define UNICODE_SEARCH_H

#include "unicode/cursor.h"

enum search_dialect {
    SEARCH_CLASSIC, /* words of names, as charindex.py; every text is a query */
    SEARCH_DEFAULT  /* the query language, aliases */
};

enum search_result {
    SEARCH_OPENED,
    SEARCH_BAD_UTF8,
    SEARCH_ILL_FORMED, /* error->text says what and where */
    SEARCH_NO_MEMORY
};

struct search_error {
    char text[256]; /* printable UTF-8 (unicode/quote.h), no line end, terminated, without the "! " */
};

struct facts;
struct plan;
struct query_plan;  /* what the forms of the query language need beyond words */
struct best;        /* what sorting keeps */
struct search_long; /* a line longer than any query, while it is being read */

/* The fields are private: read through the functions below.  May be copied
 * while open; close one of the copies. */
struct search {
    const struct index *index;
    enum search_dialect dialect;
    uint64_t found;
    struct cursor names;         /* over ordinals */
    struct cursor aliases;       /* over alias numbers; empty: no alias can match */
    struct index_run pending;    /* ordinals that match by name, not yet handed out */
    uint32_t done;               /* ordinals below are handed out */
    struct query_plan *plan;     /* NULL: plain words */
    struct best *best;           /* NULL: in code point order */
    struct search_long *reading; /* NULL: the line has been read */
    uint32_t from;               /* where to begin once it has */
    bool plain;                  /* neither plan nor best, and read */
};

/* A piece of the answer: characters [first, first + count) by ordinal, or, if
 * alias, the one alias number first (count 1). */
struct search_run {
    uint32_t first, count;
    bool alias;
};

enum search_step {
    SEARCH_RUN,
    SEARCH_AGAIN,
    SEARCH_REFUSED, /* a line longer than QUERY_LINE_BYTES turned out to be no query: search_refusal(); nothing follows
                     */
    SEARCH_END
};

/* text: len bytes of one request line, white space at both ends allowed; it is not needed
 * afterwards.  On SEARCH_OPENED close it with search_close(); otherwise nothing is held. */
enum search_result search_open(struct search *s, const struct index *ix, enum search_dialect dialect, const char *text,
                               size_t len, struct search_error *error);
/* The same with the best matches first, at most 1,000 of them (search_found() counts them all).  A
 * list of code points keeps its order. */
enum search_result search_open_best(struct search *s, const struct index *ix, enum search_dialect dialect,
                                    const char *text, size_t len, struct search_error *error);
/* How many of `found` matches are handed out, once the search is at its end or has handed out one:
 * sorted, only the best. */
uint64_t search_kept(const struct search *s, uint64_t found);
/* True when matches come in code point order, so that search_resume() can go on behind one of
 * them. */
bool search_in_order(const struct search *s);
/* Passes over the characters below the ordinal `from`, of which `found` match: right after
 * search_open() of a text whose matches were handed out up to there.  Costs nothing that
 * search_open() does not. */
void search_resume(struct search *s, uint32_t from, uint64_t found);
/* The next piece, of at most max matches, in code point order.  Takes 0.2 ms or so (a test holds it
 * to 1 ms): SEARCH_AGAIN when that time is over, counted from the last one over however many calls:
 * let others have their turn. */
enum search_step search_next(struct search *s, uint32_t max, struct search_run *run);
/* After SEARCH_REFUSED: what search_open() would have returned, had it read so long a line at
 * once. */
enum search_result search_refusal(const struct search *s, struct search_error *error);
/* At SEARCH_END, what there is to remark on (answer/notes.h): false for plain words that match something.  Both are the
 * search's; running the plan again, from plan_restart() on, does not disturb it any more. */
bool search_about(struct search *s, const struct facts **facts, struct plan **plan);
/* Matches handed out so far. */
uint64_t search_found(const struct search *s);
/* Bytes held besides *s: 0 for plain words. */
size_t search_bytes(const struct search *s);
void search_close(struct search *s);

#endif
