/* reactor/sys.h - every call the reactor makes to the world outside.
 *
 * The reactor, listener and conn modules never call the kernel, the clock or
 * the allocator by name: they go through one table of functions with the
 * signatures of their manual pages.  reactor_sys_linux is the real one.  A
 * test hands reactor_new() another table and so owns time, every short read,
 * every EAGAIN and every failing allocation (see tests/sim).
 *
 * The entries have plain POSIX signatures and no context argument on purpose:
 * the real table then holds libc's own functions, with no wrapper between,
 * and a simulated world keeps its state in a static variable.
 */
#ifndef REACTOR_SYS_H
#define REACTOR_SYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct epoll_event;

/* How a descriptor that came from outside can be used without ever blocking the loop. */
enum reactor_access {
    REACTOR_ACCESS_SOCKET,   /* recv and send with MSG_DONTWAIT */
    REACTOR_ACCESS_NONBLOCK, /* read and write return EAGAIN: its own, non-blocking open file description */
    REACTOR_ACCESS_FILE,     /* a regular file or the like: read and write wait for the disk at most */
    REACTOR_ACCESS_GATED     /* blocking: only after ready() said so, and then in small pieces */
};

struct reactor_sys {
    /* CLOCK_MONOTONIC in nanoseconds; cannot fail, never runs backwards. */
    uint64_t (*monotonic_ns)(void);
    /* CLOCK_THREAD_CPUTIME_ID in nanoseconds; cannot fail.  Asked only while work is left over from turn to
     * turn: it is a real system call. */
    uint64_t (*thread_cpu_ns)(void);

    /* epoll_create1(2), epoll_ctl(2). */
    int (*epoll_create1)(int flags);
    int (*epoll_ctl)(int epfd, int op, int fd, struct epoll_event *event);
    /* epoll_pwait2(2) without a mask: waits up to timeout_ns nanoseconds,
     * < 0 for ever, rounded up where the kernel has only milliseconds. */
    int (*epoll_wait_ns)(int epfd, struct epoll_event *events, int max_events, int64_t timeout_ns);

    /* Sockets. */
    int (*socket)(int domain, int type, int protocol);
    int (*bind)(int fd, const struct sockaddr *addr, socklen_t len);
    int (*listen)(int fd, int backlog);
    int (*connect)(int fd, const struct sockaddr *addr, socklen_t len);
    int (*accept4)(int fd, struct sockaddr *addr, socklen_t *len, int flags);
    int (*getsockopt)(int fd, int level, int name, void *value, socklen_t *len);
    /* TCP_NODELAY and SO_REUSEADDR are wishes: a refusal is passed over.  IPV6_V6ONLY is not. */
    int (*setsockopt)(int fd, int level, int name, const void *value, socklen_t len);
    int (*getsockname)(int fd, struct sockaddr *addr, socklen_t *len);
    /* A refusal other than ENOTCONN and its like: the peer is waited for all the same. */
    int (*shutdown)(int fd, int how);
    ssize_t (*recv)(int fd, void *buf, size_t len, int flags);
    ssize_t (*send)(int fd, const void *buf, size_t len, int flags);
    ssize_t (*sendmsg)(int fd, const struct msghdr *msg, int flags);

    /* An errno that says nothing of the socket (all but EINTR, EAGAIN and those of a lost connection) means that it
     * does not work here: it is not called again, and send takes its place. */
    ssize_t (*sendfile)(int out_fd, int in_fd, off_t *offset, size_t count);
    /* ioctl(SIOCOUTQ): bytes the peer has not acknowledged, into *bytes;
     * 0, or -1 with errno (ENOTTY, EINVAL on what is no socket): what the kernel took counts as acknowledged then. */
    int (*outq)(int fd, int *bytes);
    /* fcntl: adds O_NONBLOCK to the open file description.  0, or -1 with errno. */
    int (*set_nonblock)(int fd);

    /* Descriptors that are not sockets. */
    ssize_t (*read)(int fd, void *buf, size_t len);
    ssize_t (*write)(int fd, const void *buf, size_t len);
    ssize_t (*writev)(int fd, const struct iovec *iov, int count);
    /* Makes fd fit for non-blocking use without changing it for the processes
     * it is shared with; says how it is to be used from now on. */
    enum reactor_access (*unshare)(int fd);
    /* poll(2) of one descriptor without waiting: > 0 ready, 0 not, -1 with errno. */
    int (*ready)(int fd, short events);
    int (*close)(int fd);
    int (*open_null)(void); /* open("/dev/null", O_RDONLY | O_CLOEXEC): the spare descriptor */
    int (*eventfd)(unsigned int initval, int flags);
    /* Blocks signo in this thread and makes a non-blocking signalfd(2) of it:
     * a descriptor, or -1 with errno and the mask as it was. */
    int (*signal_open)(int signo);
    /* Closes it and unblocks signo. */
    void (*signal_close)(int fd, int signo);

    /* Highest descriptor number + 1 that the process may have (RLIMIT_NOFILE). */
    unsigned (*max_fds)(void);

    /* The allocator: alloc's memory is uninitialised, alloc_zeroed's is not
     * touched before it is used (a large table costs what is used of it).
     * NULL with nothing changed on failure. */
    void *(*alloc)(size_t size);
    void *(*alloc_zeroed)(size_t size);
    void (*free)(void *p);
};

/* The table that calls Linux. */
extern const struct reactor_sys reactor_sys_linux;

#ifdef __cplusplus
}
#endif
#endif
