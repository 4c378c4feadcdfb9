/* target.h - "HOST", "HOST:PORT", "[V6]:PORT", ":PORT" into the addresses of a server.
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
/* Host and service into at most max addresses, in the resolver's order; how many, 0 with a message.  Flags as for
 * getaddrinfo(3), port may be NULL. */
unsigned target_resolve(const char *host, const char *port, int flags, struct sockaddr_storage *addr, unsigned max,
                        char error[TARGET_ERROR]);
/* Leaves only the addresses of that family; false with a message when there is none. */
bool target_keep_family(struct target *t, sa_family_t family, char error[TARGET_ERROR]);

#endif
