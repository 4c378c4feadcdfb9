/* compare.h - mojiload compare A.json B.json: reads two reports and says which is better.
 */
#ifndef MOJILOAD_COMPARE_H
#define MOJILOAD_COMPARE_H

#include <stdio.h>

/* Writes the table and the verdict to out.  0; 1 when 1 << verdict is in fail_if; 2, with the reason on stderr, when a
 * file cannot be read or is no report, or one is of an open loop and the other of a closed one. */
int compare_files(FILE *out, const char *path_a, const char *path_b, unsigned fail_if);

#endif
