/* sink.h - the files a report goes to: opened before the run, so that a wrong path costs no time, and closed with care.
 */
#ifndef MOJILOAD_SINK_H
#define MOJILOAD_SINK_H

#include "config.h"

#include <stdio.h>

struct sink {
    FILE *file; /* NULL: not asked for */
    const char *path;
};

struct sinks {
    struct sink json, html, hgrm;
};

/* False, with the reason on stderr and nothing left open, when one cannot be opened. */
bool sinks_open(struct sinks *s, const struct config *config);
/* Writes out what is buffered, there and on standard output; false, with the reason on stderr, when something was lost.
 */
bool sinks_close(struct sinks *s);

#endif
