/* report.h - a result in its four forms.  Each writes to a stream and leaves errors on it (ferror(3)).
 */
#ifndef MOJILOAD_REPORT_H
#define MOJILOAD_REPORT_H

#include "find.h"
#include "reports/result.h"
#include "reports/versus.h"

#include <stdio.h>

struct json_object;

/* Everything that was found out. */
struct report {
    const struct config *config;
    const struct result *result;     /* of the run; of a search the best point, or the one it ended with */
    const struct find *find;         /* NULL: no --find */
    const struct result *other;      /* the second server; NULL: no --versus */
    const struct comparison *versus; /* with other */
    enum status status;
};

/* A screen of 80 x 24 for an ordinary run. */
void report_text(FILE *out, const struct report *report);
/* The same with or without characters outside ASCII, whatever the locale says. */
void report_text_in(FILE *out, const struct report *report, bool unicode);
/* The table of a comparison, and its verdict. */
void report_comparison(FILE *out, const struct comparison *c, const char *a, const char *b);
/* One document; the format is described in report_json.c.  False when memory ran out: what is written is not all. */
bool report_json(FILE *out, const struct report *report);
/* A slice of such a document, read back: of its outcomes the right answers. */
struct slice report_json_slice(struct json_object *slice);
/* One page that needs nothing from the network. */
void report_html(FILE *out, const struct report *report);
/* The percentile distribution of the response times of right answers as HdrHistogram writes it (milliseconds). */
void report_hgrm(FILE *out, const struct result *r);

#endif
