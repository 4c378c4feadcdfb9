/* peer.h - the servers that are compared: started, loaded with the same bytes, asked in their own protocol. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include "drive.h"

#include <stdbool.h>

enum peer_kind {
    PEER_FLOOR,
    PEER_MOJIFINDER,
    PEER_MEMCACHED,
    PEER_REDIS,
    PEERS
};

struct peer {
    enum peer_kind kind;
    const char *name;
    pid_t pid; /* 0: not installed */
    int port;
};

/* The queries of a case, and how long mojifinder's answer to each is. */
struct query_set {
    char **query; /* without line end */
    size_t *answer_bytes;
    size_t count;
};

/* A port nobody listens on. */
int free_port(void);
/* Starts a server and waits until it accepts; argv[0] is looked up in PATH.  0 when there is no such program. */
pid_t spawn_server(char *const argv[], int port);
void stop_server(pid_t pid);

/* Starts a peer for this set and gives it the answers; false (with a word on stdout, once) when it is not installed. */
bool peer_start(struct peer *p, enum peer_kind kind, const struct query_set *set);
void peer_stop(struct peer *p);
/* The requests that bring answers as long as those of the set; free() it. */
struct request *peer_requests(const struct peer *p, const struct query_set *set);
size_t peer_greeting_bytes(const struct peer *p);

#endif
