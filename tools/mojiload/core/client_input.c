/* What the server says to a good client: greeting, answers, farewell; each byte is accounted for. */
#include "core/client_internal.h"

#include "units.h"

#include <stdio.h>

static void begin_answer(struct client *c)
{
    struct run *run = c->run;
    c->checking = true;
    if (run->config->raw)
        raw_begin(&c->raw, &run->config->rules);
    else if (c->state == CLIENT_GREETING)
        check_begin(&c->check, &run->answers, &run->greeting);
    else
        check_begin(&c->check, &run->answers, &run->answers.answer[client_request(c, 0)->entry]);
}

static void fault(struct client *c, uint64_t n, const char *query, size_t len, const char *why)
{
    char text[TALLY_FAULT_TEXT], shown[64];
    snprintf(text, sizeof text, "request %llu \"%s\": %s", (unsigned long long)n,
             units_escape(query, len, shown, sizeof shown), why);
    tally_fault(c->run->tally, text);
}

/* Bytes that no request accounts for: framing is lost, the connection with it.  q: the last request. */
static void fault_surplus(struct client *c, const struct run_request *q, uint64_t n, const char *bytes, size_t len)
{
    const struct config *config = c->run->config;
    const struct mix_entry *e = q != NULL ? &config->mix.entry[q->entry] : NULL;
    bool again = config->raw && raw_again(&c->raw, bytes, len);
    char why[160], shown[48];
    snprintf(why, sizeof why, "%zu bytes after the %s: \"%s\"%s", len, config->raw ? "answer" : "prompt",
             units_escape(bytes, len, shown, sizeof shown), again ? ", the same answer again" : "");
    fault(c, n, e == NULL ? "" : e->request, e == NULL ? 0 : e->query_len, why);
}

static enum outcome judge(struct client *c, enum check_verdict verdict)
{
    struct tally *t = c->run->tally;
    const struct mix_entry *e = &c->run->config->mix.entry[client_request(c, 0)->entry];
    switch (verdict) {
    case CHECK_RIGHT: return OUTCOME_OK;
    case CHECK_ERROR:
        if (t->first_error_line[0] == '\0')
            snprintf(t->first_error_line, sizeof t->first_error_line, "%s%s", c->run->config->raw ? "" : "! ",
                     c->check.said);
        return OUTCOME_ERROR_LINE;
    case CHECK_WRONG: fault(c, client_request(c, 0)->n, e->request, e->query_len, c->check.why); break;
    case CHECK_MORE: break;
    }
    return OUTCOME_WRONG;
}

/* The same for another protocol, with the texts where the check has them. */
static size_t feed_raw(struct client *c, const char *bytes, size_t len, enum check_verdict *verdict, bool *broken)
{
    static const enum check_verdict meaning[] = {[RAW_MORE] = CHECK_MORE,
                                                 [RAW_RIGHT] = CHECK_RIGHT,
                                                 [RAW_ERROR] = CHECK_ERROR,
                                                 [RAW_UNEXPECTED] = CHECK_WRONG,
                                                 [RAW_BROKEN] = CHECK_WRONG};
    const struct config *config = c->run->config;
    enum raw_verdict raw;
    char head[CHECK_WHY - 80];
    size_t n = raw_feed(&c->raw, &config->rules, config->mix.entry[client_request(c, 0)->entry].expected, bytes, len,
                        &raw);
    *verdict = meaning[raw];
    *broken = raw == RAW_BROKEN;
    if (raw <= RAW_RIGHT)
        return n;
    units_escape(c->raw.head, c->raw.bytes < RAW_HEAD ? (size_t)c->raw.bytes : RAW_HEAD, head, sizeof head);
    snprintf(c->check.said, sizeof c->check.said, "%s", head);
    if (raw == RAW_BROKEN)
        snprintf(c->check.why, sizeof c->check.why, "not in the framing \"%s\": \"%s\"",
                 framing_name(&config->rules.framing), head);
    else
        snprintf(c->check.why, sizeof c->check.why, "not the answer expected: \"%s\"", head);
    return n;
}

/* Takes bytes of the first answer; *broken when the connection can no longer be trusted. */
static size_t take_answer(struct client *c, const char *bytes, size_t len, uint64_t now_ns, bool *broken)
{
    enum check_verdict verdict;
    bool raw = c->run->config->raw;
    size_t n = raw ? feed_raw(c, bytes, len, &verdict, broken) : check_feed(&c->check, bytes, len, &verdict);
    if (verdict == CHECK_MORE)
        return n;
    enum outcome o = judge(c, verdict);
    /* What follows the last answer belongs to nobody else, unless it is the blank line before a farewell. */
    bool surplus = c->sent == 1 && n < len && (raw || bytes[n] != '\r');
    if (surplus && o != OUTCOME_WRONG) {
        fault_surplus(c, client_request(c, 0), client_request(c, 0)->n, bytes + n, len - n);
        o = OUTCOME_WRONG;
    }
    *broken |= surplus;
    client_end_first(c, o, now_ns);
    return n;
}

/* Takes bytes of the greeting; *broken when it is not one. */
static size_t take_greeting(struct client *c, const char *bytes, size_t len, uint64_t now_ns, bool *broken)
{
    const struct config *config = c->run->config;
    enum check_verdict verdict = CHECK_MORE;
    size_t n;
    if (config->raw) {
        bool found;
        n = until_feed(&config->greeting, &c->greeted, bytes, len, &found);
        verdict = found ? CHECK_RIGHT : CHECK_MORE;
    } else {
        n = check_feed(&c->check, bytes, len, &verdict);
    }
    *broken = !config->raw && (c->check.error || c->check.wrong);
    if (*broken) {
        c->doomed = true;
        c->doom = c->check.error ? OUTCOME_BUSY : OUTCOME_WRONG;
        if (!c->check.error)
            tally_fault(c->run->tally, c->check.why);
        else if (c->run->trouble[0] == '\0')
            snprintf(c->run->trouble, sizeof c->run->trouble, "the server says: %s", c->check.said);
    } else if (verdict != CHECK_MORE) {
        c->checking = false;
        client_go_up(c, now_ns);
    }
    return n;
}

/* Nothing is in flight: only a farewell ("\r\n# why\r\n") may come. */
static size_t take_unasked(struct client *c, const char *bytes, size_t len, bool *broken)
{
    if (!c->checking) {
        if (bytes[0] != '\r' || c->run->config->raw) {
            *broken = true;
            c->doomed = true;
            c->doom = OUTCOME_WRONG;
            fault_surplus(c, NULL, c->last_n, bytes, len);
            return len;
        }
        c->checking = true;
        check_begin(&c->check, &c->run->answers, &c->run->greeting);
    }
    enum check_verdict verdict;
    size_t n = check_feed(&c->check, bytes, len, &verdict);
    *broken = verdict != CHECK_MORE || c->check.wrong;
    if (*broken) {
        c->doomed = true;
        c->doom = OUTCOME_WRONG;
        fault(c, c->last_n, "", 0, c->check.why);
    }
    return n;
}

bool client_take_input(struct client *c, uint64_t now_ns)
{
    size_t len, taken = 0;
    const char *bytes = conn_input(&c->conn, &len);
    bool broken = false;
    if (len > 0)
        c->input_ns = now_ns;
    c->run->tally->bytes_in += len;
    c->run->tally->series.now.bytes_in += len;
    while (taken < len && !broken) {
        const char *from = bytes + taken;
        size_t left = len - taken;
        if (!c->checking && (c->sent > 0 || c->state == CLIENT_GREETING))
            begin_answer(c);
        if (c->state == CLIENT_GREETING)
            taken += take_greeting(c, from, left, now_ns, &broken);
        else if (c->sent == 0)
            taken += take_unasked(c, from, left, &broken);
        else
            taken += take_answer(c, from, left, now_ns, &broken);
    }
    conn_consume(&c->conn, len);
    return !broken;
}
