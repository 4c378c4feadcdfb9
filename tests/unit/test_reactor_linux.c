/* The reactor on the real system, loopback only: what the simulated world
 * imitates is checked here against Linux itself.
 */
#include "reactor/conn.h"
#include "reactor/line.h"
#include "reactor/listener.h"
#include "reactor/sys.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    REGION_BYTES = 3000000
};

static struct reactor *r;
static struct listener listener;
static struct conn served;
static char region[REGION_BYTES];
static struct conn_limits limits = {.input_max_bytes = 1000};
static enum conn_reason why;
static int why_err;
static bool closed;

/* "region" is answered with all of it, other lines with themselves. */
static enum conn_next serve(struct conn *c)
{
    struct line line;
    while (conn_room(c) >= 1000) {
        switch (line_next(c, 998, &line)) {
        case LINE_NONE: return CONN_WAIT;
        case LINE_END: return CONN_FINISH;
        case LINE_TOO_LONG: return CONN_ABORT;
        case LINE_READY: break;
        }
        if (line.len == 6 && memcmp(line.text, "region", 6) == 0) {
            cr_assert(conn_refer(c, region, sizeof region));
        } else {
            cr_assert(conn_write(c, line.text, line.len));
            cr_assert(conn_write(c, "\n", 1));
        }
        conn_consume(c, line.taken);
    }
    return CONN_MORE;
}

static void on_closed(struct conn *c, enum conn_reason reason, int err)
{
    (void)c;
    closed = true;
    why = reason;
    why_err = err;
    listener_stop(&listener);
}

static const struct conn_ops ops = {.name = "echo", .serve = serve, .closed = on_closed};

static void accepted(struct listener *l, int fd, const struct sockaddr *peer, socklen_t len)
{
    const int on = 1;
    cr_expect_eq(peer->sa_family, AF_INET);
    cr_expect_eq(len, sizeof(struct sockaddr_in));
    setsockopt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof on);
    cr_assert_eq(conn_start(&served, l->reactor, &ops, &limits, fd), 0);
}

static const struct listener_ops listener_ops = {.name = "listener", .accepted = accepted};

/* A server, and a blocking client socket connected to it. */
static int begin(void)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_storage bound;
    socklen_t len;
    int client = socket(AF_INET, SOCK_STREAM, 0);

    for (size_t i = 0; i < sizeof region; i++)
        region[i] = (char)(i * 7 + i / 251);
    r = reactor_new(NULL);
    cr_assert_not_null(r);
    cr_assert_eq(listener_start(&listener, r, &listener_ops, (struct sockaddr *)&addr, sizeof addr, 8), 0);
    cr_assert_eq(listener_address(&listener, &bound, &len), 0);
    cr_assert_eq(connect(client, (struct sockaddr *)&bound, len), 0);
    cr_assert_eq(reactor_turn(r, -1), 1);
    return client;
}

static void end(int client)
{
    shutdown(client, SHUT_WR);
    cr_assert_eq(reactor_run(r), 0);
    cr_expect(closed);
    cr_expect_eq(why, CONN_FINISHED);
    reactor_free(r);
    close(client);
}

/* Turns the loop until the client has read len bytes. */
static void expect_bytes(int client, const char *expected, size_t len)
{
    char *got = malloc(len);
    for (size_t at = 0; at < len;) {
        ssize_t n = recv(client, got + at, len - at, MSG_DONTWAIT);
        if (n > 0)
            at += (size_t)n;
        else
            cr_assert_geq(reactor_turn(r, 1000000000), 0);
    }
    cr_expect_eq(memcmp(got, expected, len), 0);
    free(got);
}

Test(linux, lines_come_back, .timeout = 30)
{
    int client = begin();
    cr_assert_eq(send(client, "one\r\ntwo\nthr", 12, 0), 12);
    expect_bytes(client, "one\ntwo\n", 8);
    cr_assert_eq(send(client, "ee\nlast", 7, 0), 7);
    expect_bytes(client, "three\n", 6);
    shutdown(client, SHUT_WR);
    expect_bytes(client, "last\n", 5);
    end(client);
}

/* The kernel stops a recv before the urgent byte and reports no new edge for
 * what is behind it, when all of it was there before. */
Test(linux, urgent_data_inline, .timeout = 30)
{
    int client = begin();
    cr_assert_eq(send(client, "before", 6, 0), 6);
    cr_assert_eq(send(client, "!", 1, MSG_OOB), 1);
    cr_assert_eq(send(client, "after\n", 6, 0), 6);
    expect_bytes(client, "before!after\n", 13);
    cr_assert_eq(send(client, "a", 1, MSG_OOB), 1);
    cr_assert_eq(send(client, "\n", 1, 0), 1);
    expect_bytes(client, "a\n", 2);
    end(client);
}

Test(linux, a_long_answer_from_memory, .timeout = 30)
{
    int client = begin();
    cr_assert_eq(send(client, "region\nx\n", 9, 0), 9);
    expect_bytes(client, region, sizeof region);
    expect_bytes(client, "x\n", 2);
    end(client);
}

Test(linux, a_long_answer_by_sendfile, .timeout = 30)
{
    FILE *file = tmpfile();
    int client = begin();
    cr_assert_eq(fwrite("header", 1, 6, file), 6u);
    cr_assert_eq(fwrite(region, 1, sizeof region, file), sizeof region);
    cr_assert_eq(fflush(file), 0);
    limits.region = region;
    limits.region_bytes = sizeof region;
    limits.region_fd = fileno(file);
    limits.region_offset = 6;
    cr_assert_eq(send(client, "a\nregion\nx\n", 11, 0), 11);
    expect_bytes(client, "a\n", 2);
    expect_bytes(client, region, sizeof region);
    expect_bytes(client, "x\n", 2);
    end(client);
    fclose(file);
}

Test(linux, what_the_peer_has_not_taken_is_known, .timeout = 30)
{
    int client = begin();
    char byte;
    cr_assert_eq(send(client, "region\n", 7, 0), 7);
    while (conn_unacked(&served) == 0)
        cr_assert_eq(reactor_turn(r, 1000000000), 1);
    cr_expect_leq(conn_unacked(&served) + conn_unsent(&served), sizeof region);
    cr_assert_eq(recv(client, &byte, 1, 0), 1);
    expect_bytes(client, region + 1, sizeof region - 1);
    end(client);
}

/* ---- connecting ---- */

static enum conn_next say_hello(struct conn *c)
{
    cr_expect(conn_write(c, "hello", 5));
    return CONN_FINISH;
}

static const struct conn_ops client_ops = {.name = "client", .serve = say_hello, .closed = on_closed};

Test(linux, connecting, .timeout = 30)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof addr;
    int server = socket(AF_INET, SOCK_STREAM, 0), fd;
    char got[6] = "";

    cr_assert(bind(server, (struct sockaddr *)&addr, len) == 0 && listen(server, 1) == 0);
    cr_assert_eq(getsockname(server, (struct sockaddr *)&addr, &len), 0);
    r = reactor_new(NULL);
    cr_assert_eq(conn_connect(&served, r, &client_ops, &limits, (struct sockaddr *)&addr, len, NULL), 0);
    fd = accept(server, NULL, NULL);
    while (recv(fd, got, 5, MSG_DONTWAIT) != 5)
        cr_assert_eq(reactor_turn(r, 1000000000), 1);
    cr_expect_str_eq(got, "hello");
    close(fd);
    cr_expect_eq(reactor_run(r), 0);
    cr_expect_eq(why, CONN_FINISHED);
    reactor_free(r);
    /* Nobody listens there any more. */
    close(server);
    closed = false;
    r = reactor_new(NULL);
    if (conn_connect(&served, r, &client_ops, &limits, (struct sockaddr *)&addr, len, NULL) == 0) {
        cr_expect_eq(reactor_run(r), 0);
        cr_expect(closed);
        cr_expect_eq(why, CONN_PEER_GONE);
        cr_expect_eq(why_err, ECONNREFUSED);
    } else {
        cr_expect_eq(errno, ECONNREFUSED);
    }
    reactor_free(r);
}

Test(linux, connecting_from_an_address, .timeout = 30)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, from = addr, peer;
    socklen_t len = sizeof addr, bytes_len = sizeof(int);
    struct conn_connect_options how = {.source = (struct sockaddr *)&from, .source_len = len};
    int server = socket(AF_INET, SOCK_STREAM, 0), bytes = 0, usual = 0, fd;

    cr_assert(bind(server, (struct sockaddr *)&addr, len) == 0 && listen(server, 1) == 0);
    cr_assert_eq(getsockname(server, (struct sockaddr *)&addr, &len), 0);
    r = reactor_new(NULL);
    from.sin_addr.s_addr = htonl(0xC0000201); /* 192.0.2.1, which nobody has (RFC 5737) */
    cr_expect_eq(conn_connect(&served, r, &client_ops, &limits, (struct sockaddr *)&addr, len, &how), -1);
    cr_expect_eq(errno, EADDRNOTAVAIL);
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    how.receive_buffer_bytes = 4096;
    cr_assert_eq(conn_connect(&served, r, &client_ops, &limits, (struct sockaddr *)&addr, len, &how), 0);
    cr_expect_eq(getsockopt(conn_fd(&served), SOL_SOCKET, SO_RCVBUF, &bytes, &bytes_len), 0);
    cr_expect_eq(getsockopt(server, SOL_SOCKET, SO_RCVBUF, &usual, &bytes_len), 0);
    cr_expect_lt(bytes, usual);
    fd = accept(server, (struct sockaddr *)&peer, &len);
    cr_expect_eq(peer.sin_addr.s_addr, from.sin_addr.s_addr);
    close(fd);
    close(server);
    cr_expect_eq(reactor_run(r), 0);
    reactor_free(r);
}

/* ---- signals and timers ---- */

static int seen;

static void on_signal(struct reactor_signal *s, int signo)
{
    seen = signo;
    reactor_signal_stop(s);
}

Test(linux, signals, .timeout = 30)
{
    struct reactor_signal usr1 = {.fn = on_signal, .name = "usr1"}, other = {.fn = on_signal};
    sigset_t mask;
    r = reactor_new(NULL);
    cr_assert_eq(reactor_signal_start(r, &usr1, SIGUSR1), 0);
    cr_expect_eq(reactor_signal_start(r, &other, SIGUSR1), -1, "one watcher for a signal");
    cr_expect_eq(errno, EEXIST);
    cr_expect_eq(reactor_signal_start(r, &other, -5), -1);
    cr_expect_eq(errno, EINVAL);
    raise(SIGUSR1);
    cr_expect_eq(reactor_run(r), 0);
    cr_expect_eq(seen, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    cr_expect_not(sigismember(&mask, SIGUSR1), "unblocked again");
    reactor_free(r);
}

static uint64_t wall_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static unsigned ticks;

static void tick(struct reactor_timer *t)
{
    cr_assert_geq(wall_ns(), t->deadline_ns, "early");
    if (++ticks < 50)
        reactor_timer_start(r, t, t->deadline_ns + 100000 + ticks * 1000);
}

Test(linux, timers_are_never_early, .timeout = 30)
{
    struct reactor_timer t = {.fn = tick, .name = "tick"};
    r = reactor_new(NULL);
    reactor_timer_start(r, &t, reactor_now_ns(r) + 100000);
    cr_expect_eq(reactor_run(r), 0);
    cr_expect_eq(ticks, 50);
    reactor_free(r);
}

Test(linux, descriptors_out_of_range, .timeout = 30)
{
    struct reactor_fd w = {.name = "w"};
    int ends[2];
    r = reactor_new(&(struct reactor_config){.max_fds = 5});
    cr_assert_not_null(r);
    cr_assert_eq(pipe(ends), 0);
    cr_expect_eq(reactor_fd_start(r, &w, -1, 1), -1);
    cr_expect_eq(errno, EBADF);
    cr_expect_eq(reactor_fd_start(r, &w, dup2(ends[0], 77), 1), -1);
    cr_expect_eq(errno, EMFILE);
    cr_expect_not(reactor_fd_started(&w));
    cr_expect_eq(reactor_fd_modify(&w, 1), -1);
    reactor_fd_stop(&w);
    reactor_free(r);
}
