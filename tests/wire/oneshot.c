/* One-shot: mojifinder WORD... prints the answer as the server would, with LF and without a prompt, and exits. */
#include "wire.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(oneshot, .timeout = TEST_TIMEOUT_S);

static void without_cr(struct bytes *b)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->len; i++)
        if (b->bytes[i] != '\r')
            b->bytes[kept++] = b->bytes[i];
    b->len = kept;
    b->bytes[kept] = '\0';
}

/* The words must give the answer, with LF for CR LF, and status 0. */
#define EXPECT_ANSWER(answer, ...)                                                                                     \
    do {                                                                                                               \
        struct outcome o;                                                                                              \
        struct bytes expected = {0};                                                                                   \
        bytes_add(&expected, (answer));                                                                                \
        without_cr(&expected);                                                                                         \
        RUN(&o, __VA_ARGS__);                                                                                          \
        cr_assert_str_eq(o.out.bytes, expected.bytes, "\"%s\"", escaped(o.out.bytes, o.out.len));                      \
        cr_assert_str_empty(o.err.bytes);                                                                              \
        cr_assert_eq(o.status, 0, "status %d", o.status);                                                              \
        bytes_free(&expected);                                                                                         \
        outcome_free(&o);                                                                                              \
    } while (0)

Test(oneshot, words)
{
    EXPECT_ANSWER(CAT_FACE, "cat", "face");
    EXPECT_ANSWER(WEARY_CAT, "weary", "cat", "face");
    EXPECT_ANSWER(WEARY_CAT, "weary cat face");
    EXPECT_ANSWER(WEARY_CAT, "--", "Weary-Cat", "face");
    EXPECT_ANSWER(WEARY_CAT, "--classic", "weary", "cat", "face");
}

Test(oneshot, nothing_found)
{
    struct outcome o;
    RUN(&o, "--classic", "quixotic");
    cr_assert_eq(o.status, 1);
    cr_assert(find(&o.out, RULE " 0 found\n"));
    cr_assert_str_empty(o.err.bytes);
    outcome_free(&o);
    RUN(&o, "quixotic");
    cr_assert_eq(o.status, 1);
    cr_assert(find(&o.out, RULE " 0 found\n"));
    outcome_free(&o);
}

Test(oneshot, invalid_utf8_is_a_usage_error)
{
    struct outcome o;
    RUN(&o, "cat", "\xff");
    cr_assert_eq(o.status, 2, "status %d", o.status);
    cr_assert_str_empty(o.out.bytes);
    cr_assert(find(&o.err, "UTF-8"), "\"%s\"", escaped(o.err.bytes, o.err.len));
    for (size_t i = 0; i + 1 < o.err.len; i++)
        cr_assert(o.err.bytes[i] >= ' ' && o.err.bytes[i] < 0x7F, "\"%s\"", escaped(o.err.bytes, o.err.len));
    outcome_free(&o);
}

Test(oneshot, four_megabytes)
{
    struct outcome o;
    RUN(&o, "cjk");
    cr_assert_eq(o.status, 0);
    cr_assert(o.out.len > 3900000, "%zu bytes", o.out.len);
    cr_assert(find(&o.out, RULE " 98263 found\n"));
    cr_assert_eq(bytes_count(&o.out, "\r"), 0);
    cr_assert_eq(bytes_count(&o.out, "\n"), CJK_FOUND + 1);
    outcome_free(&o);
}

static int status_with_stdout(int out, const char *word)
{
    return program_wait(program_spawn((const char *const[]){word, NULL}, (const int[3]){FD_NULL, out, FD_NULL}, NULL));
}

/* Status 3 when the answer could not be written: also when little of it would fit a buffer. */
Test(oneshot, a_full_device)
{
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    cr_assert(full >= 0);
    cr_assert_eq(status_with_stdout(full, "weary"), 3);
    cr_assert_eq(status_with_stdout(full, "cjk"), 3);
    close(full);
}

Test(oneshot, a_closed_pipe)
{
    int ends[2];
    cr_assert(pipe2(ends, O_CLOEXEC) == 0);
    close(ends[0]);
    cr_assert_eq(status_with_stdout(ends[1], "weary"), 3);
    cr_assert_eq(status_with_stdout(ends[1], "cjk"), 3);
    close(ends[1]);
}

Test(oneshot, a_closed_stdout)
{
    cr_assert_eq(status_with_stdout(FD_CLOSED, "weary"), 3);
}

Test(oneshot, into_a_file)
{
    int file = file_with("", 0);
    struct bytes out = {0};
    cr_assert_eq(status_with_stdout(file, "cjk"), 0);
    lseek(file, 0, SEEK_SET);
    fd_read_all(file, &out);
    cr_assert(find(&out, RULE " 98263 found\n"));
    close(file);
    bytes_free(&out);
}

/* ">>": such a file takes no sendfile(2). */
Test(oneshot, at_the_end_of_a_file)
{
    char path[] = "/tmp/mojifinder-wire-XXXXXX";
    struct bytes out = {0};
    int file = mkostemp(path, O_APPEND | O_CLOEXEC);
    cr_assert(file >= 0);
    unlink(path);
    cr_assert_eq(write(file, "before\n", 7), 7);
    cr_assert_eq(status_with_stdout(file, "cjk"), 0);
    cr_assert_eq(status_with_stdout(file, "weary"), 0);
    lseek(file, 0, SEEK_SET);
    fd_read_all(file, &out);
    cr_assert_eq(strncmp(out.bytes, "before\nU+2E80", 13), 0);
    cr_assert(find(&out, RULE " 98263 found\nU+1F629"), "\"%s\"", escaped(out.bytes, out.len));
    close(file);
    bytes_free(&out);
}

/* A pipe that someone else has made non-blocking is waited for, not given up on. */
Test(oneshot, a_non_blocking_pipe)
{
    int ends[2];
    struct bytes out = {0};
    cr_assert(pipe2(ends, O_CLOEXEC) == 0);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    pid_t pid = program_spawn((const char *const[]){"cjk", NULL}, (const int[3]){FD_NULL, ends[1], FD_NULL}, NULL);
    close(ends[1]);
    fd_read_all(ends[0], &out);
    cr_assert_eq(program_wait(pid), 0);
    cr_assert(find(&out, RULE " 98263 found\n"));
    close(ends[0]);
    bytes_free(&out);
}
