/* --stdio: one session on stdin and stdout, whatever these are. */
#include "telnet.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(stdio, .timeout = TEST_TIMEOUT_S);

static const char *const STDIO[] = {"--stdio", NULL};

static void expect_text(const struct bytes *got, const char *expected)
{
    cr_assert(got->len == strlen(expected) && memcmp(got->bytes, expected, got->len) == 0,
              "expected \"%s\", got \"%s\"", escaped(expected, strlen(expected)), escaped(got->bytes, got->len));
}

static char session[4096];

/* What the session "cat face, blank, weary cat face without a line end" says. */
static const char *usual_session(void)
{
    snprintf(session, sizeof session, PROMPT "%s" PROMPT PROMPT "%s" PROMPT, CAT_FACE, WEARY_CAT);
    return session;
}
static const char REQUESTS[] = "cat face\n\r\nweary cat face";

Test(stdio, pipes)
{
    struct outcome o;
    program_run(&o, REQUESTS, strlen(REQUESTS), STDIO);
    cr_assert_eq(o.status, 0);
    expect_text(&o.out, usual_session());
    cr_assert_str_empty(o.err.bytes);
    outcome_free(&o);
}

/* What editors put in front of a file is no part of its first question. */
Test(stdio, byte_order_mark)
{
    struct outcome o;
    program_run(&o,
                "\xef\xbb\xbf"
                "weary cat face\n",
                18, STDIO);
    cr_assert_eq(o.status, 0);
    snprintf(session, sizeof session, PROMPT "%s" PROMPT, WEARY_CAT);
    expect_text(&o.out, session);
    outcome_free(&o);
}

Test(stdio, no_input)
{
    struct outcome o;
    program_run(&o, NULL, 0, STDIO); /* /dev/null */
    cr_assert_eq(o.status, 0);
    expect_text(&o.out, PROMPT);
    outcome_free(&o);
    program_run(&o, "", 0, STDIO); /* an empty pipe */
    expect_text(&o.out, PROMPT);
    outcome_free(&o);
}

Test(stdio, classic)
{
    struct outcome o;
    program_run(&o, "weary cat face\n\x03\ncat face\n", 27, (const char *const[]){"--stdio", "--classic", NULL});
    cr_assert_eq(o.status, 0);
    snprintf(session, sizeof session, PROMPT "%s" PROMPT, WEARY_CAT);
    expect_text(&o.out, session);
    outcome_free(&o);
}

/* Regular files, which epoll refuses. */
Test(stdio, files)
{
    int in = file_with(REQUESTS, strlen(REQUESTS)), out = file_with("", 0);
    struct bytes got = {0};
    cr_assert_eq(program_wait(program_spawn(STDIO, (const int[3]){in, out, FD_NULL}, NULL)), 0);
    lseek(out, 0, SEEK_SET);
    fd_read_all(out, &got);
    expect_text(&got, usual_session());
    bytes_free(&got);
    close(in);
    close(out);
}

Test(stdio, megabytes_from_a_file_into_a_file)
{
    struct bytes requests = {0}, got = {0};
    for (int i = 0; i < 5; i++)
        bytes_add(&requests, "cjk\nweary cat face\n");
    int in = file_with(requests.bytes, requests.len), out = file_with("", 0);
    cr_assert_eq(program_wait(program_spawn(STDIO, (const int[3]){in, out, FD_NULL}, NULL)), 0);
    lseek(out, 0, SEEK_SET);
    fd_read_all(out, &got);
    cr_assert_eq(bytes_count(&got, RULE " 98263 found\r\n" PROMPT), 5);
    cr_assert_eq(bytes_count(&got, RULE " 1 found\r\n" PROMPT), 5);
    bytes_free(&requests);
    bytes_free(&got);
    close(in);
    close(out);
}

/* What inetd and socat hand over: one socket, both ways. */
Test(stdio, a_socket)
{
    int ends[2];
    struct client c = {0};
    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    pid_t pid = program_spawn(STDIO, (const int[3]){ends[1], ends[1], FD_NULL}, NULL);
    close(ends[1]);
    c.fd = ends[0];
    expect(&c, PROMPT);
    client_say(&c, REQUESTS);
    client_shut(&c);
    expect(&c, usual_session() + strlen(PROMPT));
    expect_end(&c);
    cr_assert_eq(program_wait(pid), 0);
    client_close(&c);
}

/* Telnet works there too. */
Test(stdio, telnet_on_a_socket)
{
    int ends[2];
    struct client c = {0};
    struct telnet_round round;
    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    pid_t pid = program_spawn(STDIO, (const int[3]){ends[1], ends[1], FD_NULL}, NULL);
    close(ends[1]);
    c.fd = ends[0];
    expect(&c, PROMPT);
    CONVERSE(&c, IAC WILL BINARY IAC DO BINARY IAC DO "\30", &round);
    cr_assert(find(&round.commands, "WONT 24;"));
    telnet_round_free(&round);
    SAY(&c, IAC TELNET_EOF);
    expect_end(&c);
    cr_assert_eq(program_wait(pid), 0);
    client_close(&c);
}

/* The answer comes when the request does, not when a buffer is full. */
Test(stdio, answers_at_once)
{
    int in[2], out[2];
    char byte;
    struct bytes got = {0};
    cr_assert(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
    pid_t pid = program_spawn(STDIO, (const int[3]){in[0], out[1], FD_NULL}, NULL);
    close(in[0]);
    close(out[1]);
    for (int i = 0; i < 3; i++) {
        cr_assert(write(in[1], "weary cat face\n", 15) == 15);
        do {
            cr_assert(read(out[0], &byte, 1) == 1);
            bytes_append(&got, &byte, 1);
        } while (bytes_count(&got, FOUND("1") PROMPT) <= (size_t)i);
    }
    close(in[1]);
    cr_assert_eq(program_wait(pid), 0);
    close(out[0]);
    bytes_free(&got);
}

static int status_of(int in, int out)
{
    return program_wait(program_spawn(STDIO, (const int[3]){in, out, FD_NULL}, NULL));
}

Test(stdio, output_that_cannot_be_written_is_no_success)
{
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC), ends[2];
    int in = file_with(REQUESTS, strlen(REQUESTS));
    cr_assert(full >= 0 && pipe2(ends, O_CLOEXEC) == 0);
    close(ends[0]);
    cr_assert_neq(status_of(in, full), 0);
    lseek(in, 0, SEEK_SET);
    cr_assert(status_of(in, ends[1]) < 128, "died of SIGPIPE");
    close(in);
    close(full);
    close(ends[1]);
}

/* Closed descriptors are opened on /dev/null: no input, and output into nothing; it ends. */
Test(stdio, closed_descriptors)
{
    cr_assert(status_of(FD_CLOSED, FD_NULL) < 128);
    int in = file_with(REQUESTS, strlen(REQUESTS));
    cr_assert(status_of(in, FD_CLOSED) < 128);
    cr_assert(status_of(FD_CLOSED, FD_CLOSED) < 128);
    close(in);
}

/* Descriptors are shared with the shell: their blocking mode is as it was. */
Test(stdio, leaves_the_blocking_mode_alone)
{
    int in = file_with(REQUESTS, strlen(REQUESTS)), ends[2];
    cr_assert(pipe2(ends, O_CLOEXEC) == 0);
    fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    cr_assert_eq(status_of(in, ends[1]), 0);
    cr_assert_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
    close(in);
    close(ends[0]);
    close(ends[1]);
}
