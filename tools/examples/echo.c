/* echo: sends back what it receives.
 *
 *     echo [PORT]         0, the default, picks a free port
 *
 * Shows the least a server is made of: a listener, one conn for each client, and
 * a serve() that takes what it can from the input and puts what it can into
 * the output.  A client that sends and does not read costs 4 KiB of input and
 * CONN_OUTPUT_BYTES of output, then it is not read from: back-pressure is TCP's
 * own.  The first SIGTERM or SIGINT stops accepting and lets every client
 * have what it is owed; the loop ends with the last one.
 */
#include "reactor/conn.h"
#include "reactor/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct reactor *loop;
static struct listener listener;
static struct reactor_signal interrupt, terminate;
static struct conn_group clients;

static enum conn_next serve(struct conn *c)
{
    size_t len, room = conn_room(c);
    char *input = conn_input(c, &len);
    size_t n = len < room ? len : room;
    conn_write(c, input, n);
    conn_consume(c, n);
    if (n < len)
        return CONN_MORE; /* called again when the peer has taken this */
    return conn_input_ended(c) ? CONN_FINISH : CONN_WAIT;
}

static void closed(struct conn *c, enum conn_reason why, int err)
{
    (void)why, (void)err;
    free(c);
}

static void accepted(struct listener *l, int fd, const struct sockaddr *peer, socklen_t peer_len)
{
    static const struct conn_ops ops = {.name = "client", .serve = serve, .closed = closed};
    static const struct conn_limits limits = {.input_max_bytes = 4096, .group = &clients};
    (void)l, (void)peer, (void)peer_len;
    struct conn *c = calloc(1, sizeof *c);
    if (c == NULL)
        close(fd);
    else if (conn_start(c, loop, &ops, &limits, fd) != 0)
        free(c); /* the descriptor is closed already */
}

static void on_stop(struct reactor_signal *s, int signo)
{
    (void)s, (void)signo;
    listener_stop(&listener);
    reactor_signal_stop(&interrupt);
    reactor_signal_stop(&terminate);
    conn_group_finish(&clients);
}

static int start(in_port_t port)
{
    static const struct listener_ops ops = {.name = "listener", .accepted = accepted};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    interrupt = (struct reactor_signal){.fn = on_stop, .name = "SIGINT"};
    terminate = (struct reactor_signal){.fn = on_stop, .name = "SIGTERM"};
    loop = reactor_new(NULL);
    if (loop == NULL || reactor_signal_start(loop, &interrupt, SIGINT) != 0 ||
        reactor_signal_start(loop, &terminate, SIGTERM) != 0 ||
        listener_start(&listener, loop, &ops, (struct sockaddr *)&address, len, 128) != 0)
        return -1;
    return 0;
}

int main(int argc, char **argv)
{
    struct sockaddr_storage bound;
    socklen_t len = sizeof bound;
    if (start((in_port_t)(argc > 1 ? atoi(argv[1]) : 0)) != 0 || listener_address(&listener, &bound, &len) != 0) {
        perror("echo");
        return 1;
    }
    fprintf(stderr, "listening on 127.0.0.1:%d\n", ntohs(((struct sockaddr_in *)&bound)->sin_port));
    int failed = reactor_run(loop);
    reactor_free(loop);
    return failed == 0 ? 0 : 1;
}
