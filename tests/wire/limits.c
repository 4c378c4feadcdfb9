/* The client limit and the descriptor limit: newcomers are told, the others go on, and room is used again. */
#include "wire.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/resource.h>

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
