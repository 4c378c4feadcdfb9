/* Calls that this kernel, or a filter of system calls, refuses: every errno, and what it costs. */
#include "echo.h"

#include "reactor/conn.h"
#include "reactor/listener.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum {
    REGION_BYTES = 400000,
    ERRNOS = 134 /* one more than EHWPOISON, the last that Linux has */
};

static char region[REGION_BYTES];
static struct reactor *r;

static void fill_region(void)
{
    for (size_t i = 0; i < sizeof region; i++)
        region[i] = (char)('A' + i % 59);
}

/* ---- a conn that sends the region and finishes ---- */

struct sender {
    struct conn conn;
    struct sim_peer *peer;
    enum conn_reason why;
    bool put, closed;
};

static struct conn_limits limits;

static enum conn_next send_region(struct conn *c)
{
    struct sender *s = (struct sender *)c;
    if (s->put)
        return CONN_FINISH;
    s->put = true;
    cr_assert(conn_refer(c, region, sizeof region));
    return CONN_MORE;
}

static void sender_closed(struct conn *c, enum conn_reason why, int err)
{
    struct sender *s = (struct sender *)c;
    (void)err;
    s->why = why;
    s->closed = true;
}

static const struct conn_ops ops = {.name = "sender", .serve = send_region, .closed = sender_closed};

static void sender_start(struct sender *s)
{
    int fd;
    memset(s, 0, sizeof *s);
    s->peer = sim_socket(&fd);
    cr_assert_eq(conn_start(&s->conn, r, &ops, &limits, fd), 0);
}

/* The peer takes what comes in pieces, to the end. */
static void take_all(struct sender *s)
{
    for (unsigned i = 0; i < 1000 && !s->closed; i++) {
        sim_run(r, 100);
        if (sim_peer_read(s->peer, 30000) == 0 && sim_peer_at_end(s->peer))
            sim_peer_end(s->peer);
    }
    cr_assert(s->closed);
}

static void begin(void)
{
    fill_region();
    sim_begin(1);
    r = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    cr_assert(r);
    limits = (struct conn_limits){.input_max_bytes = 100, .region = region, .region_bytes = sizeof region};
    limits.region_fd = sim_file(region, sizeof region);
}

static void end(void)
{
    sim_sys.close(limits.region_fd);
    reactor_free(r);
    cr_expect_eq(sim_end(), 0);
}

static bool is_lost_connection(int err)
{
    static const int lost[] = {EPIPE,     ECONNRESET,   ECONNABORTED, ECONNREFUSED, ENOTCONN, ESHUTDOWN,
                               ETIMEDOUT, EHOSTUNREACH, EHOSTDOWN,    ENETUNREACH,  ENETDOWN, ENETRESET};
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++)
        if (lost[i] == err)
            return true;
    return false;
}

static bool is_passing(int err)
{
    return err == EINTR || err == EAGAIN || err == EWOULDBLOCK;
}

static bool is_shortage(int err)
{
    return err == ENOMEM || err == ENOBUFS;
}

/* sendfile fails with err at its call number skip; then the next client of the same reactor is looked at. */
static void sendfile_refused(int err, unsigned skip)
{
    struct sender first, second;
    unsigned long calls;

    begin();
    sim_fail(SIM_SENDFILE, skip, is_passing(err) ? 1 : 1000, err);
    sender_start(&first);
    take_all(&first);
    if (is_lost_connection(err)) {
        cr_expect_eq(first.why, CONN_PEER_GONE, "errno %d", err);
    } else {
        cr_expect_eq(first.why, CONN_FINISHED, "errno %d", err);
        cr_assert_eq(sim_peer_len(first.peer), sizeof region, "errno %d: the answer is cut", err);
        cr_expect_eq(memcmp(sim_peer_text(first.peer), region, sizeof region), 0, "errno %d", err);
    }
    if (!is_passing(err))
        cr_expect_eq(sim_calls(SIM_SENDFILE), skip + 1, "errno %d: asked once", err);
    sim_fail(SIM_SENDFILE, 0, 0, 0);
    calls = sim_calls(SIM_SENDFILE);
    sender_start(&second);
    take_all(&second);
    cr_expect_eq(sim_peer_len(second.peer), sizeof region, "errno %d", err);
    cr_expect_eq(sim_calls(SIM_SENDFILE) > calls, is_lost_connection(err) || is_passing(err) || is_shortage(err),
                 "errno %d: for good means for all that come after, and only when it is refused", err);
    end();
}

Test(refused, sendfile_by_every_errno_at_the_first_call)
{
    for (int err = 1; err < ERRNOS; err++)
        sendfile_refused(err, 0);
}

Test(refused, sendfile_by_every_errno_after_a_part)
{
    for (int err = 1; err < ERRNOS; err++)
        sendfile_refused(err, 2);
}

/* ---- calls that only make things better ---- */

static void one_exchange(struct echo *e)
{
    struct sim_peer *peer = sim_connect(ECHO_PORT);
    sim_peer_read_all(peer);
    sim_peer_send(peer, "hello\n", 6);
    sim_run(e->reactor, 100);
    cr_expect_str_eq(sim_peer_text(peer), "hello\r\n");
}

/* The write side cannot be shut: what was sent arrives all the same. */
Test(refused, shutdown_by_every_errno)
{
    for (int err = 1; err < ERRNOS; err++) {
        struct sender s;
        begin();
        sim_fail(SIM_SHUTDOWN, 0, 1, err);
        sender_start(&s);
        sim_peer_send(s.peer, region, 300); /* more than is held: some of it is unread */
        for (unsigned i = 0; i < 40; i++) {
            sim_run(r, 100);
            sim_peer_read(s.peer, 30000);
            if (i == 38)
                sim_peer_end(s.peer);
        }
        sim_run(r, 100);
        cr_assert(s.closed, "errno %d", err);
        cr_expect_eq(s.why, CONN_FINISHED);
        if (!is_lost_connection(err)) {
            cr_expect_not(sim_peer_was_reset(s.peer), "errno %d: a reset overtakes the answer", err);
            cr_expect_eq(sim_peer_len(s.peer), sizeof region, "errno %d", err);
        }
        end();
    }
}

/* What the peer has acknowledged is not told: what the kernel took counts. */
Test(refused, what_the_peer_took_by_every_errno)
{
    for (int err = 1; err < ERRNOS; err++) {
        struct echo e;
        echo_begin(&e, 1);
        e.limits.send_timeout_ns = 1000000000;
        sim_fail(SIM_OUTQ, 0, 1000, err);
        one_exchange(&e);
        sim_run_until(e.reactor, sim_now_ns() + 5000000000u);
        cr_expect_eq(e.live, 1, "errno %d", err);
        echo_end(&e);
    }
}

/* Whatever accept4 says, and says each time: nothing spins, and the listener goes on when it is over. */
Test(refused, accept_by_every_errno)
{
    for (int err = 1; err < ERRNOS; err++) {
        struct echo e;
        echo_begin(&e, 1);
        (void)sim_connect(ECHO_PORT);
        if (!is_passing(err)) {
            sim_fail(SIM_ACCEPT, 0, 100000, err);
            sim_run_until(e.reactor, sim_now_ns() + 1000000000);
            cr_expect_leq(sim_calls(SIM_ACCEPT), 11u * 65, "errno %d: it spins", err);
            sim_fail(SIM_ACCEPT, 0, 0, 0);
            sim_run_until(e.reactor, sim_now_ns() + 200000000);
        }
        one_exchange(&e);
        cr_expect_eq(e.live, 2, "errno %d", err);
        echo_end(&e);
    }
}

/* ---- connecting ---- */

static const struct sockaddr_in somewhere = {.sin_family = AF_INET};

static struct sender connecting(void)
{
    struct sender s;
    memset(&s, 0, sizeof s);
    return s;
}

Test(refused, options_and_the_result_of_connecting_by_every_errno)
{
    for (int err = 1; err < ERRNOS; err++) {
        struct sender s = connecting();
        begin();
        sim_fail(SIM_SETSOCKOPT, 0, 1, err);
        sim_fail(SIM_GETSOCKOPT, 0, 1, err);
        cr_assert_eq(
            conn_connect(&s.conn, r, &ops, &limits, (const struct sockaddr *)&somewhere, sizeof somewhere, NULL), 0);
        s.peer = sim_answer_connect(0);
        take_all(&s);
        cr_expect_eq(sim_peer_len(s.peer), sizeof region, "errno %d", err);
        end();
    }
}

/* SO_ERROR is not told, and there is one: the first send brings it. */
Test(refused, a_refusal_is_noticed_without_its_errno)
{
    struct sender s = connecting();
    begin();
    sim_fail(SIM_GETSOCKOPT, 0, 1, EPERM);
    cr_assert_eq(conn_connect(&s.conn, r, &ops, &limits, (const struct sockaddr *)&somewhere, sizeof somewhere, NULL),
                 0);
    s.peer = sim_answer_connect(ECONNREFUSED);
    sim_run(r, 100);
    cr_expect(s.closed);
    cr_expect_eq(s.why, CONN_PEER_GONE);
    end();
}

/* ---- listening ---- */

static int newcomer;

static void keep(struct listener *l, int fd, const struct sockaddr *peer, socklen_t len)
{
    (void)l;
    (void)peer;
    (void)len;
    newcomer = fd;
}

static const struct listener_ops listener_ops = {.name = "listener", .accepted = keep};
static const struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = 0x1234};

static void expect_to_accept(struct listener *l)
{
    newcomer = -1;
    (void)sim_connect(ntohs(address.sin_port));
    sim_run(r, 10);
    cr_assert_geq(newcomer, 0);
    sim_sys.close(newcomer);
    listener_stop(l);
}

Test(refused, options_of_a_listener_by_every_errno)
{
    for (int err = 1; err < ERRNOS; err++) {
        struct listener l;
        begin();
        sim_fail(SIM_SETSOCKOPT, 0, 1000, err);
        cr_assert_eq(listener_start(&l, r, &listener_ops, (const struct sockaddr *)&address, sizeof address, 8), 0,
                     "errno %d", err);
        expect_to_accept(&l);
        end();
    }
}

Test(refused, a_listener_handed_over_has_no_nagle)
{
    for (int err = 0; err < ERRNOS; err++) {
        struct listener l;
        int fd;
        begin();
        fd = sim_sys.socket(AF_INET, SOCK_STREAM, 0);
        sim_sys.bind(fd, (const struct sockaddr *)&address, sizeof address);
        sim_sys.listen(fd, 1);
        cr_expect_not(sim_has_no_delay(fd));
        if (err)
            sim_fail(SIM_SETSOCKOPT, 0, 1, err);
        cr_assert_eq(listener_start_fd(&l, r, &listener_ops, fd), 0, "errno %d", err);
        cr_expect_eq(sim_has_no_delay(fd), err == 0);
        expect_to_accept(&l);
        end();
    }
}
