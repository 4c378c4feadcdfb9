/* outcome.h - the classes in which every request and every attempt to connect ends.
 */
#ifndef MOJILOAD_OUTCOME_H
#define MOJILOAD_OUTCOME_H

#include <stdbool.h>

enum outcome {
    OUTCOME_OK,             /* a right answer */
    OUTCOME_WRONG,          /* an answer that is not right: the server is broken */
    OUTCOME_REFUSED,        /* no connection: refused or unreachable */
    OUTCOME_BUSY,           /* connected and told that the server is full */
    OUTCOME_ERROR_LINE,     /* the answer is an error line */
    OUTCOME_RESET,          /* the connection was reset before the answer had ended */
    OUTCOME_EARLY_EOF,      /* the connection was closed before the first byte of the answer */
    OUTCOME_CUT,            /* the answer began, and then the connection was closed, or silent until the time-out */
    OUTCOME_TIMEOUT_FIRST,  /* no byte of the answer in time */
    OUTCOME_TIMEOUT_WITHIN, /* the answer was still coming when its time was over */
    OUTCOME_LOCAL,          /* this machine was out of ports, descriptors or memory */
    OUTCOME_UNSENT,         /* due, but no connection was free for it until the end */
    OUTCOMES
};

/* "ok", "wrong", "refused", "busy", "error line", "reset", "early EOF", "cut", … for reports. */
const char *outcome_title(enum outcome o);
/* The same as a key: "ok", "early_eof", "timeout_first" … */
const char *outcome_key(enum outcome o);
/* A request that got no answer at all, or not the whole of one. */
bool outcome_unanswered(enum outcome o);
/* What connect(2), send(2) or recv(2) failing with err means for the one who waits. */
enum outcome outcome_of_errno(int err);

#endif
