/* The client side of a wire test: a blocking TCP connection whose received bytes are compared exactly. */
#include "wire.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void connect_to(struct client *c, const struct server *s, int receive_bytes)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(s->port)};
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *c = (struct client){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    cr_assert(c->fd >= 0, "socket: %s", strerror(errno));
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (receive_bytes > 0) /* before connect(), so that the window announced is small from the start */
        setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    cr_assert(connect(c->fd, (struct sockaddr *)&addr, sizeof addr) == 0, "connect: %s", strerror(errno));
}

void client_open(struct client *c, const struct server *s)
{
    connect_to(c, s, 0);
}

void client_open_narrow(struct client *c, const struct server *s)
{
    connect_to(c, s, 4096);
}

void client_greeted(struct client *c, const struct server *s)
{
    client_open(c, s);
    expect(c, PROMPT);
}

void client_close(struct client *c)
{
    close(c->fd);
    c->fd = -1;
    bytes_free(&c->got);
}

void client_send(struct client *c, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t sent = send(c->fd, at, len, MSG_NOSIGNAL);
        cr_assert(sent > 0, "send: %s", strerror(errno));
        at += sent;
        len -= (size_t)sent;
    }
}

void client_say(struct client *c, const char *text)
{
    client_send(c, text, strlen(text));
}

void client_dribble(struct client *c, const void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        client_send(c, (const char *)bytes + i, 1);
}

size_t client_stuff(struct client *c, const void *bytes, size_t len)
{
    size_t done = 0;
    while (done < len) {
        ssize_t sent = send(c->fd, (const char *)bytes + done, len - done, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0)
            break;
        done += (size_t)sent;
    }
    return done;
}

void client_shut(struct client *c)
{
    cr_assert(shutdown(c->fd, SHUT_WR) == 0, "shutdown: %s", strerror(errno));
}

size_t client_receive(struct client *c)
{
    static char chunk[1 << 18];
    if (c->ended)
        return 0;
    struct pollfd ready = {.fd = c->fd, .events = POLLIN};
    int n = poll(&ready, 1, GUARD_MS);
    cr_assert(n == 1, "nothing came for %d ms; unread so far: \"%s\"", GUARD_MS, escaped(c->got.bytes, c->got.len));
    ssize_t got = recv(c->fd, chunk, sizeof chunk, 0);
    if (got > 0) {
        bytes_append(&c->got, chunk, (size_t)got);
        return (size_t)got;
    }
    c->ended = true;
    c->reset = got < 0;
    return 0;
}

void client_expect(struct client *c, const void *bytes, size_t len, const char *file, int line)
{
    while (c->got.len < len && (c->got.len == 0 || memcmp(c->got.bytes, bytes, c->got.len) == 0))
        if (client_receive(c) == 0)
            break;
    bool same = c->got.len >= len && (len == 0 || memcmp(c->got.bytes, bytes, len) == 0);
    cr_assert(same, "%s:%d: expected \"%s\", got \"%s\"%s", file, line, escaped(bytes, len),
              escaped(c->got.bytes, c->got.len), c->ended ? " and the end" : "");
    bytes_drop_front(&c->got, len);
}

void client_expect_end(struct client *c, const char *file, int line)
{
    if (c->got.len == 0)
        client_receive(c);
    cr_assert(c->ended && c->got.len == 0, "%s:%d: expected the end, got \"%s\"", file, line,
              escaped(c->got.bytes, c->got.len));
}

char *client_await(struct client *c, const char *needle, const char *file, int line)
{
    /* Only what is new (and a needle's length before it) is looked through, so that megabytes may pass. */
    size_t len = strlen(needle), from = 0;
    for (;;) {
        if (c->got.len >= from + len) {
            char *at = memmem(c->got.bytes + from, c->got.len - from, needle, len);
            if (at)
                return at;
            from = c->got.len - len + 1;
        }
        bool more = client_receive(c) > 0;
        cr_assert(more, "%s:%d: waited for \"%s\", got \"%s\" and the end", file, line, escaped(needle, len),
                  escaped(c->got.bytes, c->got.len));
    }
}

void client_read_to_end(struct client *c)
{
    while (client_receive(c) > 0)
        ;
}
