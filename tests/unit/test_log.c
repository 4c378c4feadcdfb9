/* test_log.c - the log's promises: bounded rate, printable, never blocking. */
#include "../../src/server/log.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static uint64_t now_ns;
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
    log_init(&t->log, t->fd[1], level, clock_ns);
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
