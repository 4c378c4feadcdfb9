/* options.h - the command line of mojiload.
 */
#ifndef MOJILOAD_OPTIONS_H
#define MOJILOAD_OPTIONS_H

#include "config.h"
#include "target.h"

#include <stdio.h>

enum {
    OPTIONS_ERROR = TARGET_ERROR
};

enum options_result {
    OPTIONS_RUN,     /* config is filled in; give it back with options_free() */
    OPTIONS_HELP,    /* --help */
    OPTIONS_VERSION, /* --version */
    OPTIONS_COMPARE, /* compare A B: the two words are config->json_path and config->html_path */
    OPTIONS_BAD      /* error says why, one line */
};

/* Reads argv (which argp may reorder).  Resolves host names, which may block; reads mix files. */
enum options_result options_parse(int argc, char **argv, struct config *config, char error[OPTIONS_ERROR]);
void options_free(struct config *config);
void options_help(FILE *out);

#endif
