/* target.h - "HOST", "HOST:PORT", "[V6]:PORT", ":PORT" into an address.
 */
#ifndef MOJILOAD_TARGET_H
#define MOJILOAD_TARGET_H

#include "config.h"

enum {
    TARGET_ERROR = 256
};

/* Resolves text, with port where it names none, into out; false with a message of one line in error.
 * Names are looked up, which may block. */
bool target_find(const char *text, const char *port, struct target *out, char error[TARGET_ERROR]);
/* Host and service into an address; flags as for getaddrinfo(3), port may be NULL. */
bool target_resolve(const char *host, const char *port, int flags, struct sockaddr_storage *addr, socklen_t *len,
                    char error[TARGET_ERROR]);

#endif
