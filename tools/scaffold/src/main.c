/* main.c - options, signals, and the loop. */
#include "server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct server server; /* some 300 KiB: not for the stack */

static void on_stop(struct reactor_signal *s, int signo)
{
    (void)s, (void)signo;
    server_stop(&server); /* the second signal ends at once what the first let finish */
}

static int serve(struct reactor *r, unsigned short port)
{
    struct reactor_signal interrupt = {.fn = on_stop, .name = "SIGINT"};
    struct reactor_signal terminate = {.fn = on_stop, .name = "SIGTERM"};
    int failed;

    if (reactor_signal_start(r, &interrupt, SIGINT) != 0 || reactor_signal_start(r, &terminate, SIGTERM) != 0 ||
        server_start(&server, r, port) != 0)
        failed = -1;
    else {
        fprintf(stderr, "listening on 127.0.0.1:%d\n", server_port(&server));
        failed = reactor_run(r);
    }
    if (failed != 0)
        perror("@NAME@");
    reactor_signal_stop(&interrupt);
    reactor_signal_stop(&terminate);
    return failed == 0 ? 0 : 1;
}

static int usage(FILE *out, int status)
{
    fprintf(out, "usage: @NAME@ [--port N]    (7000; 0 picks a free port)\n");
    return status;
}

int main(int argc, char **argv)
{
    unsigned long port = 7000;
    char *end = NULL;

    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(stdout, 0);
    if (argc == 3 && strcmp(argv[1], "--port") == 0)
        port = strtoul(argv[2], &end, 10);
    if (argc != 1 && (end == NULL || end == argv[2] || *end != '\0' || port > 65535))
        return usage(stderr, 2);

    struct reactor *r = reactor_new(NULL);
    if (r == NULL) {
        perror("@NAME@");
        return 1;
    }
    int status = serve(r, (unsigned short)port);
    reactor_free(r);
    return status;
}
