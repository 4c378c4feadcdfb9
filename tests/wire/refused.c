/* The real program where a filter of system calls (seccomp, as containers and service managers set it)
 * refuses what it could do without: answers are whole all the same. */
#include "seccomp.h"
#include "wire.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

TestSuite(refused, .timeout = TEST_TIMEOUT_S);

static void need_filters(void)
{
    int status = prctl(PR_GET_SECCOMP);
    if (status < 0)
        cr_skip_test("no filters of system calls on this kernel");
}

/* A small answer, a long one (by sendfile where that works), a small one. */
static void exchange(unsigned call, int err)
{
    static const char *const args[] = {"--port", "0", NULL};
    struct server s;
    struct client c;

    refuse(call, err);
    server_start(&s, args, refuse_in_child);
    for (int round = 0; round < 2; round++) {
        client_greeted(&c, &s);
        client_say(&c, "cjk\n");
        char *end = await(&c, FOUND("98263") PROMPT);
        cr_assert_gt(end - c.got.bytes, CJK_BYTES, "call %u, errno %d: the answer is cut", call, err);
        bytes_drop_front(&c.got, c.got.len);
        client_say(&c, "weary cat face\n");
        expect(&c, WEARY_CAT);
        expect(&c, PROMPT);
        client_shut(&c);
        expect_end(&c);
        client_close(&c);
    }
    server_stop(&s);
}

static void every_errno(unsigned call)
{
    static const int errors[] = {EPERM, EACCES, EOPNOTSUPP, ENOSYS, ENODEV, EIO};
    need_filters();
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        exchange(call, errors[i]);
}

Test(refused, sendfile)
{
    every_errno(SYS_sendfile);
}

#ifdef SYS_epoll_pwait2
Test(refused, epoll_pwait2)
{
    every_errno(SYS_epoll_pwait2);
}
#endif

Test(refused, setsockopt)
{
    every_errno(SYS_setsockopt);
}

Test(refused, getsockopt)
{
    every_errno(SYS_getsockopt);
}

Test(refused, shutdown)
{
    every_errno(SYS_shutdown);
}
