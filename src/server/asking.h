/* asking.h - from a request to an answer in flight, and what is left when it is over. */
#ifndef SERVER_ASKING_H
#define SERVER_ASKING_H

#include "delivery.h"

struct session;

/* A request begins to be answered, or is answered from the cache, or with an error and a prompt.  False: there is no
 * memory, and the session ends. */
bool ask(struct session *s, const struct answer_request *request);
/* The same for what the newest query has not shown yet. */
bool ask_more(struct session *s);

/* The answer in flight is complete: the prompt, and READING. */
void ask_done(struct session *s);
/* The line in flight turned out to be no query: the error and the prompt, and READING.  False: there is no memory. */
bool ask_refused(struct session *s);
/* Of an answer that was complete, only `shown` matches have left: an interrupt has cut the rest. */
void ask_was_cut(struct session *s, uint64_t shown);
/* Ends what is in flight; says nothing. */
void ask_end(struct session *s, enum answer_ending why);
/* Frees all of it. */
void ask_clear(struct session *s);

#endif
