/* listening.h - from --host and --port to listening sockets. */
#ifndef SERVER_LISTENING_H
#define SERVER_LISTENING_H

#include "reactor/listener.h"

#include <stdint.h>

enum {
    LISTENING_MAX = 32,
    LISTENING_TEXT_BYTES = 80,
    LISTENING_REASON_BYTES = 256
};

struct listening {
    struct listener listener[LISTENING_MAX];
    struct sockaddr_storage asked[LISTENING_MAX]; /* the address of each before a free port was picked for it */
    unsigned count;
};

/* Listens on every address that host (a name, an IPv4 address, an IPv6 address with or without brackets) stands
 * for and that is not listened on yet.  False with a reason of one line, which names what failed, when one of them
 * cannot be had; those before it stay open until listening_stop().  An address that this machine
 * does not have is passed over when the name has others. */
bool listening_add(struct listening *l, struct reactor *r, const struct listener_ops *ops, const char *host,
                   uint16_t port, char reason[LISTENING_REASON_BYTES]);

/* Closes all. */
void listening_stop(struct listening *l);

/* "127.0.0.1:2323" or "[::1]:2323" of a bound socket. */
void listening_text(const struct listener *l, char out[LISTENING_TEXT_BYTES]);

#endif
