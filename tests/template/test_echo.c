/* The example "echo": everything comes back, one who does not read harms nobody, and it ends cleanly. */
#include "drive.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const no_args[] = {NULL};

TestSuite(example_echo, .timeout = 30);

Test(example_echo, a_megabyte_comes_back_and_then_the_end)
{
    enum {
        BYTES = 1 << 20
    };
    struct program p = program_start("echo", no_args);
    int fd = connect_to(program_port(&p));
    char *sent = malloc(BYTES), *back = malloc(BYTES + 1);
    for (int i = 0; i < BYTES; i++)
        sent[i] = (char)(i * 7 + i / 251);
    if (fork() == 0) {
        send_all(fd, sent, BYTES);
        shutdown(fd, SHUT_WR);
        _exit(0);
    }
    cr_expect_eq(read_full(fd, back, BYTES + 1), (size_t)BYTES);
    cr_expect_eq(memcmp(sent, back, BYTES), 0);
    close(fd);
    kill(p.pid, SIGTERM);
    cr_expect_eq(program_end(&p), 0);
    free(sent);
    free(back);
}

Test(example_echo, one_who_does_not_read_harms_nobody)
{
    static char flood[65536];
    struct program p = program_start("echo", no_args);
    int port = program_port(&p), deaf = connect_to(port), other = connect_to(port);
    while (send(deaf, flood, sizeof flood, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
        ;
    cr_expect_eq(errno, EAGAIN);
    send_all(other, "hello", 5);
    cr_expect(hears(other, "hello"));
    kill(p.pid, SIGKILL);
    cr_expect_eq(program_end(&p), 128 + SIGKILL);
}

Test(example_echo, sigterm_ends_it_with_a_client_connected)
{
    struct program p = program_start("echo", no_args);
    int fd = connect_to(program_port(&p));
    char byte;
    send_all(fd, "hello", 5);
    cr_expect(hears(fd, "hello"));
    kill(p.pid, SIGTERM);
    cr_expect_eq(read_full(fd, &byte, 1), (size_t)0);
    close(fd);
    cr_expect_eq(program_end(&p), 0);
}
