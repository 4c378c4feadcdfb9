/* The real program on a real socket: what the simulator cannot show - options,
 * signals, the exit status.  Usage: test_wire PROGRAM */
#include "check.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *program;
static pid_t pid;
static FILE *log_lines; /* the program's stderr */

/* Starts the program on a free port; the port, or 0. */
static int start_program(void)
{
    int fds[2], port = 0;
    if (pipe(fds) != 0)
        return 0;
    pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* it does not outlive a test that fails */
        dup2(fds[1], STDERR_FILENO);
        close(fds[0]);
        close(fds[1]);
        execl(program, program, "--port", "0", (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    log_lines = fdopen(fds[0], "r");
    if (log_lines == NULL || fscanf(log_lines, "listening on 127.0.0.1:%d", &port) != 1)
        return 0;
    return port;
}

static int connect_to(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        return -1;
    return fd;
}

/* Sends text, then reads until the server closes. */
static const char *talk(int fd, const char *text)
{
    static char answer[4096];
    size_t len = 0;
    if (write(fd, text, strlen(text)) < 0)
        return "";
    for (ssize_t n; (n = read(fd, answer + len, sizeof answer - 1 - len)) > 0;)
        len += (size_t)n;
    answer[len] = '\0';
    close(fd);
    return answer;
}

/* The exit status after the signal. */
static int stop_program(int signo)
{
    int status = -1;
    kill(pid, signo);
    waitpid(pid, &status, 0);
    fclose(log_lines);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void serves_and_stops_on_sigterm(void)
{
    int port = start_program();
    CHECK(port > 0);
    CHECK_TEXT(talk(connect_to(port), "set a 1\nget a\nquit\n"), "ok\r\nvalue 1\r\nbye\r\n");
    CHECK(stop_program(SIGTERM) == 0);
}

static void stops_while_a_client_is_connected(void)
{
    char byte;
    int port = start_program();
    CHECK(port > 0);
    int fd = connect_to(port);
    CHECK(fd >= 0 && write(fd, "set a 1\n", 8) == 8 && read(fd, &byte, 1) == 1);
    kill(pid, SIGINT);
    CHECK_TEXT(talk(fd, ""), "k\r\n");
    CHECK(stop_program(0) == 0);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: test_wire PROGRAM\n");
        return 2;
    }
    program = argv[1];
    alarm(30); /* a hang is a failure */
    signal(SIGPIPE, SIG_IGN);
    RUN(serves_and_stops_on_sigterm);
    RUN(stops_while_a_client_is_connected);
    return check_end();
}
