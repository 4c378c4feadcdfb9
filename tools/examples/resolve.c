/* resolve: looks up many names at once and prints each as its answer comes.
 *
 *     resolve [-s SERVER:PORT] NAME...
 *
 * Shows how to embed a library with descriptors and timers of its own (c-ares):
 * each descriptor it wants watched (on_interest) gets a reactor_fd, and one
 * reactor_timer holds the moment when it must be called at the latest (re_arm),
 * which is asked for after each call into it.
 */
#include "reactor/reactor.h"

#include <ares.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/time.h>

#define MAX_SOCKETS 16 /* c-ares keeps one or two per name server */

struct socket_watch {
    struct reactor_fd w;
    struct bridge *bridge;
    ares_socket_t fd;
};

struct bridge {
    struct reactor *reactor;
    struct reactor_timer timer;
    ares_channel channel;
    struct socket_watch sockets[MAX_SOCKETS];
};

static void re_arm(struct bridge *b)
{
    struct timeval tv;
    const struct timeval *next = ares_timeout(b->channel, NULL, &tv);
    uint64_t now_ns = reactor_now_ns(b->reactor);
    if (next == NULL)
        reactor_timer_stop(b->reactor, &b->timer); /* no query is waiting */
    else
        reactor_timer_start(b->reactor, &b->timer,
                            now_ns + (uint64_t)next->tv_sec * 1000000000u + (uint64_t)next->tv_usec * 1000u);
}

static void on_socket(struct reactor_fd *w, uint32_t events)
{
    struct socket_watch *s = REACTOR_OWNER(w, struct socket_watch, w);
    struct bridge *b = s->bridge;
    ares_process_fd(b->channel, events & ~(uint32_t)EPOLLOUT ? s->fd : ARES_SOCKET_BAD,
                    events & EPOLLOUT ? s->fd : ARES_SOCKET_BAD);
    re_arm(b);
}

static void on_timer(struct reactor_timer *t)
{
    struct bridge *b = REACTOR_OWNER(t, struct bridge, timer);
    ares_process_fd(b->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    re_arm(b);
}

static struct socket_watch *socket_watch(struct bridge *b, ares_socket_t fd)
{
    struct socket_watch *unused = NULL;
    for (struct socket_watch *s = b->sockets; s < b->sockets + MAX_SOCKETS; s++)
        if (!reactor_fd_started(&s->w))
            unused = s;
        else if (s->fd == fd)
            return s;
    if (unused != NULL)
        *unused = (struct socket_watch){.w = {.fn = on_socket, .name = "c-ares"}, .bridge = b, .fd = fd};
    return unused;
}

static void on_interest(void *arg, ares_socket_t fd, int readable, int writable)
{
    struct bridge *b = arg;
    struct socket_watch *s = socket_watch(b, fd);
    uint32_t events = (readable ? (uint32_t)EPOLLIN : 0) | (writable ? (uint32_t)EPOLLOUT : 0);
    if (s == NULL)
        return; /* not watched: its queries run into their time limit */
    if (events == 0)
        reactor_fd_stop(&s->w); /* and then c-ares closes it */
    else if (reactor_fd_started(&s->w))
        reactor_fd_modify(&s->w, events);
    else
        reactor_fd_start(b->reactor, &s->w, fd, events);
}

static void on_answer(void *name, int status, int timeouts, struct hostent *host)
{
    char text[INET6_ADDRSTRLEN] = "";
    (void)timeouts;
    if (status == ARES_SUCCESS)
        inet_ntop(host->h_addrtype, host->h_addr_list[0], text, sizeof text);
    printf("%s %s\n", (const char *)name, status == ARES_SUCCESS ? text : ares_strerror(status));
}

int main(int argc, char **argv)
{
    struct bridge b = {.reactor = reactor_new(NULL), .timer = {.fn = on_timer, .name = "c-ares"}};
    struct ares_options options = {.sock_state_cb = on_interest, .sock_state_cb_data = &b};
    int first = argc > 2 && strcmp(argv[1], "-s") == 0 ? 3 : 1;
    if (b.reactor == NULL || ares_init_options(&b.channel, &options, ARES_OPT_SOCK_STATE_CB) != ARES_SUCCESS ||
        (first == 3 && ares_set_servers_ports_csv(b.channel, argv[2]) != ARES_SUCCESS)) {
        fprintf(stderr, "usage: resolve [-s SERVER:PORT] NAME...\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = first; i < argc; i++)
        ares_gethostbyname(b.channel, argv[i], AF_INET, on_answer, argv[i]);
    re_arm(&b);
    int failed = reactor_run(b.reactor); /* returns when every name is answered */
    ares_destroy(b.channel);
    reactor_free(b.reactor);
    return failed == 0 ? 0 : 1;
}
