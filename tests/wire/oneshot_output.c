/* One-shot use and what takes its output: readers of every speed, ends that do not block, devices that are full. */
#include "wire.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(oneshot_output, .timeout = TEST_TIMEOUT_S);

/* ---- readers ---- */

/* A pipe that holds a page, or a pair of stream sockets that hold little more. */
static void open_way(int ends[2], bool sockets)
{
    int little = 4096;
    if (sockets) {
        cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        cr_assert(setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &little, sizeof little) == 0);
    } else {
        cr_assert(pipe2(ends, O_CLOEXEC) == 0);
        cr_assert(fcntl(ends[1], F_SETPIPE_SZ, little) >= 0);
    }
}

/* Reads to the end, so many bytes at a time. */
static void read_slowly(int fd, size_t step, struct bytes *into)
{
    static char chunk[1 << 17];
    ssize_t got;
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        cr_assert(poll(&ready, 1, GUARD_MS) == 1, "nothing comes");
        got = read(fd, chunk, step);
        if (got <= 0)
            break;
        bytes_append(into, chunk, (size_t)got);
    }
}

static void expect_all(const char *const *args, size_t step, bool sockets, const struct bytes *wanted)
{
    int ends[2];
    struct bytes out = {0};
    open_way(ends, sockets);
    cr_assert(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
    pid_t pid = program_spawn(args, (const int[3]){FD_NULL, ends[1], FD_NULL}, NULL);
    close(ends[1]);
    read_slowly(ends[0], step, &out);
    cr_assert_eq(program_wait(pid), 0, "%s by %zu bytes: exit status", args[0], step);
    cr_assert(out.len == wanted->len && memcmp(out.bytes, wanted->bytes, out.len) == 0,
              "%s by %zu bytes through a %s: %zu bytes of %zu", args[0], step, sockets ? "socket" : "pipe", out.len,
              wanted->len);
    close(ends[0]);
    bytes_free(&out);
}

static void expect_by_steps(const char *const *args, const size_t *steps, size_t count)
{
    struct outcome o;
    program_run(&o, NULL, 0, args);
    cr_assert_eq(o.status, 0);
    for (size_t i = 0; i < count; i++) {
        expect_all(args, steps[i], false, &o.out);
        expect_all(args, steps[i], true, &o.out);
    }
    outcome_free(&o);
}

Test(oneshot_output, four_megabytes_by_steps)
{
    static const size_t steps[] = {512, 4096, 65537};
    expect_by_steps((const char *const[]){"cjk", NULL}, steps, 3);
}

Test(oneshot_output, other_answers_by_steps)
{
    static const size_t steps[] = {1, 7, 512, 4096, 65537};
    expect_by_steps((const char *const[]){"cat", "face", NULL}, steps, 5);
    expect_by_steps((const char *const[]){"mathematical", NULL}, steps, 5);
    expect_by_steps((const char *const[]){"--format=chars", "greek", NULL}, steps, 5);
    expect_by_steps((const char *const[]){"--format=json", "--list=blocks", NULL}, steps, 5);
    expect_by_steps((const char *const[]){"--info=265A", NULL}, steps, 5);
    expect_by_steps((const char *const[]){"--help", NULL}, steps, 5);
    expect_by_steps((const char *const[]){"--version", NULL}, steps, 5);
}

/* ---- what takes nothing ---- */

/* Runs it with this for stdout, and keeps what it says on stderr. */
static int run_into(struct bytes *said, int out, const char *const *args)
{
    int err = file_with("", 0);
    int status = program_wait(program_spawn(args, (const int[3]){FD_NULL, out, err}, NULL));
    *said = (struct bytes){0};
    lseek(err, 0, SEEK_SET);
    fd_read_all(err, said);
    bytes_append(said, "", 0);
    close(err);
    return status;
}

static const char *const some_answers[][4] = {
    {"weary", NULL},
    {"cjk", NULL},
    {"--format=json", "--info=a", NULL},
    {"--list=blocks", NULL},
    {"--count", "cjk", NULL},
    {"--words=*a*", NULL},
    {"--explain=abc", NULL},
    {"--help", NULL},
    {"--format=chars", "cat"},
    {"--version", NULL},
};
#define ANSWERS (sizeof some_answers / sizeof *some_answers)

Test(oneshot_output, a_full_device)
{
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    cr_assert(full >= 0);
    for (size_t i = 0; i < ANSWERS; i++) {
        struct bytes said;
        cr_expect_eq(run_into(&said, full, some_answers[i]), 3, "%s", some_answers[i][0]);
        cr_expect(find(&said, "cannot write the answer: No space left on device\n"), "%s: \"%s\"", some_answers[i][0],
                  said.bytes);
        bytes_free(&said);
    }
    close(full);
}

Test(oneshot_output, closed)
{
    for (size_t i = 0; i < ANSWERS; i++) {
        struct bytes said;
        cr_expect_eq(run_into(&said, FD_CLOSED, some_answers[i]), 3, "%s", some_answers[i][0]);
        cr_expect(find(&said, "cannot write the answer: "), "%s: \"%s\"", some_answers[i][0], said.bytes);
        bytes_free(&said);
    }
}

/* A reader that had enough ("| head -1") is not worth a word. */
Test(oneshot_output, a_reader_that_is_gone)
{
    for (size_t i = 0; i < ANSWERS; i++) {
        int ends[2];
        struct bytes said;
        cr_assert(pipe2(ends, O_CLOEXEC) == 0);
        close(ends[0]);
        cr_expect_eq(run_into(&said, ends[1], some_answers[i]), 3, "%s", some_answers[i][0]);
        cr_expect_eq(said.len, 0, "%s: \"%s\"", some_answers[i][0], said.bytes);
        close(ends[1]);
        bytes_free(&said);
    }
}

Test(oneshot_output, a_reader_that_goes)
{
    int ends[2], err = file_with("", 0);
    char some[100];
    struct bytes said = {0};
    cr_assert(pipe2(ends, O_CLOEXEC) == 0);
    pid_t pid = program_spawn((const char *const[]){"cjk", NULL}, (const int[3]){FD_NULL, ends[1], err}, NULL);
    close(ends[1]);
    cr_assert(read(ends[0], some, sizeof some) > 0);
    close(ends[0]);
    cr_expect_eq(program_wait(pid), 3);
    lseek(err, 0, SEEK_SET);
    fd_read_all(err, &said);
    cr_expect_eq(said.len, 0, "\"%s\"", said.bytes);
    close(err);
    bytes_free(&said);
}

/* ---- a terminal ---- */

/* What it prints on a terminal, with CR LF as terminals have it; stderr apart. */
static int run_on_terminal(struct outcome *o, const char *const *args)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), err = file_with("", 0);
    cr_assert(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    cr_assert(slave >= 0);
    *o = (struct outcome){0};
    pid_t pid = program_spawn(args, (const int[3]){FD_NULL, slave, err}, NULL);
    close(slave);
    fd_read_all(master, &o->out); /* EIO is the end */
    o->status = program_wait(pid);
    lseek(err, 0, SEEK_SET);
    fd_read_all(err, &o->err);
    bytes_append(&o->out, "", 0);
    bytes_append(&o->err, "", 0);
    close(master);
    close(err);
    return o->status;
}

static void expect_on_terminal(const char *const *args, int status, const char *out, const char *err)
{
    struct outcome o;
    cr_expect_eq(run_on_terminal(&o, args), status, "%s: %d", args[0], o.status);
    cr_expect_str_eq(o.out.bytes, out, "\"%s\"", escaped(o.out.bytes, o.out.len));
    cr_expect_str_eq(o.err.bytes, err, "\"%s\"", escaped(o.err.bytes, o.err.len));
    outcome_free(&o);
}

Test(oneshot_output, a_terminal)
{
    expect_on_terminal((const char *const[]){"U+202E", NULL}, 0,
                       "U+202E\t(RLO)\tRIGHT-TO-LEFT OVERRIDE\r\n" RULE " 1 found\r\n", "");
    expect_on_terminal((const char *const[]){"--display=raw", "U+0301", NULL}, 0,
                       "U+0301\t\u0301\tCOMBINING ACUTE ACCENT\r\n" RULE " 1 found\r\n", "");
    expect_on_terminal((const char *const[]){"U+E000", NULL}, 1, "# U+E000: private use\r\n" RULE " 0 found\r\n", "");
    expect_on_terminal((const char *const[]){"--format=tsv", "U+265A", NULL}, 0,
                       "U+265A\t\u265A\tBLACK CHESS KING\t\r\n# 1 found\r\n", "");
    expect_on_terminal((const char *const[]){"--format=chars", "U+265A", NULL}, 0, "\u265A\r\n", "# 1 found\n");
    expect_on_terminal((const char *const[]){"--format=codes", "U+E000", NULL}, 1, "",
                       "# U+E000: private use\n# 0 found\n");
}
