/* Conns on descriptors that are no sockets, on the real system: pipes,
 * regular files, /dev/null, a terminal; and nobody else finds O_NONBLOCK set.
 */
#include "reactor/conn.h"
#include "reactor/sys.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    BYTES = 300000
};

static struct reactor *r;
static struct conn c;
static enum conn_reason why;
static int why_err;
static bool closed;

/* Copies its input to its output. */
static enum conn_next serve(struct conn *conn)
{
    size_t len, room = conn_room(conn);
    const char *text = conn_input(conn, &len);
    size_t n = len < room ? len : room;
    if (n > 0 && conn_write(conn, text, n))
        conn_consume(conn, n);
    if (n < len)
        return CONN_MORE;
    return conn_input_ended(conn) ? CONN_FINISH : CONN_WAIT;
}

static void on_closed(struct conn *conn, enum conn_reason reason, int err)
{
    (void)conn;
    closed = true;
    why = reason;
    why_err = err;
}

static const struct conn_ops ops = {.name = "copy", .serve = serve, .closed = on_closed};
static const struct conn_limits limits = {.input_max_bytes = 5000, .idle_timeout_ns = 20000000000u};

static void start(int in, int out)
{
    signal(SIGPIPE, SIG_IGN);
    closed = false;
    r = reactor_new(NULL);
    cr_assert_not_null(r);
    cr_assert_eq(conn_start_pair(&c, r, &ops, &limits, in, out), 0, "%s", strerror(errno));
}

static void run(void)
{
    cr_assert_eq(reactor_run(r), 0);
    cr_assert(closed);
    reactor_free(r);
}

static bool nonblocking(int fd)
{
    return fcntl(fd, F_GETFL) & O_NONBLOCK;
}

static char *pattern(void)
{
    static char bytes[BYTES];
    for (size_t i = 0; i < BYTES; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    return bytes;
}

/* A file without a name that holds the pattern, at its beginning. */
static int pattern_file(void)
{
    FILE *file = tmpfile();
    cr_assert_eq(fwrite(pattern(), 1, BYTES, file), (size_t)BYTES);
    rewind(file);
    return dup(fileno(file));
}

/* Reads to the end; true when that is the pattern. */
static bool is_pattern(int fd)
{
    char *got = malloc(BYTES + 1);
    size_t len = 0;
    ssize_t n;
    bool same;
    while ((n = read(fd, got + len, BYTES + 1 - len)) > 0)
        len += (size_t)n;
    same = len == BYTES && memcmp(got, pattern(), BYTES) == 0;
    free(got);
    return same;
}

/* Processes at the other ends, so that we can wait in reactor_run(). */
static pid_t reader(const int ends[2])
{
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[1]);
        _exit(is_pattern(ends[0]) ? 0 : 1);
    }
    close(ends[0]);
    return pid;
}

static pid_t writer(const int ends[2])
{
    pid_t pid = fork();
    if (pid == 0) {
        for (size_t at = 0; at < BYTES; at += 1000)
            if (write(ends[1], pattern() + at, 1000) != 1000)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    return pid;
}

static void expect_success(pid_t pid)
{
    int status;
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_expect_eq(status, 0);
}

Test(pair, file_to_file, .timeout = 30)
{
    int out = fileno(tmpfile());
    start(pattern_file(), dup(out));
    run();
    cr_expect_eq(why, CONN_FINISHED);
    lseek(out, 0, SEEK_SET);
    cr_expect(is_pattern(out));
}

Test(pair, file_to_pipe, .timeout = 30)
{
    int ends[2], shared;
    pid_t child;
    cr_assert_eq(pipe(ends), 0);
    shared = dup(ends[1]); /* what a parent process would still hold */
    start(pattern_file(), ends[1]);
    cr_expect_not(nonblocking(shared), "O_NONBLOCK is visible to others");
    close(shared);
    child = reader(ends);
    run();
    cr_expect_eq(why, CONN_FINISHED);
    expect_success(child);
}

Test(pair, pipe_to_pipe, .timeout = 30)
{
    int in[2], out[2];
    pid_t from, to;
    cr_assert(pipe(in) == 0);
    from = writer(in);
    cr_assert(pipe(out) == 0);
    to = reader(out);
    start(in[0], out[1]);
    run();
    cr_expect_eq(why, CONN_FINISHED);
    expect_success(from);
    expect_success(to);
}

Test(pair, reader_gone, .timeout = 30)
{
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    close(ends[0]);
    start(pattern_file(), ends[1]);
    run();
    cr_expect_eq(why, CONN_PEER_GONE);
    cr_expect_eq(why_err, EPIPE);
}

Test(pair, null_to_null, .timeout = 30)
{
    start(open("/dev/null", O_RDONLY), open("/dev/null", O_WRONLY));
    run();
    cr_expect_eq(why, CONN_FINISHED);
}

Test(pair, full_device, .timeout = 30)
{
    int full = open("/dev/full", O_WRONLY);
    cr_assert_geq(full, 0);
    start(pattern_file(), full);
    run();
    cr_expect_eq(why, CONN_FAILED);
    cr_expect_eq(why_err, ENOSPC);
}

Test(pair, one_socket_as_both, .timeout = 30)
{
    int ends[2];
    char got[20];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    start(ends[0], dup(ends[0])); /* as inetd hands them over */
    cr_assert_eq(write(ends[1], "hello", 5), 5);
    cr_assert_eq(shutdown(ends[1], SHUT_WR), 0);
    run();
    cr_expect_eq(read(ends[1], got, sizeof got), 5);
    cr_expect_eq(memcmp(got, "hello", 5), 0);
    cr_expect_eq(read(ends[1], got, sizeof got), 0);
}

Test(pair, one_number_as_both, .timeout = 30)
{
    int ends[2];
    char got[20];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    start(ends[0], ends[0]);
    cr_assert_eq(write(ends[1], "hello", 5), 5);
    cr_assert_eq(shutdown(ends[1], SHUT_WR), 0);
    run();
    cr_expect_eq(read(ends[1], got, sizeof got), 5);
}

Test(pair, terminal_line_by_line, .timeout = 30)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY), slave, shared;
    char got[100] = "";
    size_t len = 0;

    cr_assert(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    shared = dup(slave);
    start(slave, dup(slave));
    cr_expect_not(nonblocking(shared), "O_NONBLOCK is visible to others");
    /* Two lines and an end of file (Control-D): three reads. */
    cr_assert_eq(write(master, "one\ntwo\n\x04", 9), 9);
    run();
    cr_expect_eq(why, CONN_FINISHED);
    /* Echo and answers: each line twice. */
    while (len < 20) {
        ssize_t n = read(master, got + len, sizeof got - 1 - len);
        cr_assert_gt(n, 0);
        len += (size_t)n;
    }
    got[len] = '\0';
    cr_expect_not_null(strstr(got, "one\r\n"), "%s", got);
    cr_expect_not_null(strstr(got, "two\r\n"), "%s", got);
}

/* What cannot be opened a second time is asked before each call. */
static enum reactor_access always_gated(int fd)
{
    (void)fd;
    return REACTOR_ACCESS_GATED;
}

Test(pair, gated_by_poll, .timeout = 30)
{
    struct reactor_sys sys = reactor_sys_linux;
    int in[2], out[2];
    pid_t from, to;

    sys.unshare = always_gated;
    cr_assert(pipe(in) == 0);
    from = writer(in);
    cr_assert(pipe(out) == 0);
    to = reader(out);
    signal(SIGPIPE, SIG_IGN);
    closed = false;
    r = reactor_new(&(struct reactor_config){.sys = &sys});
    cr_assert_eq(conn_start_pair(&c, r, &ops, &limits, in[0], out[1]), 0);
    cr_expect_not(nonblocking(in[0]));
    run();
    cr_expect_eq(why, CONN_FINISHED);
    expect_success(from);
    expect_success(to);
}
