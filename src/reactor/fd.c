/* Descriptor watchers: the table from descriptor number to watcher, under reactor.c.
 *
 * A tag (generation and number) travels through epoll instead of a pointer:
 * whatever the kernel still reports of a descriptor that was given up finds
 * another generation, or no watcher, and is dropped.
 */
#include "internal.h"

#include <errno.h>

static int control(struct reactor *r, int op, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u64 = r->fds[fd].tag};
    return r->sys->epoll_ctl(r->epoll_fd, op, fd, &event);
}

int reactor_fd_start_as(struct reactor *r, struct reactor_fd *w, int fd, uint32_t events, uint32_t flags)
{
    struct fd_entry *entry;

    if (fd < 0 || (unsigned)fd >= r->max_fds) {
        errno = fd < 0 ? EBADF : EMFILE;
        return -1;
    }
    entry = &r->fds[fd];
    if (entry->watcher) {
        errno = EEXIST;
        return -1;
    }
    entry->tag = (entry->tag & ~(TAG_URGENT | UINT32_MAX)) | (uint32_t)fd;
    if (flags & FD_URGENT)
        entry->tag |= TAG_URGENT;
    if (control(r, EPOLL_CTL_ADD, fd, events) < 0) {
        if (errno != EPERM)
            return -1;
        flags |= FD_ALWAYS;
    }
    entry->watcher = w;
    w->again.next = NULL;
    w->reactor = r;
    w->fd = fd;
    w->flags = flags | FD_STARTED;
    r->watched++;
    r->watched_urgent += (flags & FD_URGENT) != 0;
    if (flags & FD_ALWAYS)
        reactor_fd_again(w);
    return 0;
}

int reactor_fd_start(struct reactor *r, struct reactor_fd *w, int fd, uint32_t events)
{
    return reactor_fd_start_as(r, w, fd, events, 0);
}

int reactor_fd_modify(struct reactor_fd *w, uint32_t events)
{
    if (!reactor_fd_started(w)) {
        errno = EBADF;
        return -1;
    }
    return w->flags & FD_ALWAYS ? 0 : control(w->reactor, EPOLL_CTL_MOD, w->fd, events);
}

void reactor_fd_stop(struct reactor_fd *w)
{
    struct reactor *r = w->reactor;
    struct fd_entry *entry;

    if (!reactor_fd_started(w))
        return;
    entry = &r->fds[w->fd];
    if (!(w->flags & FD_ALWAYS))
        (void)control(r, EPOLL_CTL_DEL, w->fd, 0); /* fails only when it was closed first: nothing left to undo */
    if (w->again.next)
        list_remove(&w->again);
    entry->watcher = NULL;
    entry->tag += TAG_GENERATION;
    r->watched--;
    r->watched_urgent -= (w->flags & FD_URGENT) != 0;
    w->flags = 0;
}

void reactor_fd_again(struct reactor_fd *w)
{
    if (reactor_fd_started(w) && !w->again.next)
        list_append(&w->reactor->again, &w->again);
}
