/* What sim.c, sim_socket.c and sim_fault.c share. */
#ifndef SIM_INTERNAL_H
#define SIM_INTERNAL_H

#include "sim.h"

#include <sys/epoll.h>

/* A growing string of bytes; start is what has been taken from its front. */
struct sim_bytes {
    char *data;
    size_t start, end, capacity;
};

enum sim_kind {
    SIM_KIND_FREE,
    SIM_KIND_EPOLL,
    SIM_KIND_LISTENER,
    SIM_KIND_SOCKET,  /* connected, or not yet (peer NULL) */
    SIM_KIND_COUNTER, /* eventfd */
    SIM_KIND_SIGNAL,
    SIM_KIND_NULL,
    SIM_KIND_FILE
};

struct sim_file {
    enum sim_kind kind;
    /* epoll's view */
    bool watched, queued;
    bool no_delay; /* TCP_NODELAY was set */
    uint32_t interest;
    uint64_t data;
    unsigned long queued_at; /* order in the ready list */
    /* SOCKET */
    struct sim_peer *peer;
    /* LISTENER: its port; SIGNAL: its number; COUNTER: its count */
    unsigned short port;
    int signo;
    uint64_t count;
    struct sim_bytes bytes; /* FILE */
};

struct sim_peer {
    struct sim_peer *next;
    int fd;              /* the program's; -1 before accept and after close */
    unsigned short port; /* where it waits for accept; 0: nowhere */
    bool connecting;     /* the program has called connect */
    bool accepted, closed;
    struct sim_bytes in;  /* towards the program */
    size_t urgent_at;     /* absolute position in in of the urgent byte; SIZE_MAX: none */
    bool in_end;          /* the peer has half-closed */
    int error;            /* pending, given out once */
    bool dead;            /* reset */
    struct sim_bytes out; /* from the program, not read */
    struct sim_bytes got; /* read */
    size_t window;
    bool no_space; /* a write found no room: room will be an edge, and has not been reported */
    bool shut;     /* the program's write side */
    bool greedy;   /* reads all as it comes */
    bool reset_sent;
};

struct sim_script {
    uint64_t time_ns;
    unsigned long order;
    void (*fn)(void *arg);
    void *arg;
};

struct sim_world {
    uint64_t now_ns;
    uint64_t idle_ns; /* of it, time that somebody else had the processor; waiting counts as work, nobody looks */
    uint64_t random;
    bool trace;
    unsigned fd_limit;
    struct sim_file files[SIM_FDS];
    unsigned long queue_order;
    struct sim_peer *peers; /* newest first */
    struct sim_script *script;
    size_t script_len, script_capacity;
    unsigned long script_order;
    struct sim_faults faults;
    struct {
        unsigned long calls;
        unsigned skip, times;
        int err;
    } call[SIM_CALLS];
    unsigned long allocations;
    size_t allocated_bytes, allocated_peak_bytes;
    bool settling; /* sim_run(): time without events does not pass */
    bool idle;     /* ... and there is nothing but that */
};

extern struct sim_world sim;

_Noreturn void sim_abort(const char *what, long value);
void sim_trace(const char *call, int fd, long result);

void sim_bytes_append(struct sim_bytes *bytes, const void *data, size_t len);
void sim_bytes_free(struct sim_bytes *bytes);
static inline size_t sim_bytes_len(const struct sim_bytes *bytes)
{
    return bytes->end - bytes->start;
}

/* Counts the call; true (and errno is set) when sim_fail() wants it to fail. */
bool sim_fails(enum sim_call call);
/* True in permille of 1000 cases, with errno set to err. */
bool sim_fault(unsigned permille, int err);

struct sim_file *sim_get(int fd, enum sim_kind kind);
int sim_new_fd(enum sim_kind kind);
/* An edge: fd goes to the end of the ready list if it is watched. */
void sim_edge(int fd);
uint32_t sim_socket_ready(const struct sim_file *file);

/* sim_peer.c */
struct sim_peer *sim_peer_new(void);
/* Gives the peer its place at the program's descriptor. */
void sim_peer_attach(struct sim_peer *peer, int fd);
void sim_peer_dropped(struct sim_peer *peer);
size_t sim_peer_room(const struct sim_peer *peer);
bool sim_peer_writable(const struct sim_peer *peer);
int sim_listener_on(unsigned short port);
bool sim_has_pending(unsigned short port);

/* sim.c */
uint64_t sim_sys_monotonic_ns(void);
uint64_t sim_sys_thread_cpu_ns(void);
int sim_sys_epoll_create1(int flags);
int sim_sys_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);
int sim_sys_epoll_wait_ns(int epfd, struct epoll_event *events, int max_events, int64_t timeout_ns);

/* sim_socket.c */
int sim_sys_socket(int domain, int type, int protocol);
int sim_sys_bind(int fd, const struct sockaddr *addr, socklen_t len);
int sim_sys_listen(int fd, int backlog);
int sim_sys_connect(int fd, const struct sockaddr *addr, socklen_t len);
int sim_sys_accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags);
int sim_sys_getsockopt(int fd, int level, int name, void *value, socklen_t *len);
int sim_sys_setsockopt(int fd, int level, int name, const void *value, socklen_t len);
int sim_sys_getsockname(int fd, struct sockaddr *addr, socklen_t *len);
int sim_sys_shutdown(int fd, int how);
ssize_t sim_sys_recv(int fd, void *buf, size_t len, int flags);
ssize_t sim_sys_send(int fd, const void *buf, size_t len, int flags);
ssize_t sim_sys_sendmsg(int fd, const struct msghdr *msg, int flags);
ssize_t sim_sys_sendfile(int out_fd, int in_fd, off_t *offset, size_t count);
int sim_sys_outq(int fd, int *bytes);

#endif
