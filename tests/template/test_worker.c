/* The example "worker": the loop goes on while a thread is blocked, and results come back. */
#include "drive.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(example_worker, .timeout = 30);

Test(example_worker, the_loop_goes_on_while_a_thread_is_blocked)
{
    char dir[] = "/tmp/worker-XXXXXX", pipe_path[64], expected[128];
    cr_assert_not_null(mkdtemp(dir));
    snprintf(pipe_path, sizeof pipe_path, "%s/pipe", dir);
    cr_assert_eq(mkfifo(pipe_path, 0600), 0);
    const char *const args[] = {pipe_path, "/nonexistent", NULL};
    struct program p = program_start("worker", args);
    cr_expect_str_eq(program_line(&p), "waiting for 2");
    int fd = open(pipe_path, O_WRONLY);
    cr_expect_str_eq(program_line(&p), "waiting for 2");
    cr_assert_eq(write(fd, "hello", 5), 5);
    close(fd);
    snprintf(expected, sizeof expected, "5 %s", pipe_path);
    const char *line;
    while (strncmp(line = program_line(&p), "waiting ", 8) == 0)
        ;
    cr_expect_str_eq(line, expected);
    while (strncmp(line = program_line(&p), "waiting ", 8) == 0)
        ;
    cr_expect_str_eq(line, "-1 /nonexistent");
    cr_expect_eq(program_end(&p), 0);
    unlink(pipe_path);
    rmdir(dir);
}
