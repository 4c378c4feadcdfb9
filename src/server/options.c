/* options.c - the command line: one table of long options, one place that checks values. */
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Bounds of what can be asked for: whom they protect stands in the help. */
enum {
    CLIENTS_LIMIT = 1000000,
    LINE_MIN_BYTES = 16,
    LINE_LIMIT_BYTES = 1 << 20
};
static const double SECONDS_LIMIT = 1e9; /* thirty years, and no overflow of nanoseconds in 64 bits */

enum {
    OPT_CLASSIC = 256,
    OPT_MAX_CLIENTS,
    OPT_MAX_LINE,
    OPT_IDLE,
    OPT_SEND,
    OPT_DRAIN,
    OPT_LOG,
    OPT_STDIO
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
          "  -h, --help              print this and exit\n"
          "  -V, --version           print the versions of program and data and exit\n"
          "\n"
          "Exit status of a search: 0 found, 1 nothing found, 2 usage error, 3 answer not written.\n"
          "Exit status of serving: 0 stopped by SIGTERM or SIGINT, 1 cannot serve, 2 usage error.\n"
          "\n"
          "Try:  mojifinder & nc localhost 2323     then type: cat face\n",
          out);
}

__attribute__((format(printf, 1, 2))) static bool refuse(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("mojifinder: ", stderr);
    vfprintf(stderr, format, args);
    fputs("; try --help\n", stderr);
    va_end(args);
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

static bool parse_seconds(const char *name, const char *text, uint64_t *ns)
{
    char *end;
    double s = strtod(text, &end);
    if (!(isdigit((unsigned char)text[0]) || text[0] == '.') || *end != '\0' || !isfinite(s) || s > SECONDS_LIMIT)
        return refuse("--%s wants seconds (0 or more, like 90 or 0.5), not \"%s\"", name, text);
    *ns = (uint64_t)(s * 1e9);
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

static bool parse_option(struct options *o, int option, const char *value)
{
    unsigned long n = 0;
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
    };
    int option;
    while ((option = getopt_long(argc, argv, "H:p:hV", long_options, NULL)) != -1) {
        if (option == '?') { /* getopt_long() has said why */
            fputs("Try 'mojifinder --help'.\n", stderr);
            return false;
        }
        if (!parse_option(o, option, optarg))
            return false;
    }
    o->words = argv + optind;
    o->word_count = argc - optind;
    if (o->hosts == 0)
        o->host[o->hosts++] = "127.0.0.1";
    if (o->word_count > 0 && o->mode == MODE_STDIO)
        return refuse("--stdio takes no words");
    if (o->word_count > 0 && o->mode == MODE_SERVE)
        o->mode = MODE_ONESHOT;
    return true;
}
