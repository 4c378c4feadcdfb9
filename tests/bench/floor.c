/* floor.c - the least a line server can do: counts newlines and sends canned bytes for each.
 *
 * The yardstick of the benchmarks: no parsing, no search, no timers, no limits, one
 * recv and one send per batch of lines.  Usage: floor PORT ANSWER_BYTES
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    MAX_FDS = 65536,
    EVENTS = 256,
    BATCH = 64
};

static size_t owed[MAX_FDS]; /* bytes of answer not yet sent */
static char *canned;
static size_t canned_bytes;
static struct iovec pieces[BATCH];

/* Sends what is owed; true when all of it left. */
static int pay(int fd)
{
    while (owed[fd] > 0) {
        size_t first = owed[fd] % canned_bytes, total = 0;
        int n = 0;
        if (first > 0) {
            pieces[n++] = (struct iovec){canned + canned_bytes - first, first};
            total = first;
        }
        while (n < BATCH && total < owed[fd]) {
            pieces[n++] = (struct iovec){canned, canned_bytes};
            total += canned_bytes;
        }
        struct msghdr message = {.msg_iov = pieces, .msg_iovlen = (size_t)n};
        ssize_t sent = n == 1 ? send(fd, pieces[0].iov_base, total, MSG_NOSIGNAL) : sendmsg(fd, &message, MSG_NOSIGNAL);
        if (sent < 0)
            return 0;
        owed[fd] -= (size_t)sent;
        if ((size_t)sent < total)
            return 0;
    }
    return 1;
}

static void serve(int fd, uint32_t events)
{
    static char in[65536];
    if (owed[fd] > 0 && !pay(fd))
        return;
    if (!(events & EPOLLIN))
        return;
    ssize_t n = recv(fd, in, sizeof in, 0);
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN)
            close(fd);
        return;
    }
    for (const char *at = in; (at = memchr(at, '\n', (size_t)(in + n - at))); at++)
        owed[fd] += canned_bytes;
    pay(fd);
}

static int listen_on(int port)
{
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 4096) < 0) {
        perror("floor");
        exit(1);
    }
    return fd;
}

int main(int argc, char **argv)
{
    if (argc != 3 || !(canned_bytes = strtoul(argv[2], NULL, 10)) || !(canned = malloc(canned_bytes)))
        return 2;
    memset(canned, 'x', canned_bytes);
    int listener = listen_on(atoi(argv[1])); // NOLINT(cert-err34-c): the benchmark passes a number
    int epoll = epoll_create1(0);
    struct epoll_event events[EVENTS], add = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &add);
    for (;;) {
        int n = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            if (fd != listener) {
                serve(fd, events[i].events);
            } else if ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                owed[fd] = 0;
                add = (struct epoll_event){.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.fd = fd};
                epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &add);
            }
        }
    }
}
