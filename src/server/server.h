/* server.h - the service: listeners, clients, limits, signals, drain, statistics. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "options.h"

/* Serves until SIGTERM or SIGINT.  Returns the exit status, with the reason on stderr. */
int server_run(const struct options *o);

/* One session on descriptors 0 and 1.  Returns the exit status. */
int server_stdio(const struct options *o);

#endif
