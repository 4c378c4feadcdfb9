/* The command line: what is taken, what is refused and why. */
#include "options.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static char error[OPTIONS_ERROR];

static enum options_result parse(struct config *config, const char *line)
{
    static char text[512], name[] = "mojiload";
    char *argv[64] = {name};
    int argc = 1;
    snprintf(text, sizeof text, "%s", line);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
        argv[argc++] = word;
    return options_parse(argc, argv, config, error);
}

Test(options, alone_it_loads_port_2323_for_ten_seconds)
{
    struct config c;
    cr_assert_eq(parse(&c, ""), OPTIONS_RUN, "%s", error);
    cr_expect_str_eq(c.target.name, "127.0.0.1:2323");
    cr_expect_eq(ntohs(((struct sockaddr_in *)&c.target.addr)->sin_port), 2323);
    cr_expect_eq(c.duration_ns, 10000000000);
    cr_expect_not(c.open_loop);
    cr_expect_eq(c.mix.count, 5);
    cr_expect_eq(c.mix.total_weight, 10000);
    options_free(&c);
}

Test(options, targets)
{
    static const char *const good[][2] = {{"127.0.0.1", "127.0.0.1:2323"}, {"127.0.0.1:80", "127.0.0.1:80"},
                                          {":80", "127.0.0.1:80"},         {"[::1]:80", "[::1]:80"},
                                          {"::1", "[::1]:2323"},           {"[::1]", "[::1]:2323"}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct config c;
        cr_assert_eq(parse(&c, good[i][0]), OPTIONS_RUN, "%s: %s", good[i][0], error);
        cr_expect_str_eq(c.target.name, good[i][1]);
        options_free(&c);
    }
}

/* -H and -p are the server's letters. */
Test(options, host_and_port_are_those_of_the_server)
{
    static const char *const good[][2] = {
        {"-p 80", "127.0.0.1:80"},    {"--port 80 127.0.0.2", "127.0.0.2:80"}, {"-H 127.0.0.2", "127.0.0.2:2323"},
        {"-H ::1 -p 80", "[::1]:80"}, {"--host [::1] --port 80", "[::1]:80"},  {"-p 80 :80", "127.0.0.1:80"}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct config c;
        cr_assert_eq(parse(&c, good[i][0]), OPTIONS_RUN, "%s: %s", good[i][0], error);
        cr_expect_str_eq(c.target.name, good[i][1]);
        options_free(&c);
    }
}

Test(options, refused)
{
    static const char *const bad[] = {
        "--nonsense",
        "--rate",
        "--rate 0",
        "--rate x",
        "--rate -5",
        "--clients 0",
        "--clients 1.5",
        "--pipeline 0",
        "--duration 0",
        "--duration 5x",
        "--requests 0",
        "--ramp 5",
        "--ramp 0:0/5s",
        "--ramp 0:5/0s",
        "--rate 5 --ramp 0:5/5s",
        "--arrivals sometimes",
        "--arrivals poisson",
        "--rate 5 --think 1s",
        "--slo p99",
        "--slo rate>99%",
        "--find rate",
        "--find p99<1s --ramp 0:5/5s",
        "--find p99<1s --versus :1",
        "--versus :1 --requests 5",
        "--mix /nonexistent",
        "--raw /nonexistent",
        "--until x",
        "--greeting x",
        "--framing line",
        "--expect x",
        "--error x",
        "--raw /dev/null --framing lines",
        "--slow 5",
        "--slow 5%@0",
        "--slow 5%@fast",
        "--mute 5",
        "--pid 0",
        "--pid x",
        "--source 1.2.3.x",
        "--seed x",
        "a b",
        "host:0",
        "host:99999",
        "host:x",
        "[::1",
        "[::1]x",
        "compare",
        "compare a",
        "compare a b c",
        "--quiet=1",
        "--churn 0",
        "--timeout 0",
        "--json - --html -",
        "--json - --hgrm -",
        "--html x --hgrm x",
        "--source 127.0.0.1 [::1]:80",
        "--source 192.0.2.1",
        "--source 127.0.0.2,::1",
        "--fail-if worse",
        "--versus :1 --fail-if",
        "--versus :1 --fail-if bad",
        "--versus :1 --fail-if worse,",
        "--port 0",
        "--port x",
        "-p 80 127.0.0.1:81",
        "-H 127.0.0.1 127.0.0.2",
        "-H 127.0.0.1:x",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct config c;
        error[0] = '\0';
        cr_expect_eq(parse(&c, bad[i]), OPTIONS_BAD, "%s", bad[i]);
        cr_expect(strlen(error) > 5 && strchr(error, '\n') == NULL, "%s: %s", bad[i], error);
    }
}

Test(options, everything_at_once)
{
    struct config c;
    cr_assert_eq(
        parse(&c, "-r 5k -c 1k -P 4 -d 2m -w 5s -s 42 --arrivals poisson --churn 100 --connect-rate 50 --timeout 1s "
                  "--drain 2s -q chess --verify --slow 5%@2KiB/s --mute 1% --slowloris 2% --reset 1% --half-close 5% "
                  "--slo p99<5ms,rate>99% --source 127.0.0.2,127.0.0.3 --quiet localhost:99"),
        OPTIONS_RUN, "%s", error);
    cr_expect(c.open_loop && c.rate.poisson && c.verify && c.quiet && c.has_slo);
    cr_expect_eq(c.clients, 1000);
    cr_expect_eq(c.depth, 4);
    cr_expect_eq(c.rogues[ROGUE_SLOW], 50);
    cr_expect_eq(c.rogues[ROGUE_MUTE], 10);
    cr_expect_eq(c.slow_bytes_per_s, 2048);
    cr_expect_eq(c.sources, 2);
    cr_expect_eq(c.rate.seed, 42);
    options_free(&c);
}

Test(options, a_share_of_few_is_at_least_one)
{
    struct config c;
    cr_assert_eq(parse(&c, "--clients 10 --mute 1%"), OPTIONS_RUN);
    cr_expect_eq(c.rogues[ROGUE_MUTE], 1);
    options_free(&c);
}

Test(options, help_fits_three_screens)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    options_help(out);
    fclose(out);
    unsigned lines = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        cr_expect_leq(strlen(line), 80, "%s", line);
        lines++;
    }
    cr_expect_leq(lines, 72);
    free(text);
}
