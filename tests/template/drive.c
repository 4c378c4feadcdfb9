/* drive.c - see drive.h.  Everything blocks: each test has a time limit. */
#include "drive.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MAX_ARGS = 16
};

static const char *path_of(const char *name)
{
    static char path[4096];
    const char *dir = getenv("EXAMPLES");
    snprintf(path, sizeof path, "%s/%s", dir ? dir : "build/examples", name);
    return path;
}

bool program_exists(const char *name)
{
    return access(path_of(name), X_OK) == 0;
}

static void become(const char *name, const char *const *args, int out)
{
    char *argv[MAX_ARGS + 1] = {strdup(name)};
    for (int i = 0; i < MAX_ARGS - 1 && args[i]; i++)
        argv[i + 1] = strdup(args[i]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execv(path_of(name), argv);
    _exit(127);
}

struct program program_start(const char *name, const char *const *args)
{
    struct program p = {0};
    int fds[2];
    cr_assert_eq(pipe(fds), 0);
    p.pid = fork();
    if (p.pid == 0)
        become(name, args, fds[1]);
    close(fds[1]);
    p.out = fdopen(fds[0], "r");
    cr_assert(p.pid > 0 && p.out);
    return p;
}

const char *program_line(struct program *p)
{
    static char line[1024];
    if (!fgets(line, sizeof line, p->out))
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return line;
}

int program_port(struct program *p)
{
    int port = 0;
    cr_assert_eq(sscanf(program_line(p), "listening on 127.0.0.1:%d", &port), 1);
    return port;
}

int program_end(struct program *p)
{
    int status = 0;
    cr_assert_eq(waitpid(p->pid, &status, 0), p->pid);
    fclose(p->out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

void send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        cr_assert_gt(n, 0);
        bytes += n;
        len -= (size_t)n;
    }
}

size_t read_full(int fd, char *bytes, size_t len)
{
    size_t got = 0;
    for (ssize_t n; got < len && (n = read(fd, bytes + got, len - got)) > 0;)
        got += (size_t)n;
    return got;
}

bool hears(int fd, const char *text)
{
    char heard[256] = "";
    size_t len = strlen(text);
    cr_assert_lt(len, sizeof heard);
    return read_full(fd, heard, len) == len && memcmp(heard, text, len) == 0;
}
