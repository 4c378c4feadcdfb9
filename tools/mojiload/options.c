/* Turns the command line into a config: a table of options by kind of value, and the rules between them. */
#include "options.h"

#include "answers.h"
#include "target.h"
#include "units.h"
#include "versus.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <netdb.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_PORT "2323"
#define HOURS(n)     ((n)*3600 * NS_PER_S)

enum {
    CLIENTS_MAX = 200000, /* more than one machine has descriptors for by default; 3 KB each */
    DEPTH_MAX = 4096
};

struct parse {
    struct config *config;
    char *error;
    const char *ramp, *rate, *target, *versus, *host, *port;
    bool duration_given, mix_given;
    const char *raw_given, *expect; /* an option that --raw alone has; its pattern */
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
static bool set_slow(struct parse *p, const char *name, const char *text)
{
    (void)name;
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

/* An address of this machine?  Otherwise every connection would fail, one by one. */
static bool can_bind(const struct sockaddr_storage *addr)
{
    int fd = socket(addr->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = fd >= 0 && bind(fd, (const struct sockaddr *)addr, sizeof *addr) == 0;
    int err = errno;
    if (fd >= 0)
        close(fd);
    errno = err;
    return good;
}

static bool set_source(struct parse *p, const char *name, const char *list)
{
    (void)name;
    struct config *config = p->config;
    while (*list != '\0') {
        char host[CONFIG_HOST];
        size_t len = strcspn(list, ",");
        if (len == 0 || len >= sizeof host || config->sources == CONFIG_SOURCES)
            return fail(p, "--source: wants 1 to %d addresses, with commas between", CONFIG_SOURCES);
        memcpy(host, list, len);
        host[len] = '\0';
        struct sockaddr_storage *source = &config->source[config->sources];
        if (target_resolve(host, NULL, AI_NUMERICHOST, source, 1, p->error) == 0)
            return false;
        if (!can_bind(source))
            return fail(p, "--source: %.60s: %s", host, strerror(errno));
        if (source->ss_family != config->source[0].ss_family)
            return fail(p, "--source: addresses of IPv4 and of IPv6; want one kind");
        config->sources++;
        list += len + (list[len] == ',');
    }
    return true;
}

/* ---- options whose values are not plain ---- */

static bool set_rate(struct parse *p, const char *name, const char *value)
{
    *(strcmp(name, "rate") == 0 ? &p->rate : &p->ramp) = value;
    return true;
}

/* --host and --port mean what they mean to the server. */
static bool set_address(struct parse *p, const char *name, const char *value)
{
    *(name[0] == 'v' ? &p->versus : name[0] == 'h' ? &p->host : &p->port) = value;
    return true;
}

static bool set_greeting(struct parse *p, const char *name, const char *value)
{
    p->raw_given = name;
    return parse_pattern(p, name, value, &p->config->greeting);
}

/* --until BYTES is --framing until:BYTES. */
static bool set_framing(struct parse *p, const char *name, const char *value)
{
    char text[512], why[FRAME_TEXT];
    p->raw_given = name;
    snprintf(text, sizeof text, "%s%s", name[0] == 'u' ? "until:" : "", value);
    if (strlen(value) > 256 || !framing_parse(&p->config->rules.framing, text, why))
        return fail(p, "--%s: %s", name, strlen(value) > 256 ? "too long" : why);
    return true;
}

static bool set_expect(struct parse *p, const char *name, const char *value)
{
    p->raw_given = name;
    if (name[0] == 'e' && name[1] == 'x')
        p->expect = value;
    else if (!raw_add_error(&p->config->rules, value))
        return fail(p, "--%s: no pattern, too long, or more than %d of them", name, RAW_ERRORS);
    return true;
}

static bool set_duration(struct parse *p, const char *name, const char *value)
{
    uint64_t *ns = &p->config->duration_ns;
    p->duration_given = units_duration(value, true, ns);
    if (p->duration_given && *ns >= NS_PER_MS && *ns <= HOURS(240))
        return true;
    return fail(p, "--%s: wants a time from 1ms to 240h, not \"%.40s\"", name, value);
}

static bool set_arrivals(struct parse *p, const char *name, const char *value)
{
    p->config->rate.poisson = strcmp(value, "poisson") == 0;
    return p->config->rate.poisson || strcmp(value, "fixed") == 0 || fail(p, "--%s: fixed or poisson", name);
}

static bool set_pid(struct parse *p, const char *name, const char *value)
{
    uint64_t number;
    if (!units_count(value, INT_MAX, &number) || number == 0)
        return fail(p, "--%s: no process number: \"%.40s\"", name, value);
    p->config->pid = (pid_t)number;
    return true;
}

static bool set_fail_if(struct parse *p, const char *name, const char *value)
{
    return verdicts_parse(value, &p->config->fail_if) ||
           fail(p, "--%s: wants worse, better, same, unknown, with commas between", name);
}

static bool set_slo(struct parse *p, const char *name, const char *value)
{
    char why[SLO_TEXT];
    bool find = name[0] == 'f';
    *(find ? &p->config->finding : &p->config->has_slo) = true;
    return slo_parse(value, find ? &p->config->find : &p->config->slo, why) || fail(p, "--%s: %s", name, why);
}

/* --query, --mix and --raw add to one mix, but templates stand alone. */
static bool set_mix(struct parse *p, const char *name, const char *value)
{
    struct config *config = p->config;
    char why[MIX_ERROR];
    bool raw = name[0] == 'r';
    if (p->mix_given && (raw || config->raw))
        return fail(p, "--raw stands alone, without --mix or --query");
    p->mix_given = true;
    config->raw = raw;
    bool good = name[0] == 'q' ? mix_add_query(&config->mix, value, why) : mix_add_file(&config->mix, value, raw, why);
    return good || fail(p, "--%s: %s", name, why);
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
    OPTION_SPECIAL /* set: a function */
};

struct option_rule {
    const char *name;
    int letter; /* 0: none */
    enum option_kind kind;
    size_t offset;
    uint64_t min, max;
    bool (*set)(struct parse *p, const char *name, const char *value); /* OPTION_SPECIAL */
};

#define FIELD(name) offsetof(struct config, name)
#define HOURS(n)    ((n)*3600 * NS_PER_S)

static const struct option_rule rules[] = {
    {"host", 'H', OPTION_SPECIAL, 0, 0, 0, set_address},
    {"port", 'p', OPTION_SPECIAL, 0, 0, 0, set_address},
    {"rate", 'r', OPTION_SPECIAL, 0, 0, 0, set_rate},
    {"clients", 'c', OPTION_COUNT32, FIELD(clients), 1, CLIENTS_MAX, NULL},
    {"pipeline", 'P', OPTION_COUNT32, FIELD(depth), 1, DEPTH_MAX, NULL},
    {"duration", 'd', OPTION_SPECIAL, 0, 0, 0, set_duration},
    {"requests", 'n', OPTION_COUNT, FIELD(requests), 1, UINT64_MAX, NULL},
    {"warmup", 'w', OPTION_DURATION, FIELD(warmup_ns), 0, HOURS(24), NULL},
    {"ramp", 0, OPTION_SPECIAL, 0, 0, 0, set_rate},
    {"arrivals", 0, OPTION_SPECIAL, 0, 0, 0, set_arrivals},
    {"think", 0, OPTION_DURATION, FIELD(think_ns), 0, HOURS(1), NULL},
    {"churn", 0, OPTION_COUNT, FIELD(churn), 1, UINT64_MAX, NULL},
    {"connect-rate", 0, OPTION_RATE, FIELD(connect_rate_per_s), 0, 0, NULL},
    {"source", 0, OPTION_SPECIAL, 0, 0, 0, set_source},
    {"timeout", 0, OPTION_DURATION, FIELD(timeout_ns), 1, HOURS(1), NULL},
    {"drain", 0, OPTION_DURATION, FIELD(drain_ns), 0, HOURS(1), NULL},
    {"seed", 's', OPTION_COUNT, FIELD(seed), 0, UINT64_MAX, NULL},
    {"query", 'q', OPTION_SPECIAL, 0, 0, 0, set_mix},
    {"mix", 'm', OPTION_SPECIAL, 0, 0, 0, set_mix},
    {"verify", 0, OPTION_FLAG, FIELD(verify), 0, 0, NULL},
    {"classic", 0, OPTION_FLAG, FIELD(classic), 0, 0, NULL},
    {"raw", 0, OPTION_SPECIAL, 0, 0, 0, set_mix},
    {"until", 0, OPTION_SPECIAL, 0, 0, 0, set_framing},
    {"framing", 0, OPTION_SPECIAL, 0, 0, 0, set_framing},
    {"expect", 0, OPTION_SPECIAL, 0, 0, 0, set_expect},
    {"error", 0, OPTION_SPECIAL, 0, 0, 0, set_expect},
    {"greeting", 0, OPTION_SPECIAL, 0, 0, 0, set_greeting},
    {"slow", 0, OPTION_SPECIAL, 0, 0, 0, set_slow},
    {"mute", 0, OPTION_SHARE, ROGUE_MUTE, 0, 0, NULL},
    {"slowloris", 0, OPTION_SHARE, ROGUE_SLOWLORIS, 0, 0, NULL},
    {"reset", 0, OPTION_SHARE, ROGUE_RESET, 0, 0, NULL},
    {"half-close", 0, OPTION_SHARE, ROGUE_HALF_CLOSE, 0, 0, NULL},
    {"slo", 0, OPTION_SPECIAL, 0, 0, 0, set_slo},
    {"allow-errors", 0, OPTION_FLAG, FIELD(allow_errors), 0, 0, NULL},
    {"find", 0, OPTION_SPECIAL, 0, 0, 0, set_slo},
    {"versus", 0, OPTION_SPECIAL, 0, 0, 0, set_address},
    {"fail-if", 0, OPTION_SPECIAL, 0, 0, 0, set_fail_if},
    {"pid", 0, OPTION_SPECIAL, 0, 0, 0, set_pid},
    {"json", 0, OPTION_TEXT, FIELD(json_path), 0, 0, NULL},
    {"html", 0, OPTION_TEXT, FIELD(html_path), 0, 0, NULL},
    {"hgrm", 0, OPTION_TEXT, FIELD(hgrm_path), 0, 0, NULL},
    {"quiet", 0, OPTION_FLAG, FIELD(quiet), 0, 0, NULL},
};

enum {
    RULES = sizeof rules / sizeof rules[0]
};

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
    case OPTION_SPECIAL: return rule->set(p, rule->name, value);
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
    if (p->versus != NULL && (config->requests != UINT64_MAX || p->ramp != NULL || config->pid != 0))
        return fail(p, "--versus loads both the same way in short turns: no --requests, --ramp or --pid");
    if (config->fail_if != 0 && p->versus == NULL)
        return fail(p, "--fail-if needs --versus, or compare");
    if (config->raw && (config->verify || config->classic))
        return fail(p, "--raw is another protocol: no --verify, no --classic");
    if (!config->raw && p->raw_given != NULL)
        return fail(p, "--%s needs --raw", p->raw_given);
    for (int i = 0; i < ROGUE_KINDS; i++) {
        double count = p->share[i] * config->clients;
        config->rogues[i] = count > 0 && count < 1 ? 1 : (uint32_t)(count + 0.5);
    }
    return true;
}

/* Standard output, and any file, takes one document. */
static bool complete_outputs(struct parse *p)
{
    const char *const path[] = {p->config->json_path, p->config->html_path, p->config->hgrm_path};
    static const char *const name[] = {"--json", "--html", "--hgrm"};
    for (int i = 0; i < 3; i++) {
        for (int k = i + 1; k < 3; k++) {
            if (path[i] != NULL && path[k] != NULL && strcmp(path[i], path[k]) == 0)
                return fail(p, "%s and %s cannot both go to %.80s", name[i], name[k],
                            strcmp(path[i], "-") == 0 ? "standard output" : path[i]);
        }
    }
    return true;
}

static bool complete_target(struct parse *p, const char *text, struct target *out)
{
    if (text == NULL)
        return true;
    if (!target_find(text, p->port != NULL ? p->port : DEFAULT_PORT, out, p->error))
        return false;
    return p->config->sources == 0 || target_keep_family(out, p->config->source[0].ss_family, p->error);
}

static bool complete_targets(struct parse *p)
{
    struct target *target = &p->config->target;
    if (p->host != NULL && p->target != NULL)
        return fail(p, "--host %.80s and the target %.80s: want one of them", p->host, p->target);
    const char *text = p->host != NULL ? p->host : p->target != NULL ? p->target : "127.0.0.1";
    if (!complete_target(p, text, target))
        return false;
    const char *port = strrchr(target->name, ':') + 1;
    if (p->port != NULL && strcmp(port, p->port) != 0)
        return fail(p, "--port %.20s, but the target says %.20s", p->port, port);
    return true;
}

static bool complete(struct parse *p)
{
    struct config *config = p->config;
    char mix_error[MIX_ERROR], shown[48];
    if (!complete_rate(p) || !complete_limits(p))
        return false;
    size_t len;
    const char *trailer = raw_trailer(&config->rules, &len);
    raw_add_errors_of_framing(&config->rules);
    if (config->raw && !mix_expect(&config->mix, p->expect, trailer, len, mix_error))
        return fail(p, "--expect: %s", mix_error);
    if (!p->mix_given && !mix_add_default(&config->mix, mix_error))
        return fail(p, "%s", mix_error);
    for (size_t i = 0; config->verify && i < config->mix.count; i++) {
        const struct mix_entry *e = &config->mix.entry[i];
        if (answer_kind_of(e->request, e->query_len, config->classic) == ANSWER_DIRECTIVE)
            return fail(p, "--verify knows the answers to queries, not what directives change: \"%.40s\"",
                        units_escape(e->request, e->query_len, shown, sizeof shown));
    }
    return complete_outputs(p) && complete_target(p, p->versus, &config->versus) && complete_targets(p);
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
    char why[FRAME_TEXT];
    (void)framing_parse(&config->rules.framing, "until:?> ", why);
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
