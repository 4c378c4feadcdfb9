/* A group holds the conns of one kind from their start until just before
 * closed(), and ends them together. */
#include "reactor/conn.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MEMBERS = 3
};

static struct conn_group group;
static size_t count_in_closed[MEMBERS];
static enum conn_reason reason[MEMBERS];
static unsigned closes;

static enum conn_next greet(struct conn *c)
{
    conn_write(c, "hello\n", 6);
    return CONN_WAIT;
}

static void closed(struct conn *c, enum conn_reason why, int err)
{
    (void)c, (void)err;
    count_in_closed[closes] = group.count;
    reason[closes++] = why;
}

static const struct conn_ops ops = {.name = "member", .serve = greet, .closed = closed};
static const struct conn_limits limits = {.input_max_bytes = 64, .group = &group};

static void start(struct reactor *r, struct conn *members, int *peers)
{
    for (int i = 0; i < MEMBERS; i++) {
        int fd[2];
        cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd), 0);
        cr_assert_eq(conn_start(&members[i], r, &ops, &limits, fd[0]), 0);
        peers[i] = fd[1];
    }
}

Test(conn_group, newest_first_and_counted)
{
    struct reactor *r = reactor_new(NULL);
    struct conn members[MEMBERS];
    int peers[MEMBERS];

    start(r, members, peers);
    cr_expect_eq(group.count, MEMBERS);
    cr_expect_eq(group.first, &members[2]);
    cr_expect_eq(conn_group_next(&members[2]), &members[1]);
    cr_expect_eq(conn_group_next(&members[1]), &members[0]);
    cr_expect_null(conn_group_next(&members[0]));
    conn_abort(&members[1]);
    while (closes == 0)
        reactor_turn(r, -1);
    cr_expect_eq(group.count, MEMBERS - 1);
    cr_expect_eq(conn_group_next(&members[2]), &members[0]);
}

Test(conn_group, finish_delivers_and_empties_the_loop)
{
    struct reactor *r = reactor_new(NULL);
    struct conn members[MEMBERS];
    int peers[MEMBERS];

    start(r, members, peers);
    reactor_turn(r, -1);
    conn_group_finish(&group);
    for (int i = 0; i < MEMBERS; i++)
        shutdown(peers[i], SHUT_WR);
    cr_expect_eq(reactor_run(r), 0);
    cr_expect_eq(closes, MEMBERS);
    for (int i = 0; i < MEMBERS; i++) {
        char text[8] = "";
        cr_expect_eq(reason[i], CONN_FINISHED);
        cr_expect_eq(count_in_closed[i], (size_t)(MEMBERS - 1 - i), "left before closed()");
        cr_expect_eq(read(peers[i], text, sizeof text), 6);
        cr_expect_str_eq(text, "hello\n");
    }
    cr_expect_null(group.first);
    reactor_free(r);
}

Test(conn_group, abort_ends_all_at_once)
{
    struct reactor *r = reactor_new(NULL);
    struct conn members[MEMBERS];
    int peers[MEMBERS];

    start(r, members, peers);
    conn_group_abort(&group);
    cr_expect_eq(reactor_run(r), 0);
    cr_expect_eq(closes, MEMBERS);
    cr_expect_eq(reason[0], CONN_ABORTED);
    reactor_free(r);
}
