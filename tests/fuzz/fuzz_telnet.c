/* The way from raw bytes to answers: telnet filter, line editing, long lines,
 * dialect.  However TCP cuts the input, a session in the simulated world
 * sends the same bytes as for the whole of it.  The first byte chooses the cuts.
 *
 * Interrupts (IAC IP, a line of 0x03) are taken out: what they stop depends on
 * when they come, and that is tested with a clock in tests/sim/test_session.c.
 */
#include "quick.h"

#include "../sim/sim.h"

#include "../../src/server/clients.h"
#include "../../src/server/log.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_LINE = 64,
    MAX_INPUT = 400
};

static struct clients clients;

static void on_closed(struct session_kind *kind, struct conn *c, enum conn_reason why, int err)
{
    (void)kind;
    (void)why;
    (void)err;
    clients_remove(&clients, (struct session *)(void *)c);
}

struct told {
    char *text;
    size_t len;
};

/* What a session answers when its input comes in parts of at most cut bytes. */
static struct told converse(const uint8_t *data, size_t size, size_t cut)
{
    static struct session_kind kind;
    static struct log log;
    struct told told;
    int fd;

    sim_begin(1);
    struct reactor *r = reactor_new(&(struct reactor_config){.sys = quick_sys()});
    session_kind_init(&kind, r, MAX_LINE);
    log_init(&log, -1, LOG_ERROR, &sim_sys);
    kind.log = &log;
    kind.closed = on_closed;
    struct sim_peer *peer = sim_socket(&fd);
    sim_peer_read_all(peer);
    if (!r)
        abort();
    clients_init(&clients, 1, &sim_sys);
    struct session *s = clients_add(&clients);
    if (!s || conn_start(&s->conn, r, &session_ops, &kind.limits, fd) < 0)
        abort();
    for (size_t at = 0; at < size; at += cut) {
        sim_peer_send(peer, data + at, size - at < cut ? size - at : cut);
        sim_run(r, 1000000);
    }
    sim_peer_end(peer);
    sim_run(r, 1000000);
    if (clients.count != 0)
        abort(); /* everything is answered: it has closed */
    told.len = sim_peer_len(peer);
    told.text = malloc(told.len + 1);
    memcpy(told.text, sim_peer_text(peer), told.len);
    session_kind_free(&kind);
    clients_free(&clients);
    reactor_free(r);
    if (sim_end() != 0)
        abort();
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t input[MAX_INPUT];
    if (size < 2)
        return 0;
    size_t cut = 1 + data[0] % 40u;
    size = size - 1 < MAX_INPUT ? size - 1 : MAX_INPUT;
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = data[i + 1];
        input[i] = byte == 0x03 ? 'c' : byte == 0xF4 ? 0xF1 : byte; /* IP becomes NOP */
    }
    struct told whole = converse(input, size, size), parts = converse(input, size, cut);
    if (whole.len != parts.len || memcmp(whole.text, parts.text, whole.len) != 0)
        abort();
    free(whole.text);
    free(parts.text);
    return 0;
}
