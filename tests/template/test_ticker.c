/* The example "ticker": counts its ticks, and a signal ends it cleanly. */
#include "drive.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

TestSuite(example_ticker, .timeout = 30);

Test(example_ticker, counts_and_stops)
{
    static const char *const args[] = {"5", "3", NULL};
    struct program p = program_start("ticker", args);
    cr_expect_str_eq(program_line(&p), "tick 1");
    cr_expect_str_eq(program_line(&p), "tick 2");
    cr_expect_str_eq(program_line(&p), "tick 3");
    cr_expect_eq(strncmp(program_line(&p), "stopped after 3 ticks", 21), 0);
    cr_expect_eq(program_end(&p), 0);
}

Test(example_ticker, sigterm_stops_it)
{
    static const char *const args[] = {"5", NULL};
    struct program p = program_start("ticker", args);
    cr_expect_str_eq(program_line(&p), "tick 1");
    kill(p.pid, SIGTERM);
    const char *line;
    do
        line = program_line(&p);
    while (strncmp(line, "tick ", 5) == 0);
    cr_expect_eq(strncmp(line, "stopped after ", 14), 0);
    cr_expect_eq(program_end(&p), 0);
}
