/* Idle and send timeouts of a conn: when they run out, when they must not, and what is said then. */
#include "echo.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/epoll.h>

#define SECOND ((uint64_t)1000000000)

static struct echo e;
static struct sim_peer *peer;

static void begin(uint64_t idle_ns, uint64_t send_ns)
{
    echo_begin(&e, 1);
    e.limits.idle_timeout_ns = idle_ns;
    e.limits.send_timeout_ns = send_ns;
    e.last_words = "# bye\r\n";
    peer = sim_connect(ECHO_PORT);
    sim_run(e.reactor, 100);
}

static void pass(uint64_t span_ns)
{
    sim_run_until(e.reactor, sim_now_ns() + span_ns);
}

Test(conn_timeouts, idle_says_goodbye_and_lingers)
{
    begin(10 * SECOND, 0);
    sim_peer_read_all(peer);
    pass(10 * SECOND - 1);
    cr_expect_str_eq(sim_peer_text(peer), "");
    pass(2);
    cr_expect_str_eq(sim_peer_text(peer), "# bye\r\n");
    cr_expect(sim_peer_at_end(peer));
    cr_expect_not(sim_peer_closed(peer));
    pass(2 * SECOND);
    cr_expect(sim_peer_closed(peer), "after linger_ns at the latest");
    cr_expect_eq(e.stats.closed[CONN_IDLE], 1);
    echo_end(&e);
}

Test(conn_timeouts, a_request_starts_idle_time_anew)
{
    begin(10 * SECOND, 0);
    sim_peer_read_all(peer);
    for (unsigned i = 0; i < 5; i++) {
        pass(9 * SECOND);
        sim_peer_send(peer, "x\n", 2);
    }
    pass(9 * SECOND);
    cr_expect_eq(e.live, 1);
    cr_expect_eq(sim_peer_len(peer), 15);
    pass(2 * SECOND);
    cr_expect_eq(sim_peer_len(peer), 15 + 7);
    echo_end(&e);
}

Test(conn_timeouts, bytes_of_an_unfinished_line_do_not)
{
    begin(10 * SECOND, 0);
    sim_peer_read_all(peer);
    for (unsigned i = 0; i < 12; i++) {
        sim_peer_send(peer, "x", 1);
        pass(SECOND);
    }
    cr_expect_str_eq(sim_peer_text(peer), "# bye\r\n");
    echo_end(&e);
}

static void send_line(void *arg)
{
    sim_peer_send(arg, "just in time\n", 13);
}

/* The request and the timeout come at the same moment. */
Test(conn_timeouts, input_that_is_there_goes_before_the_timer)
{
    begin(10 * SECOND, 0);
    sim_peer_read_all(peer);
    sim_at(sim_now_ns() + 10 * SECOND, send_line, peer);
    pass(11 * SECOND);
    cr_expect_str_eq(sim_peer_text(peer), "just in time\r\n");
    cr_expect_eq(e.live, 1);
    echo_end(&e);
}

static struct reactor_task slow;

static void be_slow(struct reactor_task *t)
{
    (void)t;
    sim_spend_ns(20 * SECOND);
    sim_peer_send(peer, "waiting\n", 8);
}

/* The request arrives while the loop is held up by somebody else beyond the timeout. */
Test(conn_timeouts, a_late_loop_looks_at_the_input_first)
{
    begin(10 * SECOND, 0);
    sim_peer_read_all(peer);
    slow = (struct reactor_task){.fn = be_slow};
    reactor_post(e.reactor, &slow);
    sim_run(e.reactor, 100);
    cr_expect_str_eq(sim_peer_text(peer), "waiting\r\n");
    cr_expect_eq(e.live, 1);
    echo_end(&e);
}

static void meanwhile(struct reactor_fd *w, uint32_t events)
{
    (void)events;
    sim_peer_send(peer, "just now\n", 9);
    reactor_fd_stop(w);
}

/* The request arrives in the very turn in which the timer is due, when events have been fetched already. */
Test(conn_timeouts, input_of_the_last_moment_is_looked_for)
{
    struct reactor_fd other = {.fn = meanwhile, .name = "other"};
    struct sim_peer *other_peer;
    int fd;

    begin(10 * SECOND, 0);
    sim_peer_read_all(peer);
    other_peer = sim_socket(&fd);
    cr_assert_eq(reactor_fd_start(e.reactor, &other, fd, EPOLLIN), 0);
    sim_at(sim_now_ns() + 10 * SECOND, send_line, other_peer);
    pass(11 * SECOND);
    cr_expect_str_eq(sim_peer_text(peer), "just now\r\n");
    sim_sys.close(fd);
    echo_end(&e);
}

Test(conn_timeouts, a_peer_that_takes_nothing_is_stalled)
{
    begin(0, 10 * SECOND);
    sim_peer_window(peer, 1000);
    sim_peer_send(peer, "big 50000\n", 10);
    pass(10 * SECOND - 1);
    cr_expect_eq(e.live, 1, "too early");
    pass(10 * SECOND / 4 + 2 * SECOND + 1);
    cr_expect_eq(e.live, 0, "too late");
    cr_expect_eq(e.stats.closed[CONN_STALLED], 1);
    echo_end(&e);
}

/* It keeps asking, and takes nothing of what it gets. */
Test(conn_timeouts, more_output_is_no_progress)
{
    begin(0, 10 * SECOND);
    for (unsigned i = 0; i < 7; i++) {
        sim_peer_send(peer, "x\n", 2);
        pass(2 * SECOND);
    }
    cr_expect_gt(sim_peer_waiting(peer), 7u, "the last words are not there");
    pass(3 * SECOND);
    cr_expect_eq(e.stats.closed[CONN_STALLED], 1);
    echo_end(&e);
}

/* The timer waits for something far off when the output begins. */
Test(conn_timeouts, a_long_idle_timeout_does_not_hide_a_stall)
{
    begin(600 * SECOND, 10 * SECOND);
    sim_peer_window(peer, 1000);
    sim_peer_send(peer, "big 50000\n", 10);
    pass(15 * SECOND);
    cr_expect_eq(e.stats.closed[CONN_STALLED], 1);
    echo_end(&e);
}

/* Something is taken after the first look; the end of that is not seen much too late. */
Test(conn_timeouts, a_stall_is_found_a_quarter_late_at_most)
{
    begin(0, 10 * SECOND);
    sim_peer_send(peer, "big 5000\n", 9);
    pass(3 * SECOND);
    sim_peer_read(peer, 1);
    pass(10 * SECOND - 1);
    cr_expect_eq(sim_peer_waiting(peer), 4999, "too early");
    pass(10 * SECOND / 4 + 1);
    cr_expect_eq(sim_peer_waiting(peer), 4999 + 7, "too late: the last words are not there");
    echo_end(&e);
}

/* All of it is in the kernel's buffer; still nobody takes it. */
Test(conn_timeouts, buffered_by_the_kernel_is_not_taken)
{
    begin(0, 10 * SECOND);
    sim_peer_send(peer, "big 5000\n", 9);
    pass(10 * SECOND - 1);
    cr_expect_eq(e.live, 1, "too early");
    cr_expect_eq(sim_peer_waiting(peer), 5000);
    pass(10 * SECOND / 4 + 1);
    cr_expect_eq(sim_peer_waiting(peer), 5000 + 7, "last words are added");
    pass(2 * SECOND);
    cr_expect_eq(e.stats.closed[CONN_STALLED], 1);
    echo_end(&e);
}

Test(conn_timeouts, a_slow_reader_is_not_stalled)
{
    begin(3 * SECOND, 10 * SECOND);
    sim_peer_window(peer, 1000);
    sim_peer_send(peer, "big 3000\n", 9);
    for (unsigned i = 0; i < 30; i++) {
        pass(9 * SECOND);
        cr_assert_eq(e.live, 1, "closed after %u bytes", i * 100);
        sim_peer_read(peer, 100);
    }
    cr_expect_eq(sim_peer_len(peer), 3000, "idle time does not run while the answer is being taken");
    echo_end(&e);
}

Test(conn_timeouts, unacknowledged_output_is_not_idle)
{
    begin(3 * SECOND, 0);
    sim_peer_send(peer, "x\n", 2);
    pass(20 * SECOND);
    cr_expect_eq(e.live, 1);
    sim_peer_read_all(peer);
    pass(SECOND);
    cr_expect_eq(sim_peer_len(peer), 3, "idle time begins when it was taken");
    pass(6 * SECOND);
    cr_expect_str_eq(sim_peer_text(peer), "x\r\n# bye\r\n");
    echo_end(&e);
}

/* A timeout long after the last activity was sampled: the clock of the next stall starts at its own output. */
Test(conn_timeouts, a_pause_before_the_answer_does_not_count)
{
    begin(0, 10 * SECOND);
    sim_peer_send(peer, "x\n", 2);
    pass(SECOND);
    sim_peer_read(peer, 3);
    pass(100 * SECOND);
    sim_peer_send(peer, "y\n", 2);
    pass(9 * SECOND);
    cr_expect_eq(e.live, 1, "too early");
    sim_peer_read(peer, 3);
    pass(100 * SECOND);
    cr_expect_eq(e.live, 1, "nothing is outstanding");
    echo_end(&e);
}

Test(conn_timeouts, activity_does_not_move_the_timer_each_time)
{
    unsigned long before, waits;
    begin(600 * SECOND, 60 * SECOND);
    sim_peer_read_all(peer);
    before = sim_calls(SIM_OUTQ);
    waits = sim_calls(SIM_EPOLL_WAIT);
    for (unsigned i = 0; i < 6000; i++) {
        sim_peer_send(peer, "x\n", 2);
        pass(SECOND / 100);
    }
    /* A minute of requests: four samples of 15 s, and hardly a turn without a request. */
    cr_expect_leq(sim_calls(SIM_OUTQ) - before, 5u);
    cr_expect_leq(sim_calls(SIM_EPOLL_WAIT) - waits, 2u * 6000 + 20);
    echo_end(&e);
}

Test(conn_timeouts, finishing_is_bounded_by_the_send_timeout)
{
    begin(0, 10 * SECOND);
    sim_peer_window(peer, 1000);
    sim_peer_send(peer, "big 5000\n", 9);
    sim_peer_end(peer);
    pass(9 * SECOND);
    cr_expect_eq(e.live, 1, "too early");
    pass(6 * SECOND);
    cr_expect_eq(e.live, 0, "too late");
    echo_end(&e);
}

/* ---- a conn of our own ---- */

static struct reactor *r;
static struct conn own;
static bool gone;
static enum conn_reason gone_why;
static unsigned serve_calls;

static void note_gone(struct conn *c, enum conn_reason why, int err)
{
    (void)c;
    (void)err;
    gone = true;
    gone_why = why;
}

static void own_begin(void)
{
    sim_begin(1);
    r = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    cr_assert_not_null(r);
}

static void own_end(void)
{
    reactor_free(r);
    cr_expect_eq(sim_end(), 0);
}

static void own_start(const struct conn_ops *ops, const struct conn_limits *limits)
{
    int fd;
    peer = sim_socket(&fd);
    cr_assert_eq(conn_start(&own, r, ops, limits, fd), 0);
}

static enum conn_next wait_for_input(struct conn *c)
{
    (void)c;
    return CONN_WAIT;
}

Test(conn_timeouts, time_before_the_start_does_not_count)
{
    static const struct conn_ops ops = {.name = "conn", .serve = wait_for_input, .closed = note_gone};
    static const struct conn_limits limits = {.input_max_bytes = 10, .idle_timeout_ns = 10 * SECOND, .linger_ns = 1};

    own_begin();
    sim_spend_ns(8 * SECOND); /* outside any turn: the loop does not know */
    own_start(&ops, &limits);
    sim_run_until(r, sim_now_ns() + 9 * SECOND);
    cr_expect_not(gone, "too early");
    sim_run_until(r, sim_now_ns() + 2 * SECOND);
    cr_expect(gone && gone_why == CONN_IDLE);
    own_end();
}

/* Works for 30 s in slices of 10 ms, without a word. */
static enum conn_next work_long(struct conn *c)
{
    (void)c;
    sim_spend_ns(SECOND / 100);
    return ++serve_calls < 3000 ? CONN_MORE : CONN_FINISH;
}

Test(conn_timeouts, long_work_is_done_in_slices_and_is_not_idle)
{
    static const struct conn_ops ops = {.name = "conn", .serve = work_long, .closed = note_gone};
    static const struct conn_limits limits = {.input_max_bytes = 10, .idle_timeout_ns = 10 * SECOND, .linger_ns = 1};

    own_begin();
    own_start(&ops, &limits);
    for (unsigned turn = 1; turn < 100; turn++) {
        reactor_turn(r, -1);
        cr_assert_eq(serve_calls, turn, "one slice a turn");
    }
    sim_run_until(r, sim_now_ns() + 40 * SECOND);
    cr_expect_eq(serve_calls, 3000);
    cr_expect(gone && gone_why == CONN_FINISHED);
    own_end();
}

static enum conn_next fill_up(struct conn *c)
{
    static char text[CONN_OUTPUT_BYTES];
    return conn_write(c, text, sizeof text) ? CONN_MORE : CONN_WAIT;
}

static void finish_too(struct conn *c, enum conn_reason why)
{
    cr_expect_eq(why, CONN_STALLED);
    conn_finish(c);
}

Test(conn_timeouts, finishing_in_expired_is_bounded_too)
{
    static const struct conn_ops ops = {.name = "conn", .serve = fill_up, .expired = finish_too, .closed = note_gone};
    static const struct conn_limits limits = {.input_max_bytes = 10, .send_timeout_ns = 10 * SECOND};

    own_begin();
    own_start(&ops, &limits);
    sim_run_until(r, sim_now_ns() + 30 * SECOND);
    cr_expect(gone && gone_why == CONN_STALLED);
    own_end();
}

static void write_a_word(struct reactor_timer *t)
{
    (void)t;
    cr_assert(conn_write(e.newest, "news\r\n", 6));
}

/* A timer of somebody else's puts something out at the moment in which the conn's own timer fires: nobody can be
 * late in taking what has not begun to leave. */
Test(conn_timeouts, output_of_this_moment_is_no_stall)
{
    struct reactor_timer ticker = {.fn = write_a_word, .name = "ticker"};

    begin(10 * SECOND, 5 * SECOND);
    sim_peer_read_all(peer);
    cr_assert_not_null(e.newest);
    reactor_timer_start(e.reactor, &ticker, e.newest->timer.deadline_ns);
    reactor_timer_start(e.reactor, &e.newest->timer, e.newest->timer.deadline_ns); /* behind the ticker */
    pass(11 * SECOND);
    cr_expect_str_eq(sim_peer_text(peer), "news\r\n");
    cr_expect_eq(e.live, 1);
    cr_expect_eq(e.stats.closed[CONN_STALLED], 0);
    echo_end(&e);
}
