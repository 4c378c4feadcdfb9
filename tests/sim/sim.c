/* The simulated world: clock, script, chance, epoll.  Sockets are in
 * sim_socket.c, other descriptors and memory in sim_files.c; sim.h is the manual.
 */
#include "sim_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sim_world sim;

_Noreturn void sim_abort(const char *what, long value)
{
    fprintf(stderr, "sim: %s (%ld)\n", what, value);
    abort();
}

void sim_trace(const char *call, int fd, long result)
{
    if (sim.trace)
        fprintf(stderr, "sim: %12.6f %s fd=%d = %ld%s%s\n", (double)sim.now_ns / 1e9, call, fd, result,
                result < 0 ? " " : "", result < 0 ? strerror(errno) : "");
}

/* ---- bytes ---- */

void sim_bytes_append(struct sim_bytes *bytes, const void *data, size_t len)
{
    if (bytes->end + len + 1 > bytes->capacity) {
        bytes->capacity = (bytes->end + len + 1) * 2;
        bytes->data = realloc(bytes->data, bytes->capacity);
        if (!bytes->data)
            sim_abort("out of memory", (long)bytes->capacity);
    }
    memcpy(bytes->data + bytes->end, data, len);
    bytes->end += len;
    bytes->data[bytes->end] = '\0';
}

void sim_bytes_free(struct sim_bytes *bytes)
{
    free(bytes->data);
    memset(bytes, 0, sizeof *bytes);
}

/* ---- chance ---- */

uint64_t sim_seed(uint64_t fallback)
{
    const char *seed = getenv("SEED");
    return seed && *seed ? strtoull(seed, NULL, 0) : fallback;
}

/* splitmix64 (Steele, Lea, Flood 2014): every seed is good, also 0. */
uint64_t sim_random(void)
{
    uint64_t z = sim.random += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t sim_random_below(uint64_t limit)
{
    return limit ? sim_random() % limit : 0;
}

bool sim_chance(unsigned permille)
{
    return permille > 0 && sim_random_below(1000) < permille;
}

void sim_set_faults(const struct sim_faults *faults)
{
    static const struct sim_faults none;
    sim.faults = faults ? *faults : none;
}

void sim_fail(enum sim_call call, unsigned skip, unsigned times, int err)
{
    sim.call[call].skip = skip;
    sim.call[call].times = times;
    sim.call[call].err = err;
}

unsigned long sim_calls(enum sim_call call)
{
    return sim.call[call].calls;
}

bool sim_fails(enum sim_call call)
{
    sim.call[call].calls++;
    if (sim.call[call].times == 0)
        return false;
    if (sim.call[call].skip > 0) {
        sim.call[call].skip--;
        return false;
    }
    sim.call[call].times--;
    errno = sim.call[call].err;
    return true;
}

bool sim_fault(unsigned permille, int err)
{
    if (!sim_chance(permille))
        return false;
    errno = err;
    return true;
}

/* ---- the clock and the script ---- */

uint64_t sim_now_ns(void)
{
    return sim.now_ns;
}

void sim_spend_ns(uint64_t span_ns)
{
    sim.now_ns += span_ns;
}

void sim_preempt_ns(uint64_t span_ns)
{
    sim.now_ns += span_ns;
    sim.idle_ns += span_ns;
}

uint64_t sim_sys_thread_cpu_ns(void)
{
    return sim.now_ns - sim.idle_ns;
}

uint64_t sim_sys_monotonic_ns(void)
{
    sim.call[SIM_CLOCK].calls++;
    return sim.now_ns;
}

void sim_at(uint64_t time_ns, void (*fn)(void *arg), void *arg)
{
    if (sim.script_len == sim.script_capacity) {
        sim.script_capacity = sim.script_capacity * 2 + 16;
        sim.script = realloc(sim.script, sim.script_capacity * sizeof *sim.script);
        if (!sim.script)
            sim_abort("out of memory", (long)sim.script_capacity);
    }
    sim.script[sim.script_len++] = (struct sim_script){time_ns, sim.script_order++, fn, arg};
}

/* Index of the next event of the script; script_len: none. */
static size_t script_next(void)
{
    size_t best = sim.script_len;
    for (size_t i = 0; i < sim.script_len; i++) {
        const struct sim_script *a = &sim.script[i];
        const struct sim_script *b = best < sim.script_len ? &sim.script[best] : NULL;
        if (!b || a->time_ns < b->time_ns || (a->time_ns == b->time_ns && a->order < b->order))
            best = i;
    }
    return best;
}

static void script_run_due(void)
{
    size_t i;
    while ((i = script_next()) < sim.script_len && sim.script[i].time_ns <= sim.now_ns) {
        struct sim_script due = sim.script[i];
        sim.script[i] = sim.script[--sim.script_len];
        due.fn(due.arg);
    }
}

/* ---- epoll ---- */

void sim_edge(int fd)
{
    struct sim_file *file = &sim.files[fd];
    if (!file->watched || file->queued)
        return;
    file->queued = true;
    file->queued_at = sim.queue_order++;
}

static uint32_t readiness(const struct sim_file *file)
{
    switch (file->kind) {
    case SIM_KIND_SOCKET: return sim_socket_ready(file);
    case SIM_KIND_LISTENER: return sim_has_pending(file->port) ? EPOLLIN : 0;
    case SIM_KIND_SIGNAL:
    case SIM_KIND_COUNTER: return file->count > 0 ? EPOLLIN : 0;
    default: return 0;
    }
}

int sim_sys_epoll_create1(int flags)
{
    (void)flags;
    return sim_new_fd(SIM_KIND_EPOLL);
}

int sim_sys_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
    struct sim_file *file;

    sim_get(epfd, SIM_KIND_EPOLL);
    if (sim_fails(SIM_EPOLL_CTL) || (op == EPOLL_CTL_ADD && sim_fault(sim.faults.no_watch, ENOSPC)))
        return -1;
    if (fd < 0 || fd >= SIM_FDS || sim.files[fd].kind == SIM_KIND_FREE) {
        errno = EBADF;
        return -1;
    }
    file = &sim.files[fd];
    if (file->kind == SIM_KIND_FILE || file->kind == SIM_KIND_NULL) {
        errno = EPERM;
        return -1;
    }
    if (file->watched != (op != EPOLL_CTL_ADD)) {
        errno = file->watched ? EEXIST : ENOENT;
        return -1;
    }
    file->watched = op != EPOLL_CTL_DEL;
    file->queued = false;
    if (!file->watched)
        return 0;
    file->interest = event->events;
    file->data = event->data.u64;
    if (readiness(file) & (file->interest | EPOLLERR | EPOLLHUP))
        sim_edge(fd);
    return 0;
}

/* The watched descriptor that has been in the ready list longest; -1: none. */
static int queue_first(void)
{
    int first = -1;
    for (int fd = 0; fd < SIM_FDS; fd++)
        if (sim.files[fd].queued && (first < 0 || sim.files[fd].queued_at < sim.files[first].queued_at))
            first = fd;
    return first;
}

static int collect(struct epoll_event *events, int max_events)
{
    int count = 0, fd;
    unsigned long end = sim.queue_order;

    while (count < max_events && (fd = queue_first()) >= 0 && sim.files[fd].queued_at < end) {
        struct sim_file *file = &sim.files[fd];
        uint32_t ready = readiness(file) & (file->interest | EPOLLERR | EPOLLHUP);
        file->queued = false;
        if (!ready)
            continue;
        if (ready & EPOLLOUT && file->peer)
            file->peer->no_space = false; /* room has been reported */
        events[count].events = ready;
        events[count++].data.u64 = file->data;
        if (!(file->interest & EPOLLET))
            sim_edge(fd); /* level-triggered: asked again next time */
    }
    return count;
}

static int wait_for_events(struct epoll_event *events, int max_events, int64_t timeout_ns)
{
    uint64_t until_ns = timeout_ns < 0 ? UINT64_MAX : sim.now_ns + (uint64_t)timeout_ns;

    for (;;) {
        size_t next;
        int count;
        script_run_due();
        count = collect(events, max_events);
        if (count > 0)
            return count;
        if (sim.settling && sim.script_len == 0 && timeout_ns != 0) {
            sim.idle = true; /* only time could bring anything now */
            return 0;
        }
        next = script_next();
        if (next < sim.script_len && sim.script[next].time_ns <= until_ns) {
            sim.now_ns = sim.script[next].time_ns;
            continue;
        }
        if (until_ns == UINT64_MAX)
            sim_abort("the program waits for ever", 0);
        if (timeout_ns > 0)
            sim.now_ns = until_ns + sim_random_below(sim.faults.late_ns + 1);
        return 0;
    }
}

int sim_sys_epoll_wait_ns(int epfd, struct epoll_event *events, int max_events, int64_t timeout_ns)
{
    int count;
    sim_get(epfd, SIM_KIND_EPOLL);
    if (sim_fails(SIM_EPOLL_WAIT) || sim_fault(sim.faults.interrupted, EINTR))
        return -1;
    count = wait_for_events(events, max_events, timeout_ns);
    sim_trace("epoll_wait", epfd, count);
    return count;
}

unsigned sim_run(struct reactor *r, unsigned max_turns)
{
    unsigned turns = 0;
    sim.settling = true;
    sim.idle = false;
    while (turns < max_turns && !sim.idle && reactor_turn(r, -1) > 0)
        turns++;
    sim.settling = false;
    return turns;
}

void sim_run_until(struct reactor *r, uint64_t time_ns)
{
    while (sim.now_ns < time_ns) {
        uint64_t before_ns = sim.now_ns;
        int more = reactor_turn(r, (int64_t)(time_ns - sim.now_ns));
        if (more <= 0 && sim.now_ns == before_ns)
            sim.now_ns = time_ns; /* nothing is started any more */
    }
}

/* ---- beginning and end ---- */

static void forget(void)
{
    while (sim.peers) {
        struct sim_peer *peer = sim.peers;
        sim.peers = peer->next;
        sim_bytes_free(&peer->in);
        sim_bytes_free(&peer->out);
        sim_bytes_free(&peer->got);
        free(peer);
    }
    for (int fd = 0; fd < SIM_FDS; fd++)
        sim_bytes_free(&sim.files[fd].bytes);
    free(sim.script);
    memset(&sim, 0, sizeof sim);
}

void sim_begin(uint64_t seed)
{
    forget();
    sim.random = seed;
    sim.now_ns = 1000000000;
    sim.fd_limit = SIM_FDS;
    sim.trace = getenv("SIM_TRACE") != NULL;
}

unsigned sim_end(void)
{
    unsigned left = 0;
    for (int fd = 0; fd < SIM_FDS; fd++) {
        if (sim.files[fd].kind == SIM_KIND_FREE)
            continue;
        fprintf(stderr, "sim: descriptor %d (kind %d) was not closed\n", fd, (int)sim.files[fd].kind);
        left++;
    }
    if (sim.allocations > 0)
        fprintf(stderr, "sim: %lu allocations were not freed\n", sim.allocations);
    left += (unsigned)sim.allocations;
    forget();
    return left;
}
