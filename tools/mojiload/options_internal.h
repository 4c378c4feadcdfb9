/* options_internal.h - what the three files of options share: the parse under way. */
#ifndef MOJILOAD_OPTIONS_INTERNAL_H
#define MOJILOAD_OPTIONS_INTERNAL_H

#include "options.h"

struct parse {
    struct config *config;
    char *error; /* OPTIONS_ERROR bytes, empty: none yet */
    enum options_result result;
    const char *ramp, *rate, *target, *versus, *host, *port; /* as given; NULL: not */
    bool duration_given, mix_given;
    const char *raw_given, *expect; /* an option that --raw alone has; its pattern */
    double share[ROGUE_KINDS];
};

#define OPTIONS_HOURS(n) ((n)*3600 * NS_PER_S)

/* Sets the error; false. */
__attribute__((format(printf, 2, 3))) bool options_fail(struct parse *p, const char *format, ...);

/* options_values.c: values that are more than a number. name is the option's, as several share a function; false with
 * an error. */
typedef bool options_set_fn(struct parse *p, const char *name, const char *value);
options_set_fn options_set_duration, options_set_arrivals, options_set_source, options_set_mix, options_set_framing,
    options_set_greeting, options_set_expect, options_set_slow, options_set_slo, options_set_fail_if, options_set_pid;

/* options_rules.c: what options together come to, when all are read; false with an error. */
bool options_complete(struct parse *p);

#endif
