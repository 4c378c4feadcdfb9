/* The example "chat": every line reaches everybody, in order, and a slow reader
 * holds the speakers up instead of losing lines. */
#include "drive.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LINES = 200000, /* more than all the kernel's buffers together */
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

static void send_byte(int fd)
{
    cr_assert_eq(write(fd, "x", 1), 1);
}

static void hear_until_the_end(int fd)
{
    char heard[4096];
    while (read(fd, heard, sizeof heard) > 0)
        ;
    _exit(0);
}

static void line_number(char *line, int i)
{
    snprintf(line, LINE_BYTES + 1, "%0*d\n", LINE_BYTES - 1, i);
}

/* Says all lines.  Writes a byte to held when the server has taken nothing for a
 * while: a slow machine may say so too early, which makes the test weaker, never wrong. */
static void speak(int fd, int held)
{
    char line[LINE_BYTES + 1];
    struct pollfd writable = {.fd = fd, .events = POLLOUT};
    for (int i = 0; i < LINES; i++) {
        line_number(line, i);
        if (held >= 0 && poll(&writable, 1, 500) == 0) {
            send_byte(held);
            held = -1;
        }
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

Test(example_chat, a_slow_reader_holds_the_speaker_up_and_loses_nothing)
{
    int small = 65536, held[2]; /* far less than what is said */
    char byte;
    struct program p = program_start("chat", no_args);
    int port = program_port(&p), speaker = enter(port), slow = enter(port);
    cr_assert(hears(speaker, "hello\n"));
    setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    cr_assert_eq(pipe(held), 0);
    if (fork() == 0)
        speak(speaker, held[1]);
    close(held[1]);
    if (fork() == 0)
        hear_until_the_end(speaker);
    cr_expect_eq(read(held[0], &byte, 1), 1, "the speaker is never held up");
    cr_expect(hears_all(slow));
    kill(p.pid, SIGKILL);
    program_end(&p);
}
