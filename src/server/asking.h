/* asking.h - from a line to an answer in flight, and what is left when it is over.
 *
 * What is left of an answer that was cut or interrupted, or still may be, is its line and how much of it was shown:
 * that is what "/more" continues.
 */
#ifndef SERVER_ASKING_H
#define SERVER_ASKING_H

#include "answer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct listing;
struct session;

/* The newest query that may have more to show. */
struct asked {
    uint64_t before; /* matches shown by earlier answers to it */
    uint64_t shown;  /* and by the newest one */
    uint64_t found;
    uint64_t most; /* of them, how many can be shown: of the best only so many are kept */
    struct answer_place place[ANSWER_PLACES + 1]; /* in it, in any order */
    uint32_t len;
    bool best;
    bool newest; /* no other answer, as to /words or /count, came after it */
    char line[];
};

/* A query begins to be answered, or is answered from the cache, or with an error and a prompt.  False: there is no
 * memory, and the session ends. */
bool ask_query(struct session *s, const char *text, size_t len);
/* The same, but only its closing line. */
bool ask_count(struct session *s, const char *text, size_t len);
/* What the newest query (`asked` of what the session holds) has not shown yet; or an error when there is nothing. */
bool ask_more(struct session *s);
/* A listing, which it takes over. */
bool ask_listing(struct session *s, struct listing *l);

/* The answer in flight is complete: the prompt, and READING. */
void ask_done(struct session *s);
/* The line in flight turned out to be no query: the error and the prompt, and READING.  False: there is no memory. */
bool ask_refused(struct session *s);
/* Of an answer that was complete, only `shown` matches have left: an interrupt has cut the rest. */
void ask_was_cut(struct session *s, uint64_t shown);
/* Ends what is in flight; says nothing. */
void ask_end(struct session *s);
/* Frees all of it. */
void ask_clear(struct session *s);

#endif
