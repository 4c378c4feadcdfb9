/* region.h - where the index lies in the program's own file, so that long answers leave by sendfile(2). */
#ifndef SERVER_REGION_H
#define SERVER_REGION_H

#include "reactor/conn.h"

/* Sets limits->region… to the lines of the index, read from the running
 * program's file.  Where that file cannot be had (no /proc), or does not hold
 * the same bytes at that place, the region stays unset and answers are sent
 * from memory. */
void region_open(struct conn_limits *limits);
void region_close(struct conn_limits *limits);

#endif
