/* options.c - the command line by argp: one table of options, one place that checks values. */
#include "options.h"

#include "unicode/quote.h"
#include "unicode/text.h"

#include <argp.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Bounds of what can be asked for: whom they protect stands in the help. */
enum {
    CLIENTS_LIMIT = 1000000,
    LINE_MIN_BYTES = 16,
    LINE_LIMIT_BYTES = 1 << 20
};
enum {
    SECONDS_LIMIT = 1000000000, /* thirty years, and no overflow of nanoseconds in 64 bits */
    NS_PER_SECOND = 1000000000
};

enum {
    OPT_CLASSIC = 256,
    OPT_MAX_CLIENTS,
    OPT_MAX_LINE,
    OPT_IDLE,
    OPT_SEND,
    OPT_DRAIN,
    OPT_LOG,
    OPT_STDIO,
    OPT_FORMAT, /* from here on: for one-shot use only */
    OPT_COLUMNS,
    OPT_LIMIT,
    OPT_SORT,
    OPT_DISPLAY,
    OPT_COUNT,
    OPT_INFO,
    OPT_EXPLAIN,
    OPT_LIST,
    OPT_WORDS
};

/* Of which parsing and --help are made. */
static const struct argp_option table[] = {
    {"host", 'H', "ADDR", 0, "address or name to listen on; repeatable (127.0.0.1)", 0},
    {"port", 'p', "N", 0, "port to listen on; 0 picks a free one (2323)", 0},
    {"classic", OPT_CLASSIC, NULL, 0, "speak the classic dialect and nothing else", 0},
    {"stdio", OPT_STDIO, NULL, 0, "one session on standard input and output", 0},
    {"max-clients", OPT_MAX_CLIENTS, "N", 0, "connections held at once (10000)", 0},
    {"max-line", OPT_MAX_LINE, "N", 0, "longest request line in bytes (4096)", 0},
    {"idle-timeout", OPT_IDLE, "S", 0, "seconds without a request before closing; 0 never (600)", 0},
    {"send-timeout", OPT_SEND, "S", 0, "seconds an answer may stay unread before closing; 0 never (60)", 0},
    {"drain-timeout", OPT_DRAIN, "S", 0, "seconds open answers get to finish on SIGTERM; 0 none (10)", 0},
    {"log-level", OPT_LOG, "LEVEL", 0, "error, warning, info or debug (info)", 0},
    {NULL, 0, NULL, 0, "For one answer, with the meaning of the directives of the same names:", 1},
    {"format", OPT_FORMAT, "F", 0, "text, tsv, json, codes or chars (text)", 0},
    {"columns", OPT_COLUMNS, "NAME,...", 0, "cp char name alias block script category age width utf8 utf16 html dec",
     0},
    {"limit", OPT_LIMIT, "N", 0, "matches shown at most; off: all (off)", 0},
    {"sort", OPT_SORT, "ORDER", 0, "code or best (code)", 0},
    {"display", OPT_DISPLAY, "HOW", 0, "raw, or safe: invisible characters as labels (safe on a terminal)", 0},
    {"count", OPT_COUNT, NULL, 0, "only how many have all words, a number", 0},
    {"info", OPT_INFO, "CHAR", 0, "the card of a character or code point; -: of each line of standard input", 0},
    {"explain", OPT_EXPLAIN, "TEXT", 0, "a text taken apart; -: standard input", 0},
    {"list", OPT_LIST, "KIND", 0, "blocks, scripts, categories or properties; a pattern may follow", 0},
    {"words", OPT_WORDS, "PATTERN", 0, "words that fit", 0},
    {"help", 'h', NULL, 0, "print this and exit", -1},
    {"version", 'V', NULL, 0, "print the versions of program and data and exit", -1},
    {NULL, 0, NULL, 0, NULL, 0},
};

/* What was given may be any bytes: what could harm a terminal is shown escaped. */
__attribute__((format(printf, 1, 2))) static bool refuse(const char *format, ...)
{
    char text[512], shown[8 * sizeof text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    quote_text(text, strlen(text), shown, sizeof shown);
    fprintf(stderr, "mojifinder: %s; try --help\n", shown);
    return false;
}

static bool parse_count(const char *name, const char *text, unsigned long min, unsigned long max, unsigned long *value)
{
    char *end;
    errno = 0;
    unsigned long n = strtoul(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 || n < min || n > max)
        return refuse("--%s wants a whole number from %lu to %lu, not \"%s\"", name, min, max, text);
    *value = n;
    return true;
}

/* The digits at text as a number, which stops growing beyond cap; *text moves behind them. */
static uint64_t read_digits(const char **text, uint64_t cap)
{
    uint64_t n = 0;
    for (; isdigit((unsigned char)**text); ++*text)
        n = n > cap ? n : n * 10 + (uint64_t)(**text - '0');
    return n;
}

/* What follows the point, in nanoseconds; rounded up, so that a little is never nothing, which would mean "never". */
static uint64_t read_fraction(const char **text)
{
    uint64_t ns = 0, rest = 0;
    for (uint64_t unit = NS_PER_SECOND / 10; isdigit((unsigned char)**text); ++*text, unit /= 10) {
        uint64_t digit = (uint64_t)(**text - '0');
        ns += digit * unit;
        rest |= unit == 0 ? digit : 0;
    }
    return ns + (rest > 0);
}

/* Decimal seconds, read digit by digit: strtod() would also take signs, spaces, 0x10, 1e3, nan and, in some locales,
 * a comma, and 0.1 is no binary number. */
static bool parse_seconds(const char *name, const char *text, uint64_t *ns)
{
    const char *end = text;
    uint64_t whole = read_digits(&end, SECONDS_LIMIT), fraction = 0;
    size_t digits = (size_t)(end - text);
    if (*end == '.') {
        const char *point = end++;
        fraction = read_fraction(&end);
        digits += (size_t)(end - point - 1);
    }
    if (digits == 0 || *end != '\0')
        return refuse("--%s wants seconds (0 or more, like 90 or 0.5), not \"%s\"", name, text);
    if (whole > SECONDS_LIMIT || (whole == SECONDS_LIMIT && fraction > 0))
        return refuse("--%s takes at most %d seconds, not \"%s\"", name, SECONDS_LIMIT, text);
    *ns = whole * NS_PER_SECOND + fraction;
    return true;
}

static bool parse_level(const char *text, enum log_level *level)
{
    static const char *const names[] = {
        [LOG_ERROR] = "error", [LOG_WARNING] = "warning", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(text, names[i]) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    return refuse("--log-level wants error, warning, info or debug, not \"%s\"", text);
}

static bool add_host(struct options *o, const char *host)
{
    if (o->hosts == OPTIONS_HOSTS_MAX)
        return refuse("--host can be given %d times at most", OPTIONS_HOSTS_MAX);
    if (host[0] == '\0')
        return refuse("--host wants an address or a name");
    o->host[o->hosts++] = host;
    return true;
}

static bool parse_choice(const char *name, const char *text, const char *no, const char *yes, bool *value)
{
    *value = strcasecmp(text, yes) == 0;
    return *value || strcasecmp(text, no) == 0 || refuse("--%s wants %s or %s, not \"%s\"", name, no, yes, text);
}

static bool parse_limit(struct options *o, const char *text)
{
    unsigned long n = 0;
    if (strcasecmp(text, "off") != 0 && !parse_count("limit", text, 1, UINT32_MAX, &n))
        return false;
    o->settings.limit = (uint32_t)n;
    return true;
}

static bool ask(struct options *o, enum options_ask what, const char *argument)
{
    if (o->ask != ASK_QUERY)
        return refuse("one of --count, --info, --explain, --list and --words at a time");
    o->ask = what;
    o->argument = argument;
    return true;
}

/* The options that mirror directives. */
static bool parse_directive(struct options *o, int option, const char *value)
{
    struct render_style *style = &o->settings.style;
    const char *bad = value;
    size_t bad_len = 0;
    o->directives = true;
    if (!value) /* only --count takes none */
        return ask(o, ASK_COUNT, NULL);
    if (!text_is_utf8(value, strlen(value)))
        return refuse("not valid UTF-8: \"%s\"", value);
    switch (option) {
    case OPT_FORMAT:
        return render_parse_format(style, value, strlen(value)) ||
               refuse("--format wants text, tsv, json, codes or chars, not \"%s\"", value);
    case OPT_COLUMNS:
        return render_parse_columns(style, value, strlen(value), &bad, &bad_len) ||
               refuse("--columns: unknown column, or one named twice: \"%.*s\"", (int)bad_len, bad);
    case OPT_LIMIT: return parse_limit(o, value);
    case OPT_SORT: return parse_choice("sort", value, "code", "best", &o->settings.best);
    case OPT_DISPLAY: o->display_given = true; return parse_choice("display", value, "raw", "safe", &style->safe);
    case OPT_INFO: return ask(o, ASK_INFO, value);
    case OPT_EXPLAIN: return ask(o, ASK_EXPLAIN, value);
    case OPT_LIST: return ask(o, ASK_LIST, value);
    case OPT_WORDS: return ask(o, ASK_WORDS, value);
    default: return false;
    }
}

static bool parse_option(struct options *o, int option, const char *value)
{
    unsigned long n = 0;
    if (option >= OPT_FORMAT)
        return parse_directive(o, option, value);
    switch (option) {
    case 'H': return add_host(o, value);
    case 'p':
        if (!parse_count("port", value, 0, 65535, &n))
            return false;
        o->port = (uint16_t)n;
        return true;
    case OPT_MAX_CLIENTS:
        if (!parse_count("max-clients", value, 1, CLIENTS_LIMIT, &n))
            return false;
        o->max_clients = (unsigned)n;
        return true;
    case OPT_MAX_LINE:
        if (!parse_count("max-line", value, LINE_MIN_BYTES, LINE_LIMIT_BYTES, &n))
            return false;
        o->max_line_bytes = n;
        return true;
    case OPT_CLASSIC: o->classic = true; return true;
    case OPT_STDIO: o->mode = o->mode == MODE_SERVE ? MODE_STDIO : o->mode; return true;
    case OPT_IDLE: return parse_seconds("idle-timeout", value, &o->idle_timeout_ns);
    case OPT_SEND: return parse_seconds("send-timeout", value, &o->send_timeout_ns);
    case OPT_DRAIN: return parse_seconds("drain-timeout", value, &o->drain_timeout_ns);
    case OPT_LOG: return parse_level(value, &o->log_level);
    case 'h': o->mode = MODE_HELP; return true;
    case 'V': o->mode = o->mode == MODE_HELP ? MODE_HELP : MODE_VERSION; return true;
    default: return false;
    }
}

/* What the words and the options for one answer come to. */
static bool settle_oneshot(struct options *o)
{
    bool reads = o->ask == ASK_INFO || o->ask == ASK_EXPLAIN;
    for (int i = 0; i < o->word_count; i++)
        if (!text_is_utf8(o->words[i], strlen(o->words[i])))
            return refuse("not valid UTF-8: \"%s\"", o->words[i]);
    o->from_input = reads && o->word_count == 0 && o->argument && strcmp(o->argument, "-") == 0;
    return true;
}

/* ---- options that are none ---- */

static const struct argp_option *option_of(int key)
{
    for (const struct argp_option *o = table; o->name || o->doc; o++)
        if (o->key == key && o->name)
            return o;
    return NULL;
}

/* The option of that name, or of the only one that begins so. */
static const struct argp_option *option_named(const char *name, size_t len)
{
    const struct argp_option *found = NULL;
    unsigned count = 0;
    for (const struct argp_option *o = table; o->name || o->doc; o++) {
        if (!o->name || strncmp(o->name, name, len) != 0)
            continue;
        if (o->name[len] == '\0')
            return o;
        found = o;
        count++;
    }
    return count == 1 ? found : NULL;
}

/* "-ZpH": the letter that does not exist, or has no value.  False when there is nothing wrong with it. */
static bool refuse_letters(const char *given, bool last)
{
    for (const char *letter = given + 1; *letter; letter++) {
        const struct argp_option *known = option_of((unsigned char)*letter);
        if (!known)
            return !refuse("unknown option \"-%c\"", *letter);
        if (known->arg)
            return !letter[1] && last && !refuse("--%s wants a value", known->name);
    }
    return false;
}

/* False when there is nothing wrong with it. */
static bool refuse_name(const char *given, bool last)
{
    const char *name = given + 2;
    size_t len = strcspn(name, "=");
    const struct argp_option *known = option_named(name, len);
    char others[256];
    if (known && known->arg)
        return name[len] != '=' && last && !refuse("--%s wants a value", known->name);
    if (known)
        return name[len] == '=' && !refuse("--%s takes no value", known->name);
    if (options_like(table, name, len, true, others, sizeof others) > 1)
        return !refuse("\"%s\" may be any of%s", given, others);
    if (options_like(table, name, len, false, others, sizeof others) > 0)
        return !refuse("unknown option \"%s\"; near:%s", given, others);
    return !refuse("unknown option \"%s\"", given);
}

/* What argp has not taken: it would say so in two lines, escape nothing and know no near ones.  It stands before next,
 * or at next when more letters follow in the same word. */
static void refuse_option(const struct argp_state *state)
{
    for (int i = state->next - 1; i <= state->next && i < state->argc; i++) {
        const char *given = state->argv[i];
        bool last = i + 1 == state->argc;
        if (i > 0 && given[0] == '-' && (given[1] == '-' ? refuse_name(given, last) : refuse_letters(given, last)))
            return;
    }
    refuse("unknown option");
}

/* ---- argp ---- */

struct parse {
    struct options *options;
    bool refused; /* and told */
};

static error_t take(int key, char *value, struct argp_state *state)
{
    struct parse *p = state->input;
    switch (key) {
    case ARGP_KEY_ARG: return ARGP_ERR_UNKNOWN; /* all at once: */
    case ARGP_KEY_ARGS:
        p->options->words = state->argv + state->next;
        p->options->word_count = state->argc - state->next;
        state->next = state->argc;
        return 0;
    case ARGP_KEY_ERROR:
        if (!p->refused)
            refuse_option(state);
        return 0;
    default: break;
    }
    if (!option_of(key))
        return ARGP_ERR_UNKNOWN;
    p->refused = !parse_option(p->options, key, value);
    return p->refused ? EINVAL : 0;
}

static const struct argp argp = {
    .options = table,
    .parser = take,
    .args_doc = "\nWORD...\n--stdio",
    .doc = "Serves: finds Unicode characters by name over TCP.  With words, prints the characters whose names have all "
           "of them; with --stdio, holds one session on standard input and output.\v"
           "Exit status of a search: 0 found, 1 nothing found, 2 usage error, 3 answer not written.\n"
           "Exit status of serving: 0 stopped by SIGTERM or SIGINT, 1 cannot serve, 2 usage error.\n\n"
           "Try:  mojifinder & nc localhost 2323     then type: cat face"};

void options_help(FILE *out)
{
    static char name[] = "mojifinder";
    argp_help(&argp, out, ARGP_HELP_SHORT_USAGE | ARGP_HELP_DOC | ARGP_HELP_LONG, name);
}

bool options_parse(struct options *o, int argc, char **argv)
{
    *o = (struct options){
        .port = 2323,
        .max_clients = 10000,
        .max_line_bytes = 4096,
        .idle_timeout_ns = 600 * (uint64_t)1000000000,
        .send_timeout_ns = 60 * (uint64_t)1000000000,
        .drain_timeout_ns = 10 * (uint64_t)1000000000,
        .log_level = LOG_INFO,
        .settings = ANSWER_SETTINGS_DEFAULT,
    };
    o->words = argv + argc;
    struct parse p = {.options = o};
    if (argp_parse(&argp, argc, argv, ARGP_NO_EXIT | ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &p) != 0)
        return false;
    if (o->hosts == 0)
        o->host[o->hosts++] = "127.0.0.1";
    bool answer = o->word_count > 0 || o->argument;
    if (answer && o->mode == MODE_STDIO)
        return refuse("--stdio takes no words");
    if (answer && o->mode == MODE_SERVE)
        o->mode = MODE_ONESHOT;
    if (o->directives && (o->mode == MODE_SERVE || o->mode == MODE_STDIO))
        return refuse("--format, --limit and their like are for one answer: words are missing");
    if (o->directives && o->classic)
        return refuse("--classic speaks the classic dialect and nothing else");
    return o->mode != MODE_ONESHOT || settle_oneshot(o);
}
