/* The system calls a conn makes: how many, of which kind, and what it makes of their results. */
#include "echo.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

static struct echo e;
static struct sim_peer *peer;

static void begin(void)
{
    echo_begin(&e, 1);
    peer = sim_connect(ECHO_PORT);
    sim_peer_read_all(peer);
    sim_run(e.reactor, 100);
}

Test(conn_io, a_request_costs_one_recv_and_one_send)
{
    unsigned long recvs, sends, controls, waits;
    begin();
    recvs = sim_calls(SIM_RECV);
    sends = sim_calls(SIM_SEND);
    controls = sim_calls(SIM_EPOLL_CTL);
    waits = sim_calls(SIM_EPOLL_WAIT);
    for (unsigned i = 0; i < 100; i++) {
        sim_peer_send(peer, "x\n", 2);
        reactor_turn(e.reactor, 0);
    }
    cr_expect_eq(sim_calls(SIM_RECV) - recvs, 100);
    cr_expect_eq(sim_calls(SIM_SEND) - sends, 100);
    cr_expect_eq(sim_calls(SIM_EPOLL_CTL) - controls, 0);
    cr_expect_eq(sim_calls(SIM_EPOLL_WAIT) - waits, 100);
    echo_end(&e);
}

Test(conn_io, pipelined_requests_share_them)
{
    unsigned long recvs, sends;
    begin();
    recvs = sim_calls(SIM_RECV);
    sends = sim_calls(SIM_SEND);
    for (unsigned i = 0; i < 16; i++)
        sim_peer_send(peer, "chess black king\n", 17);
    sim_run(e.reactor, 100);
    cr_expect_eq(sim_peer_len(peer), 16 * 18u);
    cr_expect_eq(sim_calls(SIM_RECV) - recvs, 1);
    cr_expect_eq(sim_calls(SIM_SEND) - sends, 1);
    echo_end(&e);
}

Test(conn_io, a_new_conn_is_read_only_when_there_is_something)
{
    begin();
    cr_expect_eq(sim_calls(SIM_RECV), 0);
    echo_end(&e);
}

Test(conn_io, interrupted_calls_are_repeated)
{
    begin();
    sim_fail(SIM_RECV, 0, 3, EINTR);
    sim_fail(SIM_SEND, 0, 3, EINTR);
    sim_peer_send(peer, "x\n", 2);
    sim_run(e.reactor, 100);
    cr_expect_str_eq(sim_peer_text(peer), "x\r\n");
    echo_end(&e);
}

/* recv stops before an urgent byte; no new edge comes for what is behind it. */
Test(conn_io, urgent_data_does_not_wedge)
{
    begin();
    sim_peer_send_urgent(peer, "before!", 7);
    sim_peer_send(peer, "after\n", 6);
    sim_run(e.reactor, 100);
    cr_expect_str_eq(sim_peer_text(peer), "before!after\r\n");
    echo_end(&e);
}

Test(conn_io, input_behind_a_full_buffer_is_read_later)
{
    begin();
    for (unsigned i = 0; i < 500; i++)
        sim_peer_send(peer, "fifteen letters\n", 16);
    sim_run(e.reactor, 1000);
    cr_expect_eq(sim_peer_len(peer), 500 * 17u);
    echo_end(&e);
}

/* ---- a conn of our own, to put out this and that ---- */

static struct conn own;
static enum conn_next (*script)(struct conn *c);
static enum conn_reason own_why;
static int own_err;
static unsigned own_closed;

static enum conn_next own_serve(struct conn *c)
{
    return script ? script(c) : CONN_WAIT;
}

static void own_closed_fn(struct conn *c, enum conn_reason why, int err)
{
    (void)c;
    own_why = why;
    own_err = err;
    own_closed++;
}

static const struct conn_ops own_ops = {.name = "own", .serve = own_serve, .closed = own_closed_fn};
static char region[200000];
static struct conn_limits own_limits = {.input_max_bytes = 100, .slice_bytes = 1 << 20};
static struct reactor *r;

static void own_begin(enum conn_next (*fn)(struct conn *c))
{
    int fd;
    sim_begin(1);
    for (size_t i = 0; i < sizeof region; i++)
        region[i] = echo_big_byte(i);
    r = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    script = fn;
    peer = sim_socket(&fd);
    cr_assert_eq(conn_start(&own, r, &own_ops, &own_limits, fd), 0);
    sim_run(r, 100);
}

static void own_end(void)
{
    if (!own_closed) {
        conn_abort(&own);
        sim_run(r, 10);
    }
    cr_expect_eq(own_closed, 1);
    if (own_limits.region)
        sim_sys.close(own_limits.region_fd);
    reactor_free(r);
    cr_expect_eq(sim_end(), 0);
}

static enum conn_next put_mixture(struct conn *c)
{
    static bool done;
    if (done)
        return CONN_WAIT;
    done = true;
    cr_expect(conn_write(c, "begin ", 6));
    cr_expect(conn_refer(c, region, 1000));
    cr_expect(conn_write(c, "middle ", 7));
    cr_expect(conn_refer(c, region + 1000, 150000));
    cr_expect(conn_refer(c, region + 151000, 10), "touches the piece before: the same piece");
    cr_expect(conn_refer(c, "short", 5));
    cr_expect(conn_write(c, " end", 4));
    cr_expect_eq(conn_unsent(c), 6 + 1000 + 7 + 150010 + 5 + 4u);
    return CONN_WAIT;
}

static void expect_mixture(void)
{
    const char *text = sim_peer_text(peer);
    cr_assert_eq(sim_peer_len(peer), 6 + 1000 + 7 + 150010 + 5 + 4u);
    cr_expect_eq(memcmp(text, "begin ", 6), 0);
    cr_expect_eq(memcmp(text + 6, region, 1000), 0);
    cr_expect_eq(memcmp(text + 1006, "middle ", 7), 0);
    cr_expect_eq(memcmp(text + 1013, region + 1000, 150010), 0);
    cr_expect_str_eq(text + 151023, "short end");
}

static void drain_peer(void)
{
    sim_peer_read_all(peer);
    sim_run(r, 1000);
}

Test(conn_io, pieces_leave_in_order_and_in_one_call)
{
    own_begin(NULL);
    sim_peer_window(peer, sizeof region);
    script = put_mixture;
    conn_wake(&own);
    drain_peer();
    expect_mixture();
    cr_expect_eq(sim_calls(SIM_SEND), 1);
    own_end();
}

Test(conn_io, pieces_survive_any_cut)
{
    own_begin(NULL);
    sim_peer_window(peer, 777);
    script = put_mixture;
    conn_wake(&own);
    for (unsigned i = 0; i < 1000; i++) {
        sim_run(r, 100);
        sim_peer_read(peer, 1 + i % 700);
    }
    drain_peer();
    expect_mixture();
    own_end();
}

Test(conn_io, a_slice_cuts_pieces_too)
{
    own_limits.slice_bytes = 1003;
    own_begin(put_mixture);
    drain_peer();
    expect_mixture();
    own_end();
}

static void with_file(void)
{
    sim_begin(1);
    own_limits.region = region;
    own_limits.region_bytes = sizeof region;
}

/* The world has to exist before the file: own_begin makes it, so the file comes before the first output. */
static void own_begin_with_file(void)
{
    with_file();
    own_begin(NULL);
    own_limits.region_fd = sim_file(region, sizeof region);
    own_limits.region_offset = 0;
    script = put_mixture;
    conn_wake(&own);
}

Test(conn_io, long_pieces_of_the_region_leave_by_sendfile)
{
    own_begin_with_file();
    sim_peer_window(peer, sizeof region);
    drain_peer();
    expect_mixture();
    cr_expect_eq(sim_calls(SIM_SENDFILE), 1);
    cr_expect_eq(sim_calls(SIM_SEND), 2);
    own_end();
}

Test(conn_io, sendfile_in_parts)
{
    own_begin_with_file();
    sim_peer_window(peer, 7000);
    for (unsigned i = 0; i < 100; i++) {
        sim_run(r, 100);
        sim_peer_read(peer, 5000);
    }
    drain_peer();
    expect_mixture();
    own_end();
}

Test(conn_io, where_sendfile_does_not_work_memory_does)
{
    static const int errors[] = {EINVAL, ENOSYS, EOVERFLOW};
    for (unsigned i = 0; i < sizeof errors / sizeof *errors; i++) {
        own_closed = 0;
        own_begin_with_file();
        sim_fail(SIM_SENDFILE, 0, 100, errors[i]);
        drain_peer();
        cr_expect_leq(sim_calls(SIM_SENDFILE), 1u, "asked once and for all");
        if (i == 0) /* put_mixture puts out once */
            expect_mixture();
        own_end();
    }
}

Test(conn_io, a_file_that_has_shrunk_is_no_endless_loop)
{
    with_file();
    own_begin(NULL);
    own_limits.region_fd = sim_file(region, 3000);
    script = put_mixture;
    conn_wake(&own);
    drain_peer();
    expect_mixture();
    own_end();
}

static enum conn_next put_too_much(struct conn *c)
{
    size_t room = conn_room(c);
    cr_expect_eq(room, (size_t)CONN_OUTPUT_BYTES);
    cr_expect_null(conn_reserve(c, room + 1));
    cr_expect_not(conn_write(c, region, room + 1));
    cr_expect_eq(conn_unsent(c), 0);
    cr_expect(conn_write(c, region, room));
    cr_expect_eq(conn_room(c), 0);
    cr_expect_not(conn_write(c, "x", 1));
    return CONN_FINISH;
}

Test(conn_io, room_is_exact)
{
    own_begin(put_too_much);
    drain_peer();
    cr_expect_eq(sim_peer_len(peer), (size_t)CONN_OUTPUT_BYTES);
    own_end();
}

static enum conn_next put_many_pieces(struct conn *c)
{
    unsigned pieces = 0;
    while (conn_refer(c, region + (size_t)pieces * 2000, 1000))
        pieces++;
    cr_expect_geq(pieces, 8u);
    cr_expect_lt(pieces, 100u);
    cr_expect_eq(conn_room(c), 0, "the last piece is a reference and there is no other place");
    cr_expect_not(conn_write(c, "x", 1));
    return CONN_FINISH;
}

Test(conn_io, pieces_run_out)
{
    own_begin(put_many_pieces);
    drain_peer();
    for (size_t i = 0; i * 1000 < sim_peer_len(peer); i++)
        cr_expect_eq(memcmp(sim_peer_text(peer) + i * 1000, region + i * 2000, 1000), 0);
    own_end();
}

static enum conn_next put_small_pieces(struct conn *c)
{
    for (unsigned i = 0; i < 100; i++)
        cr_assert(conn_refer(c, region + (size_t)i * 200, 100), "short ones are copied");
    return CONN_FINISH;
}

Test(conn_io, short_pieces_do_not_run_out)
{
    own_begin(put_small_pieces);
    drain_peer();
    cr_expect_eq(sim_peer_len(peer), 10000u);
    own_end();
}

static enum conn_next write_without_memory(struct conn *c)
{
    sim_fail(SIM_ALLOC, 0, 1, ENOMEM);
    cr_expect_not(conn_write(c, "x", 1));
    cr_expect_eq(conn_room(c), 0);
    return CONN_ABORT;
}

Test(conn_io, the_first_reason_stands)
{
    own_begin(write_without_memory);
    cr_expect_eq(own_why, CONN_NO_MEMORY);
    cr_expect_eq(own_err, ENOMEM);
    own_end();
}

static enum conn_next reserve_only(struct conn *c)
{
    cr_expect_not_null(conn_reserve(c, 100));
    return CONN_WAIT;
}

Test(conn_io, reserving_without_committing_sends_nothing)
{
    own_begin(reserve_only);
    drain_peer();
    cr_expect_eq(sim_calls(SIM_SEND), 0);
    own_end();
}

Test(conn_io, output_from_outside_leaves_in_the_next_turn)
{
    own_begin(NULL);
    cr_expect(conn_write(&own, "from outside\n", 13));
    drain_peer();
    cr_expect_str_eq(sim_peer_text(peer), "from outside\n");
    own_end();
}

/* ---- editing the input ---- */

static enum conn_next edit(struct conn *c)
{
    size_t len;
    char *text = conn_input(c, &len);
    if (len < 10)
        return CONN_WAIT;
    cr_expect_eq(memcmp(text, "0123456789", 10), 0);
    conn_erase(c, 2, 3);
    conn_erase(c, 7, 100); /* beyond the end: nothing */
    text = conn_input(c, &len);
    cr_expect_eq(len, 7);
    cr_expect_eq(memcmp(text, "0156789", 7), 0);
    conn_consume(c, 1);
    conn_consume(c, 100);
    text = conn_input(c, &len);
    cr_expect_eq(len, 6);
    cr_expect(conn_write(c, text, len));
    return CONN_FINISH;
}

Test(conn_io, input_is_edited_in_place)
{
    own_begin(edit);
    sim_peer_send(peer, "0123", 4);
    sim_run(r, 10);
    sim_peer_send(peer, "456789", 6);
    drain_peer();
    cr_expect_str_eq(sim_peer_text(peer), "156789");
    own_end();
}

/* ---- cutting ---- */

static size_t cut;
static char lines[20000];

static enum conn_next put_lines(struct conn *c)
{
    static bool done;
    if (!done)
        cr_expect(conn_refer(c, lines, sizeof lines));
    done = true;
    return CONN_WAIT;
}

static enum conn_next cut_and_say(struct conn *c)
{
    size_t len;
    (void)conn_input(c, &len);
    if (len == 0)
        return CONN_WAIT;
    cut = conn_cut(c);
    cr_expect_gt(conn_room(c), 1000u);
    cr_expect(conn_write(c, "cut\n", 4));
    return CONN_FINISH;
}

Test(conn_io, cutting_finishes_the_line_and_counts_the_others)
{
    own_begin(NULL);
    for (size_t i = 0; i < sizeof lines; i++)
        lines[i] = i % 10 == 9 ? '\n' : (char)('0' + i % 10);
    sim_peer_window(peer, 1234);
    script = put_lines;
    conn_wake(&own);
    sim_run(r, 100);
    cr_expect_eq(sim_peer_waiting(peer), 1234);
    script = cut_and_say;
    sim_peer_send(peer, "\x03", 1);
    sim_run(r, 10);
    drain_peer();
    cr_expect_eq(cut, 2000 - 124u);
    cr_expect_eq(sim_peer_len(peer), 1240 + 4u);
    cr_expect_str_eq(sim_peer_text(peer) + 1230, "012345678\ncut\n");
    own_end();
}

Test(conn_io, cutting_at_a_line_end_drops_all)
{
    own_begin(NULL);
    for (size_t i = 0; i < sizeof lines; i++)
        lines[i] = i % 10 == 9 ? '\n' : (char)('0' + i % 10);
    sim_peer_window(peer, 1230);
    script = put_lines;
    conn_wake(&own);
    sim_run(r, 100);
    script = cut_and_say;
    sim_peer_send(peer, "\x03", 1);
    sim_run(r, 10);
    drain_peer();
    cr_expect_eq(cut, 2000 - 123u);
    cr_expect_str_eq(sim_peer_text(peer) + 1220, "012345678\ncut\n");
    own_end();
}

/* ---- after the end of the input ---- */

static enum conn_next stay(struct conn *c)
{
    (void)c;
    return CONN_WAIT;
}

Test(conn_io, a_reset_after_the_end_of_the_input_is_noticed)
{
    own_begin(stay);
    sim_peer_end(peer);
    sim_run(r, 10);
    cr_expect_eq(own_closed, 0, "a session may have something to say yet");
    sim_peer_reset(peer);
    sim_run(r, 10);
    cr_expect_eq(own_closed, 1);
    cr_expect_eq(own_why, CONN_PEER_GONE);
    cr_expect_eq(own_err, ECONNRESET);
    own_end();
}

/* ---- connecting ---- */

static void connect_begin(void)
{
    static const struct sockaddr nowhere = {.sa_family = AF_UNIX};
    sim_begin(1);
    r = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    script = put_too_much;
    cr_assert_eq(conn_connect(&own, r, &own_ops, &own_limits, &nowhere, sizeof nowhere, NULL), 0);
    sim_run(r, 10);
    cr_expect_eq(own_closed, 0);
}

Test(conn_io, connecting)
{
    connect_begin();
    peer = sim_answer_connect(0);
    drain_peer();
    cr_expect_eq(sim_peer_len(peer), (size_t)CONN_OUTPUT_BYTES);
    own_end();
}

Test(conn_io, connection_refused)
{
    connect_begin();
    (void)sim_answer_connect(ECONNREFUSED);
    sim_run(r, 10);
    cr_expect_eq(own_why, CONN_PEER_GONE);
    cr_expect_eq(own_err, ECONNREFUSED);
    own_end();
}

Test(conn_io, connecting_takes_too_long)
{
    own_limits.send_timeout_ns = 1000000000;
    connect_begin();
    sim_run_until(r, sim_now_ns() + 1000000001);
    cr_expect_eq(own_why, CONN_STALLED);
    cr_expect_eq(own_err, ETIMEDOUT);
    own_end();
}

/* ---- files ---- */

static enum conn_next copy(struct conn *c)
{
    size_t len;
    const char *text = conn_input(c, &len);
    size_t room = conn_room(c), n = len < room ? len : room;
    if (n > 0 && conn_write(c, text, n))
        conn_consume(c, n);
    if (n < len)
        return CONN_MORE;
    return conn_input_ended(c) ? CONN_FINISH : CONN_WAIT;
}

Test(conn_io, a_pair_of_regular_files)
{
    int in, out;
    const char *text;
    size_t len;

    sim_begin(1);
    r = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    script = copy;
    in = sim_file(region, sizeof region);
    out = sim_file("", 0);
    cr_assert_eq(conn_start_pair(&own, r, &own_ops, &own_limits, in, out), 0);
    for (unsigned turn = 0; turn < 100000 && !own_closed; turn++) {
        text = sim_file_text(out, &len);
        cr_assert(len <= sizeof region && memcmp(text, region, len) == 0);
        cr_assert_geq(reactor_turn(r, 0), 0);
    }
    cr_expect_eq(own_why, CONN_FINISHED);
    cr_expect_eq(len, sizeof region);
    own_end();
}

Test(conn_io, a_full_disk_is_reported)
{
    sim_begin(1);
    r = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    script = copy;
    sim_fail(SIM_WRITE, 2, 1, ENOSPC);
    cr_assert_eq(conn_start_pair(&own, r, &own_ops, &own_limits, sim_file(region, sizeof region), sim_file("", 0)), 0);
    sim_run(r, 1000);
    cr_expect_eq(own_why, CONN_FAILED);
    cr_expect_eq(own_err, ENOSPC);
    own_end();
}
