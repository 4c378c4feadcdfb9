/* The log: escaped, cut, rationed, and nothing the service depends on. */
#include "wire.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

TestSuite(log, .timeout = TEST_TIMEOUT_S);

static void expect_served(const struct server *s)
{
    struct client c;
    client_greeted(&c, s);
    client_say(&c, "weary cat face\n");
    expect(&c, WEARY_CAT);
    expect(&c, PROMPT);
    client_close(&c);
}

static void expect_printable_lines(const struct bytes *log, size_t longest)
{
    size_t column = 0;
    for (size_t i = 0; i < log->len; i++) {
        char byte = log->bytes[i];
        cr_assert(byte == '\n' || (byte >= ' ' && byte < 0x7F), "byte 0x%02X in \"%s\"", (unsigned)(unsigned char)byte,
                  escaped(log->bytes, log->len));
        column = byte == '\n' ? 0 : column + 1;
        cr_assert(column <= longest, "a line of more than %zu bytes", longest);
    }
    cr_assert_eq(column, 0, "the last line is not ended");
}

/* Whatever a client sends, the log stays one event a line, in printable ASCII; what was sent is cut at 1 KiB. */
Test(log, what_clients_send_is_escaped_and_cut)
{
    static const char nasty[] = "evil \x1b[31m \xfe\x80 \x07\x08 2026-01-01 error: forged\r fake\n";
    static char big[4000];
    struct server s;
    struct client c;
    SERVE(&s, "--log-level", "debug");
    client_greeted(&c, &s);
    client_send(&c, nasty, sizeof nasty - 1);
    await(&c, "\r\n" PROMPT);
    memset(big, '\x1b', sizeof big);
    big[0] = big[1] = 'q'; /* a word, though no name has it */
    big[sizeof big - 1] = '\n';
    client_send(&c, big, sizeof big);
    await(&c, " 0 found\r\n" PROMPT);
    c.got.len = 0;
    client_say(&c, "marker face\n");
    await(&c, " 0 found\r\n" PROMPT);
    client_close(&c);
    server_signal(&s, SIGTERM);
    cr_assert_eq(server_wait(&s), 0);
    expect_printable_lines(&s.log, 1024 + 200);
    cr_assert(find(&s.log, "marker face"), "requests are not logged at this level: \"%s\"", s.log.bytes);
    const char *evil = find(&s.log, "evil");
    cr_assert(evil == NULL || (evil > s.log.bytes && evil[-1] != '\n'));
    cr_assert(!find(&s.log, "\nfake") && !find(&s.log, "\nqq"));
    bytes_free(&s.log);
}

/* At most twenty lines a second of one kind, then how many were left out. */
Test(log, a_flood_is_rationed)
{
    enum {
        REQUESTS = 1000
    };
    struct server s;
    struct client c;
    SERVE(&s, "--log-level", "debug");
    client_greeted(&c, &s);
    for (int i = 0; i < REQUESTS; i++)
        client_say(&c, "flooding the log\n");
    for (int i = 0; i < REQUESTS; i++) {
        char *end = await(&c, "found\r\n" PROMPT);
        bytes_drop_front(&c.got, (size_t)(end - c.got.bytes) + strlen("found\r\n" PROMPT));
    }
    client_close(&c);
    server_signal(&s, SIGTERM);
    cr_assert_eq(server_wait(&s), 0);
    size_t lines = bytes_count(&s.log, "flooding the log");
    cr_assert(lines >= 1 && lines < REQUESTS / 2, "%zu lines of %d", lines, REQUESTS);
    /* Those left out are counted. */
    size_t left_out = 0;
    for (const char *at = s.log.bytes; (at = strstr(at, " more lines of kind \"")) != NULL; at++) {
        const char *number = at;
        while (number > s.log.bytes && number[-1] >= '0' && number[-1] <= '9')
            number--;
        left_out += strtoul(number, NULL, 10);
    }
    cr_assert_gt(left_out, REQUESTS / 2, "%zu are said to be left out: \"%s\"", left_out,
                 escaped(s.log.bytes, s.log.len));
    bytes_free(&s.log);
}

/* Standard error is a pipe that is full and that nobody reads: serving goes on, and stopping works. */
Test(log, a_full_pipe_does_not_stop_the_service)
{
    static char filler[1 << 16];
    int log[2];
    struct server s = {0};
    cr_assert(pipe2(log, O_CLOEXEC) == 0);
    fcntl(log[1], F_SETPIPE_SZ, 4096);
    fcntl(log[0], F_SETFL, O_NONBLOCK);
    s.log_fd = log[0];
    s.pid = program_spawn((const char *const[]){"--port", "0", "--log-level", "debug", NULL},
                          (const int[3]){FD_NULL, FD_NULL, log[1]}, NULL);
    server_await_log(&s, "listening on 127.0.0.1:", 0);
    s.port = (in_port_t)strtoul(strstr(s.log.bytes, "127.0.0.1:") + 10, NULL, 10);
    /* Filled through a description of its own, so that the server's stays as it is. */
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", log[1]);
    int fill = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    while (write(fill, filler, sizeof filler) > 0)
        ;
    for (int i = 0; i < 100; i++)
        expect_served(&s);
    cr_assert(kill(s.pid, SIGTERM) == 0);
    cr_assert_eq(program_wait(s.pid), 0);
    close(fill);
    close(log[0]);
    close(log[1]);
    bytes_free(&s.log);
}

Test(log, a_broken_pipe_does_not_stop_the_service)
{
    struct server s;
    SERVE(&s, "--log-level", "debug");
    close(s.log_fd);
    for (int i = 0; i < 20; i++)
        expect_served(&s);
    s.log_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    server_stop(&s);
}

/* A free port, for programs that have no way to tell theirs. */
static in_port_t free_port(void)
{
    struct server s;
    SERVE_PLAIN(&s);
    server_stop(&s);
    return s.port;
}

/* Tries until someone listens there. */
static void await_service(const struct server *s)
{
    int fd = -1, connected = -1;
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(s->port)};
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int waited_ms = 0; connected != 0 && waited_ms < GUARD_MS; waited_ms += 5) {
        fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        connected = connect(fd, (struct sockaddr *)&addr, sizeof addr);
        close(fd);
        if (connected != 0)
            usleep(5000);
    }
    cr_assert_eq(connected, 0, "nobody listens");
}

static void serve_with(const int fds[3])
{
    struct server s = {.port = free_port()};
    char port[8], path[64], target[64] = "";
    snprintf(port, sizeof port, "%d", s.port);
    s.pid = program_spawn((const char *const[]){"--port", port, "--log-level", "debug", NULL}, fds, NULL);
    await_service(&s);
    for (int i = 0; i < 50; i++)
        expect_served(&s);
    for (int fd = 0; fd < 3; fd++) {
        if (fds[fd] != FD_CLOSED)
            continue;
        snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)s.pid, fd);
        cr_assert(readlink(path, target, sizeof target - 1) > 0, "descriptor %d is closed", fd);
        cr_assert_str_eq(target, "/dev/null", "descriptor %d", fd);
    }
    cr_assert(kill(s.pid, SIGTERM) == 0);
    cr_assert_eq(program_wait(s.pid), 0);
}

Test(log, a_full_device_does_not_stop_the_service)
{
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    serve_with((const int[3]){FD_NULL, FD_NULL, full});
    close(full);
}

/* A server without standard descriptors does not write its log to a client. */
Test(log, descriptors_closed_at_start_are_opened_on_null)
{
    serve_with((const int[3]){FD_CLOSED, FD_CLOSED, FD_CLOSED});
    serve_with((const int[3]){FD_CLOSED, FD_NULL, FD_NULL});
    serve_with((const int[3]){FD_NULL, FD_CLOSED, FD_CLOSED});
}

/* Nothing goes to standard output while serving. */
Test(log, nothing_on_stdout)
{
    int out = file_with("", 0);
    struct server s = {.port = free_port()};
    char port[8];
    snprintf(port, sizeof port, "%d", s.port);
    s.pid = program_spawn((const char *const[]){"--port", port, "--log-level=debug", NULL},
                          (const int[3]){FD_NULL, out, FD_NULL}, NULL);
    await_service(&s);
    expect_served(&s);
    cr_assert(kill(s.pid, SIGUSR1) == 0);
    expect_served(&s);
    cr_assert(kill(s.pid, SIGTERM) == 0);
    cr_assert_eq(program_wait(s.pid), 0);
    cr_assert_eq(lseek(out, 0, SEEK_END), 0);
    close(out);
}

/* The pipe is full and its writers do not block when the server starts: its address is told all the same once
 * somebody reads, though it serves before that. */
Test(log, the_address_is_told_to_a_late_reader)
{
    static char filler[1 << 16];
    int log[2];
    struct server s = {.port = free_port()};
    char port[8];
    snprintf(port, sizeof port, "%d", s.port);
    cr_assert(pipe2(log, O_CLOEXEC | O_NONBLOCK) == 0);
    while (write(log[1], filler, sizeof filler) > 0)
        ;
    while (write(log[1], filler, 1) > 0)
        ;
    s.log_fd = log[0];
    s.pid = program_spawn((const char *const[]){"--port", port, "--log-level", "error", NULL},
                          (const int[3]){FD_NULL, FD_NULL, log[1]}, NULL);
    await_service(&s);
    expect_served(&s);
    server_await_log(&s, "mojifinder: listening on 127.0.0.1:", 0);
    close(log[1]);
    bytes_drop_front(&s.log, (size_t)(find(&s.log, "mojifinder") - s.log.bytes));
    server_await_log(&s, "\n", 0);
    expect_printable_lines(&s.log, 200);
    server_stop(&s);
}

static void small_files(void)
{
    const struct rlimit limit = {.rlim_cur = 64, .rlim_max = 64};
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* Standard error is a file that may grow no further: neither the failed write nor SIGXFSZ ends the service. */
Test(log, a_file_at_its_limit_does_not_stop_the_service)
{
    int file = file_with("", 0);
    struct server s = {.port = free_port()};
    char port[8];
    snprintf(port, sizeof port, "%d", s.port);
    s.pid = program_spawn((const char *const[]){"--port", port, "--log-level", "debug", NULL},
                          (const int[3]){FD_NULL, FD_NULL, file}, small_files);
    await_service(&s);
    for (int i = 0; i < 10; i++)
        expect_served(&s);
    cr_assert(kill(s.pid, SIGTERM) == 0);
    cr_assert_eq(program_wait(s.pid), 0);
    cr_assert_eq(lseek(file, 0, SEEK_END), 64);
    close(file);
}

/* A terminal that nobody reads takes part of a line and then no more. */
Test(log, a_terminal_nobody_reads_does_not_stop_the_service)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
        cr_skip_test("no pseudo-terminal here");
    int terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    cr_assert_geq(terminal, 0);
    struct server s = {.port = free_port()};
    char port[8];
    snprintf(port, sizeof port, "%d", s.port);
    s.pid = program_spawn((const char *const[]){"--port", port, "--log-level", "debug", NULL},
                          (const int[3]){FD_NULL, FD_NULL, terminal}, NULL);
    await_service(&s);
    for (int i = 0; i < 300; i++) {
        struct client c;
        client_greeted(&c, &s);
        for (int line = 0; line < 3; line++) {
            client_say(&c, "a line as long as a line in the log may be so that it fills up the terminal soon "
                           "a line as long as a line in the log may be so that it fills up the terminal soon\n");
            await(&c, " 0 found\r\n" PROMPT);
            c.got.len = 0;
        }
        client_close(&c);
        server_signal(&s, SIGUSR1); /* a line of some 700 bytes */
    }
    cr_assert(kill(s.pid, SIGTERM) == 0);
    cr_assert_eq(program_wait(s.pid), 0);
    close(terminal);
    close(master);
}
