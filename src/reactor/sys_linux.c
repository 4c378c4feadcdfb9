/* The table of system calls as Linux has them: the only file of the reactor
 * that calls the kernel, the clock and the allocator by name.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <linux/time_types.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

static uint64_t linux_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t linux_thread_cpu_ns(void)
{
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}

/* For kernels before 5.11: never early, so milliseconds are rounded up. */
static int wait_milliseconds(int epfd, struct epoll_event *events, int max_events, int64_t timeout_ns)
{
    int64_t ms = timeout_ns / 1000000 + (timeout_ns % 1000000 != 0);
    return epoll_wait(epfd, events, max_events, ms < 1000000000 ? (int)ms : 1000000000);
}

static int linux_epoll_wait_ns(int epfd, struct epoll_event *events, int max_events, int64_t timeout_ns)
{
#ifdef SYS_epoll_pwait2
    static atomic_bool missing;
#endif
    if (timeout_ns <= 0)
        return epoll_wait(epfd, events, max_events, timeout_ns < 0 ? -1 : 0);
#ifdef SYS_epoll_pwait2
    /* By number: glibc has the function only since 2.35. */
    if (!atomic_load_explicit(&missing, memory_order_relaxed)) {
        struct __kernel_timespec timeout = {.tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000};
        int count = (int)syscall(SYS_epoll_pwait2, epfd, events, max_events, &timeout, NULL, (size_t)0);
        /* What is none of its own errnos comes from a kernel or a filter of system calls that does not know
         * it: ENOSYS, EPERM, EACCES, whatever the filter was told to say. */
        if (count >= 0 || errno == EINTR || errno == EBADF || errno == EINVAL || errno == EFAULT)
            return count;
        atomic_store_explicit(&missing, true, memory_order_relaxed);
    }
#endif
    return wait_milliseconds(epfd, events, max_events, timeout_ns);
}

static int linux_outq(int fd, int *bytes)
{
    return ioctl(fd, SIOCOUTQ, bytes);
}

static int linux_set_nonblock(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0)
        return -1;
    return flags & O_NONBLOCK ? 0 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* Gives fd an open file description of its own, non-blocking, by opening what
 * it refers to once more; 0, or -1 with fd as it was. */
static int reopen_nonblock(int fd)
{
    char path[32];
    int own, done, flags = fcntl(fd, F_GETFL);

    if (flags < 0)
        return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    own = open(path, (flags & (O_ACCMODE | O_APPEND)) | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (own < 0)
        return -1;
    done = dup3(own, fd, O_CLOEXEC);
    close(own);
    return done < 0 ? -1 : 0;
}

/* O_NONBLOCK belongs to the open file description, which a shell, a pager or
 * the other end of a pipeline may share and is not prepared to find changed;
 * and what sets it back after a crash?  So sockets are asked call by call, pipes
 * and terminals are opened a second time, and where that is not allowed (another user's
 * terminal) each call is gated by poll. */
static enum reactor_access linux_unshare(int fd)
{
    const dev_t pty_master = makedev(5, 2); /* opening it again makes a new terminal */
    struct stat status;

    if (fstat(fd, &status) < 0)
        return REACTOR_ACCESS_GATED;
    if (S_ISSOCK(status.st_mode))
        return REACTOR_ACCESS_SOCKET;
    if (S_ISREG(status.st_mode) || S_ISBLK(status.st_mode) || S_ISDIR(status.st_mode))
        return REACTOR_ACCESS_FILE;
    if (S_ISFIFO(status.st_mode) || (isatty(fd) && status.st_rdev != pty_master))
        return reopen_nonblock(fd) == 0 ? REACTOR_ACCESS_NONBLOCK : REACTOR_ACCESS_GATED;
    return REACTOR_ACCESS_GATED;
}

static int linux_ready(int fd, short events)
{
    struct pollfd ask = {.fd = fd, .events = events};
    return poll(&ask, 1, 0);
}

static int linux_open_null(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static int linux_signal_open(int signo)
{
    sigset_t one, before;
    int fd;

    if (sigemptyset(&one) < 0 || sigaddset(&one, signo) < 0)
        return -1;
    errno = pthread_sigmask(SIG_BLOCK, &one, &before);
    if (errno != 0)
        return -1;
    fd = signalfd(-1, &one, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0) {
        int saved = errno;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        errno = saved;
    }
    return fd;
}

static void linux_signal_close(int fd, int signo)
{
    sigset_t one;
    close(fd);
    sigemptyset(&one);
    sigaddset(&one, signo);
    pthread_sigmask(SIG_UNBLOCK, &one, NULL);
}

static unsigned linux_max_fds(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 1024;
    return limit.rlim_cur < 0x7fffffff ? (unsigned)limit.rlim_cur : 0x7fffffff;
}

static void *linux_alloc_zeroed(size_t size)
{
    return calloc(1, size);
}

const struct reactor_sys reactor_sys_linux = {
    .monotonic_ns = linux_monotonic_ns,
    .thread_cpu_ns = linux_thread_cpu_ns,
    .epoll_create1 = epoll_create1,
    .epoll_ctl = epoll_ctl,
    .epoll_wait_ns = linux_epoll_wait_ns,
    .socket = socket,
    .bind = bind,
    .listen = listen,
    .connect = connect,
    .accept4 = accept4,
    .getsockopt = getsockopt,
    .setsockopt = setsockopt,
    .getsockname = getsockname,
    .shutdown = shutdown,
    .recv = recv,
    .send = send,
    .sendmsg = sendmsg,
    .sendfile = sendfile,
    .outq = linux_outq,
    .set_nonblock = linux_set_nonblock,
    .read = read,
    .write = write,
    .writev = writev,
    .unshare = linux_unshare,
    .ready = linux_ready,
    .close = close,
    .open_null = linux_open_null,
    .eventfd = eventfd,
    .signal_open = linux_signal_open,
    .signal_close = linux_signal_close,
    .max_fds = linux_max_fds,
    .alloc = malloc,
    .alloc_zeroed = linux_alloc_zeroed,
    .free = free,
};
