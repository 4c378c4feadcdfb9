/* A conn's input: read into the scratch buffer shared by all, looked at there, and
 * kept in a buffer of the conn's own only as far as it was not consumed.
 */
#include "conn_internal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

static void pool_free(struct reactor *r)
{
    struct conn_pool *pool = r->conn_pool;
    while (pool->scratch) {
        struct conn_scratch *scratch = pool->scratch;
        pool->scratch = scratch->older;
        r->sys->free(scratch);
    }
    while (pool->spare) {
        struct conn_buffer *buffer = pool->spare;
        pool->spare = buffer->next;
        r->sys->free(buffer);
    }
    r->sys->free(pool);
}

int conn_pool_prepare(struct reactor *r, size_t input_max_bytes)
{
    size_t bytes = input_max_bytes > CONN_SCRATCH_BYTES ? input_max_bytes : CONN_SCRATCH_BYTES;
    struct conn_scratch *scratch;

    if (!r->conn_pool) {
        r->conn_pool = r->sys->alloc_zeroed(sizeof *r->conn_pool);
        if (!r->conn_pool)
            return -1;
        r->conn_pool_free = pool_free;
    }
    if (r->conn_pool->scratch && r->conn_pool->scratch->bytes >= bytes)
        return 0;
    /* The old one stays: we may be inside serve() of a conn that looks into it.
     * There are no more of them than there are different limits. */
    scratch = r->sys->alloc(sizeof *scratch + bytes);
    if (!scratch)
        return -1;
    scratch->bytes = bytes;
    scratch->older = r->conn_pool->scratch;
    r->conn_pool->scratch = scratch;
    return 0;
}

void conn_view_open(struct conn *c)
{
    struct conn_pool *pool = pool_of(c);
    pool->viewing = c;
    pool->text = c->held ? c->held->text : pool->scratch->text;
    pool->bytes = c->held ? c->held->bytes : 0;
}

void conn_input_free(struct conn *c)
{
    if (c->held)
        sys_of(c)->free(c->held);
    c->held = NULL;
}

static bool view_is_own(const struct conn *c, const struct conn_pool *pool)
{
    return c->held && pool->text >= c->held->text && pool->text <= c->held->text + c->held->capacity;
}

/* A power of two, so that a line typed byte by byte is not moved at each. */
static size_t capacity_for(size_t bytes)
{
    size_t capacity = 64;
    while (capacity < bytes)
        capacity *= 2;
    return capacity;
}

void conn_view_close(struct conn *c)
{
    struct conn_pool *pool = pool_of(c);

    pool->viewing = NULL;
    if (LIKELY(pool->bytes == 0)) {
        if (c->held)
            conn_input_free(c);
        return;
    }
    if (!view_is_own(c, pool) && (!c->held || c->held->capacity < pool->bytes)) {
        size_t capacity = capacity_for(pool->bytes);
        if (capacity > c->limits->input_max_bytes)
            capacity = c->limits->input_max_bytes; /* never less than what is held */
        conn_input_free(c);
        c->held = sys_of(c)->alloc(sizeof *c->held + capacity);
        if (!c->held) {
            conn_close_for(c, CONN_NO_MEMORY, ENOMEM);
            return;
        }
        c->held->capacity = (uint32_t)capacity;
    }
    if (pool->text != c->held->text)
        memmove(c->held->text, pool->text, pool->bytes);
    c->held->bytes = (uint32_t)pool->bytes;
}

static ssize_t pair_read(struct conn *c, void *buf, size_t len)
{
    const struct reactor_sys *sys = sys_of(c);
    int ready;

    switch (c->pair->in_access) {
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
    ssize_t n = c->pair ? pair_read(c, buf, len) : sys_of(c)->recv(c->in.fd, buf, len, MSG_DONTWAIT);
    /* A stream socket gives less than asked only when it has no more (and says
     * so anew when more comes), except before an urgent mark; a terminal
     * gives one line at a time. */
    if (n >= 0 && (size_t)n < len && !c->pair && !(c->flags & C_READ_TO_END))
        c->flags &= (uint16_t)~C_READABLE;
    if (n > 0 && c->limits->stats)
        c->limits->stats->bytes_in += (uint64_t)n;
    return n;
}

/* The view, made to end where *room bytes are free.  Much that is held is not moved for every few bytes that join it:
 * they are read into what its buffer has left, and *room becomes that. */
static char *room_behind_view(struct conn *c, struct conn_pool *pool, size_t *room)
{
    struct conn_scratch *scratch = pool->scratch;
    const char *end = scratch->text + scratch->bytes;
    bool own = view_is_own(c, pool);
    size_t left = own ? (size_t)(c->held->text + c->held->capacity - pool->text) - pool->bytes : 0;

    if (left > 0 && pool->bytes >= CONN_MOVE_BYTES) {
        *room = left < *room ? left : *room;
        return pool->text + pool->bytes;
    }
    if (own || pool->text < scratch->text || pool->text > end || (size_t)(end - pool->text) < pool->bytes + *room) {
        memmove(scratch->text, pool->text, pool->bytes);
        pool->text = scratch->text;
    }
    return pool->text + pool->bytes;
}

void conn_fill(struct conn *c)
{
    struct conn_pool *pool = pool_of(c);
    size_t room;
    char *to;
    ssize_t n;

    if (pool->bytes >= c->limits->input_max_bytes)
        return;
    room = c->limits->input_max_bytes - pool->bytes;
    to = room_behind_view(c, pool, &room);
    n = receive(c, to, room);
    if (n > 0) {
        pool->bytes += (size_t)n;
        c->flags |= C_CALL;
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
        if (n > 0) {
            c->acked_bytes += (uint32_t)n; /* nothing is sent any more: counts what was drained */
            if (c->acked_bytes > limit)
                return false;
        } else if (n == 0) {
            return false;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            c->flags &= (uint16_t) ~(C_READABLE | C_READ_TO_END);
        } else if (errno != EINTR) {
            return false;
        }
    }
    if (c->flags & C_READABLE)
        reactor_fd_again(&c->in);
    budget_read_soon(reactor_of(c));
    return true;
}

char *conn_input(struct conn *c, size_t *len)
{
    struct conn_pool *pool = pool_of(c);
    if (pool->viewing != c) {
        *len = c->held ? c->held->bytes : 0;
        return c->held ? c->held->text : NULL;
    }
    *len = pool->bytes;
    return pool->text;
}

bool conn_input_ended(const struct conn *c)
{
    return (c->flags & C_INPUT_ENDED) != 0;
}

void conn_consume(struct conn *c, size_t n)
{
    struct conn_pool *pool = pool_of(c);
    if (pool->viewing != c || n > pool->bytes)
        return;
    pool->text += n;
    pool->bytes -= n;
}

void conn_erase(struct conn *c, size_t at, size_t n)
{
    struct conn_pool *pool = pool_of(c);
    if (pool->viewing != c || n == 0 || at > pool->bytes || n > pool->bytes - at)
        return;
    memmove(pool->text + at, pool->text + at + n, pool->bytes - at - n);
    pool->bytes -= n;
}
