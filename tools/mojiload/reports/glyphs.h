/* glyphs.h - bars and sparklines, in Unicode where the locale has it, else in ASCII.
 */
#ifndef MOJILOAD_GLYPHS_H
#define MOJILOAD_GLYPHS_H

#include <stdbool.h>
#include <stddef.h>

/* True when LC_ALL, LC_CTYPE or LANG, the first that is set, names a UTF-8 locale. */
bool glyphs_unicode(void);
/* A bar of share (in [0, 1]) of width cells, into out (cap >= 3 * width + 1); not padded.  Anything above 0 shows. */
char *glyphs_bar(bool unicode, double share, unsigned width, char *out, size_t cap);
/* One cell for each value, by its share of the highest. */
char *glyphs_sparkline(bool unicode, const double *value, size_t count, char *out, size_t cap);

#endif
