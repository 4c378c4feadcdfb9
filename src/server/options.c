/* options.c - the command line: one table of long options, one place that checks values. */
#include "options.h"

#include "unicode/quote.h"
#include "unicode/text.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
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

static const struct option long_options[] = {
    {"host", required_argument, NULL, 'H'},
    {"port", required_argument, NULL, 'p'},
    {"classic", no_argument, NULL, OPT_CLASSIC},
    {"stdio", no_argument, NULL, OPT_STDIO},
    {"max-clients", required_argument, NULL, OPT_MAX_CLIENTS},
    {"max-line", required_argument, NULL, OPT_MAX_LINE},
    {"idle-timeout", required_argument, NULL, OPT_IDLE},
    {"send-timeout", required_argument, NULL, OPT_SEND},
    {"drain-timeout", required_argument, NULL, OPT_DRAIN},
    {"log-level", required_argument, NULL, OPT_LOG},
    {"format", required_argument, NULL, OPT_FORMAT},
    {"columns", required_argument, NULL, OPT_COLUMNS},
    {"limit", required_argument, NULL, OPT_LIMIT},
    {"sort", required_argument, NULL, OPT_SORT},
    {"display", required_argument, NULL, OPT_DISPLAY},
    {"count", no_argument, NULL, OPT_COUNT},
    {"info", required_argument, NULL, OPT_INFO},
    {"explain", required_argument, NULL, OPT_EXPLAIN},
    {"list", required_argument, NULL, OPT_LIST},
    {"words", required_argument, NULL, OPT_WORDS},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

void options_help(FILE *out)
{
    fputs("Usage: mojifinder [OPTION]...          serve: find Unicode characters by name over TCP\n"
          "       mojifinder [OPTION]... WORD...  print the characters whose names have all words\n"
          "       mojifinder --stdio              one session on standard input and output\n"
          "\n"
          "  -H, --host ADDR         address or name to listen on; repeatable (127.0.0.1)\n"
          "  -p, --port N            port to listen on; 0 picks a free one (2323)\n"
          "      --classic           speak the classic dialect and nothing else\n"
          "      --max-clients N     connections held at once (10000)\n"
          "      --max-line N        longest request line in bytes (4096)\n"
          "      --idle-timeout S    seconds without a request before closing; 0 never (600)\n"
          "      --send-timeout S    seconds an answer may stay unread before closing; 0 never (60)\n"
          "      --drain-timeout S   seconds open answers get to finish on SIGTERM; 0 none (10)\n"
          "      --log-level LEVEL   error, warning, info or debug (info)\n"
          "\n"
          "For one answer, with the meaning of the directives of the same names:\n"
          "      --format F          text, tsv, json, codes or chars (text)\n"
          "      --columns NAME,...  cp char name alias block script category age width utf8 utf16 html dec\n"
          "      --limit N           matches shown at most; off: all (off)\n"
          "      --sort ORDER        code or best (code)\n"
          "      --display HOW       raw, or safe: invisible characters as labels (safe on a terminal)\n"
          "      --count WORD...     only how many, a number\n"
          "      --info CHAR         the card of a character or code point; -: of each line of standard input\n"
          "      --explain TEXT      a text taken apart; -: standard input\n"
          "      --list KIND         blocks, scripts, categories or properties; a pattern may follow\n"
          "      --words PATTERN     words that fit\n"
          "\n"
          "  -h, --help              print this and exit\n"
          "  -V, --version           print the versions of program and data and exit\n"
          "\n"
          "Exit status of a search: 0 found, 1 nothing found, 2 usage error, 3 answer not written.\n"
          "Exit status of serving: 0 stopped by SIGTERM or SIGINT, 1 cannot serve, 2 usage error.\n"
          "\n"
          "Try:  mojifinder & nc localhost 2323     then type: cat face\n",
          out);
}

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

static const struct option *option_of(int value)
{
    const struct option *option = long_options;
    while (option->name && option->val != value)
        option++;
    return option->name ? option : NULL;
}

/* What getopt_long() has not taken: it would say so in two lines, escape nothing and know no near ones. */
static bool refuse_option(int result, const char *given)
{
    const struct option *known = option_of(optopt);
    char others[256];
    if (known && result == ':')
        return refuse("--%s wants a value", known->name);
    if (known)
        return refuse("--%s takes no value", known->name);
    if (optopt != 0)
        return refuse("unknown option \"-%c\"", optopt);
    const char *name = given + strspn(given, "-");
    size_t len = strcspn(name, "=");
    if (options_like(long_options, name, len, true, others, sizeof others) > 1)
        return refuse("\"%s\" may be any of%s", given, others);
    if (options_like(long_options, name, len, false, others, sizeof others) > 0)
        return refuse("unknown option \"%s\"; near:%s", given, others);
    return refuse("unknown option \"%s\"", given);
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
        .settings = SETTINGS_DEFAULT,
    };
    int option;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":H:p:hV", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return refuse_option(option, argv[optind - 1]);
        if (!parse_option(o, option, optarg))
            return false;
    }
    o->words = argv + optind;
    o->word_count = argc - optind;
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
