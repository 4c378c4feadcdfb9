/* oneshot.h - one answer on standard output, no server. */
#ifndef SERVER_ONESHOT_H
#define SERVER_ONESHOT_H

#include "options.h"

/* Prints the answer to the words as the server would, lines ended by LF, no
 * prompt.  Returns the exit status. */
int oneshot(const struct options *o);

#endif
