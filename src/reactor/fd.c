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
    struct epoll_event event = {.events = events, .data.u64 = (uint64_t)r->fds[fd].stamp << 32 | (uint32_t)fd};
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
    entry->stamp = flags & FD_URGENT ? entry->stamp | STAMP_URGENT : entry->stamp & ~STAMP_URGENT;
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
    entry->watcher = NULL;
    entry->stamp++;
    r->watched--;
    r->watched_urgent -= (w->flags & FD_URGENT) != 0;
    w->flags = 0;
}

/* ---- seen again ---- */

static void again_append(struct reactor *r, struct again_list *list, uint32_t fd)
{
    if (list->first == 0)
        list->first = fd + 1;
    else
        r->fds[list->last - 1].again_next = fd + 1;
    list->last = fd + 1;
    r->fds[fd].again_next = UINT32_MAX; /* in a list, and its last */
}

static uint32_t again_odd(const struct reactor *r)
{
    return r->stats.turns & 1 ? FD_AGAIN_ODD : 0;
}

void reactor_fd_again(struct reactor_fd *w)
{
    struct reactor *r = w->reactor;
    if (!reactor_fd_started(w) || w->flags & FD_AGAIN)
        return;
    w->flags = (w->flags & ~(uint32_t)FD_AGAIN_ODD) | FD_AGAIN | again_odd(r);
    /* In a list already: for a watcher the number had before, or a request that
     * an event has answered. */
    if (r->fds[w->fd].again_next == 0)
        again_append(r, &r->again, (uint32_t)w->fd);
}

struct reactor_fd *reactor_again_next(struct reactor *r)
{
    while (r->again_now.first != 0) {
        uint32_t fd = r->again_now.first - 1;
        struct fd_entry *entry = &r->fds[fd];
        struct reactor_fd *w = entry->watcher;

        r->again_now.first = entry->again_next == UINT32_MAX ? 0 : entry->again_next;
        entry->again_next = 0;
        if (!w || !(w->flags & FD_AGAIN))
            continue;
        if ((w->flags & FD_AGAIN_ODD) == again_odd(r)) {
            again_append(r, &r->again, fd); /* asked for in this turn: not before the next (promise 6) */
            continue;
        }
        w->flags &= ~(uint32_t)FD_AGAIN;
        return w;
    }
    return NULL;
}
