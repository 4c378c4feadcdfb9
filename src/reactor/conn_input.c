/* A conn's input: read into the scratch buffer shared by all, looked at there, and kept in a buffer
 * of the conn's own only as far as it was not consumed.
 *
 * The input window is the text that serve() sees.  It is opened on what the conn has kept, moves to
 * the scratch buffer when bytes are read behind it, shrinks as they are consumed, and what is left
 * when it is closed is kept.
 */
#include "conn_internal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

void conn_window_open(struct conn *c)
{
    struct conn_pool *pool = pool_of(c);
    VERIFY("conn", 10, !pool->window_of);
    pool->window_of = c;
    pool->window = c->kept ? c->kept->text : pool->scratch->text;
    pool->window_bytes = c->kept ? c->kept->bytes : 0;
    conn_input_verify(c);
}

/* The window lies in c's kept input, not in the scratch buffer. */
static bool window_is_kept(const struct conn *c, const struct conn_pool *pool)
{
    return c->kept && pool->window >= c->kept->text && pool->window <= c->kept->text + c->kept->capacity;
}

/* A power of two, so that a line typed byte by byte is not moved at each. */
static size_t capacity_for(size_t bytes)
{
    size_t capacity = 64;
    while (capacity < bytes)
        capacity *= 2;
    return capacity;
}

void conn_window_close(struct conn *c)
{
    struct conn_pool *pool = pool_of(c);

    pool->window_of = NULL;
    if (LIKELY(pool->window_bytes == 0)) {
        if (c->kept)
            conn_kept_free(c);
        return;
    }
    if (!window_is_kept(c, pool) && (!c->kept || c->kept->capacity < pool->window_bytes)) {
        size_t capacity = capacity_for(pool->window_bytes);
        if (capacity > c->limits->input_max_bytes)
            capacity = c->limits->input_max_bytes; /* never less than what is to be kept */
        conn_kept_free(c);
        c->kept = sys_of(c)->alloc(sizeof *c->kept + capacity);
        if (!c->kept) {
            conn_close_for(c, CONN_NO_MEMORY, ENOMEM);
            return;
        }
        c->kept->capacity = (uint32_t)capacity;
    }
    if (pool->window != c->kept->text)
        memmove(c->kept->text, pool->window, pool->window_bytes);
    c->kept->bytes = (uint32_t)pool->window_bytes;
    conn_input_verify(c);
}

static ssize_t split_read(struct conn *c, void *buf, size_t len)
{
    const struct reactor_sys *sys = sys_of(c);
    int ready;

    switch (c->split->in_access) {
    case REACTOR_ACCESS_SOCKET: return sys->recv(c->in.fd, buf, len, MSG_DONTWAIT);
    case REACTOR_ACCESS_NONBLOCK:
    case REACTOR_ACCESS_FILE: break;
    case REACTOR_ACCESS_GATED:
        ready = sys->ready(c->in.fd, POLLIN);
        if (ready == 0)
            errno = EAGAIN;
        if (ready <= 0)
            return -1;
    }
    return sys->read(c->in.fd, buf, len);
}

static ssize_t receive(struct conn *c, void *buf, size_t len)
{
    ssize_t n = c->split ? split_read(c, buf, len) : sys_of(c)->recv(c->in.fd, buf, len, MSG_DONTWAIT);
    /* A stream socket gives less than asked only when it has no more (and says
     * so anew when more comes), except before an urgent mark; a terminal
     * gives one line at a time. */
    if (n >= 0 && (size_t)n < len && !c->split && !(c->flags & C_READ_TO_END))
        c->flags &= (uint16_t)~C_READABLE;
    if (n > 0 && c->limits->stats)
        c->limits->stats->bytes_in += (uint64_t)n;
    return n;
}

/* Where to read behind the window, at most *room bytes.  Usually the window is moved so that they fit.  A large one is
 * not moved for every few bytes that join it: they are read into what its buffer has left, and *room becomes that. */
static char *room_behind_window(struct conn *c, struct conn_pool *pool, size_t *room)
{
    struct conn_scratch *scratch = pool->scratch;
    const char *end = scratch->text + scratch->bytes;
    bool own = window_is_kept(c, pool);
    size_t left = own ? (size_t)(c->kept->text + c->kept->capacity - pool->window) - pool->window_bytes : 0;

    if (left > 0 && pool->window_bytes >= CONN_MOVE_BYTES) {
        *room = left < *room ? left : *room;
        return pool->window + pool->window_bytes;
    }
    if (own || pool->window < scratch->text || pool->window > end ||
        (size_t)(end - pool->window) < pool->window_bytes + *room) {
        memmove(scratch->text, pool->window, pool->window_bytes);
        pool->window = scratch->text;
    }
    return pool->window + pool->window_bytes;
}

void conn_fill(struct conn *c)
{
    struct conn_pool *pool = pool_of(c);
    size_t room;
    char *to;
    ssize_t n;

    if (pool->window_bytes >= c->limits->input_max_bytes)
        return;
    room = c->limits->input_max_bytes - pool->window_bytes;
    if (room > CONN_SCRATCH_BYTES)
        room = CONN_SCRATCH_BYTES; /* a megabyte at once takes a millisecond of the turn */
    to = room_behind_window(c, pool, &room);
    n = receive(c, to, room);
    if (n > 0) {
        pool->window_bytes += (size_t)n;
        c->flags |= C_CALL;
        conn_input_verify(c);
        return;
    }
    if (n == 0) {
        c->flags = (uint16_t)((c->flags & ~(C_READABLE | C_READ_TO_END)) | C_INPUT_ENDED | C_CALL);
        return;
    }
    if (conn_translate(c, errno) == CONN_BLOCKED)
        c->flags &= (uint16_t) ~(C_READABLE | C_READ_TO_END);
}

bool conn_drain(struct conn *c)
{
    struct conn_scratch *scratch = pool_of(c)->scratch;
    size_t limit = c->limits->linger_bytes ? c->limits->linger_bytes : CONN_LINGER_BYTES;

    for (unsigned round = 0; round < CONN_ROUNDS && c->flags & C_READABLE; round++) {
        ssize_t n = receive(c, scratch->text, scratch->bytes);
        enum conn_outcome outcome = n < 0 ? conn_outcome_of(errno) : CONN_RETRY;

        if (n > 0)
            c->acked_bytes += (uint32_t)n; /* nothing is sent any more: counts what was drained */
        if (n == 0 || outcome == CONN_BROKEN || c->acked_bytes > limit)
            return false;
        if (outcome == CONN_BLOCKED)
            c->flags &= (uint16_t) ~(C_READABLE | C_READ_TO_END);
    }
    if (c->flags & C_READABLE)
        reactor_fd_again(&c->in);
    budget_read_soon(reactor_of(c));
    return true;
}

char *conn_input(struct conn *c, size_t *len)
{
    struct conn_pool *pool = pool_of(c);
    if (pool->window_of != c) {
        *len = c->kept ? c->kept->bytes : 0;
        return c->kept ? c->kept->text : NULL;
    }
    *len = pool->window_bytes;
    return pool->window;
}

bool conn_input_ended(const struct conn *c)
{
    return (c->flags & C_INPUT_ENDED) != 0;
}

void conn_consume(struct conn *c, size_t n)
{
    struct conn_pool *pool = pool_of(c);
    if (pool->window_of != c || n > pool->window_bytes)
        return;
    pool->window += n;
    pool->window_bytes -= n;
    conn_input_verify(c);
}

void conn_erase(struct conn *c, size_t at, size_t n)
{
    struct conn_pool *pool = pool_of(c);
    if (pool->window_of != c || n == 0 || at > pool->window_bytes || n > pool->window_bytes - at)
        return;
    memmove(pool->window + at, pool->window + at + n, pool->window_bytes - at - n);
    pool->window_bytes -= n;
    conn_input_verify(c);
}

#ifdef REACTOR_VERIFY
void conn_input_verify(const struct conn *c)
{
    const struct conn_pool *pool = pool_of(c);
    const struct conn_kept *kept = c->kept;
    const struct conn_scratch *scratch = pool->scratch;
    size_t max_bytes = c->limits->input_max_bytes;
    bool in_kept, in_scratch = false;

    VERIFY("conn", 8, !kept || (kept->bytes > 0 && kept->bytes <= kept->capacity && kept->capacity <= max_bytes));
    if (!pool->window_of)
        return;
    VERIFY("conn", 10, pool->window_of == c && c->phase != CONN_CONNECTING && c->phase != CONN_LINGERING);
    in_kept = window_is_kept(c, pool) && pool->window_bytes <= (size_t)(kept->text + kept->capacity - pool->window);
    /* A larger scratch buffer may have been made while the window lay in an older one. */
    for (; scratch && !in_scratch; scratch = scratch->older)
        in_scratch = pool->window >= scratch->text && pool->window <= scratch->text + scratch->bytes &&
                     pool->window_bytes <= (size_t)(scratch->text + scratch->bytes - pool->window);
    VERIFY("conn", 9, (in_kept || in_scratch) && pool->window_bytes <= max_bytes);
}
#endif
