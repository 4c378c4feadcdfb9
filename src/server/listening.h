/* listening.h - from --host and --port to listening sockets. */
#ifndef SERVER_LISTENING_H
#define SERVER_LISTENING_H

#include "reactor/listener.h"

#include <stdint.h>

enum {
    LISTENING_MAX = 32,
    LISTENING_TEXT_BYTES = 80
};

struct listening {
    struct listener listener[LISTENING_MAX];
    unsigned count;
};

/* Listens on every address that host (a name, an IPv4 or IPv6 address) stands
 * for.  False with a reason of one line in reason when one of them cannot be
 * had; those before it stay open until listening_stop(). */
bool listening_add(struct listening *l, struct reactor *r, const struct listener_ops *ops, const char *host,
                   uint16_t port, char reason[256]);

/* Closes all. */
void listening_stop(struct listening *l);

/* "127.0.0.1:2323" or "[::1]:2323" of a bound socket. */
void listening_text(const struct listener *l, char out[LISTENING_TEXT_BYTES]);

#endif
