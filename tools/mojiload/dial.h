/* dial.h - connects a TCP socket without blocking, from a chosen source address.
 */
#ifndef MOJILOAD_DIAL_H
#define MOJILOAD_DIAL_H

#include "reactor/reactor.h"

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
};

struct dial_config {
    const struct sockaddr_storage *target;
    socklen_t target_len;
    const struct sockaddr_storage *source; /* NULL: the kernel chooses */
    int receive_buffer_bytes;              /* 0: the system's */
};

/* Begins; done() is called in a later turn.  0, or -1 with errno and done() never called. */
int dial_start(struct dial *d, struct reactor *r, const struct dial_config *config);
/* Gives up; done() is not called.  Harmless when not under way (zeroed, or done). */
void dial_stop(struct dial *d);

#endif
