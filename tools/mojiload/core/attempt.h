/* attempt.h - an attempt to connect: the addresses of the target in turn, until one answers.
 *
 * The one that answered last is tried first.  It is the conn's owner who goes on after each: when serve() is called
 * the address answered, when closed() comes before that it did not.  In the reactor it would cost every conn
 * of everybody the pointer to a list; 160 bytes are all a conn may have (promise 9).
 */
#ifndef MOJILOAD_ATTEMPT_H
#define MOJILOAD_ATTEMPT_H

#include "core/run.h"

struct attempt {
    unsigned first, tried;
    unsigned at;                           /* the address under way, in the end the one that answered */
    const struct sockaddr_storage *source; /* NULL: any */
    int receive_buffer_bytes;              /* 0: the system's */
};

/* The next address that does not fail at once. 0; -1 when there is none: errno is why the last of them did, or as it
 * was.  Zero the attempt, but for its source, before the first call. */
int attempt_next(struct attempt *a, struct run *run, struct conn *c, const struct conn_ops *ops,
                 const struct conn_limits *limits);

#endif
