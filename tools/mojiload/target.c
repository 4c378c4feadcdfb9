/* Finds the address of a server, or of this machine, from what people type. */
#include "target.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned target_resolve(const char *host, const char *port, int flags, struct sockaddr_storage *addr, unsigned max,
                        char error[TARGET_ERROR])
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags}, *found;
    unsigned count = 0;
    int rc = getaddrinfo(host, port, &hints, &found);
    if (rc != 0) {
        snprintf(error, TARGET_ERROR, "%.120s: %.100s", host, gai_strerror(rc));
        return 0;
    }
    for (const struct addrinfo *a = found; a != NULL && count < max; a = a->ai_next) {
        memset(&addr[count], 0, sizeof addr[count]);
        memcpy(&addr[count], a->ai_addr, a->ai_addrlen);
        count++;
    }
    freeaddrinfo(found);
    return count;
}

bool target_keep_family(struct target *t, sa_family_t family, char error[TARGET_ERROR])
{
    unsigned kept = 0;
    for (unsigned i = 0; i < t->addresses; i++) {
        if (t->addr[i].ss_family == family)
            t->addr[kept++] = t->addr[i];
    }
    if (kept == 0)
        snprintf(error, TARGET_ERROR, "--source: an address of IPv%c, but %.120s has none of that kind",
                 family == AF_INET6 ? '6' : '4', t->name);
    t->addresses = kept;
    return kept > 0;
}

/* Splits "HOST:PORT" in place; a bare IPv6 address has no port. */
static bool split_target(char *text, const char **host, const char **port)
{
    char *colon = strrchr(text, ':'), *bracket = strrchr(text, ']');
    *host = text;
    if (text[0] == '[') {
        if (bracket == NULL || (bracket[1] != '\0' && bracket[1] != ':'))
            return false;
        *host = text + 1;
        *bracket = '\0';
        colon = bracket[1] == ':' ? bracket + 1 : NULL;
    } else if (colon != NULL && strchr(text, ':') != colon) {
        colon = NULL;
    }
    if (colon != NULL) {
        *colon = '\0';
        *port = colon + 1;
    }
    if (**host == '\0')
        *host = "127.0.0.1";
    char *end;
    unsigned long number = strtoul(*port, &end, 10);
    return **port >= '0' && **port <= '9' && *end == '\0' && number > 0 && number < 65536;
}

bool target_find(const char *text, const char *port, struct target *out, char error[TARGET_ERROR])
{
    char copy[CONFIG_HOST];
    const char *host;
    if (strlen(text) >= sizeof copy) {
        snprintf(error, TARGET_ERROR, "the target is too long");
        return false;
    }
    memcpy(copy, text, strlen(text) + 1);
    if (!split_target(copy, &host, &port)) {
        snprintf(error, TARGET_ERROR, "no target: \"%.80s\" (HOST, HOST:PORT, [IPV6]:PORT)", text);
        return false;
    }
    snprintf(out->name, sizeof out->name, strchr(host, ':') != NULL ? "[%s]:%s" : "%s:%s", host, port);
    out->addresses = target_resolve(host, port, AI_NUMERICSERV, out->addr, CONFIG_ADDRESSES, error);
    return out->addresses > 0;
}
