/* A conn's output: rendered into a buffer of 16 KiB that all conns share in
 * turn, or pointed at, and sent in as few system calls as possible.  A conn
 * keeps the buffer only while the peer does not take what is in it.
 */
#include "conn_internal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

/* ---- putting out ---- */

static bool may_put(const struct conn *c)
{
    return c->phase == CONN_OPEN && !(c->output && c->output->pending);
}

/* True when the last piece ends where the next rendered byte goes. */
static bool last_is_rendered(const struct conn_buffer *buffer)
{
    const struct iovec *last;
    if (buffer->count == buffer->first)
        return false;
    last = &buffer->pieces[buffer->count - 1];
    return (const char *)last->iov_base + last->iov_len == buffer->bytes + buffer->used;
}

size_t conn_room(const struct conn *c)
{
    const struct conn_buffer *buffer = c->output;
    if (!may_put(c))
        return 0;
    if (!buffer)
        return CONN_OUTPUT_BYTES;
    return buffer->count < CONN_PIECES || last_is_rendered(buffer) ? CONN_OUTPUT_BYTES - buffer->used : 0;
}

/* What is put out while c is not being served leaves in the next turn, and a buffer that
 * was taken and stayed empty goes back then. */
static void put_done(struct conn *c)
{
    if (UNLIKELY(pool_of(c)->window_of != c))
        reactor_fd_again(&c->in);
}

char *conn_reserve(struct conn *c, size_t n)
{
    struct conn_buffer *buffer;
    if (n > conn_room(c))
        return NULL;
    buffer = c->output;
    if (!buffer) {
        buffer = conn_output_take(c);
        put_done(c);
    }
    return buffer ? buffer->bytes + buffer->used : NULL;
}

void conn_commit(struct conn *c, size_t n)
{
    struct conn_buffer *buffer = c->output;
    if (!buffer || n == 0)
        return;
    if (last_is_rendered(buffer)) {
        buffer->pieces[buffer->count - 1].iov_len += n;
    } else {
        buffer->pieces[buffer->count].iov_base = buffer->bytes + buffer->used;
        buffer->pieces[buffer->count].iov_len = n;
        buffer->count++;
    }
    buffer->used += (uint32_t)n;
    buffer->unsent += n;
    put_done(c);
    conn_output_verify(c);
}

bool conn_write(struct conn *c, const void *bytes, size_t n)
{
    char *room;
    if (UNLIKELY(n == 0))
        return may_put(c); /* nothing to keep a buffer for */
    room = conn_reserve(c, n);
    if (!room)
        return false;
    memcpy(room, bytes, n);
    conn_commit(c, n);
    return true;
}

bool conn_refer(struct conn *c, const void *bytes, size_t n)
{
    struct conn_buffer *buffer;
    struct iovec *last;

    if (!may_put(c))
        return false;
    if (n <= CONN_COPY_BYTES && n <= conn_room(c))
        return conn_write(c, bytes, n);
    buffer = c->output ? c->output : conn_output_take(c);
    if (!buffer)
        return false;
    last = buffer->count > 0 ? &buffer->pieces[buffer->count - 1] : NULL;
    if (last && (const char *)last->iov_base + last->iov_len == (const char *)bytes) {
        last->iov_len += n; /* runs that touch are one */
    } else {
        if (buffer->count == CONN_PIECES)
            return false;
        buffer->pieces[buffer->count].iov_base = (void *)(uintptr_t)bytes; /* sendmsg does not write */
        buffer->pieces[buffer->count].iov_len = n;
        buffer->count++;
    }
    buffer->unsent += n;
    put_done(c);
    conn_output_verify(c);
    return true;
}

size_t conn_unsent(const struct conn *c)
{
    return c->output ? c->output->unsent : 0;
}

size_t conn_unacked(const struct conn *c)
{
    int bytes;
    return sys_of(c)->outq(out_fd_of(c), &bytes) == 0 && bytes > 0 ? (size_t)bytes : 0;
}

/* ---- cutting ---- */

static size_t count_lines(const char *text, size_t len)
{
    size_t lines = 0;
    for (const char *at = text, *end = text + len; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        lines++;
    return lines;
}

/* Pieces from..count are dropped; those before them are kept, the rendered ones moved
 * to the front of bytes[] so that there is room behind them. */
static void keep_pieces(struct conn_buffer *buffer, unsigned to)
{
    const char *rendered_end = buffer->bytes + buffer->used;
    unsigned kept = 0;

    buffer->unsent = 0;
    buffer->used = 0;
    for (unsigned i = buffer->first; i < to; i++, kept++) {
        struct iovec piece = buffer->pieces[i];
        const char *base = piece.iov_base;
        if (base >= buffer->bytes && base < rendered_end) {
            piece.iov_base = memmove(buffer->bytes + buffer->used, base, piece.iov_len);
            buffer->used += (uint32_t)piece.iov_len;
        }
        buffer->pieces[kept] = piece;
        buffer->unsent += piece.iov_len;
    }
    buffer->first = 0;
    buffer->count = (uint16_t)kept;
}

void conn_mark(struct conn *c)
{
    if (c->output)
        c->output->marked = c->output->unsent;
    conn_output_verify(c);
}

const char *conn_since_mark(const struct conn *c, size_t *len)
{
    const struct conn_buffer *buffer = c->output;
    if (!buffer || !last_is_rendered(buffer))
        return NULL;
    *len = buffer->unsent - buffer->marked;
    return *len <= buffer->pieces[buffer->count - 1].iov_len ? buffer->bytes + buffer->used - *len : NULL;
}

size_t conn_cut(struct conn *c)
{
    struct conn_buffer *buffer = c->output;
    bool finishing_line;
    size_t dropped = 0, marked;
    unsigned keep;

    if (!buffer)
        return 0;
    marked = buffer->marked;
    finishing_line = marked == 0 && buffer->pending && buffer->mid_line;
    keep = buffer->first;
    for (unsigned i = buffer->first; i < buffer->count; i++) {
        struct iovec *piece = &buffer->pieces[i];
        const char *text = piece->iov_base, *rest = text;
        if (marked > 0) {
            size_t part = marked < piece->iov_len ? marked : piece->iov_len;
            marked -= part;
            rest += part;
            keep = i + 1;
        } else if (finishing_line) {
            const char *end = memchr(text, '\n', piece->iov_len);
            keep = i + 1;
            if (!end)
                continue;
            finishing_line = false;
            rest = end + 1;
        }
        dropped += count_lines(rest, piece->iov_len - (size_t)(rest - text));
        if (keep == i + 1)
            piece->iov_len = (size_t)(rest - text);
    }
    keep_pieces(buffer, keep);
    buffer->pending = false;
    if (buffer->count == 0)
        conn_output_free(c);
    conn_output_verify(c);
    return dropped;
}

/* ---- sending ---- */

static inline bool by_sendfile(const struct conn *c, const struct iovec *piece)
{
    const struct conn_limits *limits = c->limits;
    uintptr_t base = (uintptr_t)piece->iov_base, region = (uintptr_t)limits->region;

    return piece->iov_len >= CONN_SENDFILE_BYTES && region != 0 && !pool_of(c)->no_sendfile &&
           !(c->flags & C_NO_SENDFILE) && !c->split && base >= region && base - region <= limits->region_bytes &&
           piece->iov_len <= limits->region_bytes - (base - region);
}

/* Whether an errno of sendfile(2) says something of the socket, which send(2) would say too.  All others say that this
 * way is closed: EPERM, EACCES, ENOSYS, EOPNOTSUPP and whatever else a filter of system calls has been told to answer;
 * EINVAL, ESPIPE, EOVERFLOW of files that cannot; EBADF, EIO.  Should one of them be the socket's after all, the send
 * from memory that follows says so once more. */
static bool is_verdict_on_socket(int err)
{
    return conn_outcome_of(err) != CONN_BROKEN || conn_is_peer_gone(err);
}

/* -1 with EINTR when sendfile does not work here and the same bytes are to be tried again from memory: by
 * this conn (C_NO_SENDFILE) when the kernel was short of memory, else by all of this reactor, for good. */
static ssize_t send_file(struct conn *c, const struct iovec *piece, size_t len)
{
    const struct conn_limits *limits = c->limits;
    off_t offset = (off_t)(limits->region_offset + ((const char *)piece->iov_base - limits->region));
    ssize_t n = sys_of(c)->sendfile(c->in.fd, limits->region_fd, &offset, len);

    /* 0: the file has become shorter than its mapping. */
    if (n > 0 || (n < 0 && is_verdict_on_socket(errno)))
        return n;
    if (n < 0 && (errno == ENOMEM || errno == ENOBUFS))
        c->flags |= C_NO_SENDFILE;
    else
        pool_of(c)->no_sendfile = true;
    errno = EINTR;
    return -1;
}

static ssize_t split_write(struct conn *c, const struct iovec *pieces, int count, size_t len, int flags)
{
    const struct reactor_sys *sys = sys_of(c);
    int fd = c->split->out_fd, ready;

    switch (c->split->out_access) {
    case REACTOR_ACCESS_SOCKET: return sys->send(fd, pieces->iov_base, len, flags);
    case REACTOR_ACCESS_NONBLOCK:
    case REACTOR_ACCESS_FILE: break;
    case REACTOR_ACCESS_GATED:
        ready = sys->ready(fd, POLLOUT);
        if (ready == 0)
            errno = EAGAIN;
        if (ready <= 0)
            return -1;
        return sys->write(fd, pieces->iov_base, len < CONN_GATED_BYTES ? len : CONN_GATED_BYTES);
    }
    return count > 1 ? sys->writev(fd, pieces, count) : sys->write(fd, pieces->iov_base, len);
}

static ssize_t send_many(struct conn *c, struct iovec *pieces, int count, size_t len, int flags)
{
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = (size_t)count};
    if (c->split && c->split->out_access != REACTOR_ACCESS_SOCKET)
        return split_write(c, pieces, count, len, flags);
    return sys_of(c)->sendmsg(out_fd_of(c), &message, flags);
}

/* One system call for as many pieces as go together.  *full_below: fewer bytes than
 * these sent mean that the socket is full and will say when it is not.  (A file or a
 * terminal need not, and sendfile may stop for reasons of its own: 0.) */
static ssize_t send_pieces(struct conn *c, struct conn_buffer *buffer, size_t budget, size_t *full_below)
{
    struct iovec *pieces = &buffer->pieces[buffer->first];
    unsigned available = (unsigned)(buffer->count - buffer->first), count = 1;
    size_t len = pieces->iov_len < budget ? pieces->iov_len : budget;
    int flags = MSG_NOSIGNAL | MSG_DONTWAIT;

    *full_below = 0;
    if (by_sendfile(c, pieces))
        return send_file(c, pieces, len);
    while (count < available && !by_sendfile(c, &pieces[count]) && len + pieces[count].iov_len <= budget)
        len += pieces[count++].iov_len;
    if (count < available && len < budget)
        flags |= MSG_MORE;
    if (!c->split)
        *full_below = len;
    if (count > 1)
        return send_many(c, pieces, (int)count, len, flags);
    return c->split ? split_write(c, pieces, 1, len, flags) : sys_of(c)->send(c->in.fd, pieces->iov_base, len, flags);
}

static void advance(struct conn_buffer *buffer, size_t n)
{
    struct iovec *piece = &buffer->pieces[buffer->first];

    buffer->unsent -= n;
    buffer->marked -= n < buffer->marked ? n : buffer->marked;
    while (n >= piece->iov_len) {
        n -= piece->iov_len;
        buffer->first++;
        if (n == 0) {
            buffer->mid_line = ((const char *)piece->iov_base)[piece->iov_len - 1] != '\n';
            return;
        }
        piece++;
    }
    piece->iov_base = (char *)piece->iov_base + n;
    piece->iov_len -= n;
    buffer->mid_line = ((const char *)piece->iov_base)[-1] != '\n';
}

static void count_sent(struct conn *c, size_t n)
{
    c->sent_bytes += (uint32_t)n;
    c->idle_since_ns = reactor_of(c)->now_ns;
    if (c->limits->stats)
        c->limits->stats->bytes_out += n;
}

void conn_flush(struct conn *c, size_t *budget)
{
    struct conn_buffer *buffer = c->output;

    if (buffer->unsent == 0) { /* reserved, but nothing committed */
        conn_output_free(c);
        return;
    }
    while (c->flags & C_WRITABLE && *budget > 0) {
        size_t full_below;
        ssize_t n = send_pieces(c, buffer, *budget, &full_below);

        if (n <= 0) { /* 0 of something: no descriptor we know does that, and trying again would spin */
            enum conn_outcome outcome = conn_translate(c, n < 0 ? errno : EIO);
            if (outcome == CONN_BROKEN)
                return;
            if (outcome == CONN_BLOCKED)
                c->flags &= (uint16_t)~C_WRITABLE;
            continue;
        }
        count_sent(c, (size_t)n);
        *budget -= (size_t)n;
        if ((size_t)n == buffer->unsent) {
            conn_output_free(c);
            return;
        }
        advance(buffer, (size_t)n);
        if ((size_t)n < full_below)
            c->flags &= (uint16_t)~C_WRITABLE;
    }
    buffer->pending = true;
    conn_output_verify(c);
}

#ifdef REACTOR_VERIFY
static bool is_rendered(const struct conn_buffer *buffer, const struct iovec *piece)
{
    uintptr_t base = (uintptr_t)piece->iov_base, bytes = (uintptr_t)buffer->bytes;
    return base >= bytes && base < bytes + sizeof buffer->bytes;
}

void conn_output_verify(const struct conn *c)
{
    const struct conn_buffer *buffer = c->output;
    const char *rendered;
    size_t sum = 0;
    bool any_rendered = false;

    if (!buffer)
        return;
    VERIFY("conn", 7, c->phase == CONN_OPEN || c->phase == CONN_DELIVERING || c->phase == CONN_CLOSING);
    VERIFY("conn", 2, buffer->first <= buffer->count && buffer->count <= CONN_PIECES);
    rendered = buffer->bytes;
    for (unsigned i = buffer->first; i < buffer->count; i++) {
        const struct iovec *piece = &buffer->pieces[i];
        VERIFY("conn", 2, piece->iov_len > 0);
        sum += piece->iov_len;
        if (!is_rendered(buffer, piece))
            continue;
        VERIFY("conn", 5, (const char *)piece->iov_base >= rendered);
        rendered = (const char *)piece->iov_base + piece->iov_len;
        any_rendered = true;
    }
    VERIFY("conn", 3, sum == buffer->unsent);
    VERIFY("conn", 4, buffer->marked <= buffer->unsent);
    VERIFY("conn", 5, buffer->used <= sizeof buffer->bytes);
    VERIFY("conn", 5, !any_rendered || rendered == buffer->bytes + buffer->used);
    VERIFY("conn", 6, !buffer->pending || buffer->unsent > 0);
}
#endif
