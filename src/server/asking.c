/* asking.c - begins and ends the answers of a session. */
#include "asking.h"

#include "answer.h"
#include "cache.h"
#include "say.h"
#include "session.h"
#include "settings.h"

#include "reactor/sys.h"

#include <string.h>

/* A complete answer of no more lines than this leaves in one piece: an interrupt does not cut it, and its line
 * need not be kept. */
enum {
    SMALL_LINES = 32
};

/* How a query is to be answered. */
struct manner {
    bool counting; /* only the closing line */
    bool best;
    uint64_t before;           /* matches shown by earlier answers */
    uint64_t found;            /* how many there are, if an earlier answer has counted them; else 0 */
    struct answer_place place; /* where to begin */
};

static struct answer *answer_get(struct session *s)
{
    struct session_kind *kind = session_kind_of(s);
    struct answer *a = kind->spare;
    if (a)
        kind->spare = NULL;
    else
        a = session_sys(s)->alloc(sizeof *a);
    return a;
}

static void answer_put(struct session *s, struct answer *a)
{
    struct session_kind *kind = session_kind_of(s);
    if (!kind->spare)
        kind->spare = a;
    else
        session_sys(s)->free(a);
}

static void grace_over(struct reactor_timer *t)
{
    struct answer *a = (struct answer *)(void *)((char *)t - offsetof(struct answer, grace));
    a->words_due = true;
    conn_wake(a->conn);
}

static struct asked *asked_new(struct session *s, const char *text, size_t len)
{
    struct asked *asked = session_sys(s)->alloc(sizeof *asked + len);
    if (!asked)
        return NULL;
    *asked = (struct asked){.len = (uint32_t)len};
    memcpy(asked->line, text, len);
    return asked;
}

static void asked_free(struct session *s, struct asked **asked)
{
    if (*asked)
        session_sys(s)->free(*asked);
    *asked = NULL;
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
    if (own) {
        asked_free(s, &own->asked); /* this answer is the newest, and whole */
        own_release_unused(s);
    }
    return true;
}

/* Keeps an answer that is small and still lies whole in the output. */
static void answer_to_cache(struct session *s, const struct answer *a)
{
    struct cached cached = {.lines = (uint32_t)a->lines, .tail_lines = a->tail_lines};
    size_t len;
    if (has_settings(s) || !a->whole || a->stopped || a->listing || a->counting || a->skip_lines || a->line_len == 0)
        return;
    cached.answer = conn_since_mark(&s->conn, &len);
    if (!cached.answer || len > CACHE_ANSWER_BYTES)
        return;
    cached.len = (uint32_t)len;
    cache_store(session_kind_of(s)->cache, a->line, a->line_len, &cached);
}

/* ---- what /more needs ---- */

/* The answer is over: keeps its line if it may have more to show.  Without memory there will be nothing more. */
static void keep_asked(struct session *s, struct answer *a)
{
    uint64_t found = answer_found(a);
    bool has_more = a->skip_lines + a->lines < found || a->lines > SMALL_LINES;
    struct own *own = has_more ? own_make(s) : own_of(s);
    if (!own)
        return;
    asked_free(s, &own->asked);
    if (!has_more) {
        own_release_unused(s);
        return;
    }
    own->asked = a->asked || !a->line_len ? a->asked : asked_new(s, a->line, a->line_len);
    a->asked = NULL;
    if (!own->asked)
        return;
    own->asked->before = a->skip_lines;
    own->asked->shown = a->lines;
    own->asked->found = found;
    own->asked->most = search_kept(&a->search, found);
    memcpy(own->asked->place, a->place, a->places * sizeof *a->place);
    own->asked->place[ANSWER_PLACES] = a->cut; /* those between are 0 */
    own->asked->best = a->best;
    own->asked->newest = true;
}

void ask_was_cut(struct session *s, uint64_t shown)
{
    struct own *own = own_of(s);
    if (own && own->asked && own->asked->newest)
        own->asked->shown = shown;
}

/* ---- beginning ---- */

static void answer_begin(struct session *s, struct answer *a)
{
    a->run.count = 0;
    a->lines = 0;
    a->tail_lines = 0;
    a->stopped = a->words_due = a->counting = a->best = false;
    a->whole = true;
    a->skip_lines = a->skip = a->total = 0;
    a->places = 0;
    a->cut.matches = 0;
    a->line_len = 0;
    a->asked = NULL;
    a->settings = settings_of(s);
    a->own = own_of(s);
    a->conn = &s->conn;
    a->grace = (struct reactor_timer){.fn = grace_over, .name = "timing mark"};
    s->answer = a;
    s->answering = true;
    s->state = SESSION_ANSWERING;
    s->prompt_open = false;
    conn_mark(&s->conn);
}

static void query_begin(struct session *s, struct answer *a, const char *text, size_t len, const struct manner *manner)
{
    answer_begin(s, a);
    a->listing = NULL;
    a->counting = manner->counting;
    a->best = manner->best;
    a->skip_lines = manner->before;
    a->skip = manner->before - manner->place.matches;
    a->total = manner->found;
    a->next_place = manner->before ? 0 : ANSWER_PLACE_LINES;
    a->trimmed = manner->counting || manner->before || a->settings->limit;
    if (manner->place.matches)
        search_resume(&a->search, manner->place.ordinal, manner->place.matches);
    if (len <= CACHE_KEY_BYTES) {
        a->line_len = (uint8_t)len;
        memcpy(a->line, text, len);
    } else if (!manner->counting) {
        a->asked = asked_new(s, text, len);
    }
}

/* False: there is no memory. */
static bool refuse(struct session *s, enum search_result why, const struct search_error *error)
{
    if (why == SEARCH_NO_MEMORY)
        return false;
    say_error(s, why == SEARCH_BAD_UTF8 ? "not valid UTF-8" : error->text);
    if (!session_kind_of(s)->draining)
        say_prompt(s);
    return true;
}

static bool query(struct session *s, const char *text, size_t len, const struct manner *manner)
{
    struct session_kind *kind = session_kind_of(s);
    struct search_error error;
    struct answer *a = answer_get(s);
    if (!a)
        return false;
    kind->stats.queries++;
    enum search_dialect dialect = kind->classic ? SEARCH_CLASSIC : SEARCH_DEFAULT;
    enum search_result result = manner->best ? search_open_best(&a->search, index_builtin(), dialect, text, len, &error)
                                             : search_open(&a->search, index_builtin(), dialect, text, len, &error);
    if (result == SEARCH_OPENED) {
        query_begin(s, a, text, len, manner);
        return true;
    }
    answer_put(s, a);
    return refuse(s, result, &error);
}

bool ask_query(struct session *s, const char *text, size_t len)
{
    const struct manner manner = {.best = settings_of(s)->best};
    return answer_from_cache(s, text, len) || query(s, text, len, &manner);
}

bool ask_count(struct session *s, const char *text, size_t len)
{
    static const struct manner manner = {.counting = true};
    return query(s, text, len, &manner);
}

/* The last place known that comes after no more than so many matches. */
static struct answer_place place_before(const struct asked *asked, uint64_t matches)
{
    struct answer_place last = {0, 0};
    for (size_t i = 0; i <= ANSWER_PLACES; i++)
        if (asked->place[i].matches <= matches && asked->place[i].matches >= last.matches)
            last = asked->place[i];
    return last;
}

bool ask_more(struct session *s)
{
    const struct own *own = own_of(s);
    const struct asked *asked = own ? own->asked : NULL;
    if (!asked || asked->before + asked->shown >= asked->most) {
        say_error(s, "nothing more");
        say_prompt(s);
        return true;
    }
    uint64_t before = asked->before + asked->shown;
    const struct manner manner = {
        .best = asked->best, .before = before, .found = asked->found, .place = place_before(asked, before)};
    return query(s, asked->line, asked->len, &manner);
}

bool ask_listing(struct session *s, struct listing *l)
{
    struct answer *a = answer_get(s);
    if (!a) {
        listing_close(l);
        return false;
    }
    answer_begin(s, a);
    a->listing = l;
    return true;
}

/* ---- ending ---- */

void ask_end(struct session *s)
{
    struct answer *a = session_answer(s);
    if (!a)
        return;
    s->own = a->own;
    s->answering = false;
    if (reactor_timer_armed(&a->grace))
        reactor_timer_stop(session_kind_of(s)->reactor, &a->grace);
    if (a->listing)
        listing_close(a->listing);
    else
        search_close(&a->search);
    asked_free(s, &a->asked);
    answer_put(s, a);
}

void ask_done(struct session *s)
{
    struct session_kind *kind = session_kind_of(s);
    struct answer *a = s->answer;
    if (!a->listing)
        kind->stats.matches += a->lines;
    s->last_found = (uint32_t)(a->listing ? listing_found(a->listing) : answer_found(a));
    s->last_lines = (uint32_t)a->lines;
    /* Of so many lines it only matters that there are some: 0 says that there is no answer. */
    s->last_tail_lines = a->tail_lines < UINT16_MAX ? (uint16_t)a->tail_lines : UINT16_MAX;
    s->state = SESSION_READING;
    if (!kind->draining) {
        say_prompt_unmarked(s);
        answer_to_cache(s, a);
    }
    if (a->own && a->own->asked)
        a->own->asked->newest = false;
    if (!kind->classic && !a->listing && !a->counting)
        keep_asked(s, a);
    ask_end(s);
}

bool ask_refused(struct session *s)
{
    struct search_error error;
    enum search_result why = search_refusal(&s->answer->search, &error);
    s->state = SESSION_READING;
    ask_end(s);
    return refuse(s, why, &error);
}

void ask_clear(struct session *s)
{
    ask_end(s);
    if (!s->own)
        return;
    asked_free(s, &s->own->asked);
    session_sys(s)->free(s->own);
    s->own = NULL;
}
