/* The command line: what is refused, with which status, and what --help and --version say where. */
#include "wire.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(options, .timeout = TEST_TIMEOUT_S);

/* Exit status 2, the reason on stderr, nothing on stdout. */
#define EXPECT_USAGE_ERROR(...)                                                                                        \
    do {                                                                                                               \
        struct outcome o;                                                                                              \
        RUN(&o, __VA_ARGS__);                                                                                          \
        cr_assert_eq(o.status, 2, "status %d", o.status);                                                              \
        cr_assert_str_empty(o.out.bytes);                                                                              \
        cr_assert_neq(o.err.len, 0);                                                                                   \
        cr_assert_eq(bytes_count(&o.err, "\n"), 1, "\"%s\"", o.err.bytes);                                             \
        cr_assert_eq(o.err.bytes[o.err.len - 1], '\n');                                                                \
        outcome_free(&o);                                                                                              \
    } while (0)

Test(options, unknown)
{
    EXPECT_USAGE_ERROR("--no-such-option");
    EXPECT_USAGE_ERROR("-Z");
    EXPECT_USAGE_ERROR("--no-such-option", "cat", "face");
}

Test(options, value_missing)
{
    EXPECT_USAGE_ERROR("--port");
    EXPECT_USAGE_ERROR("--host");
    EXPECT_USAGE_ERROR("--log-level");
}

Test(options, value_where_none_belongs)
{
    EXPECT_USAGE_ERROR("--classic=yes");
    EXPECT_USAGE_ERROR("--stdio=1");
}

Test(options, bad_numbers)
{
    EXPECT_USAGE_ERROR("--port", "65536");
    EXPECT_USAGE_ERROR("--port", "-1");
    EXPECT_USAGE_ERROR("--port", "");
    EXPECT_USAGE_ERROR("--port", "http");
    EXPECT_USAGE_ERROR("--port", "80x");
    EXPECT_USAGE_ERROR("--port", "18446744073709551617");
    EXPECT_USAGE_ERROR("--max-clients", "0");
    EXPECT_USAGE_ERROR("--max-clients", "many");
    EXPECT_USAGE_ERROR("--max-line", "0");
    EXPECT_USAGE_ERROR("--max-line", "-5");
    EXPECT_USAGE_ERROR("--idle-timeout", "-1");
    EXPECT_USAGE_ERROR("--idle-timeout", "soon");
    EXPECT_USAGE_ERROR("--idle-timeout", "nan");
    EXPECT_USAGE_ERROR("--send-timeout", "1e999");
    EXPECT_USAGE_ERROR("--drain-timeout", "5s");
}

Test(options, bad_log_level)
{
    EXPECT_USAGE_ERROR("--log-level", "loud");
    EXPECT_USAGE_ERROR("--log-level", "");
}

Test(options, help_is_on_stdout)
{
    struct outcome o;
    RUN(&o, "--help");
    cr_assert_eq(o.status, 0);
    cr_assert_str_empty(o.err.bytes);
    static const char *const named[] = {"--host",      "--port",         "--classic",      "--max-clients",
                                        "--max-line",  "--idle-timeout", "--send-timeout", "--drain-timeout",
                                        "--log-level", "--stdio",        "--help",         "--version"};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        cr_assert(find(&o.out, named[i]), "--help does not name %s", named[i]);
    outcome_free(&o);
}

Test(options, version_names_program_and_data)
{
    struct outcome o;
    RUN(&o, "--version");
    cr_assert_eq(o.status, 0);
    cr_assert_str_empty(o.err.bytes);
    cr_assert(find(&o.out, "mojifinder") && find(&o.out, "Unicode"), "\"%s\"", o.out.bytes);
    outcome_free(&o);
    RUN(&o, "-V");
    cr_assert(find(&o.out, "mojifinder"));
    outcome_free(&o);
    RUN(&o, "-h");
    cr_assert(find(&o.out, "--port"));
    outcome_free(&o);
}

Test(options, version_to_a_full_device_fails)
{
    struct outcome o = {0};
    FILE *full = fopen("/dev/full", "we");
    cr_assert(full);
    pid_t pid = program_spawn((const char *const[]){"--version", NULL}, (const int[3]){FD_NULL, fileno(full), FD_NULL},
                              NULL);
    o.status = program_wait(pid);
    cr_assert_neq(o.status, 0);
    fclose(full);
}

/* One line on stderr that says which address, and why; status 1. */
static void expect_cannot_serve(const char *const *args, const char *named)
{
    struct outcome o;
    program_run(&o, NULL, 0, args);
    cr_assert_eq(o.status, 1, "status %d", o.status);
    cr_assert_str_empty(o.out.bytes);
    cr_assert(find(&o.err, named), "\"%s\"", o.err.bytes);
    cr_assert_eq(bytes_count(&o.err, "\n"), 1, "\"%s\"", o.err.bytes);
    outcome_free(&o);
}

Test(options, a_port_in_use)
{
    struct server s;
    char port[8];
    SERVE_PLAIN(&s);
    snprintf(port, sizeof port, "%d", s.port);
    expect_cannot_serve((const char *const[]){"--port", port, NULL}, port);
    server_stop(&s);
}

Test(options, an_address_of_another_machine)
{
    expect_cannot_serve((const char *const[]){"--port", "0", "--host", "192.0.2.1", NULL}, "192.0.2.1");
}

Test(options, a_host_that_is_none)
{
    expect_cannot_serve((const char *const[]){"--port", "0", "--host", "no such host.invalid", NULL}, "no such host");
}

/* --opt=value, and serving says so at every log level. */
Test(options, every_log_level_tells_the_address)
{
    static const char *const levels[] = {"--log-level=error", "--log-level=warning", "--log-level=info",
                                         "--log-level=debug"};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        struct server s;
        struct client c;
        server_start(&s, (const char *const[]){levels[i], "--port=0", "--host=127.0.0.1", NULL}, NULL);
        client_greeted(&c, &s);
        client_close(&c);
        server_stop(&s);
    }
}
