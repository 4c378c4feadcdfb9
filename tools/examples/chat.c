/* chat: every line goes to everybody, and nobody loses any.
 *
 *     chat [PORT]         0, the default, picks a free port
 *
 * Shows many-to-many with back-pressure.  The room keeps one log for all; a
 * member is a position in it, not a queue of its own.  A line enters the log
 * when the slowest member has room for it; until then its speaker is not read
 * from: a slow reader slows the room down, costs no memory, and is closed after
 * STALL_NS.  A conn is written to in its own serve() only: so to speak to others
 * is to put it where their serve() finds it and to wake them.
 */
#include "reactor/conn.h"
#include "reactor/line.h"
#include "reactor/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/param.h>
#include <unistd.h>

#define STALL_NS  UINT64_C(30000000000)
#define MAX_LINE  512
#define LOG_BYTES 65536u

struct member {
    struct conn conn; /* first: a struct conn of ours is a member */
    uint64_t seen;    /* bytes of the log delivered */
    bool held;        /* has a line the log has no room for */
};

static struct reactor *loop;
static struct conn_group members;
static char room[LOG_BYTES]; /* byte n of the log is room[n % LOG_BYTES] */
static uint64_t said;        /* bytes of the log ever */

static void wake(bool only_held)
{
    for (struct conn *c = members.first; c != NULL; c = conn_group_next(c))
        if (!only_held || ((struct member *)c)->held)
            conn_wake(c);
}

static bool say(const char *text, size_t len)
{
    for (struct conn *c = members.first; c != NULL; c = conn_group_next(c))
        if (said + len + 1 - ((struct member *)c)->seen > LOG_BYTES)
            return false;
    for (size_t i = 0; i <= len; i++)
        room[said++ % LOG_BYTES] = i < len ? text[i] : '\n';
    wake(false);
    return true;
}

static void deliver(struct member *m)
{
    while (m->seen < said) {
        size_t at = m->seen % LOG_BYTES, n = MIN(MIN(said - m->seen, LOG_BYTES - at), conn_room(&m->conn));
        if (n == 0 || !conn_write(&m->conn, room + at, n))
            return;
        m->seen += n;
        wake(true);
    }
}

static enum conn_next serve(struct conn *c)
{
    struct member *m = (struct member *)c;
    struct line line;
    enum line_status status;
    m->held = false;
    while ((status = line_next(c, MAX_LINE, &line)) == LINE_READY) {
        if ((m->held = !say(line.text, line.len)))
            break;
        conn_consume(c, line.taken);
    }
    deliver(m);
    if (m->seen < said)
        return CONN_MORE;
    return status == LINE_END || status == LINE_TOO_LONG ? CONN_FINISH : CONN_WAIT;
}

static void closed(struct conn *c, enum conn_reason why, int err)
{
    (void)why, (void)err;
    free(c);
    wake(true); /* perhaps the slowest has gone */
}

static void accepted(struct listener *l, int fd, const struct sockaddr *peer, socklen_t peer_len)
{
    static const struct conn_ops ops = {.name = "member", .serve = serve, .closed = closed};
    static const struct conn_limits limits = {.input_max_bytes = 2048, .send_timeout_ns = STALL_NS, .group = &members};
    (void)l, (void)peer, (void)peer_len;
    struct member *m = calloc(1, sizeof *m);
    if (m == NULL)
        close(fd);
    else if (conn_start(&m->conn, loop, &ops, &limits, fd) != 0)
        free(m);
    else
        m->seen = said; /* what was said before is not for him */
}

int main(int argc, char **argv)
{
    static const struct listener_ops ops = {.name = "door", .accepted = accepted};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_storage bound;
    socklen_t len = sizeof bound;
    struct listener door;
    loop = reactor_new(NULL);
    address.sin_port = htons((in_port_t)(argc > 1 ? atoi(argv[1]) : 0));
    if (loop == NULL || listener_start(&door, loop, &ops, (struct sockaddr *)&address, sizeof address, 128) != 0 ||
        listener_address(&door, &bound, &len) != 0)
        return perror("chat"), 1;
    fprintf(stderr, "listening on 127.0.0.1:%d\n", ntohs(((struct sockaddr_in *)&bound)->sin_port));
    return reactor_run(loop) == 0 ? 0 : 1; /* until it is killed: see echo.c for a clean end */
}
