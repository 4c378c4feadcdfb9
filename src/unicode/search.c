/* Searches: decides what a line is, merges what its words find by name and by alias, and puts the
 * ways to an answer behind one search_next(), see unicode/search.h. */
#include "unicode/search.h"
#include "best.h"
#include "query_plan.h"
#include "search_long.h"
#include "unicode/image.h"
#include "unicode/pasted.h"
#include "unicode/text.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum {
    BEST_STEP = 256 /* matches ranked in one call, some 0.1 ms beside finding them */
};

/* ---- from lists to matches ---- */

/* Sees to it that s->pending is the next run by name, if there is one. */
static bool names_pending(struct search *s)
{
    return s->pending.first < s->pending.end || cursor_next(&s->names, UINT32_MAX, &s->pending);
}

/* The next character that matches by alias and is not handed out yet: its ordinal, or INDEX_NONE.
 * Stays there until it is. */
static uint32_t alias_pending(struct search *s, uint32_t *alias)
{
    struct index_run run;
    while (cursor_next(&s->aliases, 1, &run)) {
        uint32_t ordinal = index_alias_ordinal(s->index, run.first);
        if (ordinal >= s->done) {
            s->aliases.at = run.first;
            *alias = run.first;
            return ordinal;
        }
    }
    return INDEX_NONE;
}

/* ---- opening ---- */

static void start(struct search *s, const struct index *ix, enum search_dialect dialect)
{
    s->index = ix;
    s->dialect = dialect;
    s->found = 0;
    s->pending = (struct index_run){0, 0};
    s->done = 0;
    s->plan = NULL;
    s->best = NULL;
    s->reading = NULL;
    s->from = 0;
    s->plain = false;
    cursor_start(&s->names);
    cursor_start(&s->aliases);
}

static enum search_result open_classic(struct words_reader *r, const char *text, size_t len)
{
    size_t ascii = words_ascii(r, text, len);
    if (ascii < len) {
        if (!text_is_utf8(text + ascii, len - ascii))
            return SEARCH_BAD_UTF8;
        if (!words_any(r, text + ascii, len - ascii))
            return SEARCH_NO_MEMORY;
    }
    words_end(r);
    return SEARCH_OPENED;
}

/* 4 to 6 hex digits, which may be a code point besides a word. */
static bool is_hex(const char *text, size_t len)
{
    uint32_t c;
    return len >= 4 && query_hex(text, len, 6, &c) == len;
}

static bool matches_nothing(struct search *s)
{
    uint32_t alias;
    return !names_pending(s) && (!s->aliases.lists || alias_pending(s, &alias) == INDEX_NONE);
}

/* The line is one word that is also a code point, or one that was meant for the server. */
static bool is_remarkable(const struct search *s, const char *text, size_t len)
{
    if (s->names.lists > 1)
        return false;
    text_strip(&text, &len);
    return is_hex(text, len) || pasted_hint(text, len);
}

/* What a line of the default dialect is comes out of the one pass that looks its words up:
 *
 *   - a mark of the query language or a character outside ASCII: the grammar reads it
 *     (unicode/query.h);
 *   - words that match nothing: they may be pasted or misspelt, and the grammar reads what was
 *     meant (unicode/pasted.h);
 *   - words that match, the usual line: the cursors have their lists, and nothing else is read or
 *     kept;
 *   - one such word that is also a code point ("face") or meant a directive ("help"): the cursors
 *     find, and the grammar makes the tree of one node that the remark is made about.
 *
 * A line of words has too many atoms only if it is longer than 65 of them with a space between can
 * be: most are not, so counting is left to those that may. */
static enum search_result open_default(struct words_reader *r, const char *text, size_t len, struct search_error *error)
{
    struct search *s = r->search;
    size_t plain = words_ascii(r, text, len);
    if (plain < len) {
        if (!text_is_utf8(text + plain, len - plain))
            return SEARCH_BAD_UTF8;
        cursor_start(&s->names); /* the words before the mark are for the grammar, too */
        cursor_start(&s->aliases);
        return query_plan_open(&s->plan, s->index, text, len, QUERY_WORDS_OTHER, error);
    }
    words_end(r);
    if (matches_nothing(s))
        return query_plan_open(&s->plan, s->index, text, len, QUERY_WORDS_NOTHING, error);
    if (is_remarkable(s, text, len))
        return query_plan_open(&s->plan, s->index, text, len, QUERY_WORDS_ANSWER, error);
    return len > 2 * QUERY_ATOMS ? query_measure(text, len, error) : SEARCH_OPENED;
}

/* What was parsed says by itself which words are to be ranked by; a list of code points has an
 * order of its own. */
static void rank_by_plan(struct search *s)
{
    if (s->plan->facts.read) {
        free(s->best);
        s->best = NULL;
    } else {
        best_take_terms(s->best, &s->plan->plan.query);
    }
}

/* On a search that has been started; where it fails, s->best stays. */
static inline enum search_result open_line(struct search *s, const char *text, size_t len, struct search_error *error)
{
    struct words_reader r; /* an initializer would clear the word as well */
    if (len > QUERY_LINE_BYTES) {
        s->reading = search_long_new(s, text, len);
        return s->reading ? SEARCH_OPENED : SEARCH_NO_MEMORY;
    }
    words_start(&r, s);
    enum search_result result = s->dialect == SEARCH_CLASSIC ? open_classic(&r, text, len)
                                                             : open_default(&r, text, len, error);
    if (s->plan && s->best)
        rank_by_plan(s);
    s->plain = !s->plan && !s->best;
    return result;
}

enum search_result search_open(struct search *s, const struct index *ix, enum search_dialect dialect, const char *text,
                               size_t len, struct search_error *error)
{
    start(s, ix, dialect);
    return open_line(s, text, len, error);
}

enum search_result search_open_best(struct search *s, const struct index *ix, enum search_dialect dialect,
                                    const char *text, size_t len, struct search_error *error)
{
    start(s, ix, dialect);
    s->best = best_new(ix);
    enum search_result result = s->best ? open_line(s, text, len, error) : SEARCH_NO_MEMORY;
    if (result != SEARCH_OPENED)
        search_close(s);
    return result;
}

uint64_t search_kept(const struct search *s, uint64_t found)
{
    return s->best ? s->best->count : found;
}

bool search_in_order(const struct search *s)
{
    return !s->best && !(s->plan && s->plan->items);
}

void search_resume(struct search *s, uint32_t from, uint64_t found)
{
    s->found = found;
    s->from = from;
    if (s->reading)
        return;
    if (s->plan)
        plan_restart(&s->plan->plan, from, 0);
    s->pending = (struct index_run){0, 0};
    s->done = s->names.at = from;
    s->aliases.at = index_aliases_from(s->index, from);
}

/* ---- stepping ---- */

/* Names and aliases are merged by ordinal.  A character that matches by both is shown by name:
 * `done` makes the alias cursor pass over it. */
static inline enum search_step next_by_words(struct search *s, uint32_t max, struct search_run *run)
{
    uint32_t alias = INDEX_NONE;
    uint32_t by_alias = s->aliases.lists ? alias_pending(s, &alias) : INDEX_NONE;
    bool by_name = names_pending(s);
    if (by_alias != INDEX_NONE && (!by_name || by_alias < s->pending.first)) {
        *run = (struct search_run){alias, 1, true};
        s->done = by_alias + 1;
    } else if (by_name) {
        uint32_t left = s->pending.end - s->pending.first;
        *run = (struct search_run){s->pending.first, left < max ? left : max, false};
        s->pending.first += run->count;
        s->done = s->pending.first;
    } else {
        return SEARCH_END;
    }
    s->found += run->count;
    return SEARCH_RUN;
}

/* In code point order: what the cursors find, then what the plan does.  Only one of them finds
 * anything; a plan besides words has remarks alone. */
static enum search_step next_in_order(struct search *s, uint32_t max, struct search_run *run)
{
    enum search_step step = next_by_words(s, max, run);
    if (step == SEARCH_RUN || !s->plan)
        return step;
    step = query_plan_next(s->plan, max, s->found, run);
    if (step == SEARCH_RUN)
        s->found += run->count;
    return step;
}

/* All matches go through the heap before the first comes out. */
static enum search_step next_best(struct search *s, struct search_run *run)
{
    enum search_step step = SEARCH_END;
    if (!s->best->complete) {
        for (uint32_t entered = 0; entered < BEST_STEP; entered += run->count) {
            step = next_in_order(s, BEST_STEP - entered, run);
            if (step != SEARCH_RUN)
                break;
            best_enter(s->best, run);
        }
        if (step == SEARCH_RUN || step == SEARCH_AGAIN)
            return SEARCH_AGAIN;
        s->best->complete = true;
    }
    return best_next(s->best, run) ? SEARCH_RUN : SEARCH_END;
}

/* What is left of a long line without the white space around it is opened as any other. */
static void open_short(struct search *s)
{
    struct search_long *l = s->reading;
    const struct search outer = *s;
    struct search_error error;
    size_t len;
    const char *text = search_long_text(l, &len);
    start(s, outer.index, outer.dialect);
    s->best = outer.best;
    if (s->best)
        best_clear(s->best); /* it has the words already, but not of a query */
    enum search_result result = open_line(s, text, len, &error);
    if (result == SEARCH_OPENED) {
        search_long_free(l);
    } else {
        search_long_refuse(l, result, &error);
        s->reading = l;
        s->plain = false;
    }
    s->found = outer.found;
    s->from = outer.from;
}

/* The words of a long line are read.  Where they find nothing the answer says so. */
static void open_words(struct search *s)
{
    struct search_long *l = s->reading;
    struct search_error error;
    size_t len;
    const char *text = search_long_text(l, &len);
    enum search_result result = SEARCH_OPENED;
    if (s->dialect == SEARCH_DEFAULT && matches_nothing(s))
        result = query_plan_open(&s->plan, s->index, text, len, QUERY_WORDS_NOTHING, &error);
    if (result != SEARCH_OPENED) {
        search_long_refuse(l, result, &error);
        return;
    }
    search_long_free(l);
    s->reading = NULL;
    s->plain = !s->best && !s->plan;
}

/* One step through a long line. */
static enum search_step read_on(struct search *s)
{
    struct search_error error;
    if (search_long_why(s->reading, &error) != SEARCH_OPENED)
        return SEARCH_END;
    switch (search_long_read(s->reading, s)) {
    case LONG_AGAIN: return SEARCH_AGAIN;
    case LONG_REFUSED: return SEARCH_REFUSED;
    case LONG_SHORT: open_short(s); break;
    case LONG_WORDS: open_words(s); break;
    }
    if (s->reading)
        return SEARCH_REFUSED;
    if (s->from)
        search_resume(s, s->from, s->found);
    return SEARCH_AGAIN;
}

enum search_result search_refusal(const struct search *s, struct search_error *error)
{
    return s->reading ? search_long_why(s->reading, error) : SEARCH_OPENED;
}

enum search_step search_next(struct search *s, uint32_t max, struct search_run *run)
{
    if (s->plain)
        return next_by_words(s, max, run);
    if (s->reading)
        return read_on(s);
    return s->best ? next_best(s, run) : next_in_order(s, max, run);
}

bool search_about(struct search *s, const struct facts **facts, struct plan **plan)
{
    if (!s->plan)
        return false;
    *facts = &s->plan->facts;
    *plan = &s->plan->plan;
    return true;
}

uint64_t search_found(const struct search *s)
{
    return s->found;
}

size_t search_bytes(const struct search *s)
{
    return (s->plan ? query_plan_bytes(s->plan) : 0) + (s->best ? sizeof *s->best : 0) +
           (s->reading ? search_long_bytes(s->reading) : 0);
}

void search_close(struct search *s)
{
    if (s->plan)
        query_plan_close(s->plan);
    if (s->best)
        free(s->best);
    if (s->reading)
        search_long_free(s->reading);
    s->reading = NULL;
    s->plan = NULL;
    s->best = NULL;
}
