/* server.c - joins listeners, clients, signals and the log into the service. */
#include "server.h"

#include "clients.h"
#include "listening.h"
#include "log.h"
#include "region.h"

#include "reactor/sys.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Newcomers that are being told that the server is full, each for at most
 * two seconds; those beyond are closed without waiting until they have read it. */
enum {
    REFUSALS_MAX = 64
};

/* Descriptors beside those of clients: standard ones, epoll, signals, spare, the
 * program's file, listeners, and a few that libraries may hold. */
enum {
    OTHER_FDS = 16 + LISTENING_MAX + REFUSALS_MAX
};

static const uint64_t LOG_TICK_NS = 1000000000;

static const char full_line[] = "! server full, try later\r\n";

struct server {
    struct session_kind kind; /* first: what sessions call closed() with */
    const struct options *options;
    struct reactor *reactor;
    struct log log;
    struct listening listening;
    struct clients clients;
    struct conn_stats conn_stats;
    struct conn_limits refusal_limits;
    struct conn_group refusals; /* being told */
    uint64_t refused;           /* for want of room, in all */
    uint32_t clients_peak;
    struct reactor_signal on_term, on_int, on_hup, on_usr1, on_usr2;
    struct reactor_timer drain_timer, log_timer;
    uint64_t started_ns;
    uint64_t fd_limit; /* when it is too low for all clients; else 0 */
    bool stdio;        /* one session on standard input and output: its end is ours */
    int stdio_status;
};

/* listener_ops and conn_ops have no user pointer: there is one server in a process. */
static struct server the_server;

/* ---- log ---- */

static void on_log_timer(struct reactor_timer *t)
{
    struct server *sv = &the_server;
    log_tick(&sv->log);
    if (sv->log.left_out || log_wants(&sv->log, LOG_DEBUG)) /* requests are logged where no timer is at hand */
        reactor_timer_start(sv->reactor, t, reactor_now_ns(sv->reactor) + LOG_TICK_NS);
}

/* After lines that come from outside's doing: sees to it that the count of those left out is told. */
static void watch_log(struct server *sv)
{
    if (sv->log.left_out && !reactor_timer_armed(&sv->log_timer))
        reactor_timer_start(sv->reactor, &sv->log_timer, reactor_now_ns(sv->reactor) + LOG_TICK_NS);
}

/* ---- stopping ---- */

static void end_if_drained(struct server *sv)
{
    if (sv->kind.draining && sv->clients.count == 0 && sv->refusals.count == 0)
        reactor_stop(sv->reactor);
}

static void on_drain_timer(struct reactor_timer *t)
{
    struct server *sv = &the_server;
    (void)t;
    log_line(&sv->log, LOG_WARNING, LOG_LIFE, "drain timeout: %" PRIu32 " clients cut off", sv->clients.count);
    reactor_stop(sv->reactor);
}

static void on_stop_signal(struct reactor_signal *s, int signo)
{
    struct server *sv = &the_server;
    (void)s;
    if (sv->kind.draining || sv->options->drain_timeout_ns == 0) {
        log_line(&sv->log, LOG_INFO, LOG_LIFE, "signal %d: stopping at once", signo);
        sv->kind.draining = true;
        reactor_stop(sv->reactor);
        return;
    }
    log_line(&sv->log, LOG_INFO, LOG_LIFE, "signal %d: stopping, %" PRIu32 " clients to finish", signo,
             sv->clients.count);
    listening_stop(&sv->listening);
    session_kind_drain(&sv->kind);
    reactor_timer_start(sv->reactor, &sv->drain_timer, reactor_now_ns(sv->reactor) + sv->options->drain_timeout_ns);
    end_if_drained(sv);
}

/* ---- clients ---- */

static bool is_fault(enum conn_reason why)
{
    return why == CONN_NO_MEMORY || why == CONN_FAILED;
}

static void on_client_closed(struct session_kind *kind, struct conn *c, enum conn_reason why, int err)
{
    struct server *sv = (struct server *)(void *)kind;
    struct session *client = (struct session *)(void *)c;
    if (is_fault(why)) {
        log_line(&sv->log, LOG_WARNING, LOG_FAULT, "client %" PRIu32 " lost: %s%s%s", client->number,
                 conn_reason_name(why), err ? ": " : "", err ? strerror(err) : "");
        watch_log(sv);
    } else if (log_wants(&sv->log, LOG_DEBUG)) {
        log_line(&sv->log, LOG_DEBUG, LOG_CONNECTION, "client %" PRIu32 " closed: %s", client->number,
                 conn_reason_name(why));
        watch_log(sv);
    }
    clients_remove(&sv->clients, client);
    if (sv->stdio) {
        sv->stdio_status = is_fault(why) || why == CONN_PEER_GONE ? EXIT_UNWRITTEN : 0;
        reactor_stop(sv->reactor);
    }
    end_if_drained(sv);
}

/* ---- newcomers ---- */

static enum conn_next refusal_serve(struct conn *c)
{
    if (!the_server.options->classic)
        conn_write(c, full_line, sizeof full_line - 1);
    return CONN_FINISH;
}

static void refusal_closed(struct conn *c, enum conn_reason why, int err)
{
    struct server *sv = &the_server;
    (void)why;
    (void)err;
    reactor_sys_of(sv->reactor)->free(c);
    end_if_drained(sv);
}

static const struct conn_ops refusal_ops = {.name = "refusal", .serve = refusal_serve, .closed = refusal_closed};

static void tell_full(struct server *sv, int fd)
{
    if (!sv->options->classic)
        (void)reactor_sys_of(sv->reactor)->send(fd, full_line, sizeof full_line - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void count_refused(struct server *sv, const char *why)
{
    sv->refused++;
    log_line(&sv->log, LOG_WARNING, LOG_FULL, "newcomer refused: %s", why);
    watch_log(sv);
}

static void refuse_newcomer(struct server *sv, int fd)
{
    const struct reactor_sys *sys = reactor_sys_of(sv->reactor);
    count_refused(sv, sv->clients.count == sv->clients.max ? "all places taken" : "out of memory");
    struct conn *c = sv->refusals.count < REFUSALS_MAX ? sys->alloc(sizeof *c) : NULL;
    if (!c) {
        tell_full(sv, fd);
        sys->close(fd);
        return;
    }
    memset(c, 0, sizeof *c);
    if (conn_start(c, sv->reactor, &refusal_ops, &sv->refusal_limits, fd) < 0)
        sys->free(c);
}

static void on_accepted(struct listener *l, int fd, const struct sockaddr *peer, socklen_t peer_len)
{
    struct server *sv = &the_server;
    (void)l;
    (void)peer;
    (void)peer_len;
    struct session *client = clients_add(&sv->clients);
    if (!client) {
        refuse_newcomer(sv, fd);
        return;
    }
    if (conn_start(&client->conn, sv->reactor, &session_ops, &sv->kind.limits, fd) < 0) {
        log_line(&sv->log, LOG_WARNING, LOG_FAULT, "client lost: %s", strerror(errno));
        watch_log(sv);
        clients_remove(&sv->clients, client);
        return;
    }
    if (sv->clients.count > sv->clients_peak)
        sv->clients_peak = sv->clients.count;
    if (log_wants(&sv->log, LOG_DEBUG)) {
        log_line(&sv->log, LOG_DEBUG, LOG_CONNECTION, "client %" PRIu32 " connected, %" PRIu32 " now", client->number,
                 sv->clients.count);
        watch_log(sv);
    }
}

static void on_shed(struct listener *l, int fd)
{
    (void)l;
    tell_full(&the_server, fd);
    count_refused(&the_server, "no descriptor left");
}

static void on_paused(struct listener *l, int err)
{
    struct server *sv = &the_server;
    (void)l;
    if (err != 0)
        log_line(&sv->log, LOG_WARNING, LOG_PAUSE, "accepting paused: %s", strerror(err));
    else
        log_line(&sv->log, LOG_INFO, LOG_PAUSE, "accepting again");
    watch_log(sv);
}

static const struct listener_ops listener_ops = {
    .name = "listener", .accepted = on_accepted, .shed = on_shed, .paused = on_paused};

/* ---- statistics ---- */

enum {
    STATS_BYTES = 1024 /* of the line of counters; with every number at its longest 940 */
};

/* "key=value ...": the counters. */
static void write_stats(struct session_kind *kind, char *out, size_t cap)
{
    struct server *sv = &the_server;
    (void)kind;
    uint64_t accepted = 0, shed = 0, pauses = 0;
    for (unsigned i = 0; i < sv->listening.count; i++) {
        accepted += sv->listening.listener[i].stats.accepted;
        shed += sv->listening.listener[i].stats.shed;
        pauses += sv->listening.listener[i].stats.pauses;
    }
    const struct reactor_stats *loop = reactor_stats(sv->reactor);
    const struct session_stats *st = &sv->kind.stats;
    const uint64_t *closed = sv->conn_stats.closed;
    snprintf(out, cap,
             "uptime_s=%" PRIu64 " clients=%" PRIu32 " clients_peak=%" PRIu32 " accepted=%" PRIu64 " refused=%" PRIu64
             " shed=%" PRIu64 " pauses=%" PRIu64 " requests=%" PRIu64 " queries=%" PRIu64 " cache_hits=%" PRIu64
             " errors=%" PRIu64 " interrupts=%" PRIu64 " matches=%" PRIu64 " bytes_in=%" PRIu64 " bytes_out=%" PRIu64
             " closed_finished=%" PRIu64 " closed_aborted=%" PRIu64 " closed_peer_gone=%" PRIu64 " closed_idle=%" PRIu64
             " closed_stalled=%" PRIu64 " closed_no_memory=%" PRIu64 " closed_failed=%" PRIu64 " turns=%" PRIu64
             " events=%" PRIu64 " stale_events=%" PRIu64 " timers=%" PRIu64 " timer_worst_late_us=%" PRIu64
             " longest_callback_us=%" PRIu64 " longest_callback=%s",
             (reactor_now_ns(sv->reactor) - sv->started_ns) / 1000000000, sv->clients.count, sv->clients_peak, accepted,
             sv->refused, shed, pauses, st->requests, st->queries, st->cache_hits, st->errors, st->interrupts,
             st->matches, sv->conn_stats.bytes_in, sv->conn_stats.bytes_out, closed[CONN_FINISHED],
             closed[CONN_ABORTED], closed[CONN_PEER_GONE], closed[CONN_IDLE], closed[CONN_STALLED],
             closed[CONN_NO_MEMORY], closed[CONN_FAILED], loop->turns, loop->events, loop->stale_events,
             loop->timers_fired, loop->worst_timer_lateness_ns / 1000, loop->longest_callback_ns / 1000,
             loop->longest_callback ? loop->longest_callback : "-");
}

static void on_stats_signal(struct reactor_signal *s, int signo)
{
    struct server *sv = &the_server;
    char line[STATS_BYTES];
    (void)s;
    (void)signo;
    write_stats(&sv->kind, line, sizeof line);
    log_line(&sv->log, LOG_INFO, LOG_STATS, "stats %s", line);
    watch_log(sv);
}

static void on_ignored_signal(struct reactor_signal *s, int signo)
{
    (void)s;
    (void)signo;
}

/* ---- signals ---- */

typedef void handler(int signo);

/* A stop that is asked for before there is anything to stop. */
static void stop_before_start(int signo)
{
    (void)signo;
    _exit(0);
}

static void set_dispositions(const int *signals, size_t count, handler *fn)
{
    for (size_t i = 0; i < count; i++)
        signal(signals[i], fn);
}

static const int stop_signals_of[] = {SIGTERM, SIGINT};
static const int other_signals[] = {SIGHUP, SIGUSR1, SIGUSR2};

/* At no instant may one of the signals that the service knows kill it.  Until the service can hear them
 * (start_signals()) a stop is an exit and the others are ignored; not blocked, so that looking up a name, which may
 * take half a minute, can be interrupted by Ctrl-C. */
static void signals_before_start(void)
{
    set_dispositions(stop_signals_of, sizeof stop_signals_of / sizeof *stop_signals_of, stop_before_start);
    set_dispositions(other_signals, sizeof other_signals / sizeof *other_signals, SIG_IGN);
    signal(SIGTTOU, SIG_IGN); /* a log on the terminal of another job does not stop the service */
}

/* From here to the exit they mean nothing any more: those that wait are dropped by this, and closing the reactor's
 * signals, which unblocks them, lets nothing through. */
static void signals_after_end(void)
{
    set_dispositions(stop_signals_of, sizeof stop_signals_of / sizeof *stop_signals_of, SIG_IGN);
    set_dispositions(other_signals, sizeof other_signals / sizeof *other_signals, SIG_IGN);
}

static bool start_signal(struct server *sv, struct reactor_signal *s, int signo, reactor_signal_fn *fn)
{
    *s = (struct reactor_signal){.fn = fn, .name = "signal"};
    return reactor_signal_start(sv->reactor, s, signo) == 0;
}

static bool start_signals(struct server *sv)
{
    return start_signal(sv, &sv->on_term, SIGTERM, on_stop_signal) &&
           start_signal(sv, &sv->on_int, SIGINT, on_stop_signal) &&
           start_signal(sv, &sv->on_hup, SIGHUP, on_ignored_signal) &&
           start_signal(sv, &sv->on_usr1, SIGUSR1, on_stats_signal) &&
           start_signal(sv, &sv->on_usr2, SIGUSR2, on_ignored_signal);
}

static void stop_signals(struct server *sv)
{
    reactor_signal_stop(&sv->on_term);
    reactor_signal_stop(&sv->on_int);
    reactor_signal_stop(&sv->on_hup);
    reactor_signal_stop(&sv->on_usr1);
    reactor_signal_stop(&sv->on_usr2);
}

/* ---- start and end ---- */

/* Raises the soft descriptor limit to fit; 0, or the limit in force when it cannot be had. */
static rlim_t fit_clients(rlim_t need)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= need)
        return 0;
    rlim_t had = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        return had;
    return limit.rlim_cur >= need ? 0 : limit.rlim_cur;
}

/* Only once nothing can fail any more: where it does not serve, the only line is the reason why. */
static void tell_limit(struct server *sv)
{
    if (sv->fd_limit > 0)
        log_line(&sv->log, LOG_WARNING, LOG_LIFE,
                 "--max-clients %" PRIu32 " needs %" PRIu64 " descriptors, the limit is %" PRIu64 ": fewer may get in",
                 sv->clients.max, (uint64_t)sv->clients.max + OTHER_FDS, sv->fd_limit);
}

static void set_limits(struct server *sv, const struct options *o)
{
    session_kind_init(&sv->kind, sv->reactor, o->max_line_bytes);
    sv->kind.limits.idle_timeout_ns = o->idle_timeout_ns;
    sv->kind.limits.send_timeout_ns = o->send_timeout_ns;
    sv->kind.limits.stats = &sv->conn_stats;
    sv->kind.idle_seconds = (double)o->idle_timeout_ns / 1e9;
    sv->kind.classic = o->classic;
    sv->kind.log = &sv->log;
    sv->kind.closed = on_client_closed;
    sv->kind.stats_line = write_stats;
    region_open(&sv->kind.limits);
    sv->refusal_limits.input_max_bytes = 512; /* read only to be thrown away */
    sv->refusal_limits.region_fd = -1;
    sv->refusal_limits.group = &sv->refusals;
    sv->refusal_limits.send_timeout_ns = 2 * (uint64_t)1000000000;
}

/* Everything that serving and --stdio share.  False with the reason said. */
static bool server_open(struct server *sv, const struct options *o, uint32_t max_clients)
{
    *sv = (struct server){.options = o};
    log_init(&sv->log, STDERR_FILENO, o->log_level, &reactor_sys_linux);
    sv->fd_limit = fit_clients((rlim_t)max_clients + OTHER_FDS); /* before the reactor looks at the limit */
    sv->drain_timer = (struct reactor_timer){.fn = on_drain_timer, .name = "drain"};
    sv->log_timer = (struct reactor_timer){.fn = on_log_timer, .name = "log"};
    sv->reactor = reactor_new(NULL);
    if (!sv->reactor) {
        log_line(&sv->log, LOG_ERROR, LOG_LIFE, "cannot make the event loop for %" PRIu32 " clients: %s", max_clients,
                 strerror(errno));
        return false;
    }
    set_limits(sv, o);
    clients_init(&sv->clients, max_clients, reactor_sys_of(sv->reactor));
    if (log_wants(&sv->log, LOG_DEBUG))
        reactor_timer_start(sv->reactor, &sv->log_timer, reactor_now_ns(sv->reactor) + LOG_TICK_NS);
    sv->started_ns = reactor_now_ns(sv->reactor);
    return true;
}

/* Closes what is open still; the loop gets a few turns to call every closed(). */
static void close_clients(struct server *sv)
{
    conn_group_abort(&sv->kind.group);
    conn_group_abort(&sv->refusals);
    while ((sv->clients.count > 0 || sv->refusals.count > 0) && reactor_turn(sv->reactor, 0) == 1)
        ;
}

static void server_close(struct server *sv)
{
    signals_after_end();
    listening_stop(&sv->listening);
    if (sv->reactor) {
        close_clients(sv);
        clients_free(&sv->clients);
        reactor_timer_stop(sv->reactor, &sv->drain_timer);
        reactor_timer_stop(sv->reactor, &sv->log_timer);
        stop_signals(sv);
        session_kind_free(&sv->kind);
        reactor_free(sv->reactor);
        region_close(&sv->kind.limits);
    }
    log_close(&sv->log);
}

static bool hear_signals(struct server *sv)
{
    if (start_signals(sv))
        return true;
    log_line(&sv->log, LOG_ERROR, LOG_LIFE, "cannot take signals: %s", strerror(errno));
    return false;
}

static bool start_listening(struct server *sv)
{
    for (unsigned i = 0; i < sv->options->hosts; i++) {
        char reason[LISTENING_REASON_BYTES];
        if (!listening_add(&sv->listening, sv->reactor, &listener_ops, sv->options->host[i], sv->options->port,
                           reason)) {
            log_line(&sv->log, LOG_ERROR, LOG_LIFE, "%s", reason);
            return false;
        }
    }
    return true;
}

/* Who reads this may connect, and may send signals. */
static void announce(struct server *sv)
{
    tell_limit(sv);
    for (unsigned i = 0; i < sv->listening.count; i++) {
        char text[LISTENING_TEXT_BYTES];
        listening_text(&sv->listening.listener[i], text);
        log_line(&sv->log, LOG_INFO, LOG_LISTENING, "listening on %s", text);
    }
    watch_log(sv);
}

int server_run(const struct options *o)
{
    struct server *sv = &the_server;
    int status = EXIT_CANNOT;
    signals_before_start();
    if (server_open(sv, o, o->max_clients) && start_listening(sv) && hear_signals(sv)) {
        announce(sv);
        if (reactor_run(sv->reactor) == 0)
            status = 0;
        else
            log_line(&sv->log, LOG_ERROR, LOG_LIFE, "cannot wait for events: %s", strerror(errno));
        log_finish(&sv->log);
        log_line(&sv->log, LOG_INFO, LOG_LIFE, "stopped");
    }
    server_close(sv);
    return status;
}

/* The session on standard input and output, from its start to its end.  The exit status. */
static int run_stdio(struct server *sv)
{
    struct session *client = clients_add(&sv->clients);
    if (!client ||
        conn_start_pair(&client->conn, sv->reactor, &session_ops, &sv->kind.limits, STDIN_FILENO, STDOUT_FILENO) < 0) {
        log_line(&sv->log, LOG_ERROR, LOG_LIFE, "cannot use standard input and output: %s", strerror(errno));
        if (client)
            clients_remove(&sv->clients, client);
        return EXIT_CANNOT;
    }
    if (reactor_run(sv->reactor) == 0)
        return sv->stdio_status;
    log_line(&sv->log, LOG_ERROR, LOG_LIFE, "cannot wait for events: %s", strerror(errno));
    return EXIT_CANNOT;
}

int server_stdio(const struct options *o)
{
    struct server *sv = &the_server;
    int status = EXIT_CANNOT;
    signals_before_start();
    if (server_open(sv, o, 1) && hear_signals(sv)) {
        sv->stdio = true;
        status = run_stdio(sv);
    }
    server_close(sv);
    return status;
}
