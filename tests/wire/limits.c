/* The client limit and the descriptor limit: newcomers are told, the others go on, and room is used again. */
#include "wire.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

TestSuite(limits, .timeout = TEST_TIMEOUT_S);

static void expect_full(const struct server *s)
{
    struct client c;
    client_open(&c, s);
    expect(&c, SERVER_FULL);
    expect_end(&c);
    client_close(&c);
}

static void expect_served(struct client *c)
{
    client_say(c, "weary cat face\n");
    expect(c, WEARY_CAT);
    expect(c, PROMPT);
}

/* The server sees a close when it sees it: tries until there is room. */
static void await_room(struct client *c, const struct server *s)
{
    for (;;) {
        client_open(c, s);
        client_receive(c);
        if (c->got.len > 0 && c->got.bytes[0] == '?')
            break;
        client_close(c);
    }
    expect(c, PROMPT);
}

Test(limits, max_clients)
{
    struct server s;
    struct client c[3];
    SERVE(&s, "--max-clients", "3");
    for (int i = 0; i < 3; i++)
        client_greeted(&c[i], &s);
    for (int i = 0; i < 30; i++)
        expect_full(&s);
    for (int i = 0; i < 3; i++)
        expect_served(&c[i]);
    client_close(&c[1]);
    await_room(&c[1], &s);
    expect_full(&s);
    expect_served(&c[1]);
    for (int i = 0; i < 3; i++)
        client_close(&c[i]);
    server_stop(&s);
}

/* A newcomer that talks at once is told all the same: what it said must not reset the line on its way. */
Test(limits, max_clients_tells_those_who_talk_first)
{
    struct server s;
    struct client first, c;
    SERVE(&s, "--max-clients", "1");
    client_greeted(&first, &s);
    for (int i = 0; i < 20; i++) {
        client_open(&c, &s);
        client_stuff(&c, "cat face\n", 9);
        expect(&c, SERVER_FULL);
        expect_end(&c);
        client_close(&c);
    }
    expect_served(&first);
    client_close(&first);
    server_stop(&s);
}

static void allow_24_descriptors(void)
{
    struct rlimit limit = {24, 24};
    setrlimit(RLIMIT_NOFILE, &limit);
}

Test(limits, a_descriptor_limit_too_low_is_said_at_start)
{
    struct server s;
    server_start(&s, (const char *const[]){"--port", "0", NULL}, allow_24_descriptors);
    cr_assert(find(&s.log, "24"), "nothing about the limit in \"%s\"", s.log.bytes);
    server_stop(&s);
}

Test(limits, descriptors)
{
    enum {
        MORE_THAN_FIT = 40
    };
    struct server s;
    struct client c[MORE_THAN_FIT];
    int served = 0;
    server_start(&s, (const char *const[]){"--port", "0", NULL}, allow_24_descriptors);
    for (int i = 0; i < MORE_THAN_FIT; i++) {
        client_open(&c[i], &s);
        client_receive(&c[i]);
        if (c[i].got.len > 0 && c[i].got.bytes[0] == '?') {
            cr_assert_eq(served, i, "served after others had been turned away");
            expect(&c[i], PROMPT);
            served++;
        } else {
            expect(&c[i], SERVER_FULL);
            expect_end(&c[i]);
        }
    }
    cr_assert(served >= 5 && served < 24, "%d served", served);
    for (int i = 0; i < served; i++)
        expect_served(&c[i]);
    client_close(&c[0]);
    await_room(&c[0], &s);
    expect_full(&s);
    for (int i = 0; i < MORE_THAN_FIT; i++)
        client_close(&c[i]);
    server_stop(&s);
}

static void start_with_a_low_soft_limit(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 16;
    setrlimit(RLIMIT_NOFILE, &limit);
}

Test(limits, the_soft_limit_is_raised)
{
    enum {
        CLIENTS = 64
    };
    struct server s;
    struct client c[CLIENTS];
    server_start(&s, (const char *const[]){"--port", "0", "--max-clients", "64", NULL}, start_with_a_low_soft_limit);
    for (int i = 0; i < CLIENTS; i++)
        client_greeted(&c[i], &s);
    expect_full(&s);
    for (int i = 0; i < CLIENTS; i++)
        client_close(&c[i]);
    server_stop(&s);
}

/* Turned away in numbers: no spinning afterwards, and no flood in the log. */
Test(limits, a_rush_leaves_little_in_the_log)
{
    struct server s;
    struct client first;
    SERVE(&s, "--max-clients", "1");
    client_greeted(&first, &s);
    for (int i = 0; i < 500; i++)
        expect_full(&s);
    server_read_log(&s);
    cr_assert(bytes_count(&s.log, "\n") < 250, "%zu lines for 500 newcomers", bytes_count(&s.log, "\n"));
    client_close(&first);
    server_stop(&s);
}

/* In the classic dialect nobody is told anything: it closes. */
Test(limits, classic_is_full_in_silence)
{
    struct server s;
    struct client in, out;
    SERVE(&s, "--max-clients", "1", "--classic");
    client_greeted(&in, &s);
    for (int i = 0; i < 100; i++) { /* more than are let go of one by one */
        client_open(&out, &s);
        expect_end(&out);
        client_close(&out);
    }
    expect_served(&in);
    client_close(&in);
    server_stop(&s);
}

/* ---- too few descriptors even for the server itself ---- */

static rlim_t descriptors_left;

static void few_descriptors(void)
{
    const struct rlimit limit = {.rlim_cur = descriptors_left, .rlim_max = descriptors_left};
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* Starts, and is stopped if it serves; its exit status and its log. */
static int start_and_stop(struct bytes *said)
{
    int log[2];
    cr_assert(pipe2(log, O_CLOEXEC) == 0);
    pid_t pid = program_spawn((const char *const[]){"--port", "0", NULL}, (const int[3]){FD_NULL, FD_NULL, log[1]},
                              few_descriptors);
    close(log[1]);
    char chunk[512];
    ssize_t got;
    for (bool stopped = false; (got = read(log[0], chunk, sizeof chunk)) > 0;) {
        bytes_append(said, chunk, (size_t)got);
        if (!stopped && find(said, "listening on ")) {
            kill(pid, SIGTERM);
            stopped = true;
        }
    }
    close(log[0]);
    return program_wait(pid);
}

/* From the first limit that the program can be loaded with to the first that it serves with: one line each that names
 * what failed and why, and status 1; then it says that fewer clients may get in. */
Test(limits, too_few_descriptors_to_serve)
{
    unsigned failed = 0;
    for (descriptors_left = 5;; descriptors_left++) {
        struct bytes said = {0};
        int status = start_and_stop(&said);
        bytes_append(&said, "", 0);
        cr_assert_leq(descriptors_left, 40, "it never serves");
        if (status == 0) {
            cr_assert(find(&said, "--max-clients 10000 needs "), "\"%s\"", said.bytes);
            bytes_free(&said);
            break;
        }
        cr_assert_eq(status, 1, "limit %d: status %d", (int)descriptors_left, status);
        cr_assert(find(&said, ": Too many open files\n"), "\"%s\"", said.bytes);
        cr_assert_eq(bytes_count(&said, "\n"), 1, "\"%s\"", said.bytes);
        bytes_free(&said);
        failed++;
    }
    cr_assert_gt(failed, 3u);
}
