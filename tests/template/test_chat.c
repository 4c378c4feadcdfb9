/* The example "chat": every line reaches everybody, in order, and a slow reader
 * holds the speakers up instead of losing lines. */
#include "drive.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LINES = 40000,
    LINE_BYTES = 100
};

static const char *const no_args[] = {NULL};

TestSuite(example_chat, .timeout = 60);

static int enter(int port)
{
    int fd = connect_to(port);
    /* One's own line comes back: the server knows this member from here on. */
    send_all(fd, "hello\n", 6);
    cr_assert(hears(fd, "hello\n"));
    return fd;
}

Test(example_chat, a_line_reaches_everybody)
{
    struct program p = program_start("chat", no_args);
    int port = program_port(&p), ann = enter(port), bob = enter(port);
    cr_expect(hears(ann, "hello\n"), "bob's");
    send_all(bob, "one\r\ntwo\n", 9);
    cr_expect(hears(ann, "one\ntwo\n"));
    cr_expect(hears(bob, "one\ntwo\n"));
    close(bob);
    send_all(ann, "alone\n", 6);
    cr_expect(hears(ann, "alone\n"));
    kill(p.pid, SIGKILL);
    program_end(&p);
}

static void line_number(char *line, int i)
{
    snprintf(line, LINE_BYTES + 1, "%0*d\n", LINE_BYTES - 1, i);
}

/* The speaker: says all lines, and waits with each block until the server takes it. */
static void speak(int fd)
{
    char line[LINE_BYTES + 1];
    for (int i = 0; i < LINES; i++) {
        line_number(line, i);
        send_all(fd, line, LINE_BYTES);
    }
    _exit(0);
}

/* True when all lines come, each once, in order. */
static bool hears_all(int fd)
{
    char line[LINE_BYTES + 1], heard[LINE_BYTES];
    for (int i = 0; i < LINES; i++) {
        line_number(line, i);
        if (read_full(fd, heard, LINE_BYTES) != LINE_BYTES || memcmp(heard, line, LINE_BYTES) != 0)
            return false;
    }
    return true;
}

Test(example_chat, a_slow_reader_loses_nothing)
{
    int small = 65536; /* far less than what is said */
    struct program p = program_start("chat", no_args);
    int port = program_port(&p), speaker = enter(port), slow = enter(port);
    cr_assert(hears(speaker, "hello\n"));
    setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    if (fork() == 0)
        speak(speaker);
    /* The speaker hears himself only as far as the room's log reaches ahead of
     * the slow one, so he is read first as far as a log's length ... */
    for (int i = 0; i < 500; i++) {
        char line[LINE_BYTES];
        cr_assert_eq(read_full(speaker, line, LINE_BYTES), (size_t)LINE_BYTES);
    }
    /* ... and then by a process of its own. */
    if (fork() == 0) {
        char rest[4096];
        while (read(speaker, rest, sizeof rest) > 0)
            ;
        _exit(0);
    }
    cr_expect(hears_all(slow));
    kill(p.pid, SIGKILL);
    program_end(&p);
}
