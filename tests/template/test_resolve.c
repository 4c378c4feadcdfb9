/* The example "resolve", against a name server of ours: all names are asked for at
 * once, and each is printed as its answer comes. */
#include "drive.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    NAMES = 8,
    HEADER_BYTES = 12,
    MAX_BYTES = 512
};

TestSuite(example_resolve, .timeout = 60);

struct query {
    unsigned char bytes[MAX_BYTES];
    size_t question_end; /* header and question, without what follows */
    struct sockaddr_in from;
};

/* RFC 1035: the question is a list of labels closed by an empty one, type and class. */
static void receive(int fd, struct query *q)
{
    socklen_t len = sizeof q->from;
    ssize_t n = recvfrom(fd, q->bytes, sizeof q->bytes, 0, (struct sockaddr *)&q->from, &len);
    cr_assert_gt(n, HEADER_BYTES);
    size_t at = HEADER_BYTES;
    while (q->bytes[at] != 0 && at < (size_t)n)
        at += 1u + q->bytes[at];
    q->question_end = at + 1 + 4;
    cr_assert_leq(q->question_end, (size_t)n);
}

/* "host-N" has the address 10.0.0.N, any other name does not exist. */
static void answer(int fd, struct query *q)
{
    static const unsigned char address[] = {0xc0, HEADER_BYTES, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0};
    unsigned char *b = q->bytes;
    size_t len = q->question_end;
    bool exists = b[HEADER_BYTES] == 6 && memcmp(b + HEADER_BYTES + 1, "host-", 5) == 0;
    b[2] = 0x85; /* an answer, authoritative, recursion desired */
    b[3] = exists ? 0x80 : 0x83;
    memset(b + 4, 0, HEADER_BYTES - 4);
    b[5] = 1;
    if (exists) {
        b[7] = 1;
        memcpy(b + len, address, sizeof address);
        len += sizeof address;
        b[len++] = (unsigned char)(b[HEADER_BYTES + 6] - '0');
    }
    sendto(fd, b, len, 0, (struct sockaddr *)&q->from, sizeof q->from);
}

/* Answers none of NAMES queries before it has them all, then the last one first. */
static void *serve_names(void *arg)
{
    static struct query queries[NAMES];
    int fd = *(int *)arg;
    for (int i = 0; i < NAMES; i++)
        receive(fd, &queries[i]);
    for (int i = NAMES; i-- > 0;)
        answer(fd, &queries[i]);
    return NULL;
}

static int name_server(char *server, size_t size)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    snprintf(server, size, "127.0.0.1:%d", ntohs(address.sin_port));
    return fd;
}

Test(example_resolve, asks_for_all_at_once_and_prints_each_as_it_comes)
{
    char server[32];
    pthread_t thread;
    const char *args[] = {"-s",      server,    "host-1.", "host-2.", "host-3.", "host-4.",
                          "host-5.", "host-6.", "host-7.", "other.",  NULL};
    if (!program_exists("resolve"))
        cr_skip_test("the example resolve is not built: no libc-ares-dev");
    int fd = name_server(server, sizeof server);
    struct program p = program_start("resolve", args);
    pthread_create(&thread, NULL, serve_names, &fd);
    cr_expect_str_eq(program_line(&p), "other. Domain name not found");
    for (int i = NAMES - 1; i > 0; i--) {
        char expected[64];
        snprintf(expected, sizeof expected, "host-%d. 10.0.0.%d", i, i);
        cr_expect_str_eq(program_line(&p), expected);
    }
    cr_expect_eq(program_end(&p), 0);
    pthread_join(thread, NULL);
    close(fd);
}
