/* Finds the address of a server, or of this machine, from what people type. */
#include "target.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool target_resolve(const char *host, const char *port, int flags, struct sockaddr_storage *addr, socklen_t *len,
                    char error[TARGET_ERROR])
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags}, *found;
    int rc = getaddrinfo(host, port, &hints, &found);
    if (rc != 0) {
        snprintf(error, TARGET_ERROR, "%.120s: %.100s", host, gai_strerror(rc));
        return false;
    }
    memset(addr, 0, sizeof *addr);
    memcpy(addr, found->ai_addr, found->ai_addrlen);
    *len = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
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
    return target_resolve(host, port, AI_NUMERICSERV, &out->addr, &out->addr_len, error);
}
