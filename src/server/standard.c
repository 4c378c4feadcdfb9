/* standard.c - stdout and stdin that may be anything: pipes, sockets, terminals, full devices, blocking or not. */
#include "standard.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    READ_BYTES = 64 * 1024 /* room for input at first; it doubles */
};

/* Why bytes of the output were lost; 0: they were not. */
static int output_errno;

/* After a failed read or write: true when it may be tried again, now that the descriptor is ready. */
static bool wait_until_ready(int fd, short events)
{
    struct pollfd ready = {.fd = fd, .events = events};
    if (errno == EINTR)
        return true;
    return errno == EAGAIN && (poll(&ready, 1, -1) > 0 || errno == EINTR);
}

/* Writes all of it: stdio takes a short count for an error.  A failure it is told by
 * just that, a short count (fopencookie(3): never a negative one). */
static ssize_t write_all(void *cookie, const char *bytes, size_t len)
{
    size_t written = 0;
    (void)cookie;
    while (written < len) {
        ssize_t n = write(STDOUT_FILENO, bytes + written, len - written);
        if (n >= 0)
            written += (size_t)n;
        else if (!wait_until_ready(STDOUT_FILENO, POLLOUT)) {
            output_errno = errno;
            break;
        }
    }
    return (ssize_t)written;
}

void standard_output_waits(void)
{
    FILE *out = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_all});
    if (out)
        stdout = out; /* a variable like any other in glibc; without memory the usual one must do */
}

bool standard_output_finish(void)
{
    if (!ferror(stdout) && fflush(stdout) == 0)
        return true;
    int why = output_errno ? output_errno : errno;
    if (why != EPIPE)
        fprintf(stderr, "mojifinder: cannot write the answer: %s\n", strerror(why));
    return false;
}

static bool refuse_input(char *text, const char *reason)
{
    fprintf(stderr, "mojifinder: standard input: %s\n", reason);
    free(text);
    return false;
}

bool standard_input_read(size_t max, char **text, size_t *len)
{
    size_t size = 0;
    *text = NULL;
    for (*len = 0;;) {
        if (*len == size) {
            size = size ? 2 * size : READ_BYTES;
            char *more = realloc(*text, size);
            if (!more)
                return refuse_input(*text, "out of memory");
            *text = more;
        }
        ssize_t n = read(STDIN_FILENO, *text + *len, size - *len);
        if (n == 0)
            return true;
        if (n < 0 && !wait_until_ready(STDIN_FILENO, POLLIN))
            return refuse_input(*text, strerror(errno));
        *len += n > 0 ? (size_t)n : 0;
        if (*len > max) {
            char reason[64];
            snprintf(reason, sizeof reason, "more than %zu bytes", max);
            return refuse_input(*text, reason);
        }
    }
}
