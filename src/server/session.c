/* session.c - the state machine of one client: what each line, interrupt and ending leads to. */
#include "session.h"

#include "asking.h"
#include "cache.h"
#include "directives.h"
#include "input.h"
#include "log.h"
#include "say.h"
#include "settings.h"

#include "reactor/sys.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Output room without which no new line is taken: the text of /help, a
 * prompt and the replies of a few negotiations. */
enum {
    SESSION_ROOM = 3072
};

/* Lines and commands, or parts of an answer, that one call takes: enough to put a batch into one send, and other
 * clients wait no longer than for it, whatever this one pipelines. */
enum {
    STEPS_MAX = 128
};

/* A second Ctrl-C within this leaves: longer ago than that, the first cleared a line that the client's terminal
 * kept to itself. */
static const uint32_t LEAVE_MS = 1000;

/* Between two looks at the clock: steps that cost a microsecond or so (a cached answer, an empty
 * line, AYT).  Longer lines, and lines that are refused after much parsing, are followed by a look each. */
enum {
    STEPS_PER_LOOK = 32,
    LONG_LINE_BYTES = 1024
};

/* How long the words after IAC IP wait for IAC DO TIMING-MARK when it is not
 * there yet: Debian's client sends both at once, so this only bridges a cut between two segments. */
static const uint64_t TIMING_MARK_WAIT_NS = 50 * 1000000;

static const char etx_line = 0x03, eot_line = 0x04;

void session_kind_init(struct session_kind *kind, struct reactor *r, size_t max_line_bytes)
{
    *kind = (struct session_kind){.reactor = r, .max_line_bytes = max_line_bytes};
    kind->limits.input_max_bytes = max_line_bytes + 2; /* a line of full length with its CR LF */
    kind->limits.region_fd = -1;
    kind->limits.group = &kind->group;
    kind->cache = cache_new(reactor_sys_of(r));
}

void session_kind_free(struct session_kind *kind)
{
    if (kind->spare)
        reactor_sys_of(kind->reactor)->free(kind->spare);
    kind->spare = NULL;
    cache_free(kind->cache, reactor_sys_of(kind->reactor));
    kind->cache = NULL;
}

void session_init(struct session *s, uint32_t number)
{
    memset(s, 0, sizeof *s);
    s->number = number;
}

static struct session *session_of(struct conn *c)
{
    return (struct session *)(void *)c; /* conn is the first member */
}

static struct session_kind *kind_of(struct session *s)
{
    /* limits is the first member of the kind, and const for the conn only */
    return (struct session_kind *)(uintptr_t)s->conn.limits; // NOLINT(performance-no-int-to-ptr)
}

struct session_kind *session_kind_of(struct session *s)
{
    return kind_of(s);
}

const struct reactor_sys *session_sys(struct session *s)
{
    return reactor_sys_of(kind_of(s)->reactor);
}

static enum conn_next finish(struct session *s)
{
    s->state = SESSION_CLOSED;
    return CONN_FINISH;
}

/* Ends the session from our side: says why, in the default dialect. */
static enum conn_next finish_because(struct session *s, const char *why)
{
    char text[80];
    snprintf(text, sizeof text, "closing: %s", why);
    if (!kind_of(s)->classic)
        say_note(s, text);
    return finish(s);
}

/* ---- lines ---- */

static enum conn_next classic_line(struct session *s, const struct input_line *line, bool *more)
{
    const char *text = line->text;
    size_t len = line->len;
    if ((line->classes & INPUT_HIGH) && !text_is_utf8(text, len))
        return finish(s);
    text_strip(&text, &len);
    const struct answer_request request = {.kind = ANSWER_QUERY, .classic = true, .line = text, .len = len};
    if (len == 0)
        say_prompt(s);
    else if ((unsigned char)text[0] < 0x20)
        return finish(s);
    else if (!ask(s, &request))
        return CONN_ABORT;
    *more = true;
    return CONN_MORE;
}

static void blank_controls(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
            text[i] = ' ';
}

/* True when all of the newest answer is out of our hands, but not with the peer. */
static bool on_its_way(struct session *s)
{
    return s->last_tail_lines > 0 && conn_unacked(&s->conn) > 0;
}

static bool is_just(const struct input_line *line, char byte)
{
    return line->len == 1 && line->text[0] == byte;
}

static enum conn_next default_line(struct session *s, const struct input_line *line, bool *more)
{
    *more = true;
    if ((line->classes & INPUT_HIGH) && !text_is_utf8(line->text, line->len)) {
        say_return(s);
        say_error(s, "not valid UTF-8");
        say_prompt(s);
        return CONN_MORE;
    }
    if (line->classes & INPUT_CONTROL) {
        if (is_just(line, eot_line) || (is_just(line, etx_line) && !on_its_way(s))) {
            *more = false;
            return finish(s);
        }
        blank_controls(line->text, line->len);
    }
    say_return(s);
    const char *text = line->text;
    size_t len = line->len;
    text_strip(&text, &len);
    const struct answer_request request = {.kind = ANSWER_QUERY, .line = text, .len = len};
    if (len == 0)
        say_prompt(s);
    else if (text[0] == '/')
        return directive(s, text, len, more);
    else if (!ask(s, &request)) {
        *more = false;
        return CONN_ABORT;
    }
    return CONN_MORE;
}

static void log_request(struct session *s, const struct input_line *line)
{
    char quoted[LOG_QUOTE_BYTES + 1];
    log_line(kind_of(s)->log, LOG_DEBUG, LOG_REQUEST, "client %" PRIu32 " asks \"%s\"", s->number,
             log_quote(line->text, line->len, quoted));
}

static enum conn_next take_line(struct session *s, struct input_line *line, bool *more)
{
    struct session_kind *kind = kind_of(s);
    kind->stats.requests++;
    conn_touch(&s->conn);
    if (log_wants(kind->log, LOG_DEBUG))
        log_request(s, line);
    uint64_t errors = kind->stats.errors;
    enum conn_next next = kind->classic ? classic_line(s, line, more) : default_line(s, line, more);
    bool dear = line->len > LONG_LINE_BYTES || kind->stats.errors != errors;
    input_take(s, line);
    if (dear && next == CONN_MORE && conn_share_over(&s->conn))
        *more = false;
    return next;
}

/* ---- what is no line ---- */

static void too_long(struct session *s)
{
    char text[64];
    kind_of(s)->stats.requests++;
    snprintf(text, sizeof text, "line too long (limit %zu bytes)", kind_of(s)->max_line_bytes);
    say_return(s);
    say_error(s, text);
    s->skipped_bytes = 0;
    s->state = SESSION_SKIPPING;
}

static void are_you_there(struct session *s)
{
    say_note(s, "mojifinder is here");
    if (s->state == SESSION_READING)
        say_prompt(s);
}

static uint32_t now_ms(struct session *s)
{
    return (uint32_t)(reactor_now_ns(kind_of(s)->reactor) / 1000000u);
}

/* True when this interrupt, with nothing typed and nothing streaming, is the second in a row: leave. */
static bool is_leaving(struct session *s)
{
    uint32_t now = now_ms(s);
    bool leaving = s->interrupted_idle && now - s->interrupted_ms <= LEAVE_MS;
    s->interrupted_idle = true;
    s->interrupted_ms = now;
    return leaving;
}

/* IAC IP with nothing that could be stopped: prompts again, behind the timing mark if there is one. */
static enum conn_next prompt_again(struct session *s, const char *note)
{
    enum input_event event = input_commands(s);
    if (event == INPUT_ABUSE)
        return finish_because(s, "telnet subnegotiation too long");
    if (note)
        say_note(s, note);
    else if (event == INPUT_MARK)
        say_line(s, "\r\n", 2); /* the terminal stands behind its echo of the key */
    say_prompt(s);
    return CONN_MORE;
}

static enum conn_next interrupt_idle(struct session *s)
{
    if (on_its_way(s))
        return prompt_again(s, NULL);
    return is_leaving(s) ? finish(s) : prompt_again(s, "Ctrl-C again to leave");
}

/* ---- interrupting an answer ---- */

/* The answer is complete, but part of it has not left yet: cut it short all the same. */
static void stop_complete(struct session *s)
{
    size_t dropped = conn_cut(&s->conn);
    s->prompt_open = false;
    s->status_due = dropped > 0;
    size_t lines_dropped = dropped > s->last_tail_lines ? dropped - s->last_tail_lines : 0;
    s->last_lines -= lines_dropped < s->last_lines ? (uint32_t)lines_dropped : s->last_lines;
    ask_was_cut(s, s->last_lines);
}

/* The words that tell of it, now that there is room. */
static void tell_stopped(struct session *s)
{
    char status[RENDER_BYTES];
    const struct render_tally tally = {.found = s->last_found, .shown = s->last_lines, .stopped = true};
    if (s->status_due)
        say_line(s, status, render_status(&settings_of(s)->answer.style, &tally, status));
    s->status_due = false;
    s->last_tail_lines = 0;
    if (!kind_of(s)->draining)
        say_prompt(s);
}

static void stop_answer(struct session *s, size_t drop, bool by_telnet)
{
    kind_of(s)->stats.interrupts++;
    s->skipped_bytes = (uint32_t)drop;
    s->state = SESSION_STOPPING;
    if (s->delivery)
        delivery_stop(s->delivery, by_telnet ? TIMING_MARK_WAIT_NS : 0);
}

/* STOPPING: what was typed ahead is dropped, a timing mark waited for; then the words. */
static enum conn_next go_on_stopping(struct session *s, bool *more)
{
    if (conn_room(&s->conn) < SESSION_ROOM)
        return CONN_MORE;
    if (s->skipped_bytes > 0) {
        s->skipped_bytes = (uint32_t)input_drop(s, s->skipped_bytes);
        if (s->skipped_bytes > 0)
            return CONN_MORE;
    }
    switch (input_commands(s)) {
    case INPUT_NO_ROOM:
    case INPUT_AGAIN: return CONN_MORE;
    case INPUT_ABUSE: return finish_because(s, "telnet subnegotiation too long");
    case INPUT_MARK: /* the client has thrown away all before it, wherever that left its terminal */
        say_line(s, "\r\n", 2);
        conn_mark(&s->conn);
        break;
    case INPUT_NONE:
        if (s->delivery && !s->delivery->status_due && !kind_of(s)->draining)
            return CONN_WAIT;
        break;
    default: break;
    }
    *more = true;
    if (s->delivery) {
        s->state = SESSION_ANSWERING;
    } else {
        s->state = SESSION_READING;
        tell_stopped(s);
    }
    return CONN_MORE;
}

static void look_for_interrupt(struct session *s)
{
    bool by_telnet = false, unfinished = false;
    size_t drop = input_find_interrupt(s, &by_telnet, &unfinished);
    if (unfinished)
        conn_wake(&s->conn);
    if (drop == 0)
        return;
    if (s->state == SESSION_READING && s->last_tail_lines > 0)
        stop_complete(s);
    else if (s->state == SESSION_READING)
        return; /* output that is no answer: the interrupt has its turn when it is read */
    stop_answer(s, drop, by_telnet);
}

/* ---- states ---- */

static void resume_reading(struct session *s)
{
    s->state = SESSION_READING;
    conn_touch(&s->conn);
}

static enum conn_next go_on_skipping(struct session *s, bool *more)
{
    if (kind_of(s)->classic)
        return finish(s);
    if (kind_of(s)->draining)
        return finish_because(s, "the server is stopping");
    if (conn_room(&s->conn) < SESSION_ROOM)
        return CONN_MORE;
    switch (input_skip(s)) {
    case INPUT_LINE:
        say_return(s);
        resume_reading(s);
        say_prompt(s);
        break;
    case INPUT_CLEARED:
        resume_reading(s);
        *more = true;
        return prompt_again(s, NULL);
    case INPUT_AYT: are_you_there(s); break;
    case INPUT_END:
        say_return(s);
        say_prompt(s);
        return finish(s);
    case INPUT_NO_ROOM:
    case INPUT_AGAIN: return CONN_MORE;
    case INPUT_ABUSE: return finish_because(s, "telnet subnegotiation too long");
    case INPUT_ENDLESS: return finish_because(s, "line without end");
    default: return CONN_WAIT;
    }
    *more = true;
    return CONN_MORE;
}

static enum conn_next go_on_reading(struct session *s, bool *more)
{
    struct session_kind *kind = kind_of(s);
    /* Small answers share a batch; behind a long one nothing starts until it
     * has left, so that an interrupt or a stop finds it the newest. */
    if (conn_room(&s->conn) < SESSION_ROOM || conn_unsent(&s->conn) > CONN_OUTPUT_BYTES)
        return CONN_MORE;
    if (kind->draining)
        return finish_because(s, "the server is stopping");
    enum conn_next next = CONN_MORE;
    struct input_line line;
    switch (input_next(s, kind->max_line_bytes, !kind->classic, &line)) {
    case INPUT_LINE: return take_line(s, &line, more);
    case INPUT_NONE: return CONN_WAIT;
    case INPUT_END: return finish(s);
    case INPUT_NO_ROOM:
    case INPUT_AGAIN: return CONN_MORE;
    case INPUT_TOO_LONG:
        if (kind->classic)
            return finish(s);
        too_long(s);
        break;
    case INPUT_INTERRUPT: next = interrupt_idle(s); break;
    case INPUT_CLEARED: next = prompt_again(s, NULL); break;
    case INPUT_AYT: are_you_there(s); break;
    case INPUT_ABUSE: return finish_because(s, "telnet subnegotiation too long");
    default: break; /* of other functions */
    }
    *more = next == CONN_MORE;
    return next;
}

/* In slices: a piece of work without output is followed by the next while this client's share of the turn lasts. */
static enum conn_next go_on_answering(struct session *s, bool *more)
{
    switch (delivery_go_on(s->delivery)) {
    case DELIVERY_DONE:
        ask_done(s);
        *more = !conn_share_over(&s->conn);
        break;
    case DELIVERY_REFUSED:
        if (!ask_refused(s))
            return CONN_ABORT;
        *more = !conn_share_over(&s->conn);
        break;
    case DELIVERY_AGAIN: *more = conn_unsent(&s->conn) == 0 && !conn_share_over(&s->conn); break;
    case DELIVERY_FULL: break;
    }
    return CONN_MORE;
}

static enum conn_next session_serve(struct conn *c)
{
    struct session *s = session_of(c);
    if (!kind_of(s)->classic && (s->state == SESSION_ANSWERING || (s->state == SESSION_READING && conn_unsent(c) > 0)))
        look_for_interrupt(s);
    for (unsigned step = 1; step <= STEPS_MAX; step++) {
        bool more = false; /* the step led to a new state: go on at once */
        enum conn_next next = CONN_FINISH;
        switch ((enum session_state)s->state) {
        case SESSION_GREETING:
            say_prompt(s);
            s->state = SESSION_READING;
            more = true;
            break;
        case SESSION_READING: next = go_on_reading(s, &more); break;
        case SESSION_ANSWERING: next = go_on_answering(s, &more); break;
        case SESSION_STOPPING: next = go_on_stopping(s, &more); break;
        case SESSION_SKIPPING: next = go_on_skipping(s, &more); break;
        case SESSION_CLOSED: break;
        }
        if (!more)
            return next;
        if (step % STEPS_PER_LOOK == 0 && conn_share_over(c))
            return CONN_MORE;
    }
    return CONN_MORE;
}

static void session_expired(struct conn *c, enum conn_reason why)
{
    struct session *s = session_of(c);
    if (kind_of(s)->classic)
        return;
    char text[64];
    if (why == CONN_IDLE)
        snprintf(text, sizeof text, "idle for %.15g s", kind_of(s)->idle_seconds);
    else
        snprintf(text, sizeof text, "you are not reading");
    conn_cut(c); /* room for the words, in case the peer reads after all */
    finish_because(s, text);
}

static void session_closed(struct conn *c, enum conn_reason why, int err)
{
    struct session *s = session_of(c);
    kind_of(s)->closed(kind_of(s), c, why, err);
}

const struct conn_ops session_ops = {
    .name = "session", .serve = session_serve, .expired = session_expired, .closed = session_closed};

void session_kind_drain(struct session_kind *kind)
{
    kind->draining = true;
    for (struct conn *c = kind->group.first; c; c = conn_group_next(c))
        conn_wake(c);
}

void session_clear(struct session *s)
{
    ask_clear(s);
}
