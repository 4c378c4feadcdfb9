/* One-shot use: what is asked, from the command line and from standard input, and what is refused. */
#include "wire.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(oneshot_input, .timeout = TEST_TIMEOUT_S);

/* ---- no UTF-8 ---- */

static const char *const malformed[] = {
    "\xC0\x80",
    "\xE9",
    "caf\xE9",
    "\xED\xA0\x80",
    "\xED\xBF\xBF",
    "\xF4\x90\x80\x80",
    "\xF7\xBF\xBF\xBF",
    "\xE2\x99",
    "\xF0\x9F\x90",
    "\x80",
    "a\xFF",
    "\xE0\x80\xAF",
    "\xC1\xBF",
    "\xC3(",
    "\xFE\xFE\xFF\xFF ",
    "\xF0\x80\x80\x80",
    "\xF8\x88\x80\x80",
};
#define MALFORMED (sizeof malformed / sizeof *malformed)

/* Status 2, nothing on stdout, a line of printable ASCII on stderr that says why. */
static void expect_no_utf8(const char *input, size_t input_len, const char *const *args)
{
    struct outcome o;
    program_run(&o, input, input_len, args);
    cr_expect_eq(o.status, 2, "%s \"%s\": status %d", args[0], escaped(args[1], strlen(args[1])), o.status);
    cr_expect_str_empty(o.out.bytes, "%s \"%s\"", args[0], escaped(args[1], strlen(args[1])));
    cr_expect(find(&o.err, "not valid UTF-8"), "\"%s\"", escaped(o.err.bytes, o.err.len));
    for (size_t i = 0; i + 1 < o.err.len; i++)
        cr_expect(o.err.bytes[i] >= ' ' && o.err.bytes[i] < 0x7F, "\"%s\"", escaped(o.err.bytes, o.err.len));
    outcome_free(&o);
}

Test(oneshot_input, no_utf8_in_an_argument)
{
    static const char *const options[] = {"--info",    "--explain", "--list",  "--words",  "--format",
                                          "--columns", "--sort",    "--limit", "--display"};
    for (size_t i = 0; i < MALFORMED; i++) {
        for (size_t j = 0; j < sizeof options / sizeof *options; j++)
            expect_no_utf8(NULL, 0, (const char *const[]){options[j], malformed[i], "--format=json", "a", NULL});
        expect_no_utf8(NULL, 0, (const char *const[]){"--count", malformed[i], NULL});
        expect_no_utf8(NULL, 0, (const char *const[]){"--classic", malformed[i], NULL});
        expect_no_utf8(NULL, 0, (const char *const[]){"--list=blocks", malformed[i], NULL});
        expect_no_utf8(NULL, 0, (const char *const[]){"--", malformed[i], NULL});
    }
}

Test(oneshot_input, no_utf8_on_standard_input)
{
    for (size_t i = 0; i < MALFORMED; i++) {
        char line[64];
        expect_no_utf8(malformed[i], strlen(malformed[i]), (const char *const[]){"--explain", "-", NULL});
        int len = snprintf(line, sizeof line, "a\n%s\n", malformed[i]);
        expect_no_utf8(line, (size_t)len, (const char *const[]){"--explain", "-", "--format=json", NULL});
        expect_no_utf8(line, (size_t)len, (const char *const[]){"--info", "-", "--format=json", NULL});
    }
}

/* ---- standard input ---- */

static void expect_for_input(const char *input, size_t len, int status, const char *out, const char *const *args)
{
    struct outcome o;
    program_run(&o, input, len, args);
    cr_expect_eq(o.status, status, "\"%s\": status %d", escaped(input, len), o.status);
    cr_expect_str_eq(o.out.bytes, out, "\"%s\"", escaped(o.out.bytes, o.out.len));
    outcome_free(&o);
}

Test(oneshot_input, a_text)
{
    static const char *const args[] = {"--format=codes", "--explain", "-", NULL};
    expect_for_input("n\u00E9\n", 4, 0, "U+006E\nU+00E9\n", args);
    expect_for_input("n\u00E9", 3, 0, "U+006E\nU+00E9\n", args);
    expect_for_input(" a\nb \r\n", 7, 0, "U+0020\nU+0061\nU+000A\nU+0062\nU+0020\nU+000D\n", args);
    expect_for_input("\n\n", 2, 0, "U+000A\n", args);
    expect_for_input("a\0b\0", 4, 0, "U+0061\nU+0000\nU+0062\nU+0000\n", args);
    expect_for_input("", 0, 1, "", args);
    expect_for_input("\n", 1, 1, "", args);
    expect_for_input("x", 1, 0, "U+002D\nU+0020\nU+0061\n",
                     (const char *const[]){"--format=codes", "--explain", "-", "a", NULL});
    expect_for_input("", 0, 1, RULE " 0 found\n", (const char *const[]){"--explain=-", NULL});
}

Test(oneshot_input, cards)
{
    static const char *const args[] = {"--format=codes", "--info", "-", NULL};
    expect_for_input("\u265A", 3, 0, "U+265A\n", args);
    expect_for_input("\u265A\r\n\n \nU+1F431\n\0\n", 18, 0, "U+265A\nU+0020\nU+1F431\nU+0000\n", args);
    expect_for_input("\uFEFFU+265A\n", 10, 0, "U+265A\n", args); /* a file as some editors write it */
    expect_for_input("\uFEFF\n", 4, 0, "U+FEFF\n", args);
    expect_for_input("", 0, 1, "", args);
    expect_for_input("\r\n\n", 3, 1, "", args);
    expect_for_input("a\nab\n", 5, 2, "", args);
    struct outcome o;
    program_run(&o, "a\nab\n", 5, args);
    cr_expect(find(&o.err, "line 2"), "\"%s\"", o.err.bytes);
    outcome_free(&o);
}

/* A line of text tells where cards begin. */
Test(oneshot_input, cards_for_people)
{
    struct outcome o;
    program_run(&o, "a\nb\n", 4, (const char *const[]){"--info", "-", NULL});
    cr_expect_eq(bytes_count(&o.out, "\n\ncode point: U+0062 (98)\n"), 1);
    cr_expect_eq(bytes_count(&o.out, "\n\n"), 1);
    outcome_free(&o);
}

Test(oneshot_input, megabytes)
{
    size_t len = 3 << 20;
    char *text = malloc(len);
    struct outcome o;
    cr_assert(text);
    memset(text, 'x', len);
    program_run(&o, text, len, (const char *const[]){"--explain=-", "--format=chars", NULL});
    cr_expect_eq(o.status, 0);
    cr_expect_eq(o.out.len, 2 * len);
    cr_expect_str_eq(o.err.bytes, "# 3145728 found\n");
    outcome_free(&o);
    free(text);
}

Test(oneshot_input, too_much)
{
    int zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC), err = file_with("", 0);
    struct bytes said = {0};
    const char *const args[] = {"--explain", "-", NULL};
    cr_expect_eq(program_wait(program_spawn(args, (const int[3]){zeros, FD_NULL, err}, NULL)), 2);
    lseek(err, 0, SEEK_SET);
    fd_read_all(err, &said);
    cr_expect(find(&said, "standard input: more than 67108864 bytes"), "\"%s\"", said.bytes);
    close(zeros);
    close(err);
    bytes_free(&said);
}

Test(oneshot_input, what_cannot_be_read)
{
    int directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char *const args[] = {"--explain", "-", NULL};
    cr_expect_eq(program_wait(program_spawn(args, (const int[3]){directory, FD_NULL, FD_NULL}, NULL)), 2);
    cr_expect_eq(program_wait(program_spawn(args, (const int[3]){FD_CLOSED, FD_NULL, FD_NULL}, NULL)), 1);
    close(directory);
}

/* Waits until the process waits. */
static void await_sleep(pid_t pid)
{
    char path[64], state = 'R';
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    while (state != 'S') {
        FILE *file = fopen(path, "re");
        cr_assert(file && fscanf(file, "%*d (%*[^)]) %c", &state) == 1 && state != 'Z', "it ended: %c", state);
        fclose(file);
        sched_yield();
    }
}

/* Input that comes in pieces through a pipe that does not block. */
Test(oneshot_input, a_non_blocking_pipe)
{
    int in[2], out[2];
    struct bytes answer = {0};
    cr_assert(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
    fcntl(in[0], F_SETFL, O_NONBLOCK);
    pid_t pid = program_spawn((const char *const[]){"--explain=-", "--format=codes", NULL},
                              (const int[3]){in[0], out[1], FD_NULL}, NULL);
    close(out[1]);
    for (const char *c = "abc"; *c; c++) {
        await_sleep(pid);
        cr_assert_eq(write(in[1], c, 1), 1);
    }
    close(in[1]);
    fd_read_all(out[0], &answer);
    cr_expect_eq(program_wait(pid), 0);
    cr_expect_str_eq(answer.bytes, "U+0061\nU+0062\nU+0063\n");
    close(in[0]);
    close(out[0]);
    bytes_free(&answer);
}
