/* options.h - the command line of mojifinder. */
#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H

#include "answer/answer.h"
#include "log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    OPTIONS_HOSTS_MAX = 16
};

enum options_mode {
    MODE_SERVE,
    MODE_ONESHOT, /* words were given */
    MODE_STDIO,
    MODE_HELP,
    MODE_VERSION
};

/* What one-shot use asks for; the directives of the same names. */
enum options_ask {
    ASK_QUERY, /* the words */
    ASK_COUNT,
    ASK_INFO,
    ASK_EXPLAIN,
    ASK_LIST,
    ASK_WORDS
};

struct options {
    enum options_mode mode;
    const char *host[OPTIONS_HOSTS_MAX]; /* point into argv */
    unsigned hosts;
    uint16_t port;
    bool classic;
    unsigned max_clients;
    size_t max_line_bytes;
    uint64_t idle_timeout_ns;  /* 0: never */
    uint64_t send_timeout_ns;  /* 0: never */
    uint64_t drain_timeout_ns; /* 0: none */
    enum log_level log_level;
    char **words; /* ONESHOT: the words, in argv */
    int word_count;
    enum options_ask ask;            /* ONESHOT */
    const char *argument;            /* of --info and its like, before the words; or NULL */
    bool from_input;                 /* ONESHOT: the argument of --info or --explain is what standard input has */
    struct answer_settings settings; /* ONESHOT */
    bool display_given;
    bool directives; /* some option of those was given */
};

/* Exit statuses, as --help tells them. */
enum {
    EXIT_FOUND = 0,
    EXIT_NOTHING = 1,
    EXIT_CANNOT = 1,
    EXIT_USAGE = 2,
    EXIT_UNWRITTEN = 3
};

/* Reads argv.  False when it is ill-formed, with the reason in one line on stderr. */
bool options_parse(struct options *o, int argc, char **argv);

struct argp_option;
/* Writes the names of options in table (as argp has it) that go on after name, or are near to it:
 * " --port, --prompt", as many as fit.  How many that are. */
unsigned options_like(const struct argp_option *table, const char *name, size_t len, bool beginning, char *out,
                      size_t cap);

/* What --help prints. */
void options_help(FILE *out);

#endif
