/* standard.h - standard output and input of what runs once and exits: nothing is lost when they do not block. */
#ifndef SERVER_STANDARD_H
#define SERVER_STANDARD_H

#include <stdbool.h>
#include <stddef.h>

/* Makes stdout wait where its descriptor does not: it may be shared with somebody who has set O_NONBLOCK, and stdio by
 * itself gives up at the first EAGAIN.  To be called before anything is written to it. */
void standard_output_waits(void);

/* Writes what stdout has buffered, for some errors show only then.  False when a byte of the output was lost, with
 * the reason on stderr, unless the reader had enough ("| head"), which is not worth a word. */
bool standard_output_finish(void);

/* Reads standard input to its end, NUL bytes too; also one that does not block.  *text comes from malloc() and is the
 * caller's.  False, with nothing to free and the reason on stderr: it cannot be read, or has more than max bytes. */
bool standard_input_read(size_t max, char **text, size_t *len);

#endif
