/* The simulated world's descriptors that are no sockets, its memory, and the table of all its calls. */
#include "sim_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>

/* ---- descriptors ---- */

void sim_limit_fds(unsigned limit)
{
    sim.fd_limit = limit < SIM_FDS ? limit : SIM_FDS;
}

unsigned sim_open_fds(void)
{
    unsigned open = 0;
    for (int fd = 0; fd < SIM_FDS; fd++)
        open += sim.files[fd].kind != SIM_KIND_FREE;
    return open;
}

int sim_new_fd(enum sim_kind kind)
{
    for (int fd = 0; fd < (int)sim.fd_limit; fd++) {
        if (sim.files[fd].kind != SIM_KIND_FREE)
            continue;
        memset(&sim.files[fd], 0, sizeof sim.files[fd]);
        sim.files[fd].kind = kind;
        return fd;
    }
    errno = EMFILE;
    return -1;
}

struct sim_file *sim_get(int fd, enum sim_kind kind)
{
    if (fd < 0 || fd >= SIM_FDS || sim.files[fd].kind != kind)
        sim_abort("a call on a descriptor that is closed or of another kind", fd);
    return &sim.files[fd];
}

static int sys_close(int fd)
{
    struct sim_file *file;
    sim.call[SIM_CLOSE].calls++;
    sim_trace("close", fd, 0);
    if (fd < 0 || fd >= SIM_FDS || sim.files[fd].kind == SIM_KIND_FREE)
        sim_abort("close of a descriptor that is not open", fd);
    file = &sim.files[fd];
    if (file->peer)
        sim_peer_dropped(file->peer);
    sim_bytes_free(&file->bytes);
    memset(file, 0, sizeof *file); /* leaves every epoll, too */
    return 0;
}

static unsigned sys_max_fds(void)
{
    return SIM_FDS;
}

static int sys_open_null(void)
{
    return sim_fails(SIM_OPEN_NULL) ? -1 : sim_new_fd(SIM_KIND_NULL);
}

static int sys_set_nonblock(int fd)
{
    (void)fd;
    return 0;
}

static int sys_eventfd(unsigned int initval, int flags)
{
    int fd = sim_new_fd(SIM_KIND_COUNTER);
    (void)flags;
    if (fd >= 0)
        sim.files[fd].count = initval;
    return fd;
}

static int sys_signal_open(int signo)
{
    int fd = sim_new_fd(SIM_KIND_SIGNAL);
    if (fd >= 0)
        sim.files[fd].signo = signo;
    return fd;
}

static void sys_signal_close(int fd, int signo)
{
    (void)signo;
    (void)sys_close(fd);
}

void sim_raise(int signo)
{
    for (int fd = 0; fd < SIM_FDS; fd++) {
        if (sim.files[fd].kind == SIM_KIND_SIGNAL && sim.files[fd].signo == signo) {
            sim.files[fd].count = 1; /* pending signals are not counted */
            sim_edge(fd);
        }
    }
}

static ssize_t read_signal(struct sim_file *file, void *buf, size_t len)
{
    struct signalfd_siginfo info = {.ssi_signo = (uint32_t)file->signo};
    if (len < sizeof info || file->count == 0) {
        errno = EAGAIN;
        return -1;
    }
    file->count = 0;
    memcpy(buf, &info, sizeof info);
    return (ssize_t)sizeof info;
}

static ssize_t read_counter(struct sim_file *file, void *buf, size_t len)
{
    if (len < sizeof file->count || file->count == 0) {
        errno = EAGAIN;
        return -1;
    }
    memcpy(buf, &file->count, sizeof file->count);
    file->count = 0;
    return (ssize_t)sizeof file->count;
}

static ssize_t read_file(struct sim_file *file, void *buf, size_t len)
{
    size_t left = sim_bytes_len(&file->bytes);
    if (len > left)
        len = left;
    memcpy(buf, file->bytes.data + file->bytes.start, len);
    file->bytes.start += len;
    return (ssize_t)len;
}

static ssize_t sys_read(int fd, void *buf, size_t len)
{
    if (sim_fails(SIM_READ))
        return -1;
    if (fd < 0 || fd >= SIM_FDS)
        sim_abort("read of no descriptor", fd);
    switch (sim.files[fd].kind) {
    case SIM_KIND_SIGNAL: return read_signal(&sim.files[fd], buf, len);
    case SIM_KIND_COUNTER: return read_counter(&sim.files[fd], buf, len);
    case SIM_KIND_FILE: return read_file(&sim.files[fd], buf, len);
    default: sim_abort("read of such a descriptor", fd);
    }
}

static ssize_t sys_write(int fd, const void *buf, size_t len)
{
    if (sim_fails(SIM_WRITE))
        return -1;
    if (fd >= 0 && fd < SIM_FDS && sim.files[fd].kind == SIM_KIND_COUNTER) {
        sim.files[fd].count++;
        sim_edge(fd);
        return (ssize_t)len;
    }
    sim_bytes_append(&sim_get(fd, SIM_KIND_FILE)->bytes, buf, len);
    return (ssize_t)len;
}

static ssize_t sys_writev(int fd, const struct iovec *iov, int count)
{
    ssize_t total = 0;
    for (int i = 0; i < count; i++) {
        ssize_t n = sys_write(fd, iov[i].iov_base, iov[i].iov_len);
        if (n < 0)
            return total > 0 ? total : -1;
        total += n;
    }
    return total;
}

static enum reactor_access sys_unshare(int fd)
{
    return sim.files[fd].kind == SIM_KIND_SOCKET ? REACTOR_ACCESS_SOCKET : REACTOR_ACCESS_FILE;
}

static int sys_ready(int fd, short events)
{
    (void)fd;
    (void)events;
    return 1;
}

int sim_file(const void *bytes, size_t len)
{
    int fd = sim_new_fd(SIM_KIND_FILE);
    if (fd < 0)
        sim_abort("sim_file: no descriptor left", 0);
    sim_bytes_append(&sim.files[fd].bytes, bytes, len);
    return fd;
}

const char *sim_file_text(int fd, size_t *len)
{
    const struct sim_file *file = sim_get(fd, SIM_KIND_FILE);
    *len = file->bytes.end;
    return file->bytes.data;
}

/* ---- memory ---- */

/* In front of each allocation, as large as the strictest alignment. */
union header {
    size_t size;
    max_align_t align;
};

static void *sys_alloc(size_t size)
{
    union header *header;
    if (sim_fails(SIM_ALLOC) || sim_fault(sim.faults.no_memory, ENOMEM))
        return NULL;
    header = malloc(sizeof *header + size);
    if (!header)
        sim_abort("out of memory", (long)size);
    header->size = size;
    memset(header + 1, 0xa5, size); /* whoever reads it uninitialised is to notice */
    sim.allocations++;
    sim.allocated_bytes += size;
    if (sim.allocated_bytes > sim.allocated_peak_bytes)
        sim.allocated_peak_bytes = sim.allocated_bytes;
    return header + 1;
}

static void *sys_alloc_zeroed(size_t size)
{
    void *p = sys_alloc(size);
    if (p)
        memset(p, 0, size);
    return p;
}

static void sys_free(void *p)
{
    union header *header = p;
    if (!p)
        return;
    header--;
    sim.allocations--;
    sim.allocated_bytes -= header->size;
    free(header);
}

size_t sim_allocated_bytes(void)
{
    return sim.allocated_bytes;
}

size_t sim_allocated_peak_bytes(void)
{
    size_t peak = sim.allocated_peak_bytes;
    sim.allocated_peak_bytes = sim.allocated_bytes;
    return peak;
}

/* ---- the table ---- */

const struct reactor_sys sim_sys = {
    .monotonic_ns = sim_sys_monotonic_ns,
    .thread_cpu_ns = sim_sys_thread_cpu_ns,
    .epoll_create1 = sim_sys_epoll_create1,
    .epoll_ctl = sim_sys_epoll_ctl,
    .epoll_wait_ns = sim_sys_epoll_wait_ns,
    .socket = sim_sys_socket,
    .bind = sim_sys_bind,
    .listen = sim_sys_listen,
    .connect = sim_sys_connect,
    .accept4 = sim_sys_accept4,
    .getsockopt = sim_sys_getsockopt,
    .setsockopt = sim_sys_setsockopt,
    .getsockname = sim_sys_getsockname,
    .shutdown = sim_sys_shutdown,
    .recv = sim_sys_recv,
    .send = sim_sys_send,
    .sendmsg = sim_sys_sendmsg,
    .sendfile = sim_sys_sendfile,
    .outq = sim_sys_outq,
    .set_nonblock = sys_set_nonblock,
    .read = sys_read,
    .write = sys_write,
    .writev = sys_writev,
    .unshare = sys_unshare,
    .ready = sys_ready,
    .close = sys_close,
    .open_null = sys_open_null,
    .eventfd = sys_eventfd,
    .signal_open = sys_signal_open,
    .signal_close = sys_signal_close,
    .max_fds = sys_max_fds,
    .alloc = sys_alloc,
    .alloc_zeroed = sys_alloc_zeroed,
    .free = sys_free,
};
