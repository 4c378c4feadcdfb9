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

struct reactor_sys {
    /* CLOCK_MONOTONIC in nanoseconds; cannot fail, never runs backwards. */
    uint64_t (*monotonic_ns)(void);

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
    int (*setsockopt)(int fd, int level, int name, const void *value, socklen_t len);
    int (*shutdown)(int fd, int how);
    ssize_t (*recv)(int fd, void *buf, size_t len, int flags);
    ssize_t (*send)(int fd, const void *buf, size_t len, int flags);
    ssize_t (*sendmsg)(int fd, const struct msghdr *msg, int flags);

    /* Descriptors that are not sockets. */
    ssize_t (*read)(int fd, void *buf, size_t len);
    ssize_t (*write)(int fd, const void *buf, size_t len);
    ssize_t (*writev)(int fd, const struct iovec *iov, int count);
    ssize_t (*sendfile)(int out_fd, int in_fd, off_t *offset, size_t count);
    int (*close)(int fd);
    int (*open_null)(void); /* open("/dev/null", O_RDONLY | O_CLOEXEC): the spare descriptor */
    int (*eventfd)(unsigned int initval, int flags);
    /* signalfd(2) for one signal, which it blocks first (fd -1 makes one). */
    int (*signalfd_add)(int fd, int signo);
    int (*signalfd_remove)(int fd, int signo);

    /* ioctl(SIOCOUTQ): bytes the peer has not acknowledged, into *bytes;
     * 0, or -1 with errno (ENOTTY, EINVAL on what is no TCP socket). */
    int (*outq)(int fd, int *bytes);

    /* The allocator; alloc returns NULL with nothing changed. */
    void *(*alloc)(size_t size);
    void (*free)(void *p);
};

/* The table that calls Linux. */
extern const struct reactor_sys reactor_sys_linux;

#ifdef __cplusplus
}
#endif
#endif
