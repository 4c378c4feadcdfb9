/* Under load: memory stays within bounds, answers to small queries come between the pieces of large ones, nothing
 * spins. */
#include "telnet.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(load, .timeout = TEST_TIMEOUT_S);

#if defined(__SANITIZE_ADDRESS__)
#define MEMORY_IS_MEASURABLE false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEMORY_IS_MEASURABLE false
#endif
#endif
#ifndef MEMORY_IS_MEASURABLE
#define MEMORY_IS_MEASURABLE true
#endif

/* Raises the descriptor limit of this test process. */
static void need_descriptors(rlim_t count)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < count)
        cr_skip_test("only %lu descriptors can be had", (unsigned long)limit.rlim_max);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* A thousand clients ask for 4 MB, type ahead all they can, and read nothing: one line and 16 KiB each at most. */
Test(load, clients_that_do_not_read_cost_bounded_memory)
{
    enum {
        CLIENTS = 1000,
        LINE = 4096,
        OUTPUT = 16384,
        OVERHEAD = 2048
    };
    static char ahead[1 << 16];
    struct server s;
    struct client first, *c = calloc(CLIENTS, sizeof *c);
    need_descriptors(CLIENTS + 64);
    for (size_t i = 0; i < sizeof ahead; i++)
        ahead[i] = "cjk\n"[i % 4];
    SERVE_PLAIN(&s);
    client_greeted(&first, &s);
    client_say(&first, "cjk\n"); /* the tables it reads are in memory before the measuring begins */
    await(&first, "98263 found\r\n" PROMPT);
    long before_kb = server_status_kb(&s, "VmRSS:");
    for (int i = 0; i < CLIENTS; i++) {
        client_open_narrow(&c[i], &s);
        client_stuff(&c[i], ahead, sizeof ahead);
    }
    for (int i = 0; i < CLIENTS; i++)
        await(&c[i], "CJK"); /* each of them is being answered */
    bytes_free(&first.got);
    client_say(&first, "weary cat face\n");
    expect(&first, WEARY_CAT);
    long grown_kb = server_status_kb(&s, "VmRSS:") - before_kb;
    long allowed_kb = CLIENTS * (LINE + OUTPUT + OVERHEAD) / 1024;
    if (MEMORY_IS_MEASURABLE)
        cr_assert(grown_kb < allowed_kb, "%ld KiB for %d clients, allowed %ld", grown_kb, CLIENTS, allowed_kb);
    for (int i = 0; i < CLIENTS; i++)
        client_close(&c[i]);
    client_close(&first);
    free(c);
    server_stop(&s);
}

/* Close to nothing while idle, also after much was asked. */
Test(load, idle_clients_cost_little)
{
    enum {
        CLIENTS = 1000,
        BYTES_EACH = 1024
    };
    struct server s;
    struct client *c = calloc(CLIENTS, sizeof *c);
    need_descriptors(CLIENTS + 64);
    SERVE_PLAIN(&s);
    client_greeted(&c[0], &s);
    client_say(&c[0], "hangul\n");
    await(&c[0], "found\r\n" PROMPT);
    long before_kb = server_status_kb(&s, "VmRSS:");
    for (int i = 1; i < CLIENTS; i++) {
        client_greeted(&c[i], &s);
        client_say(&c[i], "hangul\n");
        await(&c[i], "found\r\n" PROMPT);
        bytes_free(&c[i].got);
    }
    long grown_kb = server_status_kb(&s, "VmRSS:") - before_kb;
    if (MEMORY_IS_MEASURABLE)
        cr_assert(grown_kb < CLIENTS * BYTES_EACH / 1024, "%ld KiB for %d idle clients", grown_kb, CLIENTS);
    for (int i = 0; i < CLIENTS; i++)
        client_close(&c[i]);
    free(c);
    server_stop(&s);
}

/* Connections come and go: descriptors and memory do not add up. */
Test(load, coming_and_going_leaves_nothing)
{
    struct server s;
    struct client c;
    SERVE_PLAIN(&s);
    int descriptors = server_descriptors(&s);
    long before_kb = 0;
    for (int i = 0; i < 3000; i++) {
        client_open(&c, &s);
        if (i % 3 == 0)
            client_say(&c, "weary cat face\nhalf a li");
        if (i % 3 == 1)
            client_say(&c, "cjk\n");
        if (i % 5 == 0)
            client_receive(&c);
        client_close(&c);
        if (i == 500)
            before_kb = server_status_kb(&s, "VmRSS:");
    }
    server_await_descriptors(&s, descriptors);
    long grown_kb = server_status_kb(&s, "VmRSS:") - before_kb;
    if (MEMORY_IS_MEASURABLE)
        cr_assert(grown_kb < 2048, "%ld KiB more", grown_kb);
    server_stop(&s);
}

/* Whatever is kept to answer faster does not grow with what is asked. */
Test(load, many_different_questions_leave_little)
{
    enum {
        QUESTIONS = 40000,
        BATCH = 400
    };
    struct server s;
    struct client c;
    struct bytes batch = {0};
    long before_kb = 0;
    SERVE(&s, "--classic");
    client_greeted(&c, &s);
    for (int i = 0; i < QUESTIONS; i += BATCH) {
        char line[64];
        batch.len = 0;
        for (int k = 0; k < BATCH; k++) {
            snprintf(line, sizeof line, "%x cjk ideograph unified\n", 0x4E00 + i + k);
            bytes_add(&batch, line);
        }
        client_send(&c, batch.bytes, batch.len);
        for (int k = 0; k < BATCH; k++) {
            char *end = await(&c, " found\r\n" PROMPT);
            bytes_drop_front(&c.got, (size_t)(end - c.got.bytes) + strlen(" found\r\n" PROMPT));
        }
        if (i == QUESTIONS / 2)
            before_kb = server_status_kb(&s, "VmRSS:");
    }
    long grown_kb = server_status_kb(&s, "VmRSS:") - before_kb;
    if (MEMORY_IS_MEASURABLE)
        cr_assert(grown_kb < 1024, "%ld KiB more for the second %d questions", grown_kb, QUESTIONS / 2);
    bytes_free(&batch);
    client_close(&c);
    server_stop(&s);
}

/* Takes what is there from all the streams; returns how much that was. */
static size_t read_streams(struct client *c, int count)
{
    static char chunk[1 << 18];
    size_t total = 0;
    for (int i = 0; i < count; i++) {
        ssize_t got = recv(c[i].fd, chunk, sizeof chunk, MSG_DONTWAIT);
        total += got > 0 ? (size_t)got : 0;
    }
    return total;
}

/* Counted in bytes, not in time: between a small question and its answer the others get slices, not megabytes. */
Test(load, small_queries_are_answered_between_large_ones)
{
    enum {
        STREAMS = 16,
        ROUNDS = 10
    };
    struct server s;
    struct client c[STREAMS], small;
    size_t meanwhile = 0;
    SERVE_PLAIN(&s);
    client_greeted(&small, &s);
    for (int i = 0; i < STREAMS; i++) {
        client_open(&c[i], &s);
        for (int k = 0; k < 200; k++)
            client_say(&c[i], "cjk\n");
    }
    for (int round = 0; round < ROUNDS; round++) {
        struct pollfd answer = {.fd = small.fd, .events = POLLIN};
        client_say(&small, "weary cat face\n");
        while (poll(&answer, 1, 0) == 0)
            meanwhile += read_streams(c, STREAMS);
        expect(&small, WEARY_CAT);
        expect(&small, PROMPT);
    }
    /* Were the streams served to the end first, each round would let 64 MB pass. */
    cr_assert(meanwhile < (size_t)ROUNDS * STREAMS * 1000000, "%zu bytes passed", meanwhile);
    for (int i = 0; i < STREAMS; i++)
        client_close(&c[i]);
    client_close(&small);
    server_stop(&s);
}

/* CPU time of the server in clock ticks (user and system, fields 14 and 15 of /proc/PID/stat). */
static long server_ticks(const struct server *s)
{
    char path[64];
    struct bytes stat = {0};
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)s->pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    fd_read_all(fd, &stat);
    close(fd);
    const char *after_name = strrchr(stat.bytes, ')');
    cr_assert(after_name &&
              sscanf(after_name, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) == 2);
    bytes_free(&stat);
    return (long)(user + system);
}

/* Stalled readers, half lines, a turned-away newcomer: the loop sleeps. */
Test(load, nothing_spins_while_nothing_happens)
{
    struct server s;
    struct client c[6], newcomer;
    SERVE(&s, "--max-clients", "6");
    for (int i = 0; i < 6; i++) {
        client_open_narrow(&c[i], &s);
        expect(&c[i], PROMPT);
    }
    client_say(&c[0], "cjk\n");
    client_say(&c[1], "cjk\ncjk\ncjk\n");
    client_say(&c[2], "half a li");
    client_say(&c[3], "cjk\n");
    client_shut(&c[3]);
    SAY(&c[4], IAC SB "\30 half a subnegotiation");
    client_open(&newcomer, &s);
    expect(&newcomer, SERVER_FULL);
    poll(NULL, 0, 100);
    long before = server_ticks(&s);
    poll(NULL, 0, 1000);
    long spent = server_ticks(&s) - before;
    cr_assert(spent < sysconf(_SC_CLK_TCK) / 4, "%ld ticks of CPU in a second of nothing", spent);
    for (int i = 0; i < 6; i++)
        client_close(&c[i]);
    client_close(&newcomer);
    server_stop(&s);
}

/* The worst queries from a thousand clients that do not read: each costs its plan besides, and small queries are
 * answered in between. */
Test(load, the_worst_queries_cost_bounded_memory)
{
    enum {
        CLIENTS = 1000,
        PER_CLIENT = 4096 + 16384 + 80 * 1024
    };
    static const char *const queries[] = {
        "*a* *e* *i*\n",    "!x\n",
        "gc:L|gc:S|gc:P\n", "(((((((!(!*a*)|*b*)))))))\n",
        "!(!(!(!(!x))))\n", "*a*|*e*|*i*|*o*|*u* !gc:Zs|gc:Zl !\"letter a\"|\"letter b\" *a*|(!*q*)\n"};
    struct server s;
    struct client first, *c = calloc(CLIENTS, sizeof *c);
    need_descriptors(CLIENTS + 64);
    SERVE_PLAIN(&s);
    client_greeted(&first, &s);
    client_say(&first, "!x\n");
    await(&first, " found\r\n" PROMPT);
    long before_kb = server_status_kb(&s, "VmRSS:");
    for (int i = 0; i < CLIENTS; i++) {
        client_open_narrow(&c[i], &s);
        client_say(&c[i], queries[(size_t)i % (sizeof queries / sizeof *queries)]);
    }
    for (int i = 0; i < CLIENTS; i++)
        await(&c[i], "U+"); /* each of them is being answered */
    bytes_free(&first.got);
    client_say(&first, "weary cat face\n");
    expect(&first, WEARY_CAT);
    long grown_kb = server_status_kb(&s, "VmRSS:") - before_kb;
    if (MEMORY_IS_MEASURABLE)
        cr_assert(grown_kb < CLIENTS * (PER_CLIENT / 1024), "%ld KiB for %d clients", grown_kb, CLIENTS);
    for (int i = 0; i < CLIENTS; i++)
        client_close(&c[i]);
    client_close(&first);
    free(c);
    server_stop(&s);
}
