/* Turns the command line into a config: a table of options by kind of value, and the rules between them. */
#include "options.h"

#include "units.h"

#include <getopt.h>
#include <limits.h>
#include <netdb.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_PORT "2323"

enum {
    CLIENTS_MAX = 200000, /* more than one machine has descriptors for by default; 3 KB each */
    DEPTH_MAX = 4096
};

struct parse {
    struct config *config;
    char *error;
    const char *ramp, *rate, *target, *versus, *port;
    bool duration_given, mix_given, until_given, drain_given;
    double share[ROGUE_KINDS];
};

__attribute__((format(printf, 2, 3))) static bool fail(struct parse *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(p->error, OPTIONS_ERROR, format, args);
    va_end(args);
    return false;
}

/* ---- values that need more than a number ---- */

/* "A:B/T" */
static bool parse_ramp(struct parse *p)
{
    char copy[96];
    struct schedule_config *s = &p->config->rate;
    if (strlen(p->ramp) >= sizeof copy)
        return fail(p, "--ramp: too long");
    memcpy(copy, p->ramp, strlen(p->ramp) + 1);
    char *colon = strchr(copy, ':'), *slash = strrchr(copy, '/');
    if (colon == NULL || slash == NULL || slash < colon)
        return fail(p, "--ramp: wants FROM:TO/TIME, as 0:20k/30s");
    *colon = *slash = '\0';
    if (!units_rate(copy, &s->from_per_s) || !units_rate(colon + 1, &s->to_per_s) ||
        !units_duration(slash + 1, true, &s->ramp_ns) || s->ramp_ns == 0)
        return fail(p, "--ramp: wants FROM:TO/TIME, as 0:20k/30s");
    if (s->from_per_s <= 0 && s->to_per_s <= 0)
        return fail(p, "--ramp: one of the rates must be above 0");
    return true;
}

/* "5%@1KiB/s" */
static bool parse_slow(struct parse *p, const char *text)
{
    char copy[64];
    if (strlen(text) >= sizeof copy)
        return fail(p, "--slow: too long");
    memcpy(copy, text, strlen(text) + 1);
    char *at = strchr(copy, '@');
    if (at != NULL)
        *at = '\0';
    if (!units_share(copy, &p->share[ROGUE_SLOW]))
        return fail(p, "--slow: wants a share and a speed, as 5%%@1KiB/s");
    if (at != NULL && (!units_bytes(at + 1, &p->config->slow_bytes_per_s) || p->config->slow_bytes_per_s == 0))
        return fail(p, "--slow: no speed: \"%.40s\" (1KiB/s)", at + 1);
    return true;
}

static bool parse_pattern(struct parse *p, const char *option, const char *text, struct until_pattern *out)
{
    char bytes[4 * UNTIL_MAX];
    size_t len = strlen(text);
    len = len > sizeof bytes ? SIZE_MAX : units_unescape(text, len, bytes);
    if (len == SIZE_MAX || !until_compile(out, bytes, len))
        return fail(p, "--%s: wants 1 to %d bytes, with C escapes", option, UNTIL_MAX);
    return true;
}

/* Host and service into an address; flags as for getaddrinfo(3). */
static bool resolve(const char *host, const char *port, int flags, struct sockaddr_storage *addr, socklen_t *len,
                    char error[OPTIONS_ERROR])
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags}, *found;
    int rc = getaddrinfo(host, port, &hints, &found);
    if (rc != 0) {
        snprintf(error, OPTIONS_ERROR, "%.120s: %.100s", host, gai_strerror(rc));
        return false;
    }
    memset(addr, 0, sizeof *addr);
    memcpy(addr, found->ai_addr, found->ai_addrlen);
    *len = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

/* Splits "HOST:PORT" in place; a bare IPv6 address has no port. */
static bool split_target(char *text, const char **host, const char **port)
{
    char *colon = strrchr(text, ':'), *bracket = strrchr(text, ']');
    *host = text;
    if (text[0] == '[') {
        if (bracket == NULL || (bracket[1] != '\0' && bracket[1] != ':'))
            return false;
        *host = text + 1;
        *bracket = '\0';
        colon = bracket[1] == ':' ? bracket + 1 : NULL;
    } else if (colon != NULL && strchr(text, ':') != colon) {
        colon = NULL;
    }
    if (colon != NULL) {
        *colon = '\0';
        *port = colon + 1;
    }
    if (**host == '\0')
        *host = "127.0.0.1";
    char *end;
    unsigned long number = strtoul(*port, &end, 10);
    return **port >= '0' && **port <= '9' && *end == '\0' && number > 0 && number < 65536;
}

static bool find_target(const char *text, const char *port, struct target *out, char error[OPTIONS_ERROR])
{
    char copy[CONFIG_HOST];
    const char *host;
    if (strlen(text) >= sizeof copy) {
        snprintf(error, OPTIONS_ERROR, "the target is too long");
        return false;
    }
    memcpy(copy, text, strlen(text) + 1);
    if (!split_target(copy, &host, &port)) {
        snprintf(error, OPTIONS_ERROR, "no target: \"%.80s\" (HOST, HOST:PORT, [IPV6]:PORT)", text);
        return false;
    }
    snprintf(out->name, sizeof out->name, strchr(host, ':') != NULL ? "[%s]:%s" : "%s:%s", host, port);
    return resolve(host, port, AI_NUMERICSERV, &out->addr, &out->addr_len, error);
}

bool options_target(const char *text, struct target *out, char error[OPTIONS_ERROR])
{
    return find_target(text, DEFAULT_PORT, out, error);
}

static bool add_sources(struct parse *p, const char *list)
{
    struct config *config = p->config;
    while (*list != '\0') {
        char host[CONFIG_HOST];
        size_t len = strcspn(list, ",");
        socklen_t addr_len;
        if (len == 0 || len >= sizeof host || config->sources == CONFIG_SOURCES)
            return fail(p, "--source: wants 1 to %d addresses, with commas between", CONFIG_SOURCES);
        memcpy(host, list, len);
        host[len] = '\0';
        if (!resolve(host, NULL, AI_NUMERICHOST, &config->source[config->sources], &addr_len, p->error))
            return false;
        config->sources++;
        list += len + (list[len] == ',');
    }
    return true;
}

/* ---- the table ---- */

enum option_kind {
    OPTION_COUNT32, /* uint32_t at offset, min to max */
    OPTION_COUNT,   /* uint64_t */
    OPTION_DURATION,
    OPTION_RATE,   /* double, above 0 */
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* const char * */
    OPTION_SHARE,  /* of rogues: offset is the kind */
    OPTION_SPECIAL /* see special() */
};

struct option_rule {
    const char *name;
    int letter; /* 0: none */
    enum option_kind kind;
    size_t offset;
    uint64_t min, max;
};

#define FIELD(name) offsetof(struct config, name)
#define HOURS(n)    ((n)*3600 * NS_PER_S)

static const struct option_rule rules[] = {
    {"rate", 'r', OPTION_SPECIAL, 0, 0, 0},
    {"clients", 'c', OPTION_COUNT32, FIELD(clients), 1, CLIENTS_MAX},
    {"pipeline", 'P', OPTION_COUNT32, FIELD(depth), 1, DEPTH_MAX},
    {"duration", 'd', OPTION_SPECIAL, 0, 0, 0},
    {"requests", 'n', OPTION_COUNT, FIELD(requests), 1, UINT64_MAX},
    {"warmup", 'w', OPTION_DURATION, FIELD(warmup_ns), 0, HOURS(24)},
    {"ramp", 0, OPTION_SPECIAL, 0, 0, 0},
    {"arrivals", 0, OPTION_SPECIAL, 0, 0, 0},
    {"think", 0, OPTION_DURATION, FIELD(think_ns), 0, HOURS(1)},
    {"churn", 0, OPTION_COUNT, FIELD(churn), 1, UINT64_MAX},
    {"connect-rate", 0, OPTION_RATE, FIELD(connect_rate_per_s), 0, 0},
    {"source", 0, OPTION_SPECIAL, 0, 0, 0},
    {"timeout", 0, OPTION_DURATION, FIELD(timeout_ns), 1, HOURS(1)},
    {"drain", 0, OPTION_DURATION, FIELD(drain_ns), 0, HOURS(1)},
    {"seed", 's', OPTION_COUNT, FIELD(seed), 0, UINT64_MAX},
    {"query", 'q', OPTION_SPECIAL, 0, 0, 0},
    {"mix", 'm', OPTION_SPECIAL, 0, 0, 0},
    {"verify", 0, OPTION_FLAG, FIELD(verify), 0, 0},
    {"classic", 0, OPTION_FLAG, FIELD(classic), 0, 0},
    {"raw", 0, OPTION_SPECIAL, 0, 0, 0},
    {"until", 0, OPTION_SPECIAL, 0, 0, 0},
    {"greeting", 0, OPTION_SPECIAL, 0, 0, 0},
    {"slow", 0, OPTION_SPECIAL, 0, 0, 0},
    {"mute", 0, OPTION_SHARE, ROGUE_MUTE, 0, 0},
    {"slowloris", 0, OPTION_SHARE, ROGUE_SLOWLORIS, 0, 0},
    {"reset", 0, OPTION_SHARE, ROGUE_RESET, 0, 0},
    {"half-close", 0, OPTION_SHARE, ROGUE_HALF_CLOSE, 0, 0},
    {"slo", 0, OPTION_SPECIAL, 0, 0, 0},
    {"find", 0, OPTION_SPECIAL, 0, 0, 0},
    {"versus", 0, OPTION_SPECIAL, 0, 0, 0},
    {"pid", 0, OPTION_SPECIAL, 0, 0, 0},
    {"json", 0, OPTION_TEXT, FIELD(json_path), 0, 0},
    {"html", 0, OPTION_TEXT, FIELD(html_path), 0, 0},
    {"hgrm", 0, OPTION_TEXT, FIELD(hgrm_path), 0, 0},
    {"quiet", 0, OPTION_FLAG, FIELD(quiet), 0, 0},
};

enum {
    RULES = sizeof rules / sizeof rules[0]
};

/* Options whose values are not plain, by name. */
static bool special(struct parse *p, const char *name, const char *value)
{
    struct config *config = p->config;
    char why[SLO_TEXT];
    uint64_t number;
    if (strcmp(name, "rate") == 0)
        p->rate = value;
    else if (strcmp(name, "ramp") == 0)
        p->ramp = value;
    else if (strcmp(name, "versus") == 0)
        p->versus = value;
    else if (strcmp(name, "source") == 0)
        return add_sources(p, value);
    else if (strcmp(name, "slow") == 0)
        return parse_slow(p, value);
    else if (strcmp(name, "greeting") == 0)
        return parse_pattern(p, name, value, &config->greeting);
    else if (strcmp(name, "until") == 0) {
        p->until_given = true;
        return parse_pattern(p, name, value, &config->until);
    } else if (strcmp(name, "duration") == 0) {
        p->duration_given = units_duration(value, true, &config->duration_ns);
        if (!p->duration_given || config->duration_ns < NS_PER_MS || config->duration_ns > HOURS(240))
            return fail(p, "--duration: wants a time from 1ms to 240h, not \"%.40s\"", value);
    } else if (strcmp(name, "arrivals") == 0) {
        config->rate.poisson = strcmp(value, "poisson") == 0;
        if (!config->rate.poisson && strcmp(value, "fixed") != 0)
            return fail(p, "--arrivals: fixed or poisson");
    } else if (strcmp(name, "pid") == 0) {
        if (!units_count(value, INT_MAX, &number) || number == 0)
            return fail(p, "--pid: no process number: \"%.40s\"", value);
        config->pid = (pid_t)number;
    } else if (strcmp(name, "slo") == 0 || strcmp(name, "find") == 0) {
        bool find = name[0] == 'f';
        *(find ? &config->finding : &config->has_slo) = true;
        if (!slo_parse(value, find ? &config->find : &config->slo, why))
            return fail(p, "--%s: %s", name, why);
    } else {
        char mix_error[MIX_ERROR];
        bool raw = strcmp(name, "raw") == 0;
        if (p->mix_given && (raw || config->raw))
            return fail(p, "--raw stands alone, without --mix or --query");
        p->mix_given = true;
        config->raw = raw;
        if (!(name[0] == 'q' ? mix_add_query(&config->mix, value, mix_error)
                             : mix_add_file(&config->mix, value, raw, mix_error)))
            return fail(p, "--%s: %s", name, mix_error);
    }
    return true;
}

static bool set(struct parse *p, const struct option_rule *rule, const char *value)
{
    char *field = (char *)p->config + rule->offset;
    uint64_t number;
    double rate;
    switch (rule->kind) {
    case OPTION_COUNT32:
    case OPTION_COUNT:
        if (!units_count(value, rule->max, &number) || number < rule->min)
            return fail(p, "--%s: wants a whole number%s, not \"%.40s\"", rule->name,
                        rule->min > 0 ? " above 0 and not absurd" : "", value);
        if (rule->kind == OPTION_COUNT)
            memcpy(field, &number, sizeof number);
        else
            memcpy(field, &(uint32_t){(uint32_t)number}, sizeof(uint32_t));
        return true;
    case OPTION_DURATION:
        if (!units_duration(value, true, &number) || number < rule->min || number > rule->max)
            return fail(p, "--%s: wants a time (10s, 500ms), not \"%.40s\"", rule->name, value);
        memcpy(field, &number, sizeof number);
        return true;
    case OPTION_RATE:
        if (!units_rate(value, &rate) || rate <= 0)
            return fail(p, "--%s: wants a rate (5k), not \"%.40s\"", rule->name, value);
        memcpy(field, &rate, sizeof rate);
        return true;
    case OPTION_SHARE:
        if (!units_share(value, &p->share[rule->offset]))
            return fail(p, "--%s: wants a share of the clients (2%%), not \"%.40s\"", rule->name, value);
        return true;
    case OPTION_FLAG: memcpy(field, &(bool){true}, sizeof(bool)); return true;
    case OPTION_TEXT: memcpy(field, &value, sizeof value); return true;
    case OPTION_SPECIAL: return special(p, rule->name, value);
    }
    return false;
}

/* ---- the rules between options ---- */

static bool complete_rate(struct parse *p)
{
    struct config *config = p->config;
    struct schedule_config *s = &config->rate;
    s->seed = config->seed;
    config->open_loop = p->rate != NULL || p->ramp != NULL;
    if (p->rate != NULL && p->ramp != NULL)
        return fail(p, "--rate and --ramp exclude each other");
    if (p->rate != NULL && (!units_rate(p->rate, &s->to_per_s) || s->to_per_s <= 0))
        return fail(p, "--rate: wants requests a second (5k), not \"%.40s\"", p->rate);
    s->from_per_s = s->to_per_s;
    if (p->ramp != NULL && (config->finding || !parse_ramp(p)))
        return config->finding ? fail(p, "--find walks the rate itself: no --ramp") : false;
    if (config->open_loop && config->think_ns > 0)
        return fail(p, "--think is for the closed loop, without --rate");
    if (s->poisson && !config->open_loop && !config->finding)
        return fail(p, "--arrivals needs --rate");
    if (config->has_slo && slo_needs_rate(&config->slo) && !config->open_loop && !config->finding)
        return fail(p, "--slo: a share of the rate needs --rate");
    return true;
}

static bool complete_limits(struct parse *p)
{
    struct config *config = p->config;
    if (config->finding && !p->duration_given)
        config->duration_ns = 3 * NS_PER_S;
    else if (config->requests != UINT64_MAX && !p->duration_given)
        config->duration_ns = HOURS(1); /* --requests alone: they end the run, this is the last resort */
    if (config->finding && p->versus != NULL)
        return fail(p, "--find and --versus exclude each other");
    if (p->versus != NULL && config->requests != UINT64_MAX)
        return fail(p, "--versus loads both for the same time: no --requests");
    if (config->raw && (config->verify || config->classic))
        return fail(p, "--raw checks nothing: no --verify, no --classic");
    if (!config->raw && (p->until_given || config->greeting.len > 0))
        return fail(p, "--until and --greeting need --raw");
    for (int i = 0; i < ROGUE_KINDS; i++) {
        double count = p->share[i] * config->clients;
        config->rogues[i] = count > 0 && count < 1 ? 1 : (uint32_t)(count + 0.5);
    }
    return true;
}

static bool complete(struct parse *p)
{
    struct config *config = p->config;
    char mix_error[MIX_ERROR];
    if (!complete_rate(p) || !complete_limits(p))
        return false;
    if (!p->mix_given && !mix_add_default(&config->mix, mix_error))
        return fail(p, "%s", mix_error);
    if (p->versus != NULL && !options_target(p->versus, &config->versus, p->error))
        return false;
    return options_target(p->target != NULL ? p->target : "127.0.0.1", &config->target, p->error);
}

/* ---- argv ---- */

static void defaults(struct config *config)
{
    *config = (struct config){
        .clients = 50,
        .depth = 1,
        .duration_ns = 10 * NS_PER_S,
        .timeout_ns = 5 * NS_PER_S,
        .drain_ns = 5 * NS_PER_S,
        .requests = UINT64_MAX,
        .slow_bytes_per_s = 1024,
        .seed = 1,
    };
    (void)until_compile(&config->until, "?> ", 3);
}

/* For getopt_long(3): the long options are numbered from 256 in the order of the table. */
static void getopt_tables(struct option *longs, char *shorts)
{
    *shorts++ = ':';
    for (int i = 0; i < RULES; i++) {
        bool argument = rules[i].kind != OPTION_FLAG;
        longs[i] = (struct option){rules[i].name, argument, NULL, 256 + i};
        if (rules[i].letter == 0)
            continue;
        *shorts++ = (char)rules[i].letter;
        if (argument)
            *shorts++ = ':';
    }
    longs[RULES] = (struct option){"help", no_argument, NULL, 'h'};
    longs[RULES + 1] = (struct option){"version", no_argument, NULL, 'V'};
    memcpy(shorts, "hV", 3);
}

/* Of a code that getopt_long(3) returned, so one of those in the table. */
static const struct option_rule *rule_of(int code)
{
    int i = 0;
    if (code >= 256)
        return &rules[code - 256];
    while (i + 1 < RULES && rules[i].letter != code)
        i++;
    return &rules[i];
}

static enum options_result parse_words(struct parse *p, int argc, char **argv)
{
    int words = argc - optind;
    if (words > 0 && strcmp(argv[optind], "compare") == 0) {
        if (words != 3) {
            fail(p, "compare wants two files: mojiload compare A.json B.json");
            return OPTIONS_BAD;
        }
        p->config->json_path = argv[optind + 1];
        p->config->html_path = argv[optind + 2];
        return OPTIONS_COMPARE;
    }
    if (words > 1) {
        fail(p, "one target, not %d: \"%.40s\"", words, argv[optind + 1]);
        return OPTIONS_BAD;
    }
    p->target = words == 1 ? argv[optind] : NULL;
    return complete(p) ? OPTIONS_RUN : OPTIONS_BAD;
}

static enum options_result parse_all(struct parse *p, int argc, char **argv)
{
    struct option longs[RULES + 3] = {0};
    char shorts[2 * RULES + 8];
    int code;
    getopt_tables(longs, shorts);
    optind = 0; /* glibc: from the start, also when called again */
    opterr = 0;
    while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (code == 'h')
            return OPTIONS_HELP;
        if (code == 'V')
            return OPTIONS_VERSION;
        if (code == '?' || code == ':') {
            fail(p, code == ':' ? "%.60s: wants a value" : "%.60s: no such option, or not so", argv[optind - 1]);
            return OPTIONS_BAD;
        }
        if (!set(p, rule_of(code), optarg))
            return OPTIONS_BAD;
    }
    return parse_words(p, argc, argv);
}

enum options_result options_parse(int argc, char **argv, struct config *config, char error[OPTIONS_ERROR])
{
    struct parse p = {.config = config, .error = error};
    error[0] = '\0';
    defaults(config);
    enum options_result result = parse_all(&p, argc, argv);
    if (result != OPTIONS_RUN)
        mix_free(&config->mix);
    return result;
}

void options_free(struct config *config)
{
    mix_free(&config->mix);
}
