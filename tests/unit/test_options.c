/* test_options.c - the command line of mojifinder. */
#include "../../src/server/options.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <getopt.h>
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
    optind = 0;
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
