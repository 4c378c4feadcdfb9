/* A kernel that refuses a system call for good, as a seccomp filter does: what cannot do without it says so in one line
 * that names what failed, with status 1; what can goes on. */
#include "seccomp.h"
#include "wire.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

TestSuite(refused_calls, .timeout = TEST_TIMEOUT_S);

static const struct {
    long call;
    const char *reason;
} needed[] = {
    {SYS_socket, ": socket: Operation not permitted\n"},
    {SYS_bind, ": bind: Operation not permitted\n"},
    {SYS_listen, ": listen: Operation not permitted\n"},
    {SYS_epoll_create1, "event loop for 10000 clients: Operation not permitted\n"},
    {SYS_signalfd4, "cannot take signals: Operation not permitted\n"},
};

/* Its exit status and what it said; one that serves after all is stopped. */
static int start_refused(struct bytes *said)
{
    int log[2];
    char chunk[512];
    ssize_t got;
    cr_assert(pipe2(log, O_CLOEXEC) == 0);
    pid_t pid = program_spawn((const char *const[]){"--port", "0", NULL}, (const int[3]){FD_NULL, FD_NULL, log[1]},
                              refuse_in_child);
    close(log[1]);
    while ((got = read(log[0], chunk, sizeof chunk)) > 0) {
        bytes_append(said, chunk, (size_t)got);
        if (find(said, "listening on "))
            kill(pid, SIGTERM);
    }
    bytes_append(said, "", 0);
    close(log[0]);
    return program_wait(pid);
}

Test(refused_calls, what_cannot_do_without)
{
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        struct bytes said = {0};
        refuse(needed[i].call, EPERM);
        int status = start_refused(&said);
        if (status == REFUSE_IMPOSSIBLE)
            cr_skip_test("no seccomp here");
        cr_expect_eq(status, 1, "call %ld: status %d", needed[i].call, status);
        cr_expect(find(&said, needed[i].reason), "call %ld: \"%s\"", needed[i].call, said.bytes);
        cr_expect_eq(bytes_count(&said, "\n"), 1, "\"%s\"", said.bytes);
        bytes_free(&said);
    }
}

/* No way to set options of a socket, to raise a limit, to open the log anew, to send from the file: it serves all the
 * same. */
Test(refused_calls, what_can_do_without)
{
#if defined(__SANITIZE_ADDRESS__)
    static const long calls[] = {SYS_setsockopt, SYS_dup3, SYS_sendfile}; /* the sanitizer itself needs prlimit64(2) */
#else
    static const long calls[] = {SYS_setsockopt, SYS_prlimit64, SYS_dup3, SYS_sendfile};
#endif
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct server s;
        struct client c;
        refuse(calls[i], EPERM);
        server_start(&s, (const char *const[]){"--port", "0", NULL}, refuse_in_child);
        client_greeted(&c, &s);
        client_say(&c, "weary cat face\n");
        expect(&c, WEARY_CAT);
        client_close(&c);
        server_stop(&s);
    }
}
