/* Wake-ups from other threads (eventfd) and signals (signalfd): descriptors
 * like others, but delivered in phase 3, before everything else of a turn.
 */
#include "internal.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

static void wakeup_ready(struct reactor_fd *fd, uint32_t events)
{
    struct reactor_wakeup *w = CONTAINER(fd, struct reactor_wakeup, fd);
    uint64_t count;
    (void)events;
    /* Reading resets it: sends that came before this point are one call. */
    if (fd->reactor->sys->read(fd->fd, &count, sizeof count) == (ssize_t)sizeof count)
        w->fn(w);
}

int reactor_wakeup_start(struct reactor *r, struct reactor_wakeup *w)
{
    int fd = r->sys->eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0)
        return -1;
    w->fd.fn = wakeup_ready;
    w->fd.name = w->name;
    if (reactor_fd_start_as(r, &w->fd, fd, EPOLLIN, FD_WAKEUP) < 0) {
        int saved = errno;
        r->sys->close(fd);
        errno = saved;
        return -1;
    }
    return 0;
}

void reactor_wakeup_stop(struct reactor_wakeup *w)
{
    struct reactor *r = w->fd.reactor;
    if (!reactor_fd_started(&w->fd))
        return;
    reactor_fd_stop(&w->fd);
    r->sys->close(w->fd.fd);
}

void reactor_wakeup_send(struct reactor_wakeup *w)
{
    static const uint64_t one = 1;
    int saved = errno; /* a signal handler must leave it alone */
    /* Fails with EAGAIN when 2^64 - 2 sends are waiting: then it is awake already. */
    if (w->fd.reactor->sys->write(w->fd.fd, &one, sizeof one) < 0)
        errno = saved;
}

static void signal_ready(struct reactor_fd *fd, uint32_t events)
{
    struct reactor_signal *s = CONTAINER(fd, struct reactor_signal, fd);
    struct signalfd_siginfo info;
    (void)events;
    /* One a turn; the next is still readable then.  s may be gone after fn. */
    if (fd->reactor->sys->read(fd->fd, &info, sizeof info) == (ssize_t)sizeof info)
        s->fn(s, (int)info.ssi_signo);
}

/* A second descriptor for the same signal would take every other one of them. */
static bool signal_taken(const struct reactor *r, int signo)
{
    for (unsigned fd = 0, urgent = 0; urgent < r->watched_urgent; fd++) {
        const struct reactor_fd *w = r->fds[fd].watcher;
        if (!w || !(w->flags & FD_URGENT))
            continue;
        urgent++;
        if (w->flags & FD_SIGNAL && CONTAINER(w, const struct reactor_signal, fd)->signo == signo)
            return true;
    }
    return false;
}

int reactor_signal_start(struct reactor *r, struct reactor_signal *s, int signo)
{
    int fd;
    if (signal_taken(r, signo)) {
        errno = EEXIST;
        return -1;
    }
    fd = r->sys->signal_open(signo);
    if (fd < 0)
        return -1;
    s->signo = signo;
    s->fd.fn = signal_ready;
    s->fd.name = s->name;
    if (reactor_fd_start_as(r, &s->fd, fd, EPOLLIN, FD_SIGNAL) < 0) {
        int saved = errno;
        r->sys->signal_close(fd, signo);
        errno = saved;
        return -1;
    }
    return 0;
}

void reactor_signal_stop(struct reactor_signal *s)
{
    struct reactor *r = s->fd.reactor;
    if (!reactor_fd_started(&s->fd))
        return;
    reactor_fd_stop(&s->fd);
    r->sys->signal_close(s->fd.fd, s->signo);
}
