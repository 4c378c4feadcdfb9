/* The floor of a conn: the phase it is in and the reason it ends for, what an errno means for it,
 * and the buffers that all conns of a reactor share.  Nothing here runs a session or frees a conn:
 * an end is only noted, conn.c comes to it later.
 */
#include "conn_internal.h"

#include <errno.h>

/* ---- phase and reason ---- */

const char *conn_reason_name(enum conn_reason why)
{
    static const char *const names[CONN_REASONS] = {
        [CONN_FINISHED] = "finished",  [CONN_ABORTED] = "aborted", [CONN_PEER_GONE] = "peer gone",
        [CONN_IDLE] = "idle",          [CONN_STALLED] = "stalled", [CONN_NO_MEMORY] = "no memory",
        [CONN_FAILED] = "call failed",
    };
    return (unsigned)why < CONN_REASONS ? names[why] : "unknown";
}

void conn_set_phase(struct conn *c, enum conn_phase phase)
{
#ifdef REACTOR_VERIFY
    /* From the phase of the row to those whose bits are set.  No row leads back, and none leads out
     * of CLOSING: so closed() is called exactly once. */
    static const unsigned moves[] = {
        [CONN_CONNECTING] = 1u << CONN_OPEN | 1u << CONN_CLOSING,
        [CONN_OPEN] = 1u << CONN_DELIVERING | 1u << CONN_CLOSING,
        [CONN_DELIVERING] = 1u << CONN_LINGERING | 1u << CONN_CLOSING,
        [CONN_LINGERING] = 1u << CONN_CLOSING,
        [CONN_CLOSING] = 0,
    };
    VERIFY("conn", 1, moves[c->phase] >> phase & 1);
#endif
    c->phase = (uint8_t)phase;
}

void conn_close_for(struct conn *c, enum conn_reason why, int err)
{
    if (c->phase == CONN_CLOSING)
        return;
    c->reason = (uint8_t)why;
    c->err = (uint16_t)err;
    conn_set_phase(c, CONN_CLOSING);
    reactor_fd_again(&c->in); /* in case nobody up the stack is about to look */
}

void conn_finish_for(struct conn *c, enum conn_reason why)
{
    c->reason = (uint8_t)why;
    if (c->phase == CONN_OPEN)
        conn_set_phase(c, CONN_DELIVERING);
    reactor_fd_again(&c->in);
}

void conn_finish(struct conn *c)
{
    if (c->phase == CONN_CONNECTING)
        conn_close_for(c, CONN_FINISHED, 0);
    else if (c->phase == CONN_OPEN)
        conn_finish_for(c, CONN_FINISHED);
}

void conn_abort(struct conn *c)
{
    conn_close_for(c, CONN_ABORTED, 0);
}

/* ---- what an errno means ---- */

bool conn_is_peer_gone(int err)
{
    switch (err) {
    case EPIPE:
    case ECONNRESET:
    case ECONNABORTED:
    case ECONNREFUSED:
    case ENOTCONN:
    case ESHUTDOWN:
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENETUNREACH:
    case ENETDOWN:
    case ENETRESET: return true;
    default: return false;
    }
}

enum conn_outcome conn_outcome_of(int err)
{
    switch (err) {
    case EINTR: return CONN_RETRY;
    case EAGAIN:
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
        return CONN_BLOCKED;
    default: return CONN_BROKEN;
    }
}

enum conn_outcome conn_translate(struct conn *c, int err)
{
    enum conn_outcome outcome = conn_outcome_of(err);

    if (outcome != CONN_BROKEN)
        return outcome;
    if (err == ENOMEM || err == ENOBUFS)
        conn_close_for(c, CONN_NO_MEMORY, err);
    else
        conn_close_for(c, conn_is_peer_gone(err) ? CONN_PEER_GONE : CONN_FAILED, err);
    return CONN_BROKEN;
}

/* ---- buffers ---- */

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
    /* The old one stays: this may be called inside serve() of a conn whose input lies in it.
     * There are no more of them than there are different limits. */
    scratch = r->sys->alloc(sizeof *scratch + bytes);
    if (!scratch)
        return -1;
    scratch->bytes = bytes;
    scratch->older = r->conn_pool->scratch;
    r->conn_pool->scratch = scratch;
    return 0;
}

struct conn_buffer *conn_output_take(struct conn *c)
{
    struct conn_pool *pool = pool_of(c);
    struct conn_buffer *buffer = pool->spare;

    if (LIKELY(buffer != NULL)) {
        pool->spare = buffer->next;
        pool->spares--;
    } else {
        buffer = sys_of(c)->alloc(sizeof *buffer);
        if (!buffer) {
            conn_close_for(c, CONN_NO_MEMORY, ENOMEM);
            return NULL;
        }
    }
    buffer->unsent = buffer->marked = 0;
    buffer->used = 0;
    buffer->first = buffer->count = 0;
    buffer->pending = buffer->mid_line = false;
    c->output = buffer;
    return buffer;
}

void conn_output_free(struct conn *c)
{
    struct conn_pool *pool = pool_of(c);
    struct conn_buffer *buffer = c->output;

    if (!buffer)
        return;
    c->output = NULL;
    if (pool->spares >= CONN_SPARE_BUFFERS) {
        sys_of(c)->free(buffer);
        return;
    }
    buffer->next = pool->spare;
    pool->spare = buffer;
    pool->spares++;
}

void conn_kept_free(struct conn *c)
{
    if (c->kept)
        sys_of(c)->free(c->kept);
    c->kept = NULL;
}
