/* asking.c - begins and ends the answers of a session. */
#include "asking.h"

#include "cache.h"
#include "delivery.h"
#include "say.h"
#include "session.h"
#include "settings.h"

#include "reactor/sys.h"

static struct delivery *delivery_get(struct session *s)
{
    struct session_kind *kind = session_kind_of(s);
    struct delivery *d = kind->spare;
    if (d)
        kind->spare = NULL;
    else
        d = session_sys(s)->alloc(sizeof *d);
    return d;
}

static void delivery_put(struct session *s, struct delivery *d)
{
    struct session_kind *kind = session_kind_of(s);
    if (!kind->spare)
        kind->spare = d;
    else
        session_sys(s)->free(d);
}

/* ---- the cache: answers of clients who have set nothing ---- */

static bool has_settings(const struct session *s)
{
    return settings_of(s) != &settings_default;
}

/* The answer as it was given before, if it is still there. */
static bool answer_from_cache(struct session *s, const char *text, size_t len)
{
    struct session_kind *kind = session_kind_of(s);
    struct cached cached;
    if (has_settings(s) || !cache_find(kind->cache, text, len, &cached))
        return false;
    conn_mark(&s->conn);
    if (!conn_write(&s->conn, cached.answer, cached.len))
        return false;
    kind->stats.queries++;
    kind->stats.cache_hits++;
    kind->stats.matches += cached.lines;
    s->last_found = s->last_lines = cached.lines;
    s->last_tail_lines = (uint16_t)cached.tail_lines;
    s->prompt_open = true;
    struct own *own = own_of(s);
    if (own) { /* this answer is the newest, and whole */
        answer_rest_free(own->last_query);
        own->last_query = NULL;
        own_release_unused(s);
    }
    return true;
}

/* Keeps an answer that is small and still lies whole in the output. */
static void answer_to_cache(struct session *s, const struct delivery *d)
{
    const struct answer *a = &d->answer;
    struct cached cached = {.lines = (uint32_t)a->lines, .tail_lines = a->other_lines};
    size_t line_len, len;
    const char *line = answer_repeatable(a, &line_len);
    if (has_settings(s) || !d->whole || !line)
        return;
    cached.answer = conn_since_mark(&s->conn, &len);
    if (!cached.answer || len > CACHE_ANSWER_BYTES)
        return;
    cached.len = (uint32_t)len;
    cache_store(session_kind_of(s)->cache, line, line_len, &cached);
}

void ask_was_cut(struct session *s, uint64_t shown)
{
    struct own *own = own_of(s);
    if (own)
        answer_rest_cut(own->last_query, shown);
}

/* ---- beginning ---- */

/* False: there is no memory. */
static bool refuse(struct session *s, enum answer_result why, const struct answer_error *error)
{
    if (why == ANSWER_NO_MEMORY)
        return false;
    say_error(s, error->text);
    if (!session_kind_of(s)->draining)
        say_prompt(s);
    return true;
}

static bool begin(struct session *s, struct delivery *d, enum answer_result result, const struct answer_error *error)
{
    if (result != ANSWER_OPENED) {
        delivery_put(s, d);
        return refuse(s, result, error);
    }
    s->delivery = d;
    s->state = SESSION_ANSWERING;
    s->prompt_open = false;
    delivery_begin(d, &s->conn);
    return true;
}

bool ask(struct session *s, const struct answer_request *request)
{
    struct answer_error error;
    if (request->kind == ANSWER_QUERY && answer_from_cache(s, request->line, request->len))
        return true;
    struct delivery *d = delivery_get(s);
    if (!d)
        return false;
    session_kind_of(s)->stats.queries += request->kind == ANSWER_QUERY || request->kind == ANSWER_COUNT;
    return begin(s, d, answer_open(&d->answer, &settings_of(s)->answer, request, &error), &error);
}

bool ask_more(struct session *s)
{
    const struct own *own = own_of(s);
    struct answer_error error;
    struct delivery *d = delivery_get(s);
    if (!d)
        return false;
    enum answer_result result = answer_open_more(&d->answer, &settings_of(s)->answer, own ? own->last_query : NULL,
                                                 &error);
    session_kind_of(s)->stats.queries += result != ANSWER_NOTHING_MORE;
    return begin(s, d, result, &error);
}

/* ---- ending ---- */

void ask_end(struct session *s, enum answer_ending why)
{
    struct delivery *d = s->delivery;
    if (!d)
        return;
    struct own *own = own_of(s);
    struct answer_rest *rest = own ? own->last_query : NULL;
    delivery_end(d, why, session_kind_of(s)->classic ? NULL : &rest);
    delivery_put(s, d);
    s->delivery = NULL;
    if (rest && !own)
        own = own_make(s);
    if (own)
        own->last_query = rest;
    else
        answer_rest_free(rest);
    own_release_unused(s);
}

void ask_done(struct session *s)
{
    struct session_kind *kind = session_kind_of(s);
    const struct answer *a = &s->delivery->answer;
    if (!a->listing)
        kind->stats.matches += a->lines;
    s->last_found = (uint32_t)answer_found(a);
    s->last_lines = (uint32_t)a->lines;
    /* Of so many lines it only matters that there are some: 0 says that there is no answer. */
    s->last_tail_lines = a->other_lines < UINT16_MAX ? (uint16_t)a->other_lines : UINT16_MAX;
    s->state = SESSION_READING;
    if (!kind->draining) {
        say_prompt_unmarked(s);
        answer_to_cache(s, s->delivery);
    }
    ask_end(s, ANSWER_COMPLETE);
}

bool ask_refused(struct session *s)
{
    struct answer_error error;
    enum answer_result why = answer_refusal(&s->delivery->answer, &error);
    s->state = SESSION_READING;
    ask_end(s, ANSWER_DROPPED);
    return refuse(s, why, &error);
}

void ask_clear(struct session *s)
{
    ask_end(s, ANSWER_DROPPED);
    if (!s->own)
        return;
    answer_rest_free(s->own->last_query);
    session_sys(s)->free(s->own);
    s->own = NULL;
}
