/* The example "jobs": N at a time, no more and no less, and every end is reported. */
#include "drive.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(example_jobs, .timeout = 30);

Test(example_jobs, one_at_a_time_in_order)
{
    static const char *const args[] = {"1", "echo a", "echo b", "exit 3", "kill -9 $$", NULL};
    struct program p = program_start("jobs", args);
    cr_expect_str_eq(program_line(&p), "a");
    cr_expect_str_eq(program_line(&p), "echo a: exit 0");
    cr_expect_str_eq(program_line(&p), "b");
    cr_expect_str_eq(program_line(&p), "echo b: exit 0");
    cr_expect_str_eq(program_line(&p), "exit 3: exit 3");
    cr_expect_str_eq(program_line(&p), "kill -9 $$: signal 9");
    cr_expect_str_eq(program_line(&p), "");
    cr_expect_eq(program_end(&p), 0);
}

/* Each of two jobs waits for the other; the third may start only when one of them has ended. */
Test(example_jobs, two_at_a_time)
{
    char dir[] = "/tmp/jobs-XXXXXX", first[128], second[128], third[128];
    cr_assert_not_null(mkdtemp(dir));
    snprintf(first, sizeof first, "%s/pipe", dir);
    cr_assert_eq(mkfifo(first, 0600), 0);
    snprintf(first, sizeof first, "echo meet >%s/pipe; : first", dir);
    snprintf(second, sizeof second, "cat %s/pipe; : second", dir);
    snprintf(third, sizeof third, "rm -r %s", dir);
    const char *const args[] = {"2", first, second, third, NULL};
    struct program p = program_start("jobs", args);
    bool met = false;
    for (int i = 0; i < 4; i++) { /* what the second prints, and three reports */
        const char *line = program_line(&p);
        cr_expect_neq(*line, '\0');
        met = met || strcmp(line, "meet") == 0;
    }
    cr_expect(met);
    cr_expect_eq(program_end(&p), 0);
    cr_expect_neq(access(dir, F_OK), 0, "the third has run");
}

Test(example_jobs, says_how_it_is_used)
{
    static const char *const args[] = {"0", "true", NULL};
    struct program p = program_start("jobs", args);
    cr_expect_neq(*program_line(&p), '\0');
    cr_expect_eq(program_end(&p), 2);
}
