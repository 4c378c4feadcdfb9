/* Connects to one address of the target after the other. */
#include "core/attempt.h"

#include <netinet/in.h>

static socklen_t length(const struct sockaddr_storage *addr)
{
    return addr->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

int attempt_next(struct attempt *a, struct run *run, struct conn *c, const struct conn_ops *ops,
                 const struct conn_limits *limits)
{
    struct conn_connect_options how = {.receive_buffer_bytes = a->receive_buffer_bytes};
    if (a->source != NULL) {
        how.source = (const struct sockaddr *)a->source;
        how.source_len = length(a->source);
    }
    if (a->tried == 0)
        a->first = run->address;
    while (a->tried < run->target->addresses) {
        a->at = (a->first + a->tried++) % run->target->addresses;
        const struct sockaddr_storage *to = &run->target->addr[a->at];
        if (conn_connect(c, run->reactor, ops, limits, (const struct sockaddr *)to, length(to), &how) == 0)
            return 0;
    }
    return -1;
}
