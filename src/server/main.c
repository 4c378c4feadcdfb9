/* main.c - mojifinder: finds Unicode characters by name, for people with nc or telnet. */
#include "oneshot.h"
#include "options.h"
#include "server.h"
#include "standard.h"

#include "unicode/index.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A daemon started with 0, 1 or 2 closed would hand one of these numbers to a
 * client, and what is meant for stderr would reach that client.  What stands in for a closed stdout cannot
 * be written to, so that an answer lost there is told by the exit status. */
static void open_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd == 2 ? O_WRONLY : O_RDONLY) < 0) {
            fprintf(stderr, "mojifinder: descriptor %d is closed, and /dev/null cannot stand in: %s\n", fd,
                    strerror(errno));
            _exit(EXIT_CANNOT);
        }
}

static int print_version(void)
{
    const struct index *ix = index_builtin();
    printf("mojifinder %s\nUnicode %s (%s), %u named characters\n", MOJIFINDER_VERSION, index_unicode_version(ix),
           index_source(ix), index_named_count(ix));
    return standard_output_finish() ? EXIT_SUCCESS : EXIT_UNWRITTEN;
}

static int print_help(void)
{
    options_help(stdout);
    return standard_output_finish() ? EXIT_SUCCESS : EXIT_UNWRITTEN;
}

int main(int argc, char **argv)
{
    struct options o;
    open_standard_descriptors();
    signal(SIGPIPE, SIG_IGN); /* a reader that went away is an error of one write, not our end */
    signal(SIGXFSZ, SIG_IGN); /* and so is a file that may grow no further */
    if (!options_parse(&o, argc, argv))
        return EXIT_USAGE;
    standard_output_waits();
    switch (o.mode) {
    case MODE_HELP: return print_help();
    case MODE_VERSION: return print_version();
    case MODE_ONESHOT: return oneshot(&o);
    case MODE_STDIO: return server_stdio(&o);
    case MODE_SERVE: break;
    }
    return server_run(&o);
}
