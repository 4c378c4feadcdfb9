/* The program under test as a child process: started, read from, waited for; never left behind. */
#include "wire.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *program_path(void)
{
    const char *path = getenv("MOJIFINDER");
    return path && *path ? path : "build/mojifinder";
}

/* In the child: puts fds[] at 0, 1, 2.  They are first moved out of each other's way. */
static void take_descriptors(const int fds[3])
{
    int moved[3];
    for (int i = 0; i < 3; i++) {
        int fd = fds[i] == FD_NULL ? open("/dev/null", O_RDWR) : fds[i];
        moved[i] = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 10);
    }
    for (int i = 0; i < 3; i++) {
        if (moved[i] >= 0)
            dup2(moved[i], i);
        else
            close(i);
    }
}

static void exec_program(const char *const *args, const int fds[3], void (*in_child)(void))
{
    char *argv[64];
    size_t count = 0;
    argv[count++] = strdup(program_path());
    while (args[count - 1] && count < 63) {
        argv[count] = strdup(args[count - 1]);
        count++;
    }
    argv[count] = NULL;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves no server behind */
    take_descriptors(fds);
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC); /* nothing of the test runner's gets through */
    if (in_child)
        in_child();
    execv(argv[0], argv);
    _exit(127);
}

pid_t program_spawn(const char *const *args, const int fds[3], void (*in_child)(void))
{
    pid_t pid = fork();
    cr_assert(pid >= 0, "fork: %s", strerror(errno));
    if (pid == 0)
        exec_program(args, fds, in_child);
    return pid;
}

int program_wait(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        cr_assert(errno == EINTR, "waitpid: %s", strerror(errno));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int file_with(const char *text, size_t len)
{
    int fd = memfd_create("wire", MFD_CLOEXEC);
    cr_assert(fd >= 0, "memfd_create: %s", strerror(errno));
    cr_assert(write(fd, text, len) == (ssize_t)len && lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

void fd_read_all(int fd, struct bytes *into)
{
    char chunk[1 << 16];
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) > 0)
        bytes_append(into, chunk, (size_t)got);
}

/* Writes input and reads output in turn, so that neither side can block the other for ever. */
static void converse(int in, const char *input, size_t input_len, int out, struct bytes *into)
{
    size_t written = 0;
    char chunk[1 << 16];
    for (;;) {
        struct pollfd ready[2] = {{.fd = out, .events = POLLIN}, {.fd = in, .events = POLLOUT}};
        cr_assert(poll(ready, in >= 0 ? 2 : 1, GUARD_MS) > 0, "the program does nothing for %d ms", GUARD_MS);
        if (in >= 0 && ready[1].revents) {
            ssize_t put = write(in, input + written, input_len - written);
            written += put > 0 ? (size_t)put : 0;
            if (put < 0 || written == input_len) {
                close(in);
                in = -1;
            }
        }
        if (ready[0].revents) {
            ssize_t got = read(out, chunk, sizeof chunk);
            if (got <= 0)
                break;
            bytes_append(into, chunk, (size_t)got);
        }
    }
    if (in >= 0)
        close(in);
}

void program_run(struct outcome *o, const char *input, size_t input_len, const char *const *args)
{
    *o = (struct outcome){0};
    int in[2] = {-1, -1}, out[2], err = file_with("", 0);
    signal(SIGPIPE, SIG_IGN); /* the program may end before it has read everything */
    cr_assert(pipe2(out, O_CLOEXEC) == 0 && (!input || pipe2(in, O_CLOEXEC) == 0));
    pid_t pid = program_spawn(args, (const int[3]){input ? in[0] : FD_NULL, out[1], err}, NULL);
    close(out[1]);
    if (input)
        close(in[0]);
    if (input && input_len == 0) {
        close(in[1]);
        in[1] = -1;
    }
    if (in[1] >= 0)
        fcntl(in[1], F_SETFL, O_NONBLOCK);
    converse(in[1], input, input_len, out[0], &o->out);
    o->status = program_wait(pid);
    close(out[0]);
    lseek(err, 0, SEEK_SET);
    fd_read_all(err, &o->err);
    close(err);
    bytes_append(&o->out, "", 0); /* so that both are terminated text even when empty */
    bytes_append(&o->err, "", 0);
}

void outcome_free(struct outcome *o)
{
    bytes_free(&o->out);
    bytes_free(&o->err);
}
