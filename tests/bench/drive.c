/* drive.c - the load generator of the benchmarks, kept as cheap as the floor so that it is not what is measured. */
#include "drive.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum {
    READ_BYTES = 1 << 18,
    DEPTH_MAX = 64,
    EVENTS = 256
};
/* Log-linear histogram of microseconds: 64 octaves of 16. */
enum {
    BUCKETS = 64 * 16
};

struct client {
    int fd;
    size_t due;      /* bytes of the oldest answer that are still to come */
    size_t next;     /* request to send next */
    size_t oldest;   /* request whose answer comes next */
    unsigned flight; /* requests sent and not answered */
    uint64_t sent_ns[DEPTH_MAX];
    unsigned head;
};

static char scratch[READ_BYTES];
static uint64_t histogram[BUCKETS];

uint64_t monotonic_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, errno ? strerror(errno) : "server closed");
    exit(1);
}

uint64_t process_cpu_ns(pid_t pid)
{
    char path[300];
    uint64_t total = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        unsigned long long ns;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", (int)pid, entry->d_name);
        FILE *f = entry->d_name[0] == '.' ? NULL : fopen(path, "re");
        if (f && fscanf(f, "%llu", &ns) == 1) // NOLINT(cert-err34-c): the kernel writes a number
            total += ns;
        if (f)
            fclose(f);
    }
    if (dir)
        closedir(dir);
    return total;
}

long process_status_kb(pid_t pid, const char *key)
{
    char path[64], line[256];
    long value = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, key, strlen(key)) == 0)
            value = strtol(line + strlen(key), NULL, 10);
    if (f)
        fclose(f);
    return value;
}

int dial(int port)
{
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void read_greeting(int fd, size_t bytes)
{
    while (bytes > 0) {
        ssize_t n = recv(fd, scratch, bytes, 0);
        if (n <= 0)
            fail("greeting");
        bytes -= (size_t)n;
    }
}

/* Fills the client's pipeline in one send. */
static void send_more(const struct load *load, struct client *c)
{
    char batch[8192];
    size_t len = 0;
    uint64_t now = monotonic_ns();
    while (c->flight < (unsigned)load->depth) {
        const struct request *r = &load->requests[c->next % load->request_count];
        if (len + r->len > sizeof batch)
            break;
        memcpy(batch + len, r->bytes, r->len);
        len += r->len;
        if (c->flight == 0 && c->due == 0) {
            c->oldest = c->next;
            c->due = r->answer_bytes;
        }
        c->sent_ns[(c->head + c->flight) % DEPTH_MAX] = now;
        c->flight++;
        c->next++;
    }
    if (len > 0 && send(c->fd, batch, len, MSG_NOSIGNAL) != (ssize_t)len)
        fail("send");
}

static void record(uint64_t ns)
{
    uint64_t us = ns / 1000 + 1;
    int octave = 63 - __builtin_clzll(us);
    int fine = octave >= 4 ? (int)(us >> (octave - 4)) & 15 : (int)us & 15;
    histogram[octave * 16 + fine]++;
}

static double quantile_us(double q)
{
    uint64_t total = 0, seen = 0;
    for (int i = 0; i < BUCKETS; i++)
        total += histogram[i];
    for (int i = 0; i < BUCKETS; i++) {
        seen += histogram[i];
        if ((double)seen >= q * (double)total && seen > 0)
            return i / 16 >= 4 ? (double)((16u + (unsigned)i % 16) << (i / 16 - 4)) : (double)(i % 16);
    }
    return 0;
}

/* Takes n bytes of answers; returns how many answers they completed. */
static unsigned take(const struct load *load, struct client *c, size_t n)
{
    unsigned done = 0;
    while (n > 0) {
        if (c->flight == 0) {
            errno = EPROTO;
            fail("an answer longer than its length");
        }
        size_t part = n < c->due ? n : c->due;
        n -= part;
        c->due -= part;
        if (c->due > 0)
            break;
        record(monotonic_ns() - c->sent_ns[c->head]);
        c->head = (c->head + 1) % DEPTH_MAX;
        c->flight--;
        done++;
        c->oldest++;
        if (c->flight > 0)
            c->due = load->requests[c->oldest % load->request_count].answer_bytes;
    }
    return done;
}

static uint64_t run_until(const struct load *load, int epoll, uint64_t end_ns)
{
    struct epoll_event events[EVENTS];
    uint64_t answered = 0;
    while (monotonic_ns() < end_ns) {
        int n = epoll_wait(epoll, events, EVENTS, 5000);
        if (n == 0) {
            errno = ETIMEDOUT;
            fail("no answer");
        }
        for (int i = 0; i < n; i++) {
            struct client *c = events[i].data.ptr;
            ssize_t got = recv(c->fd, scratch, sizeof scratch, MSG_DONTWAIT);
            if (got <= 0)
                fail("recv");
            unsigned done = take(load, c, (size_t)got);
            answered += done;
            if (done > 0 && c->flight == 0) /* as a pipelining client does: the next batch when this one is answered */
                send_more(load, c);
        }
    }
    return answered;
}

struct drive_result drive(const struct load *load, pid_t server)
{
    struct drive_result result = {0};
    struct client *clients = calloc((size_t)load->connections, sizeof *clients);
    int epoll = epoll_create1(0);
    if (!clients || epoll < 0)
        fail("start");
    for (int i = 0; i < load->connections; i++) {
        struct client *c = &clients[i];
        c->fd = dial(load->port);
        if (c->fd < 0)
            fail("connect");
        read_greeting(c->fd, load->greeting_bytes);
        c->next = (size_t)i * 37; /* not all the same at once */
        struct epoll_event add = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &add);
        send_more(load, c);
    }
    run_until(load, epoll, monotonic_ns() + (uint64_t)(load->seconds * 0.2e9)); /* warm-up */
    memset(histogram, 0, sizeof histogram);
    uint64_t cpu = server ? process_cpu_ns(server) : 0, start = monotonic_ns();
    result.requests = run_until(load, epoll, start + (uint64_t)(load->seconds * 1e9));
    result.seconds = (double)(monotonic_ns() - start) / 1e9;
    result.server_ns = server ? process_cpu_ns(server) - cpu : 0;
    result.p50_us = quantile_us(0.5);
    result.p99_us = quantile_us(0.99);
    for (int i = 0; i < load->connections; i++)
        close(clients[i].fd);
    close(epoll);
    free(clients);
    return result;
}
