/* config.h - what one invocation of mojiload is asked to do; options.h fills it in, everybody else only reads.
 */
#ifndef MOJILOAD_CONFIG_H
#define MOJILOAD_CONFIG_H

#include "core/schedule.h"
#include "dialogue/mix.h"
#include "dialogue/raw.h"
#include "slo.h"

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

enum {
    CONFIG_SOURCES = 64,
    CONFIG_HOST = 256,
    CONFIG_ADDRESSES = 16 /* of a name: more are round robin, and the first of them do */
};

/* Who is loaded. */
struct target {
    char name[CONFIG_HOST + 16];                    /* "127.0.0.1:2323", as in reports */
    struct sockaddr_storage addr[CONFIG_ADDRESSES]; /* tried in turn, as the resolver orders them */
    unsigned addresses;
};

/* Clients that behave badly beside the good ones. */
enum rogue_kind {
    ROGUE_SLOW,       /* asks, and reads the answer at slow_bytes_per_s */
    ROGUE_MUTE,       /* connects and never says a word */
    ROGUE_SLOWLORIS,  /* types one byte a second of a line that never ends */
    ROGUE_RESET,      /* asks, and resets the connection when the answer begins */
    ROGUE_HALF_CLOSE, /* asks, closes its sending side, and wants the whole answer and then the end */
    ROGUE_KINDS
};

struct config {
    struct target target;
    struct target versus; /* name empty: none */

    /* load */
    uint32_t clients, depth;
    bool open_loop;
    struct schedule_config rate; /* open loop */
    uint64_t duration_ns, warmup_ns, timeout_ns, drain_ns;
    uint64_t requests; /* UINT64_MAX: no limit */
    uint64_t think_ns;
    uint64_t churn;            /* requests per connection; 0: no limit */
    double connect_rate_per_s; /* 0: no limit */
    struct sockaddr_storage source[CONFIG_SOURCES];
    uint32_t sources;
    uint64_t seed;

    /* what is asked and how answers are judged */
    struct mix mix;
    bool raw, verify, classic;
    struct raw_rules rules;        /* raw */
    struct until_pattern greeting; /* raw; len 0: none */

    uint32_t rogues[ROGUE_KINDS]; /* clients of each kind, besides the good ones */
    uint64_t slow_bytes_per_s;

    /* judging and reporting */
    bool has_slo, finding, allow_errors;
    struct slo slo, find;
    unsigned fail_if; /* compare, --versus: bits 1 << verdict that make the exit status 1 */
    pid_t pid;        /* 0: none */
    bool quiet;
    const char *json_path, *html_path, *hgrm_path; /* NULL: none; "-": standard output */
};

#endif
