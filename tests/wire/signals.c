/* No signal that the service knows may kill it, at whatever instant it comes: the program is stopped at every system
 * call between its first and its last, and sent one there.  Between two system calls nothing changes that a
 * signal could meet. */
#include "wire.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h> /* behind <sys/ptrace.h>, which has the same names as an enum */

TestSuite(signals, .timeout = TEST_TIMEOUT_S);

/* One life of the server under the tracer. */
struct life {
    const char *host;
    const int *signals; /* sent, ended by 0 … */
    unsigned from, to;  /* … at each of these stops, counted from the first with dispositions set */
    bool stopping_only; /* count from where SIGTERM was sent instead */
    unsigned stops;     /* out: how many there were */
    int status;         /* out: exit status, or 128 + signal */
};

static void be_traced(void)
{
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* its leak check cannot be traced */
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
        _exit(99);
}

/* The system call the child is about to make, or -1 when it comes back from one. */
static long call_entered(pid_t pid, uint64_t *first)
{
    struct ptrace_syscall_info info = {0};
    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) < 0 || info.op != PTRACE_SYSCALL_INFO_ENTRY)
        return -1;
    *first = info.entry.args[0];
    return (long)info.entry.nr;
}

static bool waits_for_events(long call)
{
#ifdef SYS_epoll_wait
    if (call == SYS_epoll_wait)
        return true;
#endif
    return call == SYS_epoll_pwait || call == SYS_epoll_pwait2;
}

static void send_all(pid_t pid, const int *signals)
{
    for (; *signals; signals++)
        kill(pid, *signals);
}

/* Stops are counted once its dispositions are set (SIGTTOU's is the last), or once it was asked to stop. */
static void live(struct life *l)
{
    const char *const args[] = {"--port", "0", "--host", l->host ? l->host : "127.0.0.1", NULL};
    int status, deliver = 0;
    bool counting = false, asked = false;
    pid_t pid = program_spawn(args, (const int[3]){FD_NULL, FD_NULL, FD_NULL}, be_traced);
    cr_assert(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status));
    ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD);
    l->stops = 0;
    while (ptrace(PTRACE_SYSCALL, pid, NULL, deliver) == 0 && waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
        uint64_t first = 0;
        deliver = WSTOPSIG(status) == (SIGTRAP | 0x80) ? 0 : WSTOPSIG(status);
        long call = deliver ? -1 : call_entered(pid, &first);
        if (call < 0)
            continue;
        if (counting && l->stops >= l->from && l->stops < l->to)
            send_all(pid, l->signals);
        l->stops += counting;
        if (!asked && waits_for_events(call)) {
            kill(pid, SIGTERM);
            asked = true;
            counting |= l->stopping_only;
        }
        counting |= call == SYS_rt_sigaction && first == SIGTTOU && !l->stopping_only;
    }
    l->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool can_trace(void)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        be_traced();
        raise(SIGSTOP);
        _exit(0);
    }
    if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
        return false;
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return true;
}

static void need_trace(void)
{
    if (!can_trace())
        cr_skip_test("ptrace(2) is not allowed here");
}

static unsigned stops_of_a_life(bool stopping_only)
{
    static const int none[] = {0};
    struct life l = {.signals = none, .stopping_only = stopping_only};
    live(&l);
    cr_assert_eq(l.status, 0);
    cr_assert_gt(l.stops, stopping_only ? 10u : 40u);
    return l.stops;
}

/* From one stop of a life to the next that is tried: all of them, but of a build that makes thousands of calls at its
 * end (coverage) a part. */
static unsigned stride(unsigned stops)
{
    return 1 + stops / 200;
}

/* The first stop signal wins wherever it comes: while starting, serving or stopping, the exit status is 0. */
static void walk(int signo)
{
    need_trace();
    const int one[] = {signo, 0};
    unsigned stops = stops_of_a_life(false);
    for (unsigned at = 0; at < stops; at += stride(stops)) {
        struct life l = {.signals = one, .from = at, .to = at + 1};
        live(&l);
        cr_assert_eq(l.status, 0, "signal %d at system call %u of %u: status %d", signo, at, stops, l.status);
    }
}

Test(signals, sigterm_at_every_system_call)
{
    walk(SIGTERM);
}

Test(signals, sigint_at_every_system_call)
{
    walk(SIGINT);
}

/* The others, at every system call of one life, change nothing. */
Test(signals, the_others_at_every_system_call)
{
    static const int others[] = {SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE, 0};
    need_trace();
    struct life l = {.signals = others, .to = 1000000};
    live(&l);
    cr_assert_eq(l.status, 0, "status %d", l.status);
}

/* All of them while it stops. */
Test(signals, all_while_it_stops)
{
    static const int all[] = {SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGUSR2, 0};
    need_trace();
    unsigned stops = stops_of_a_life(true);
    struct life l = {.signals = all, .to = 1000000, .stopping_only = true};
    live(&l);
    cr_assert_eq(l.status, 0, "status %d", l.status);
    for (unsigned at = 0; at < stops; at += stride(stops)) {
        l = (struct life){.signals = all, .from = at, .to = at + 1, .stopping_only = true};
        live(&l);
        cr_assert_eq(l.status, 0, "at system call %u of %u after the first: status %d", at, stops, l.status);
    }
}

/* Where it could not start, a signal that comes after it has found out does not make that a success. */
Test(signals, a_failed_start_stays_one)
{
    static const int one[] = {SIGTERM, 0};
    unsigned at = 0, failed = 0;
    need_trace();
    for (struct life l = {0}; at == 0 || at < l.stops; at += stride(l.stops)) {
        l = (struct life){.host = "192.0.2.1", .signals = one, .from = at, .to = at + 1};
        live(&l);
        cr_assert(l.status == 1 || (l.status == 0 && failed == 0), "at system call %u: status %d", at, l.status);
        failed += l.status == 1;
    }
    cr_assert_gt(failed, 4u, "none of %u came after", at);
}

/* Untraced: signals as fast as they can be sent, from the line on that says it listens. */
Test(signals, a_hail_of_signals)
{
    static const int all[] = {SIGHUP, SIGTERM, SIGUSR1, SIGINT, SIGUSR2, 0};
    for (int i = 0; i < 40; i++) {
        struct server s;
        siginfo_t ended = {0};
        SERVE_PLAIN(&s);
        while (waitid(P_PID, (id_t)s.pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0)
            send_all(s.pid, all);
        cr_assert_eq(server_wait(&s), 0);
        bytes_free(&s.log);
    }
}
