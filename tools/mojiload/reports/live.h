/* live.h - what is seen while a run is under way, on standard error.
 *
 * On a terminal a few lines that are drawn over five times a second; otherwise, and on a dumb terminal, one
 * plain line a second.  Colour only on a terminal and without NO_COLOR (no-color.org).
 */
#ifndef MOJILOAD_LIVE_H
#define MOJILOAD_LIVE_H

#include "core/run.h"

#include <stdio.h>

enum {
    LIVE_SPARKS = 60 /* a minute of throughput */
};

struct live {
    FILE *out;
    bool terminal, colour, unicode, quiet;
    char label[64];   /* before the bar: "" or which point or server this is */
    unsigned lines;   /* drawn and to be drawn over */
    unsigned columns; /* of the terminal: nothing is drawn beyond them, for a line that wraps is drawn over in part */
    size_t told;      /* slices already told in plain lines */
};

void live_init(struct live *l, FILE *out, bool quiet);
/* A run_observe_fn: context is the struct live. */
void live_look(const struct run *run, void *context);
/* Wipes what was drawn; the next run starts anew. */
void live_end(struct live *l);

#endif
