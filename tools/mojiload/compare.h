/* compare.h - mojiload compare A.json B.json: reads two reports and says which is better.
 */
#ifndef MOJILOAD_COMPARE_H
#define MOJILOAD_COMPARE_H

#include <stdio.h>

/* Writes the table and the verdict to out.  0, or 2 with the reason on stderr when a file cannot be read
 * or is no report. */
int compare_files(FILE *out, const char *path_a, const char *path_b);

#endif
