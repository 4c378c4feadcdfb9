/* The program itself, over real sockets: exit statuses, outputs that fail, signals, and a run against mojifinder. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define RULE "──────────────────────────────────────────────────────────────────"

/* ---- a server made of a shell's worth of C: it greets, and answers each line with the same bytes ---- */

static int listen_anywhere(unsigned *port)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof addr;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(fd >= 0 && bind(fd, (struct sockaddr *)&addr, len) == 0 && listen(fd, 64) == 0);
    cr_assert(getsockname(fd, (struct sockaddr *)&addr, &len) == 0);
    *port = ntohs(addr.sin_port);
    return fd;
}

static void serve_one(int fd, const char *answer)
{
    char bytes[4096];
    ssize_t n;
    (void)!write(fd, "?> ", 3);
    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            if (bytes[i] == '\n')
                (void)!write(fd, answer, strlen(answer));
        }
    }
    _exit(0);
}

/* A child that forks for each connection; its process group is killed by end_server(). */
static pid_t start_server(const char *answer, unsigned *port)
{
    int listener = listen_anywhere(port);
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        signal(SIGCHLD, SIG_IGN);
        for (;;) {
            int fd = accept(listener, NULL, NULL);
            if (fd >= 0 && fork() == 0)
                serve_one(fd, answer);
            close(fd);
        }
    }
    setpgid(pid, pid);
    close(listener);
    return pid;
}

static void end_server(pid_t pid)
{
    kill(-pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* ---- running mojiload ---- */

struct outcome {
    int status;
    char out[65536];
};

static void run_command(struct outcome *o, const char *command)
{
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    o->out[fread(o->out, 1, sizeof o->out - 1, pipe)] = '\0';
    int status = pclose(pipe);
    o->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* mojiload with what follows, in a shell; what it writes in out, to both streams unless told otherwise. */
__attribute__((format(printf, 2, 3))) static void run(struct outcome *o, const char *format, ...)
{
    char tail[512], command[1024];
    const char *program = getenv("MOJILOAD");
    va_list args;
    va_start(args, format);
    vsnprintf(tail, sizeof tail, format, args);
    va_end(args);
    const char *both = strchr(tail, '>') == NULL ? " 2>&1" : ""; /* unless the command says itself where to */
    snprintf(command, sizeof command, "%s %s%s", program != NULL ? program : "build/mojiload", tail, both);
    run_command(o, command);
    /* A machine that is busy with other things makes a run void, rightly; that is not what is tested here. */
    for (int again = 0; again < 5 && strstr(command, "-STOP") == NULL && o->status == 5; again++)
        run_command(o, command);
}

static struct outcome o;

#define RIGHT "U+26C4\t⛄\tSNOWMAN WITHOUT SNOW\r\n" RULE " 1 found\r\n?> "
#define QUICK "--requests 200 --clients 4 --quiet -q snowman"

Test(program, help_version_and_usage)
{
    run(&o, "--help");
    cr_expect(o.status == 0 && strstr(o.out, "Usage: mojiload") == o.out);
    run(&o, "--version");
    cr_expect(o.status == 0 && strstr(o.out, "mojiload 1.") == o.out, "%s", o.out);
    run(&o, "--rate nonsense");
    cr_expect(o.status == 2 && strstr(o.out, "--rate") != NULL, "%s", o.out);
}

Test(program, fine_is_0)
{
    unsigned port;
    pid_t server = start_server(RIGHT, &port);
    run(&o, QUICK " 127.0.0.1:%u", port);
    cr_expect_eq(o.status, 0, "%d: %s", o.status, o.out);
    cr_expect_not_null(strstr(o.out, "200 right"), "%s", o.out);
    cr_expect_not_null(strstr(o.out, "closed loop, seed 1"), "%s", o.out);
    end_server(server);
}

Test(program, missed_objective_is_1)
{
    unsigned port;
    pid_t server = start_server(RIGHT, &port);
    run(&o, QUICK " --slo 'p99<1ns' 127.0.0.1:%u", port);
    cr_expect_eq(o.status, 1, "%d: %s", o.status, o.out);
    cr_expect_not_null(strstr(o.out, "MISSED p99<1ns"), "%s", o.out);
    run(&o, QUICK " --slo 'p99<1h,errors<=0' 127.0.0.1:%u", port);
    cr_expect_eq(o.status, 0, "%d: %s", o.status, o.out);
    end_server(server);
}

Test(program, no_connection_is_3)
{
    unsigned port;
    close(listen_anywhere(&port));
    run(&o, QUICK " 127.0.0.1:%u", port);
    cr_expect_eq(o.status, 3, "%d: %s", o.status, o.out);
    cr_expect_not_null(strstr(o.out, "Connection refused"), "%s", o.out);
}

Test(program, wrong_answers_are_4)
{
    unsigned port;
    pid_t server = start_server(RULE " 1 found\r\n?> ", &port);
    run(&o, QUICK " --slo 'p99<1ns' 127.0.0.1:%u", port);
    cr_expect_eq(o.status, 4, "%d: %s", o.status, o.out);
    cr_expect_not_null(strstr(o.out, "1 found after 0 lines"), "%s", o.out);
    end_server(server);
}

/* Stops mojiload itself for a second of two: what it measured then is its own absence. */
Test(program, stopped_itself_is_5)
{
    unsigned port;
    pid_t server = start_server(RIGHT, &port);
    run(&o,
        "--rate 200 --duration 2s --clients 4 --quiet -q snowman 127.0.0.1:%u & p=$!; sleep 0.5; kill -STOP $p; sleep "
        "1; "
        "kill -CONT $p; wait $p 2>&1",
        port);
    cr_expect_eq(o.status, 5, "%d: %s", o.status, o.out);
    cr_expect_not_null(strstr(o.out, "VOID: mojiload itself was held up"), "%s", o.out);
    end_server(server);
}

Test(program, json_comes_on_every_kind_of_exit)
{
    unsigned port, nobody;
    close(listen_anywhere(&nobody));
    pid_t server = start_server(RIGHT, &port);
    static const char *const options[] = {"--slo 'p99<1h'", "--slo 'p99<1ns'", ""};
    static const char *const want[] = {"\"status\":0", "\"status\":1", "\"status\":3"};
    for (int i = 0; i < 3; i++) {
        run(&o, QUICK " %s --json - 127.0.0.1:%u 2>&1", options[i], i == 2 ? nobody : port);
        cr_expect(strncmp(o.out, "{\n  \"schema\":\"mojiload/1\"", 25) == 0, "%.200s", o.out);
        cr_expect_not_null(strstr(o.out, want[i]), "%s", want[i]);
        cr_expect_eq(o.status, want[i][9] - '0');
    }
    end_server(server);
}

Test(program, interrupted_it_reports, .timeout = 60)
{
    unsigned port;
    pid_t server = start_server(RIGHT, &port);
    static const char *const signals[] = {"INT", "TERM", "HUP", "QUIT"};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        run(&o,
            "--rate 200 --duration 100s --clients 4 --quiet -q snowman --json - 127.0.0.1:%u & p=$!; sleep 1; "
            "kill -%s $p; wait $p 2>&1",
            port, signals[i]);
        cr_expect(o.status == 0 || o.status == 5, "%s: %d", signals[i], o.status);
        cr_expect_not_null(strstr(o.out, "\"interrupted\":true"), "%s: %.300s", signals[i], o.out);
    }
    end_server(server);
}

/* nohup(1) says that a closed terminal is no reason to stop. */
Test(program, a_hangup_that_was_ignored_stays_ignored)
{
    unsigned port;
    pid_t server = start_server(RIGHT, &port);
    run(&o,
        "--help >/dev/null; trap '' HUP; ${MOJILOAD:-build/mojiload} --rate 50 --duration 1s --clients 1 --quiet "
        "-q snowman 127.0.0.1:%u 2>&1 & p=$!; sleep 0.3; kill -HUP $p; wait $p",
        port);
    cr_expect_not_null(strstr(o.out, "50 right"), "%s", o.out);
    cr_expect_null(strstr(o.out, "interrupted"), "%s", o.out);
    end_server(server);
}

Test(program, outputs_that_cannot_be_written_are_not_passed_over)
{
    unsigned port;
    pid_t server = start_server(RIGHT, &port);
    static const char *const outputs[] = {"--json /dev/full", "--html /dev/full", "--hgrm /dev/full"};
    for (int i = 0; i < 3; i++) {
        run(&o, QUICK " %s 127.0.0.1:%u 2>&1", outputs[i], port);
        cr_expect(o.status == 2 && strstr(o.out, "No space left") != NULL, "%s: %d: %s", outputs[i], o.status, o.out);
    }
    run(&o, QUICK " 127.0.0.1:%u 2>&1 >/dev/full", port);
    cr_expect(o.status == 2 && strstr(o.out, "standard output: No space left") != NULL, "%d: %s", o.status, o.out);
    run(&o, "--help 2>&1 >/dev/full");
    cr_expect_eq(o.status, 2);
    run(&o, QUICK " --json /nonexistent/x 127.0.0.1:%u 2>&1", port);
    cr_expect(o.status == 2 && strstr(o.out, "/nonexistent/x") != NULL, "%d: %s", o.status, o.out);
    end_server(server);
}

Test(program, a_closed_pipe_does_not_kill_it)
{
    unsigned port;
    char target[32];
    int pipes[2], status;
    const char *program = getenv("MOJILOAD");
    pid_t server = start_server(RIGHT, &port);
    snprintf(target, sizeof target, "127.0.0.1:%u", port);
    cr_assert_eq(pipe(pipes), 0);
    close(pipes[0]); /* nobody will read */
    pid_t pid = fork();
    if (pid == 0) {
        dup2(pipes[1], 1);
        execl(program != NULL ? program : "build/mojiload", "mojiload", "--requests=50", "-q", "snowman", "--quiet",
              target, (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    waitpid(pid, &status, 0);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 2, "%d", status);
    run(&o, QUICK " 127.0.0.1:%u 2>&1 >&- ", port);
    cr_expect_eq(o.status, 2, "%d: %s", o.status, o.out);
    end_server(server);
}

Test(program, plain_lines_when_it_is_no_terminal)
{
    unsigned port;
    pid_t server = start_server(RIGHT, &port);
    run(&o, "--rate 100 --duration 2s --clients 2 -q snowman 127.0.0.1:%u 2>&1 >/dev/null", port);
    unsigned lines = 0;
    for (const char *p = o.out; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    cr_expect_eq(lines, 2, "%s", o.out);
    cr_expect_null(strchr(o.out, '\x1b'));
    end_server(server);
}

/* ---- the real server ---- */

static pid_t start_mojifinder(unsigned *port)
{
    int pipes[2];
    char line[512];
    const char *program = getenv("MOJIFINDER");
    cr_assert_eq(pipe(pipes), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(pipes[1], 2);
        close(pipes[0]);
        execl(program != NULL ? program : "build/mojifinder", "mojifinder", "--port", "0", (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    FILE *log = fdopen(pipes[0], "r");
    *port = 0;
    while (*port == 0 && fgets(line, sizeof line, log) != NULL) {
        const char *at = strstr(line, "listening on 127.0.0.1:");
        if (at != NULL)
            *port = (unsigned)strtoul(at + 23, NULL, 10);
    }
    cr_assert_neq(*port, 0);
    return pid; /* log stays open: the server may go on writing */
}

Test(program, mojifinder_answers_the_default_mix_right, .timeout = 60)
{
    unsigned port;
    pid_t server = start_mojifinder(&port);
    run(&o, "--requests 20k --pipeline 4 --verify --quiet --pid %d 127.0.0.1:%u", (int)server, port);
    cr_expect(o.status == 0 || o.status == 5, "%d: %s", o.status, o.out);
    cr_expect_not_null(strstr(o.out, "20,000 right"), "%s", o.out);
    cr_expect_not_null(strstr(o.out, "CPU a request"), "%s", o.out);
    unsigned lines = 0;
    for (const char *p = o.out; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    cr_expect_leq(lines, 24, "a report fits a screen");
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
}

Test(program, compares_two_servers_in_turns, .timeout = 60)
{
    unsigned a, b;
    pid_t server_a = start_mojifinder(&a), server_b = start_mojifinder(&b);
    run(&o, "--rate 500 --duration 3s --quiet -q snowman --versus 127.0.0.1:%u 127.0.0.1:%u", b, a);
    cr_expect(o.status == 0 || o.status == 5, "%d: %s", o.status, o.out);
    cr_expect_not_null(strstr(o.out, "B against A: "), "%s", o.out);
    cr_expect_not_null(strstr(o.out, "(3 slices), in pairs"), "%s", o.out);
    kill(server_a, SIGTERM);
    kill(server_b, SIGTERM);
    waitpid(server_a, NULL, 0);
    waitpid(server_b, NULL, 0);
}

Test(program, finds_a_knee_and_compares_reports, .timeout = 60)
{
    unsigned port;
    char a[] = "/tmp/mojiload-a-XXXXXX", b[] = "/tmp/mojiload-b-XXXXXX";
    pid_t server = start_mojifinder(&port);
    close(mkstemp(a));
    close(mkstemp(b));
    run(&o, "--find 'p99<1ns' --rate 8 --duration 200ms --quiet -q snowman 127.0.0.1:%u", port);
    cr_expect_eq(o.status, 1, "%s", o.out);
    cr_expect_not_null(strstr(o.out, "no rate held"), "%s", o.out);
    cr_expect_not_null(strstr(o.out, "missed: p99<1ns ("), "says which condition failed: %s", o.out);
    run(&o, "--rate 200 --duration 4s --quiet -q snowman --json %s 127.0.0.1:%u", a, port);
    run(&o, "--rate 200 --duration 4s --quiet -q snowman --json %s 127.0.0.1:%u", b, port);
    run(&o, "compare %s %s", a, b);
    cr_expect_eq(o.status, 0, "%s", o.out);
    cr_expect_not_null(strstr(o.out, "B against A: "), "%s", o.out);
    run(&o, "compare %s /dev/null", a);
    cr_expect_eq(o.status, 2, "%s", o.out);
    remove(a);
    remove(b);
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
}
