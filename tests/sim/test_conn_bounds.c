/* What conn.h promises of idle time, of the input held, and of empty output. */
#include "echo.h"

#include <criterion/criterion.h>
#include <string.h>

#define SECOND ((uint64_t)1000000000)

static struct reactor *r;
static struct sim_peer *peer;
static struct conn conn;
static struct conn_limits limits;
static enum conn_reason reason;
static unsigned closed_calls;
static size_t most_seen;
static bool answering;

/* Consumes nothing until it is told to answer; notes how much it is shown. */
static enum conn_next look(struct conn *c)
{
    size_t len;
    (void)conn_input(c, &len);
    if (len > most_seen)
        most_seen = len;
    if (!answering)
        return CONN_WAIT;
    conn_consume(c, len);
    return CONN_FINISH;
}

static void closed(struct conn *c, enum conn_reason why, int err)
{
    (void)c;
    (void)err;
    reason = why;
    closed_calls++;
}

static const struct conn_ops ops = {.name = "looker", .serve = look, .closed = closed};

static void begin(void)
{
    int fd;
    sim_begin(1);
    closed_calls = 0;
    most_seen = 0;
    answering = false;
    r = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    cr_assert(r);
    limits = (struct conn_limits){
        .input_max_bytes = 1000, .idle_timeout_ns = 100 * SECOND, .send_timeout_ns = 10 * SECOND};
    peer = sim_socket(&fd);
    cr_assert_eq(conn_start(&conn, r, &ops, &limits, fd), 0);
    sim_run(r, 10);
}

static void end(void)
{
    if (closed_calls == 0) {
        conn_abort(&conn);
        sim_run(r, 10);
    }
    cr_expect_eq(closed_calls, 1);
    reactor_free(r);
    cr_expect_eq(sim_end(), 0);
}

static void pass(uint64_t span_ns)
{
    sim_run_until(r, sim_now_ns() + span_ns);
}

/* ---- idle time runs from the last byte of output the kernel took ---- */

/* Taken after the start by `late`: the end comes so much later, to the nanosecond. */
static void idle_after_output(uint64_t late)
{
    uint64_t begun_ns;
    begin();
    begun_ns = sim_now_ns();
    sim_peer_read_all(peer);
    pass(late);
    cr_assert(conn_write(&conn, "news\n", 5));
    sim_run(r, 10);
    cr_expect_eq(sim_peer_len(peer), 5);
    sim_run_until(r, begun_ns + late + 100 * SECOND - 1);
    cr_expect_eq(closed_calls, 0, "output taken after %llu s did not move the idle clock",
                 (unsigned long long)(late / SECOND));
    pass(30 * SECOND);
    cr_expect_eq(closed_calls, 1, "but it runs out");
    cr_expect_eq(reason, CONN_IDLE);
    end();
}

Test(conn_bounds, bytes_taken_move_the_idle_clock)
{
    for (uint64_t late = 1; late < 100; late += 7)
        idle_after_output(late * SECOND);
}

/* ---- input held ---- */

/* However it comes: in one piece, byte by byte, with edges in between. */
static void input_is_bounded(size_t piece)
{
    static const char bytes[5000];
    begin();
    limits.input_max_bytes = 1000;
    for (size_t sent = 0; sent < sizeof bytes; sent += piece) {
        sim_peer_send(peer, bytes, piece);
        sim_run(r, 10);
        conn_wake(&conn);
        sim_run(r, 10);
        cr_assert_leq(most_seen, limits.input_max_bytes, "pieces of %zu", piece);
    }
    cr_expect_eq(most_seen, 1000, "pieces of %zu", piece);
    cr_expect_leq(sim_allocated_peak_bytes(), (size_t)1000 + 65536 + 30000 + SIM_FDS * 32, "pieces of %zu", piece);
    answering = true;
    conn_wake(&conn);
    sim_peer_end(peer);
    pass(5 * SECOND);
    cr_expect_eq(closed_calls, 1);
    end();
}

Test(conn_bounds, input_held_is_bounded)
{
    static const size_t pieces[] = {1, 7, 100, 999, 1000, 1001, 2500, 5000};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        input_is_bounded(pieces[i]);
}

/* Where the input that is held lies between two turns, and what was read elsewhere than right behind it. */
static const char *held_end;
static unsigned long reads_elsewhere;

static ssize_t watched_recv(int fd, void *bytes, size_t len, int flags)
{
    reads_elsewhere += bytes != held_end;
    return sim_sys.recv(fd, bytes, len, flags);
}

/* However much is held, what is added to it byte by byte is read behind it, and nothing is moved but as often as
 * the buffer doubles: a line of a megabyte that comes in segments of a byte would cost a megabyte of copying each. */
Test(conn_bounds, held_input_stays_where_it_is)
{
    enum {
        FEW = 4096, /* less is moved */
        BYTES = 40000
    };
    struct reactor_sys watching = sim_sys;
    size_t len = 0;
    int fd;
    watching.recv = watched_recv;
    sim_begin(1);
    closed_calls = 0;
    answering = false;
    r = reactor_new(&(struct reactor_config){.sys = &watching});
    limits = (struct conn_limits){.input_max_bytes = BYTES};
    peer = sim_socket(&fd);
    cr_assert_eq(conn_start(&conn, r, &ops, &limits, fd), 0);
    for (size_t sent = 0; sent < BYTES; sent++) {
        char byte = (char)(sent % 251);
        if (sent == FEW)
            reads_elsewhere = 0;
        sim_peer_send(peer, &byte, 1);
        sim_run(r, 10);
        held_end = conn_input(&conn, &len) + len;
        cr_assert_eq(len, sent + 1);
    }
    cr_expect_leq(reads_elsewhere, 10, "%lu of %d reads moved what is held", reads_elsewhere, BYTES - FEW);
    const char *held = conn_input(&conn, &len);
    for (size_t i = 0; i < len; i++)
        cr_assert_eq(held[i], (char)(i % 251), "byte %zu", i);
    end();
}

/* ---- nothing put out is nothing pending ---- */

static void write_nothing(void)
{
    cr_expect(conn_write(&conn, "", 0));
}

static void refer_nothing(void)
{
    cr_expect(conn_refer(&conn, "", 0));
}

static void reserve_nothing(void)
{
    cr_expect_not_null(conn_reserve(&conn, 0));
}

static void reserve_and_leave(void)
{
    cr_expect_not_null(conn_reserve(&conn, 100));
}

static void commit_nothing(void)
{
    cr_expect_not_null(conn_reserve(&conn, 100));
    conn_commit(&conn, 0);
}

Test(conn_bounds, empty_output_is_no_output)
{
    static void (*const ways[])(void) = {write_nothing, refer_nothing, reserve_nothing, reserve_and_leave,
                                         commit_nothing};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        begin();
        pass(5 * SECOND);
        ways[i]();
        pass(60 * SECOND);
        cr_expect_eq(closed_calls, 0, "way %zu: closed as %s", i, conn_reason_name(reason));
        cr_expect_null(conn.output, "way %zu: keeps a buffer for nothing", i);
        pass(100 * SECOND);
        cr_expect_eq(reason, CONN_IDLE, "way %zu: closed as %s", i, conn_reason_name(reason));
        end();
    }
}

/* The timer may look in the same turn, before the conn itself does. */
static struct reactor_timer early;

static void write_in_timer(struct reactor_timer *t)
{
    (void)t;
    reserve_and_leave();
}

Test(conn_bounds, empty_output_when_the_timer_is_due)
{
    begin();
    early = (struct reactor_timer){.fn = write_in_timer, .name = "early"};
    reactor_timer_start(r, &early, conn.timer.deadline_ns - 1);
    pass(150 * SECOND);
    cr_expect_eq(closed_calls, 1);
    cr_expect_eq(reason, CONN_IDLE, "closed as %s", conn_reason_name(reason));
    end();
}
