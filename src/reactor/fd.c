/* Descriptor watchers: the table from descriptor number to watcher, under reactor.c.
 *
 * Number and stamp travel through epoll instead of a pointer: whatever the
 * kernel still reports of a descriptor that was given up finds another stamp
 * and is dropped.
 */
#include "internal.h"

#include <errno.h>

static int control(struct reactor *r, int op, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events,
                                .data.u64 = (uint64_t)(r->fds[fd].stamp & STAMP_OWNER) << 32 | (uint32_t)fd};
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
    entry->stamp = (entry->stamp & STAMP_COUNT) | (flags & FD_URGENT ? STAMP_URGENT : 0);
    if (control(r, EPOLL_CTL_ADD, fd, events) < 0) {
        if (errno != EPERM)
            return -1;
        flags |= FD_ALWAYS;
    }
    entry->watcher = w;
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

/* What was carried over and is not asked for any more; epoll reports it anew if that changes. */
static void drop_events(struct reactor *r, int fd, uint32_t wanted)
{
    struct fd_entry *entry = &r->fds[fd];

    entry->events &= (uint16_t)wanted;
    if (entry->next != 0 && entry->events == 0 && !entry->asked)
        reactor_ready_remove(r, fd);
}

int reactor_fd_modify(struct reactor_fd *w, uint32_t events)
{
    if (!reactor_fd_started(w)) {
        errno = EBADF;
        return -1;
    }
    if (w->flags & FD_ALWAYS)
        return 0;
    if (control(w->reactor, EPOLL_CTL_MOD, w->fd, events) < 0)
        return -1;
    drop_events(w->reactor, w->fd, events | EPOLLERR | EPOLLHUP);
    return 0;
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
    if (entry->next != 0)
        reactor_ready_remove(r, w->fd);
    entry->watcher = NULL;
    entry->stamp = (entry->stamp + 1) & STAMP_COUNT;
    r->watched--;
    r->watched_urgent -= (w->flags & FD_URGENT) != 0;
    w->flags = 0;
}

void reactor_fd_again(struct reactor_fd *w)
{
    struct reactor *r = w->reactor;
    struct fd_entry *entry;

    if (!reactor_fd_started(w))
        return;
    entry = &r->fds[w->fd];
    entry->asked = true;
    /* Queued already, for an event perhaps: that call is what it asks for. */
    if (entry->next == 0)
        reactor_ready_append(r, entry->stamp & STAMP_DEAR ? READY_DEAR : READY_AGAIN, w->fd);
}
