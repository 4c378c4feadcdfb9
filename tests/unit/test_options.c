/* test_options.c - the command line of mojifinder. */
#include "../../src/server/options.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse(struct options *o, const char *line)
{
    static char text[512];
    static char *argv[32];
    int argc = 0;
    snprintf(text, sizeof text, "mojifinder %s", line);
    for (char *p = strtok(text, " "); p; p = strtok(NULL, " "))
        argv[argc++] = p;
    argv[argc] = NULL;
    return options_parse(o, argc, argv);
}

Test(options, defaults)
{
    struct options o;
    cr_assert(parse(&o, ""));
    cr_expect_eq(o.mode, MODE_SERVE);
    cr_expect_str_eq(o.host[0], "127.0.0.1");
    cr_expect_eq(o.port, 2323);
    cr_expect_eq(o.max_clients, 10000u);
    cr_expect_eq(o.max_line_bytes, 4096u);
    cr_expect_eq(o.idle_timeout_ns, 600000000000u);
    cr_expect_eq(o.send_timeout_ns, 60000000000u);
    cr_expect_eq(o.drain_timeout_ns, 10000000000u);
    cr_expect_eq(o.log_level, LOG_INFO);
}

Test(options, values_in_every_form)
{
    struct options o;
    cr_assert(parse(&o, "--host ::1 -H localhost --port=0 --max-clients 5 --max-line=100 --idle-timeout 0.5 "
                        "--send-timeout=0 --drain-timeout 3 --log-level=debug --classic"));
    cr_expect_eq(o.hosts, 2u);
    cr_expect_str_eq(o.host[1], "localhost");
    cr_expect_eq(o.port, 0);
    cr_expect_eq(o.max_clients, 5u);
    cr_expect_eq(o.max_line_bytes, 100u);
    cr_expect_eq(o.idle_timeout_ns, 500000000u);
    cr_expect_eq(o.send_timeout_ns, 0u);
    cr_expect_eq(o.log_level, LOG_DEBUG);
    cr_expect(o.classic);
}

Test(options, words_make_a_search)
{
    struct options o;
    cr_assert(parse(&o, "cat --classic face"));
    cr_expect_eq(o.mode, MODE_ONESHOT);
    cr_expect_eq(o.word_count, 2);
    cr_expect_str_eq(o.words[1], "face");
    cr_assert(parse(&o, "-- --help"));
    cr_expect_eq(o.mode, MODE_ONESHOT);
    cr_assert(parse(&o, "--help cat"));
    cr_expect_eq(o.mode, MODE_HELP);
}

Test(options, nonsense_is_refused, .init = cr_redirect_stderr)
{
    static const char *const wrong[] = {
        "--port 65536",
        "--port x",
        "--port -1",
        "--port",
        "--max-clients 0",
        "--max-line 1",
        "--idle-timeout -1",
        "--idle-timeout 1x",
        "--host=",
        "--log-level loud",
        "--nonsense",
        "--idle-timeout nan",
        "--idle-timeout inf",
        "--stdio cat",
        "--max-clients 99999999999999999999",
        "--port 0x10",
        "--idle-timeout 0x10",
        "--send-timeout .",
        "--idle-timeout=",
        "--send-timeout 1e99",
        "--classic=yes",
        "-x",
    };
    struct options o;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        cr_expect_not(parse(&o, wrong[i]), "%s was taken", wrong[i]);
}

/* ---- every option that takes a number, with every form that one may have ---- */

static bool parse_one(struct options *o, const char *option, const char *value)
{
    char name[32];
    char *argv[] = {name, name, strdup(value), name, NULL};
    snprintf(name, sizeof name, "--%s", option);
    argv[0] = argv[3] = (char[]){"word"};
    bool taken = options_parse(o, strcmp(option, "limit") == 0 ? 4 : 3, argv);
    free(argv[2]);
    return taken;
}

static const char *const no_numbers[] = {
    "",      "-1",  "-0",       "+5",     " 5",       "5 ",   "5s",  "0x10", "1e3",  "1E3",
    "nan",   "inf", "infinity", "NaN(1)", "1,5",      "1_0",  "--",  ".",    "..",   "1..5",
    "1.2.3", "5\n", "\t5",      "abc",    "\xD9\xA3", "\xff", "1/2", "0b1",  "five",
};

struct counted {
    const char *option;
    uint64_t least, most;
};
static const struct counted counted[] = {
    {"port", 0, 65535}, {"max-clients", 1, 1000000}, {"max-line", 16, 1048576}, {"limit", 1, UINT32_MAX}};

static uint64_t counted_value(const struct options *o, size_t i)
{
    const uint64_t values[] = {o->port, o->max_clients, o->max_line_bytes, o->settings.limit};
    return values[i];
}

static void take(size_t i, const char *text, uint64_t value)
{
    struct options o;
    cr_expect(parse_one(&o, counted[i].option, text), "--%s %s", counted[i].option, text);
    cr_expect_eq(counted_value(&o, i), value, "--%s %s", counted[i].option, text);
}

static void leave(const char *option, const char *text)
{
    struct options o;
    cr_expect_not(parse_one(&o, option, text), "--%s \"%s\" was taken", option, text);
}

static void make_long(char *out, char digit)
{
    memset(out, digit, 4999);
    out[4999] = '\0';
}

Test(options, whole_numbers, .init = cr_redirect_stderr)
{
    char text[5000];
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        for (size_t n = 0; n < sizeof no_numbers / sizeof *no_numbers; n++)
            leave(counted[i].option, no_numbers[n]);
        leave(counted[i].option, "20.5");
        leave(counted[i].option, "20.");
        const uint64_t good[] = {counted[i].least, counted[i].least + 1, counted[i].most - 1, counted[i].most};
        for (size_t g = 0; g < 4; g++) {
            snprintf(text, sizeof text, "%" PRIu64, good[g]);
            take(i, text, good[g]);
            snprintf(text, sizeof text, "000%" PRIu64, good[g]);
            take(i, text, good[g]);
        }
        if (counted[i].least > 0) {
            snprintf(text, sizeof text, "%" PRIu64, counted[i].least - 1);
            leave(counted[i].option, text);
        }
        snprintf(text, sizeof text, "%" PRIu64, counted[i].most + 1);
        leave(counted[i].option, text);
        leave(counted[i].option, "4294967336");           /* 40 in 32 bits */
        leave(counted[i].option, "18446744073709551656"); /* and in 64 */
        make_long(text, '9');
        leave(counted[i].option, text);
    }
}

static const char *const timed[] = {"idle-timeout", "send-timeout", "drain-timeout"};

static uint64_t timed_value(const struct options *o, size_t i)
{
    const uint64_t values[] = {o->idle_timeout_ns, o->send_timeout_ns, o->drain_timeout_ns};
    return values[i];
}

/* Above nothing is never nothing, which means "never"; decimals are exact. */
Test(options, seconds, .init = cr_redirect_stderr)
{
    static const struct {
        const char *text;
        uint64_t ns;
    } good[] = {
        {"0", 0},
        {"0.0", 0},
        {"000", 0},
        {".0", 0},
        {"0.", 0},
        {"1", 1000000000},
        {"1.", 1000000000},
        {".5", 500000000},
        {"0.1", 100000000},
        {"0.3", 300000000},
        {"1.000000001", 1000000001},
        {"0.000000001", 1},
        {"0.0000000001", 1},
        {"0.00000000001", 1},
        {"0.0000000010", 1},
        {"0.0000000011", 2},
        {"0.9999999999", 1000000000},
        {"00090", 90000000000},
        {"999999999.999999999", 999999999999999999},
        {"999999999.9999999999", 1000000000000000000},
        {"1000000000", 1000000000000000000},
        {"1000000000.000", 1000000000000000000},
    };
    static const char *const too_large[] = {"1000000001",  "1000000000.0000000000001", "1e10",
                                            "18446744073", "18446744073709551616",     "18446744074.709551616"};
    char text[5000];
    struct options o;
    for (size_t i = 0; i < sizeof timed / sizeof *timed; i++) {
        for (size_t g = 0; g < sizeof good / sizeof *good; g++) {
            cr_expect(parse_one(&o, timed[i], good[g].text), "--%s %s", timed[i], good[g].text);
            cr_expect_eq(timed_value(&o, i), good[g].ns, "--%s %s", timed[i], good[g].text);
        }
        for (size_t n = 0; n < sizeof no_numbers / sizeof *no_numbers; n++)
            leave(timed[i], no_numbers[n]);
        for (size_t n = 0; n < sizeof too_large / sizeof *too_large; n++)
            leave(timed[i], too_large[n]);
        make_long(text, '9');
        leave(timed[i], text);
        make_long(text, '0');
        cr_expect(parse_one(&o, timed[i], text));
        cr_expect_eq(timed_value(&o, i), 0u);
        text[1] = '.';
        text[4998] = '1';
        cr_expect(parse_one(&o, timed[i], text), "thousands of zeros behind the point");
        cr_expect_eq(timed_value(&o, i), 1u);
    }
}

/* What the limits are is said; so is what was meant, in one line. */
Test(options, reasons, .init = cr_redirect_stderr)
{
    static const char *const arguments[] = {
        "--idle-timeout=1000000001",
        "--port=65536",
        "--idle-timout=5",
        "--max=5",
        "--port",
        "--classic=yes",
        "-Z",
        "--nonsense",
        "--max-clients=\xff",
        "-H",
        "-Zh",
        "-hZ",
    };
    struct options o;
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
        char *copy = strdup(arguments[i]), *argv[] = {(char[]){"mojifinder"}, copy, NULL};
        cr_expect_not(options_parse(&o, 2, argv));
        free(copy);
    }
    cr_assert_stderr_eq_str(
        "mojifinder: --idle-timeout takes at most 1000000000 seconds, not \"1000000001\"; try --help\n"
        "mojifinder: --port wants a whole number from 0 to 65535, not \"65536\"; try --help\n"
        "mojifinder: unknown option \"--idle-timout=5\"; near: --idle-timeout; try --help\n"
        "mojifinder: \"--max=5\" may be any of --max-clients, --max-line; try --help\n"
        "mojifinder: --port wants a value; try --help\n"
        "mojifinder: --classic takes no value; try --help\n"
        "mojifinder: unknown option \"-Z\"; try --help\n"
        "mojifinder: unknown option \"--nonsense\"; try --help\n"
        "mojifinder: --max-clients wants a whole number from 1 to 1000000, not \"\\xFF\"; try --help\n"
        "mojifinder: --host wants a value; try --help\n"
        "mojifinder: unknown option \"-Z\"; try --help\n"
        "mojifinder: unknown option \"-Z\"; try --help\n");
}
