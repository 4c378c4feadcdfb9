/* reactor/listener.h - accepts connections in batches, sheds and pauses at limits.
 *
 * At the descriptor limit (EMFILE, ENFILE) the listener gives up its spare
 * descriptor for a moment, accepts one newcomer with it, hands it to shed() so
 * that it hears why, and closes it; nobody waits in a backlog for a service that will
 * not come.  When the kernel is out of memory (ENOBUFS, ENOMEM), the spare cannot be had
 * back, or accept4(2) fails each time (an errno nobody knows, or EPERM in one try after the other),
 * it pauses (level-triggered readiness would spin) and tries again by itself.
 * At most 64 newcomers are accepted in a turn, and no more once they have taken an eighth of its
 * budget, so that a burst does not keep established clients waiting.
 */
#ifndef REACTOR_LISTENER_H
#define REACTOR_LISTENER_H

#include "reactor/reactor.h"

#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

struct listener;

/* None of these is called from inside an API function; l may be stopped and freed in each. */
struct listener_ops {
    const char *name; /* static; for reactor_dump() and statistics */
    /* A newcomer: fd is non-blocking and close-on-exec, and now yours.  To refuse it (a
     * limit on clients, say), send a word and close it. */
    void (*accepted)(struct listener *l, int fd, const struct sockaddr *peer, socklen_t peer_len);
    /* No descriptor left for this one: say so on fd if you like (one
     * non-blocking send), the listener closes it.  May be NULL. */
    void (*shed)(struct listener *l, int fd);
    /* Accepting stops for at least 100 ms (err: why) or goes on (err 0).  Newcomers wait in
     * the kernel's backlog meanwhile.  May be NULL. */
    void (*paused)(struct listener *l, int err);
};

struct listener_stats {
    uint64_t accepted; /* handed to accepted() */
    uint64_t shed;     /* closed at the descriptor limit */
    uint64_t pauses;
};

struct listener {
    const struct listener_ops *ops;
    struct listener_stats stats;
    /* private */
    struct reactor *reactor; /* NULL: not started */
    struct reactor_fd watcher;
    struct reactor_timer retry;
    bool *gone;   /* set when stopped inside one of its own callbacks */
    int spare_fd; /* -1: none */
    bool pausing;
};

/* Listens on addr (which is not kept) with SO_REUSEADDR (and IPV6_V6ONLY on IPv6), TCP_NODELAY
 * set so that accepted sockets inherit it; other options can be set on watcher.fd.  l may be
 * uninitialised; ops must outlive it.  Takes two descriptors: the socket and
 * the spare.  0, or -1 with errno (of socket, bind, listen …) and nothing left behind. */
int listener_start(struct listener *l, struct reactor *r, const struct listener_ops *ops, const struct sockaddr *addr,
                   socklen_t len, int backlog);
/* The same on a descriptor that listens already (socket activation); owns it from now on,
 * also on failure, when it is closed, makes it non-blocking, and sets TCP_NODELAY if it has that. */
int listener_start_fd(struct listener *l, struct reactor *r, const struct listener_ops *ops, int fd);
/* Closes the socket; harmless when not started (and zeroed).  Afterwards, also inside its own
 * callbacks, l may be freed. */
void listener_stop(struct listener *l);
/* The address bound, with the real port; *len need not be set.  0, or -1 with errno (EBADF: not started). */
int listener_address(const struct listener *l, struct sockaddr_storage *addr, socklen_t *len);

#ifdef __cplusplus
}
#endif
#endif
