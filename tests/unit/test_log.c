/* test_log.c - the log's promises: bounded rate, printable, never blocking. */
#include "../../src/server/log.h"

#include "reactor/sys.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static uint64_t now_ns;
static struct reactor_sys test_sys; /* Linux with the clock below */
static uint64_t clock_ns(void)
{
    return now_ns;
}

struct tap {
    struct log log;
    int fd[2];
    char text[65536];
};

static void open_tap(struct tap *t, enum log_level level)
{
    now_ns = 1000000000;
    cr_assert_eq(pipe2(t->fd, O_CLOEXEC), 0);
    fcntl(t->fd[0], F_SETFL, O_NONBLOCK);
    test_sys = reactor_sys_linux;
    test_sys.monotonic_ns = clock_ns;
    log_init(&t->log, t->fd[1], level, &test_sys);
}

static size_t lines_in(struct tap *t)
{
    ssize_t n = read(t->fd[0], t->text, sizeof t->text - 1);
    t->text[n > 0 ? n : 0] = '\0';
    size_t lines = 0;
    for (const char *p = t->text; (p = strchr(p, '\n')); p++)
        lines++;
    return lines;
}

Test(log, levels_are_kept)
{
    struct tap t;
    open_tap(&t, LOG_WARNING);
    log_line(&t.log, LOG_INFO, LOG_LIFE, "quiet");
    log_line(&t.log, LOG_WARNING, LOG_LIFE, "heard");
    log_line(&t.log, LOG_INFO, LOG_LISTENING, "listening on nothing");
    cr_expect_eq(lines_in(&t), 2u);
    cr_expect_str_eq(t.text, "mojifinder: heard\nmojifinder: listening on nothing\n");
}

Test(log, a_flood_is_cut_and_counted)
{
    struct tap t;
    open_tap(&t, LOG_INFO);
    for (int i = 0; i < 1000; i++)
        log_line(&t.log, LOG_WARNING, LOG_FULL, "newcomer refused");
    log_line(&t.log, LOG_WARNING, LOG_FAULT, "another kind");
    cr_expect_eq(lines_in(&t), (size_t)LOG_LINES_PER_SECOND + 1);
    cr_expect(t.log.left_out);
    log_tick(&t.log);
    cr_expect(t.log.left_out, "the second is not over");
    now_ns += 1000000000;
    log_tick(&t.log);
    cr_expect_not(t.log.left_out);
    cr_expect_eq(lines_in(&t), 1u);
    cr_expect(strstr(t.text, "980 more"), "%s", t.text);
    log_line(&t.log, LOG_WARNING, LOG_FULL, "again");
    cr_expect_eq(lines_in(&t), 1u);
}

Test(log, client_text_is_escaped_and_cut)
{
    char out[LOG_QUOTE_BYTES + 1];
    cr_expect_str_eq(log_quote("a\nb\x1b[2J\xc3\xa9", 9, out), "a\\nb\\x1B[2J\\xC3\\xA9");
    char big[5000];
    memset(big, 1, sizeof big);
    log_quote(big, sizeof big, out);
    cr_expect_leq(strlen(out), (size_t)LOG_QUOTE_BYTES);
}

Test(log, a_full_pipe_does_not_block, .timeout = 20)
{
    struct tap t;
    open_tap(&t, LOG_INFO);
    for (int i = 0; i < 200; i++) { /* far more than a pipe holds */
        char filler[1500];
        memset(filler, 'x', sizeof filler - 1);
        filler[sizeof filler - 1] = '\0';
        now_ns += 1000000000;
        log_line(&t.log, LOG_INFO, LOG_LIFE, "%s", filler);
    }
    cr_expect_gt(lines_in(&t), 10u);
}

Test(log, other_bytes_become_question_marks)
{
    struct tap t;
    open_tap(&t, LOG_INFO);
    log_line(&t.log, LOG_INFO, LOG_LIFE, "a%cb\xc3\xa9", '\n');
    cr_expect_eq(lines_in(&t), 1u);
    cr_expect_str_eq(t.text, "mojifinder: a?b??\n");
}

/* ---- writes that fail, one after the other ---- */

/* What the next calls of write() do: take at most this many bytes, or fail with this errno below 0. */
static const int *script;
static size_t script_len;
static unsigned clock_step_ns;

static uint64_t running_clock_ns(void)
{
    return now_ns += clock_step_ns;
}

static ssize_t scripted_write(int fd, const void *bytes, size_t len)
{
    int step = script_len ? (script_len--, *script++) : (int)len;
    if (step < 0) {
        errno = -step;
        return -1;
    }
    return write(fd, bytes, (size_t)step < len ? (size_t)step : len);
}

static void open_scripted(struct tap *t, const int *steps, size_t count)
{
    open_tap(t, LOG_INFO);
    script = steps;
    script_len = count;
    clock_step_ns = 1000000;
    test_sys.monotonic_ns = running_clock_ns;
    test_sys.write = scripted_write;
}
#define SCRIPT(t, ...)                                                                                                 \
    static const int steps[] = {__VA_ARGS__};                                                                          \
    open_scripted(t, steps, sizeof steps / sizeof *steps)

/* The promised line survives whatever does not mean "never", in any order and cut anywhere. */
Test(log, the_address_is_told_after_interruptions)
{
    struct tap t;
    SCRIPT(&t, -EINTR, -EINTR, -EAGAIN, -EINTR, 3, -EAGAIN, -EAGAIN, -EINTR, 1);
    log_line(&t.log, LOG_INFO, LOG_LISTENING, "listening on 127.0.0.1:%d", 2323);
    cr_expect_eq(lines_in(&t), 1u);
    cr_expect_str_eq(t.text, "mojifinder: listening on 127.0.0.1:2323\n");
    cr_expect_eq(script_len, 0u);
}

Test(log, interruptions_without_end_do_not_spin, .timeout = 20)
{
    static int storm[2000];
    struct tap t;
    for (size_t i = 0; i < 2000; i++)
        storm[i] = -EINTR;
    open_scripted(&t, storm, 2000);
    log_line(&t.log, LOG_INFO, LOG_LIFE, "lost");
    cr_expect_gt(script_len, 1000u);
    script_len = 0;
    log_line(&t.log, LOG_INFO, LOG_LIFE, "heard");
    cr_expect_eq(lines_in(&t), 1u);
    cr_expect_str_eq(t.text, "mojifinder: heard\n");
}

/* Nobody reads for longer than the log waits: its address is told when somebody does; other lines are counted. */
Test(log, the_address_waits_for_a_late_reader, .timeout = 20)
{
    static int full[100000];
    struct tap t;
    for (size_t i = 0; i < 100000; i++)
        full[i] = -EAGAIN;
    open_scripted(&t, full, 100000);
    clock_step_ns = 100000000;
    log_line(&t.log, LOG_INFO, LOG_LISTENING, "listening on A");
    log_line(&t.log, LOG_INFO, LOG_LISTENING, "listening on B");
    log_line(&t.log, LOG_INFO, LOG_LIFE, "less important");
    cr_expect_eq(lines_in(&t), 0u);
    cr_expect(t.log.left_out);
    cr_expect_eq(t.log.patience_ns, 0u);
    size_t tries = script_len;
    log_tick(&t.log);
    cr_expect(t.log.left_out);
    cr_expect_lt(tries - script_len, 10u, "a tick waits for nobody");
    script_len = 0;
    now_ns += 1000000000;
    log_tick(&t.log);
    cr_expect_not(t.log.left_out);
    cr_expect_eq(lines_in(&t), 3u);
    cr_expect_str_eq(t.text, "mojifinder: listening on A\nmojifinder: listening on B\n"
                             "mojifinder: 1 more lines of kind \"life\" left out\n");
}

/* A line cut at any place is completed before the next one, whatever made it stop there. */
Test(log, no_line_is_torn)
{
    static const int errors[] = {-EAGAIN, -ENOSPC, -EIO, -EDQUOT};
    static const char first[] = "mojifinder: first line\n", second[] = "mojifinder: second line\n";
    for (size_t e = 0; e < sizeof errors / sizeof *errors; e++)
        for (int cut = 1; cut < (int)sizeof first - 1; cut++) {
            struct tap t;
            const int steps[] = {cut, errors[e], errors[e], errors[e]};
            open_scripted(&t, steps, 4);
            log_line(&t.log, LOG_INFO, LOG_LIFE, "first line");
            script_len = 0;
            log_line(&t.log, LOG_INFO, LOG_LIFE, "second line");
            lines_in(&t);
            char both[100];
            snprintf(both, sizeof both, "%s%s", first, second);
            cr_assert_str_eq(t.text, both, "cut at %d", cut);
            log_close(&t.log);
            close(t.fd[0]);
            close(t.fd[1]);
        }
}

/* A descriptor that never takes anything again costs no waiting, and nothing is kept for it. */
Test(log, a_reader_that_has_gone_costs_nothing, .timeout = 20)
{
    static int gone[3000];
    struct tap t;
    for (size_t i = 0; i < 3000; i++)
        gone[i] = -EPIPE;
    open_scripted(&t, gone, 3000);
    uint64_t before = now_ns;
    for (int i = 0; i < 200; i++)
        log_line(&t.log, LOG_INFO, LOG_LISTENING, "listening on %d", i);
    for (int i = 0; i < 10; i++)
        log_line(&t.log, LOG_INFO, LOG_LIFE, "line %d", i);
    cr_expect_lt(now_ns - before, LOG_PATIENCE_NS);
    cr_expect_leq(t.log.unsent_bytes, sizeof t.log.unsent);
    log_tick(&t.log);
    cr_expect_not(t.log.left_out, "nothing to come back for");
}

/* The description that others share stays blocking or not as it was, on a pipe and on a socket. */
Test(log, the_mode_of_what_is_shared_is_left_alone)
{
    struct tap t;
    open_tap(&t, LOG_INFO);
    log_line(&t.log, LOG_INFO, LOG_LIFE, "through a pipe");
    cr_expect_eq(lines_in(&t), 1u);
    cr_expect_not(fcntl(t.fd[1], F_GETFL) & O_NONBLOCK);
    log_close(&t.log);
    cr_expect_geq(fcntl(t.fd[1], F_GETFL), 0, "it stays the caller's");

    int pair[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    t.fd[0] = pair[0];
    log_init(&t.log, pair[1], LOG_INFO, &test_sys);
    log_line(&t.log, LOG_INFO, LOG_LIFE, "through a socket");
    cr_expect_eq(lines_in(&t), 1u);
    cr_expect_not(fcntl(pair[1], F_GETFL) & O_NONBLOCK);
    log_close(&t.log);
}

/* Without a descriptor for a duplicate it is polled first, and still never blocks. */
Test(log, without_a_duplicate_it_is_polled, .timeout = 20)
{
    struct tap t;
    open_tap(&t, LOG_INFO);
    log_close(&t.log);
    struct rlimit limit = {0}, none;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    log_init(&t.log, t.fd[1], LOG_INFO, &test_sys);
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    cr_expect_eq(t.log.own_fd, -1);
    log_line(&t.log, LOG_INFO, LOG_LIFE, "heard");
    cr_expect_eq(lines_in(&t), 1u);
    fcntl(t.fd[1], F_SETPIPE_SZ, 4096);
    for (int i = 0; i < 200; i++)
        log_line(&t.log, LOG_INFO, (enum log_kind)(LOG_LIFE + i % 3), "%0*d", 500, i);
    cr_expect(t.log.left_out);
    log_close(&t.log);
}
