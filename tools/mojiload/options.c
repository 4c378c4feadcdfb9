/* The command line by argp: one table of which parsing and --help are made, by kind of value. */
#include "options_internal.h"

#include "units.h"

#include <argp.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

enum {
    CLIENTS_MAX = 200000, /* more than one machine has descriptors for by default; 3 KB each */
    DEPTH_MAX = 4096
};

bool options_fail(struct parse *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(p->error, OPTIONS_ERROR, format, args);
    va_end(args);
    return false;
}

/* ---- the table ---- */

enum kind {
    KIND_HEADING,
    KIND_END,     /* help and version: nothing more is looked at; offset is the result */
    KIND_FLAG,    /* bool at offset */
    KIND_COUNT32, /* uint32_t, min to max */
    KIND_COUNT,   /* uint64_t */
    KIND_DURATION,
    KIND_RATE,  /* double, above 0 */
    KIND_WORD,  /* const char * of struct parse: needs others to make sense of */
    KIND_TEXT,  /* const char * */
    KIND_SHARE, /* of rogues: offset is the kind */
    KIND_SET    /* set: a function */
};

struct rule {
    struct argp_option option; /* key 0: no letter */
    enum kind kind;
    size_t offset;
    uint64_t min, max;
    options_set_fn *set;
};

/* clang-format off */
#define FIELD(name) offsetof(struct config, name)
#define HEADING(text, group) {{NULL, 0, NULL, 0, text, group}, KIND_HEADING, 0, 0, 0, NULL}
#define END(name, key, doc, result) {{name, key, NULL, 0, doc, -1}, KIND_END, result, 0, 0, NULL}
#define FLAG(name, field, doc) {{name, 0, NULL, 0, doc, 0}, KIND_FLAG, FIELD(field), 0, 0, NULL}
#define NUMBER(name, key, arg, kind, field, min, max, doc) \
    {{name, key, arg, 0, doc, 0}, kind, FIELD(field), min, max, NULL}
#define WORD(name, key, arg, word, doc) \
    {{name, key, arg, 0, doc, 0}, KIND_WORD, offsetof(struct parse, word), 0, 0, NULL}
#define SHARE(name, rogue, doc) {{name, 0, "SHARE", 0, doc, 0}, KIND_SHARE, rogue, 0, 0, NULL}
#define SET(name, key, arg, set, doc) \
    {{name, key, arg, 0, doc, 0}, KIND_SET, 0, 0, 0, options_set_##set}

static const struct rule rules[] = {
    WORD("host", 'H', "ADDR", host, "instead of HOST"),
    WORD("port", 'p', "N", port, "instead of :PORT"),
    HEADING("How much", 1),
    WORD("rate", 'r', "R", rate, "requests a second in all (5k), on one schedule: an open loop; "
        "else each client asks anew when answered: closed"),
    NUMBER("clients", 'c', "N", KIND_COUNT32, clients, 1, CLIENTS_MAX, "connections (50)"),
    NUMBER("pipeline", 'P', "D", KIND_COUNT32, depth, 1, DEPTH_MAX,
        "requests in flight on each connection (1)"),
    SET("duration", 'd', "T", duration, "how long: 10s, 500ms (10s)"),
    NUMBER("requests", 'n', "N", KIND_COUNT, requests, 1, UINT64_MAX, "stop after so many"),
    NUMBER("warmup", 'w', "T", KIND_DURATION, warmup_ns, 0, OPTIONS_HOURS(24),
        "load before it is counted (0)"),
    WORD("ramp", 0, "A:B/T", ramp, "the rate goes from A to B in T and stays there"),
    SET("arrivals", 0, "KIND", arrivals, "fixed or poisson (fixed)"),
    NUMBER("think", 0, "T", KIND_DURATION, think_ns, 0, OPTIONS_HOURS(1),
        "closed loop: pause after each answer"),
    NUMBER("churn", 0, "N", KIND_COUNT, churn, 1, UINT64_MAX, "reconnect after N requests"),
    NUMBER("connect-rate", 0, "R", KIND_RATE, connect_rate_per_s, 0, 0,
        "connections a second, at most"),
    SET("source", 0, "ADDR,...", source, "connect from these addresses in turn"),
    NUMBER("timeout", 0, "T", KIND_DURATION, timeout_ns, 1, OPTIONS_HOURS(1),
        "for connecting and for each answer (5s)"),
    NUMBER("drain", 0, "T", KIND_DURATION, drain_ns, 0, OPTIONS_HOURS(1),
        "for open answers at the end (5s)"),
    NUMBER("seed", 's', "N", KIND_COUNT, seed, 0, UINT64_MAX,
        "the n-th request is a function of N and n (1)"),
    HEADING("What", 2),
    SET("query", 'q', "TEXT", mix, "ask this"),
    SET("mix", 'm', "FILE", mix, "WEIGHT TAB QUERY lines; by default, of 10,000: "
        "3,000 find nothing, 5,000 one line, 1,900 find 2 KB, 99 50 KB, and one is cjk (4 MB)"),
    FLAG("verify", verify, "compare whole answers with the index in here"),
    FLAG("classic", classic, "the server speaks the classic dialect"),
    SET("raw", 0, "FILE", mix, "other protocols: [WEIGHT TAB] TEMPLATE [TAB PATTERN], C escapes, "
        "{n} {random:N} {zipf:N} {file:PATH}"),
    SET("framing", 0, "KIND", framing,
        "where an answer ends: line, lines:LINE, bytes:N, resp, memcached, length:4, "
        "netstring, until:BYTES (\"?> \")"),
    SET("until", 0, "BYTES", framing, "short for --framing until:BYTES"),
    SET("greeting", 0, "BYTES", greeting, "what comes first"),
    SET("expect", 0, "PATTERN", expect, "a right answer, * and ?"),
    SET("error", 0, "PATTERN", expect, "an error's start"),
    HEADING("Badly behaved clients besides, as a share of --clients, reported apart", 3),
    SET("slow", 0, "5%@1KiB/s", slow, "read slowly"),
    SHARE("mute", ROGUE_MUTE, "never say a word"),
    SHARE("slowloris", ROGUE_SLOWLORIS, "never end a line"),
    SHARE("reset", ROGUE_RESET, "reset amid answers"),
    SHARE("half-close", ROGUE_HALF_CLOSE, "shut down sending, then want the whole answer"),
    HEADING("Judging", 4),
    SET("slo", 0, "LIST", slo, "as p99<5ms,service.p50<1ms,max<1s, errors<0.1%,rate>99%"),
    FLAG("allow-errors", allow_errors, "errors alone are no reason for exit status 1"),
    SET("find", 0, "LIST", slo,
        "the highest rate at which LIST holds; --duration: of a point (3s)"),
    WORD("versus", 0, "TARGET", versus, "a second server, loaded in turn with the first, compared"),
    SET("fail-if", 0, "VERDICT,...", fail_if,
        "of --versus and compare: exit status 1 on worse, unknown ..."),
    SET("pid", 0, "PID", pid, "the server's process: CPU, memory, switches"),
    HEADING("Output", 5),
    NUMBER("json", 0, "FILE|-", KIND_TEXT, json_path, 0, 0,
        "everything, for programs and for compare"),
    NUMBER("html", 0, "FILE|-", KIND_TEXT, html_path, 0, 0, "one page with plots"),
    NUMBER("hgrm", 0, "FILE|-", KIND_TEXT, hgrm_path, 0, 0, "HdrHistogram format"),
    FLAG("quiet", quiet, "no live view"),
    END("help", 'h', "print this and exit", OPTIONS_HELP),
    END("version", 'V', "print the versions of program and data and exit", OPTIONS_VERSION),
};
/* clang-format on */

enum {
    RULES = sizeof rules / sizeof rules[0]
};

/* A key for each: its letter, or what is beyond letters. */
static int key_of(int i)
{
    return rules[i].kind == KIND_HEADING || rules[i].option.key != 0 ? rules[i].option.key : 256 + i;
}

static bool set(struct parse *p, const struct rule *rule, const char *value)
{
    char *field = (char *)p->config + rule->offset;
    uint64_t number;
    double rate;
    switch (rule->kind) {
    case KIND_COUNT32:
    case KIND_COUNT:
        if (!units_count(value, rule->max, &number) || number < rule->min)
            return options_fail(p, "--%s: wants a whole number%s, not \"%.40s\"", rule->option.name,
                                rule->min > 0 ? " above 0 and not absurd" : "", value);
        if (rule->kind == KIND_COUNT)
            memcpy(field, &number, sizeof number);
        else
            memcpy(field, &(uint32_t){(uint32_t)number}, sizeof(uint32_t));
        return true;
    case KIND_DURATION:
        if (!units_duration(value, true, &number) || number < rule->min || number > rule->max)
            return options_fail(p, "--%s: wants a time (10s, 500ms), not \"%.40s\"", rule->option.name, value);
        memcpy(field, &number, sizeof number);
        return true;
    case KIND_RATE:
        if (!units_rate(value, &rate) || rate <= 0)
            return options_fail(p, "--%s: wants a rate (5k), not \"%.40s\"", rule->option.name, value);
        memcpy(field, &rate, sizeof rate);
        return true;
    case KIND_SHARE:
        if (!units_share(value, &p->share[rule->offset]))
            return options_fail(p, "--%s: wants a share of the clients (2%%), not \"%.40s\"", rule->option.name, value);
        return true;
    case KIND_FLAG: memcpy(field, &(bool){true}, sizeof(bool)); return true;
    case KIND_TEXT: memcpy(field, &value, sizeof value); return true;
    case KIND_WORD: memcpy((char *)p + rule->offset, &value, sizeof value); return true;
    case KIND_SET: return rule->set(p, rule->option.name, value);
    case KIND_HEADING:
    case KIND_END: p->result = (enum options_result)rule->offset; return false;
    }
    return false;
}

/* ---- argp ---- */

/* What argp has not taken: "--port" without a value, or what is no option. argp's own message has two lines and goes to
 * stderr whatever the caller wants. */
static void refuse(struct parse *p, const char *given)
{
    const char *name = given + strspn(given, "-");
    size_t len = strlen(name), dashes = (size_t)(name - given);
    bool lacks_value = false;
    for (int i = 0; i < RULES; i++) {
        const struct argp_option *o = &rules[i].option;
        lacks_value |= o->arg != NULL && (dashes > 1 ? strncmp(o->name, name, len) == 0
                                                     : len > 0 && o->key == (unsigned char)name[len - 1]);
    }
    options_fail(p, lacks_value ? "%.60s: wants a value" : "%.60s: no such option, or not so", given);
}

static bool take_words(struct parse *p, int count, char **word)
{
    if (strcmp(word[0], "compare") == 0) {
        if (count != 3)
            return options_fail(p, "compare wants two files: mojiload compare A.json B.json");
        p->config->json_path = word[1];
        p->config->html_path = word[2];
        p->result = OPTIONS_COMPARE;
        return false; /* all that there is to it */
    }
    p->target = word[0];
    return count == 1 || options_fail(p, "one target, not %d: \"%.40s\"", count, word[1]);
}

/* Called by argp for each option and for what else there is; not 0 ends it. */
static error_t take(int key, char *value, struct argp_state *state)
{
    struct parse *p = state->input;
    switch (key) {
    case ARGP_KEY_ARG: return ARGP_ERR_UNKNOWN; /* all at once, below */
    case ARGP_KEY_ARGS:
        if (!take_words(p, state->argc - state->next, state->argv + state->next))
            return EINVAL;
        state->next = state->argc;
        return 0;
    case ARGP_KEY_ERROR:
        if (p->error[0] == '\0' && p->result == OPTIONS_RUN)
            refuse(p, state->argv[state->next - 1]);
        return 0;
    default: break;
    }
    for (int i = 0; i < RULES; i++) {
        if (key != 0 && key_of(i) == key)
            return set(p, &rules[i], value) ? 0 : EINVAL;
    }
    return ARGP_ERR_UNKNOWN;
}

/* argp's table out of ours. */
static struct argp make_argp(struct argp_option option[RULES + 1])
{
    for (int i = 0; i < RULES; i++) {
        option[i] = rules[i].option;
        option[i].key = key_of(i);
    }
    option[RULES] = (struct argp_option){0};
    return (struct argp){
        .options = option,
        .parser = take,
        .args_doc = "[HOST[:PORT]]\ncompare A.json B.json",
        .doc = "Loads a line server (127.0.0.1:2323) and tells how fast, and how right, it answers.\v"
               "Exit status: 0 fine, 1 objective missed, errors, or -n not reached, 2 usage or output error, "
               "3 no connection, 4 wrong answers, 5 void: mojiload was too slow."};
}

void options_help(FILE *out)
{
    static char name[] = "mojiload";
    struct argp_option option[RULES + 1];
    const struct argp argp = make_argp(option);
    argp_help(&argp, out, ARGP_HELP_SHORT_USAGE | ARGP_HELP_DOC | ARGP_HELP_LONG, name);
}

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

enum options_result options_parse(int argc, char **argv, struct config *config, char error[OPTIONS_ERROR])
{
    struct parse p = {.config = config, .error = error, .result = OPTIONS_RUN};
    struct argp_option option[RULES + 1];
    const struct argp argp = make_argp(option);
    error[0] = '\0';
    defaults(config);
    int rc = argp_parse(&argp, argc, argv, ARGP_NO_EXIT | ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &p);
    if (rc == 0 && options_complete(&p))
        return OPTIONS_RUN;
    if (rc == ENOMEM)
        options_fail(&p, "%s", strerror(rc));
    mix_free(&config->mix);
    return p.result != OPTIONS_RUN ? p.result : OPTIONS_BAD;
}

void options_free(struct config *config)
{
    mix_free(&config->mix);
}
