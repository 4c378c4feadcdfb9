/* Whole conversations: queries of all forms, directives, settings, telnet, interrupts, lines without end, through a
 * real session in the simulated world to its answers.
 *
 * Three bytes say how, as letters so that a seed can be read and written by hand; the rest is what the client types.
 *
 *     @F@/info U+265A
 *     first:   @ to C: --max-line 4096, 16384, 40, 16; from D on in JSON; from H on classic
 *     second:  @ to O: in pieces of at most 1, 2, 4 ... 32,768 bytes (a long one in larger)
 *     third:   @ to C: reads 65,536, 4,096, 700, 100 bytes at a time; from D on it types ahead;
 *              from H on the server stops at the end
 *
 * In it 0x01 N repeats the line before N times, and 0x02 N the byte before N * N times.
 *
 * Checked is what holds whatever was typed: the session ends and leaves nothing; it holds no more than a line of
 * input, CONN_OUTPUT_BYTES of output and what a query may; its answers are lines as answers.h has them.  And the
 * same in one piece, read at once, is answered the same, where no interrupt makes it a matter of time.
 */
#include "answers.h"
#include "quick.h"

#include "../sim/sim.h"

#include "../../src/server/asking.h"
#include "../../src/server/clients.h"
#include "../../src/server/delivery.h"
#include "../../src/server/log.h"
#include "../../src/server/settings.h"
#include "../../src/unicode/query_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    TYPED_BYTES = 80 * 1024, /* more than is skipped of an endless line */
    PIECES = 500,            /* of a long input the pieces are larger */
    READ_BYTES = 64 * 1024,  /* of its answers: then the client resets … */
    QUERY_BYTES = 80 * 1024, /* what a query may hold */
    REACTOR_BYTES = 512,     /* a buffer is rounded up, a timer has its place in a heap */
    TURNS = 4,
    LOOK_NS = 250 * 1000
};
/* … or when this much time has been spent on it. */
static const clock_t PATIENCE = CLOCKS_PER_SEC / 20;

static const uint64_t SECOND = 1000000000;

struct manner {
    size_t max_line, piece, read;
    bool json, classic, ahead, stops;
};

static struct {
    struct session_kind kind;
    struct log log;
    struct clients clients;
    struct reactor *reactor;
    struct sim_peer *peer;
    size_t before; /* bytes allocated without the session */
    uint32_t chance;
    clock_t start;
    bool left; /* the client has gone before it has read everything */
} w;

struct told {
    char *text;
    size_t len;
    bool left;
};

static void expect(bool truth, const char *what)
{
    if (truth)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

/* ---- what it may hold ---- */

static void check_query(struct session *s)
{
    const struct answer *a = s->delivery ? &s->delivery->answer : NULL;
    if (a && !a->listing)
        expect(search_bytes(&a->search) <= QUERY_BYTES, "a query holds too much");
}

/* Of sys->alloc: input, output, an answer, one more that is spare, settings. */
static void check_memory(struct session *s)
{
    size_t line = w.kind.max_line_bytes, input;
    conn_input(&s->conn, &input);
    size_t kept = sizeof(struct delivery) + sizeof(struct own) + REACTOR_BYTES;
    size_t held = sim_allocated_bytes() - w.before;
    bool idle = s->state == SESSION_READING && conn_unsent(&s->conn) == 0 && input == 0;
    if (idle)
        expect(held <= kept, "an idle session holds too much");
    else
        expect(held <= kept + sizeof(struct delivery) + line + 2 + CONN_OUTPUT_BYTES + 300, "a session holds too much");
    expect(input <= line + 2, "a session holds too much input");
}

static void check_bounds(void)
{
    expect(tree_refused() == 0, "a query was measured too small");
    if (!w.kind.group.first)
        return;
    check_query((struct session *)(void *)w.kind.group.first);
    check_memory((struct session *)(void *)w.kind.group.first);
}

/* ---- the client ---- */

/* Looking at the clock takes time, so that one turn does not do all there is to do. */
static uint64_t look(void)
{
    sim_spend_ns(LOOK_NS);
    return sim_sys.monotonic_ns();
}

static void on_closed(struct session_kind *kind, struct conn *c, enum conn_reason why, int err)
{
    (void)kind;
    (void)why;
    (void)err;
    clients_remove(&w.clients, (struct session *)(void *)c);
}

static void begin(const struct manner *how)
{
    static struct reactor_sys sys;
    int fd;
    sim_begin(1);
    sys = *quick_sys();
    sys.monotonic_ns = look;
    w.reactor = reactor_new(&(struct reactor_config){.sys = &sys});
    expect(w.reactor != NULL, "no reactor");
    session_kind_init(&w.kind, w.reactor, how->max_line);
    log_init(&w.log, -1, LOG_ERROR, &sim_sys);
    w.kind.log = &w.log;
    w.kind.classic = how->classic;
    w.kind.closed = on_closed;
    clients_init(&w.clients, 1, &sim_sys);
    w.peer = sim_socket(&fd);
    sim_peer_window(w.peer, how->read); /* what it does not read stays with the session */
    struct session *s = clients_add(&w.clients);
    expect(s && conn_start(&s->conn, w.reactor, &session_ops, &w.kind.limits, fd) == 0, "no session");
    w.chance = 1;
    w.start = clock();
    w.left = false;
    sim_run(w.reactor, 10); /* the prompt; and the reactor has what it keeps */
    sim_peer_read(w.peer, READ_BYTES);
    w.before = sim_allocated_bytes();
}

static struct told end(void)
{
    sim_run(w.reactor, 100);
    if (w.clients.count > 0) /* it waits for a timing mark, or lingers */
        sim_run_until(w.reactor, sim_now_ns() + 4 * SECOND);
    expect(w.clients.count == 0, "the session does not end");
    struct told told = {.len = sim_peer_len(w.peer), .left = w.left};
    told.text = malloc(told.len + 1);
    memcpy(told.text, sim_peer_text(w.peer), told.len);
    session_kind_free(&w.kind);
    clients_free(&w.clients);
    reactor_free(w.reactor);
    expect(sim_end() == 0, "something leaks");
    return told;
}

/* Some turns, and what came of them is read: whether there may be more.  Leaves when it has enough. */
static bool go_on(size_t read)
{
    unsigned turns = sim_run(w.reactor, TURNS);
    check_bounds();
    size_t got = sim_peer_read(w.peer, read);
    w.left |= sim_peer_len(w.peer) > READ_BYTES || clock() - w.start > PATIENCE;
    return !w.left && (got > 0 || turns == TURNS);
}

static void settle(size_t read)
{
    while (go_on(read))
        ;
}

static size_t piece_of(const struct manner *how, size_t size)
{
    size_t least = 1 + size / PIECES;
    if (how->piece >= TYPED_BYTES)
        return size;
    w.chance = w.chance * 1103515245u + 12345u;
    return least + (w.chance >> 8) % how->piece;
}

static void type(const struct manner *how, const char *text, size_t size)
{
    for (size_t at = 0, n; at < size && !w.left; at += n) {
        n = piece_of(how, size);
        n = n < size - at ? n : size - at;
        sim_peer_send(w.peer, text + at, n);
        if (how->ahead)
            go_on(how->read);
        else
            settle(how->read);
    }
}

static struct told converse(const struct manner *how, const char *text, size_t size)
{
    begin(how);
    if (how->json)
        type(&(struct manner){.piece = 64, .read = 64}, "/format json\n", 13);
    type(how, text, size);
    if (how->stops && w.clients.count > 0) {
        w.kind.draining = true;
        session_kind_drain(&w.kind);
    }
    if (!w.left) {
        sim_peer_end(w.peer);
        settle(how->read);
    }
    if (w.left)
        sim_peer_reset(w.peer);
    return end();
}

/* ---- what is typed ---- */

static struct manner read_manner(const uint8_t *data)
{
    static const size_t lines[] = {4096, 16384, 40, 16}, reads[] = {READ_BYTES, 4096, 700, 100};
    return (struct manner){.max_line = lines[data[0] % 4],
                           .json = data[0] % 16 / 4 == 1,
                           .classic = data[0] % 16 / 8 == 1,
                           .piece = (size_t)1 << data[1] % 16,
                           .read = reads[data[2] % 4],
                           .ahead = data[2] & 4,
                           .stops = data[2] & 8};
}

static size_t last_line(const char *text, size_t len)
{
    size_t start = len;
    while (start > 0 && (start == len || text[start - 1] != '\n'))
        start--;
    return len - start;
}

/* n bytes of the end once more, as often as there is room. */
static size_t repeat(char *text, size_t len, size_t n, size_t times)
{
    for (; times > 0 && n > 0 && len + n <= TYPED_BYTES; times--, len += n)
        memcpy(text + len, text + len - n, n);
    return len;
}

static size_t expand(const uint8_t *data, size_t size, char *text)
{
    size_t len = 0;
    for (size_t i = 0; i < size && len < TYPED_BYTES; i++) {
        if (data[i] == 0x01 && i + 1 < size)
            len = repeat(text, len, last_line(text, len), data[++i]);
        else if (data[i] == 0x02 && i + 1 < size) {
            size_t n = data[++i];
            len = repeat(text, len, len > 0, n * n);
        } else
            text[len++] = (char)data[i];
    }
    return len;
}

/* So that every answer is JSON to its end: nobody says /format, also not by erasing keys. */
static void stay_in_json(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] == 0xFF)
            text[i] = (char)0xFE;
        if (len - i >= 3 && strncasecmp(text + i, "for", 3) == 0)
            text[i] = 'g';
    }
}

/* It is a matter of time what an interrupt stops and a server that stops drops, and whether AYT comes too often. */
static bool is_timeless(const struct manner *how, const char *text, size_t len)
{
    size_t ayt = 0;
    for (size_t i = 0; i < len; i++)
        ayt += (unsigned char)text[i] == 0xF6;
    return ayt <= 10 && !how->stops && !memchr(text, 0x03, len) && !memchr(text, 0xF4, len);
}

static void check_told(const struct manner *how, const struct told *told, bool telnet)
{
    const struct answers form = {
        .line_end = "\r\n", .json = how->json, .prompts = true, .telnet = telnet, .cut = told->left};
    const char *fault = answers_fault(&form, told->text, told->len);
    if (fault)
        fwrite(told->text, 1, told->len, stderr);
    expect(!fault, fault);
}

static void check_same(const struct told *a, const struct told *b)
{
    size_t len = a->len < b->len ? a->len : b->len;
    bool complete = !a->left && !b->left;
    if (memcmp(a->text, b->text, len) == 0 && (!complete || a->len == b->len))
        return;
    fprintf(stderr, "---- in pieces:\n%.*s\n---- in one:\n%.*s\n", (int)a->len, a->text, (int)b->len, b->text);
    expect(false, "answered differently in pieces");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[TYPED_BYTES];
    if (size < 3)
        return 0;
    struct manner how = read_manner(data);
    size_t len = expand(data + 3, size - 3, text);
    if (how.json)
        stay_in_json(text, len);
    bool telnet = !how.classic && memchr(text, 0xFF, len);
    struct told parts = converse(&how, text, len);
    check_told(&how, &parts, telnet);
    if (is_timeless(&how, text, len)) {
        struct manner at_once = how;
        at_once.piece = TYPED_BYTES;
        at_once.read = READ_BYTES;
        at_once.ahead = false;
        struct told whole = converse(&at_once, text, len);
        check_same(&parts, &whole);
        free(whole.text);
    }
    free(parts.text);
    return 0;
}
