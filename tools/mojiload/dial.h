/* dial.h - connects a TCP socket without blocking, from a chosen source address, to the first address that answers.
 */
#ifndef MOJILOAD_DIAL_H
#define MOJILOAD_DIAL_H

#include "reactor/reactor.h"

#include <stdbool.h>
#include <sys/socket.h>

struct dial;
/* fd: the connected socket, yours; or -1 with err. */
typedef void dial_fn(struct dial *d, int fd, int err);

struct dial {
    dial_fn *done;
    /* private */
    struct reactor_fd watcher;
    struct reactor *reactor;
    int fd;
    struct dial_config {
        const struct sockaddr_storage *target; /* the addresses of one name: live until done() */
        unsigned targets, first;               /* how many, and with which to begin */
        const struct sockaddr_storage *source; /* NULL: the kernel chooses */
        int receive_buffer_bytes;              /* 0: the system's */
    } how;
    unsigned tried;
    unsigned at; /* the address under way, in the end the one that answered; may be read */
};

/* Begins; done() is called in a later turn, when an address has answered or all have failed (err: why the last one
 * did). 0, or -1 with errno and done() never called. */
int dial_start(struct dial *d, struct reactor *r, const struct dial_config *config);
/* The present address takes too long: goes on to the next.  False when there is none, and nothing is under way then. */
bool dial_skip(struct dial *d);
/* Gives up; done() is not called.  Harmless when not under way (zeroed, or done). */
void dial_stop(struct dial *d);

#endif
