/* An answer in flight: a search or a listing becomes pieces, in bounded memory. */
#include "answer/answer.h"
#include "rest.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Matches taken from the search at once: 4,096 lines are some 160 KB, and whoever cuts output at a line looks through
 * no more than a piece. */
enum {
    RUN_MAX = 4096,
    UNSEEN_MAX = 256 /* runs that are only counted before others have a turn: well below a millisecond */
};

/* ---- matches ---- */

/* The first so many of the run are handed out, or not to be shown. */
static void drop(struct answer *a, uint64_t matches)
{
    a->run.first += (uint32_t)matches;
    a->run.count -= (uint32_t)matches;
}

/* The character so many matches into the run. */
static uint32_t ordinal_at(const struct answer *a, uint64_t matches)
{
    return a->run.alias ? index_alias_ordinal(a->search.index, a->run.first) : a->run.first + (uint32_t)matches;
}

/* A new run is at hand: remembers where it begins, now and then. */
static void note_place(struct answer *a)
{
    if (!search_in_order(&a->search) || a->skip || a->stopped)
        return;
    if (a->places == ANSWER_PLACES)
        memmove(&a->place[0], &a->place[1], --a->places * sizeof *a->place);
    a->place[a->places++] = (struct answer_place){a->skip_lines + a->lines, ordinal_at(a, 0)};
    a->next_place = a->lines + ANSWER_PLACE_LINES;
}

static void note_cut(struct answer *a, uint64_t shown)
{
    if (search_in_order(&a->search) && !a->cut.matches && !a->stopped && !a->counting)
        a->cut = (struct answer_place){a->skip_lines + a->lines + shown, ordinal_at(a, shown)};
}

/* Takes away what is not to be shown: what was before, and what is beyond the limit. */
static void trim_run(struct answer *a)
{
    uint64_t skip = a->skip < a->run.count ? a->skip : a->run.count;
    drop(a, skip);
    a->skip -= skip;
    uint32_t limit = a->settings->limit;
    uint64_t room = !limit ? a->run.count : limit > a->lines ? limit - a->lines : 0;
    if (a->run.count > room) {
        note_cut(a, room);
        a->run.count = (uint32_t)room;
    }
    if (a->stopped || a->counting)
        a->run.count = 0;
}

/* The run at hand as the index has it, or its first line in the reader's own style. */
static inline enum answer_step give_results(struct answer *a, char *out, struct answer_piece *piece)
{
    const struct index *ix = a->search.index;
    uint32_t alias = a->run.alias ? a->run.first : INDEX_NONE;
    a->given = a->run.count;
    piece->ready = a->settings->style.plain;
    if (!piece->ready) {
        a->given = 1;
        piece->text = out;
        piece->len = render_match(&a->settings->style, ix, ordinal_at(a, 0), alias, out);
    } else if (a->run.alias) {
        piece->text = index_alias_line(ix, alias, &piece->len);
    } else {
        piece->text = index_lines(ix, a->run.first, a->run.first + a->run.count, &piece->len);
    }
    a->lines += a->given;
    drop(a, a->given);
    return ANSWER_RESULTS;
}

void answer_return(struct answer *a)
{
    a->run.first -= a->given;
    a->run.count += a->given;
    a->lines -= a->given;
    a->given = 0;
}

/* ---- other lines ---- */

static enum answer_step give(struct answer *a, enum answer_step step, const char *out, size_t len,
                             struct answer_piece *piece)
{
    *piece = (struct answer_piece){.text = out, .len = len};
    a->other_lines += step != ANSWER_FRAME && step != ANSWER_RESULTS;
    return step;
}

static enum answer_step close_with_status(struct answer *a, uint64_t found, char *out, struct answer_piece *piece)
{
    const struct render_style *style = &a->settings->style;
    const struct render_tally tally = {
        .found = found, .shown = a->lines, .stopped = a->stopped, .cut = !a->counting && a->lines != found};
    a->run.count = 0;
    size_t len = a->counting && style->document ? render_number(style, found, out) : render_status(style, &tally, out);
    return give(a, ANSWER_CLOSING, out, len, piece);
}

/* The search is at its end. */
static enum answer_step next_note(struct answer *a, char *out, struct answer_piece *piece)
{
    switch (a->noting && !a->stopped ? notes_next(&a->notes) : NOTES_NONE) {
    case NOTES_LINE:
        return give(a, ANSWER_NOTE, out, render_note(&a->settings->style, a->notes.text, a->notes.len, out), piece);
    case NOTES_AGAIN: return ANSWER_AGAIN;
    case NOTES_NONE: break;
    }
    return close_with_status(a, answer_found(a), out, piece);
}

static void start_notes(struct answer *a)
{
    const struct facts *facts;
    struct plan *plan;
    if (a->stopped || a->counting || a->skip_lines || !search_about(&a->search, &facts, &plan))
        return;
    notes_start(&a->notes, facts, plan, search_found(&a->search));
    a->noting = true;
}

/* ---- listings ---- */

static enum answer_step close_listing(struct answer *a, char *out, struct answer_piece *piece)
{
    const struct render_style *style = &a->settings->style;
    if (listing_counts(a->listing))
        return close_with_status(a, listing_found(a->listing), out, piece);
    return give(a, ANSWER_CLOSING, out, style->document ? 0 : render_ok(style, out), piece);
}

static enum answer_step step_of(const struct answer *a, enum listing_step step)
{
    if (step == LISTING_RESULT)
        return ANSWER_RESULTS;
    if (step == LISTING_FRAME)
        return ANSWER_FRAME;
    return listing_counts(a->listing) ? ANSWER_MARK : ANSWER_CARD;
}

static enum answer_step next_of_listing(struct answer *a, char *out, struct answer_piece *piece)
{
    uint32_t limit = a->settings->limit;
    for (size_t len;;) {
        enum listing_step step = listing_next(a->listing, &a->settings->style, out, &len);
        if (step == LISTING_AGAIN)
            return ANSWER_AGAIN;
        if (step == LISTING_END)
            return close_listing(a, out, piece);
        if (a->stopped || (step == LISTING_RESULT && listing_is_limited(a->listing) && limit && a->lines >= limit))
            continue;
        a->lines += step == LISTING_RESULT;
        return give(a, step_of(a, step), out, len, piece);
    }
}

/* ---- pulling ---- */

/* All that may be shown is shown, and how much there is besides is known: no need to look for it. */
static bool is_complete(const struct answer *a)
{
    uint32_t limit = a->settings->limit;
    return a->total && (a->stopped || (limit && a->lines >= limit));
}

/* A new run is there: which part of it is shown. */
static void take_run(struct answer *a)
{
    if (a->lines >= a->next_place)
        note_place(a);
    if (a->trimmed || a->stopped)
        trim_run(a);
}

static enum answer_step next_of_search(struct answer *a, char *out, struct answer_piece *piece)
{
    for (unsigned unseen = 0; unseen < UNSEEN_MAX; unseen++) {
        if (a->run.count > 0)
            return give_results(a, out, piece);
        if (a->trimmed && is_complete(a))
            return close_with_status(a, a->total, out, piece);
        enum search_step step = search_next(&a->search, RUN_MAX, &a->run);
        if (step == SEARCH_RUN) {
            take_run(a);
            continue;
        }
        a->run.count = 0;
        if (step == SEARCH_AGAIN)
            return ANSWER_AGAIN;
        if (step == SEARCH_REFUSED)
            return ANSWER_REFUSED;
        start_notes(a);
        return next_note(a, out, piece);
    }
    return ANSWER_AGAIN;
}

enum answer_step answer_next(struct answer *a, char *out, struct answer_piece *piece)
{
    if (a->listing)
        return next_of_listing(a, out, piece);
    return a->noting ? next_note(a, out, piece) : next_of_search(a, out, piece);
}

void answer_stop(struct answer *a, uint64_t dropped)
{
    a->stopped = true;
    a->run.count = 0;
    a->lines -= dropped < a->lines ? dropped : a->lines;
}

uint64_t answer_found(const struct answer *a)
{
    if (a->listing)
        return listing_found(a->listing);
    return a->total ? a->total : search_found(&a->search);
}

const char *answer_repeatable(const struct answer *a, size_t *len)
{
    *len = a->line_len;
    return a->stopped || a->listing || a->counting || a->skip_lines || !a->line_len ? NULL : a->line;
}

/* ---- opening ---- */

/* Words why there is no answer, where the search or listing has not. */
static enum answer_result refuse(enum search_result why, const struct search_error *text, struct answer_error *error)
{
    _Static_assert(sizeof error->text == sizeof text->text, "they are copied");
    switch (why) {
    case SEARCH_OPENED: return ANSWER_OPENED;
    case SEARCH_BAD_UTF8: snprintf(error->text, sizeof error->text, "not valid UTF-8"); return ANSWER_BAD_UTF8;
    case SEARCH_ILL_FORMED: memcpy(error->text, text->text, sizeof error->text); return ANSWER_ILL_FORMED;
    case SEARCH_NO_MEMORY: break;
    }
    snprintf(error->text, sizeof error->text, "out of memory");
    return ANSWER_NO_MEMORY;
}

bool answer_accepts(const char *line, size_t len, struct answer_error *error)
{
    return text_is_utf8(line, len) || refuse(SEARCH_BAD_UTF8, NULL, error) == ANSWER_OPENED;
}

/* Field by field: a compound literal would clear the line and the notes, a third of a cheap answer's cost. */
static void begin(struct answer *a, const struct answer_settings *settings)
{
    a->listing = NULL;
    a->run.count = 0;
    a->settings = settings;
    a->lines = a->skip_lines = a->skip = a->total = 0;
    a->next_place = ANSWER_PLACE_LINES;
    a->given = a->other_lines = 0;
    a->places = 0;
    a->cut.matches = 0;
    a->best = a->trimmed = a->counting = a->stopped = a->noting = false;
    a->line_len = 0;
    a->rest = NULL;
}

static enum answer_result open_listing(struct answer *a, const struct answer_request *request,
                                       struct answer_error *error)
{
    static const enum listing_kind kinds[] = {[ANSWER_INFO] = LISTING_INFO,
                                              [ANSWER_EXPLAIN] = LISTING_EXPLAIN,
                                              [ANSWER_LIST] = LISTING_VALUES,
                                              [ANSWER_WORDS] = LISTING_WORDS};
    struct search_error why;
    return refuse(listing_open(&a->listing, index_builtin(), kinds[request->kind], request->line, request->len, &why),
                  &why, error);
}

/* The search alone.  best: sorted. */
static enum answer_result open_search(struct answer *a, bool classic, bool best, const char *text, size_t len,
                                      struct answer_error *error)
{
    struct search_error why;
    enum search_dialect dialect = classic ? SEARCH_CLASSIC : SEARCH_DEFAULT;
    enum search_result result = best ? search_open_best(&a->search, index_builtin(), dialect, text, len, &why)
                                     : search_open(&a->search, index_builtin(), dialect, text, len, &why);
    a->best = best;
    return result == SEARCH_OPENED ? ANSWER_OPENED : refuse(result, &why, error);
}

/* Without memory a long line is answered all the same; there will be nothing more. */
static void keep_line(struct answer *a, const char *line, size_t len)
{
    if (len <= sizeof a->line) {
        a->line_len = (uint8_t)len;
        memcpy(a->line, line, len);
    } else if (!a->counting) {
        a->rest = rest_new(line, len);
    }
}

enum answer_result answer_open(struct answer *a, const struct answer_settings *settings,
                               const struct answer_request *request, struct answer_error *error)
{
    begin(a, settings);
    if (request->kind >= ANSWER_INFO)
        return open_listing(a, request, error);
    a->counting = request->kind == ANSWER_COUNT;
    a->trimmed = a->counting || settings->limit;
    enum answer_result result = open_search(a, request->classic, settings->best && !a->counting, request->line,
                                            request->len, error);
    if (result == ANSWER_OPENED)
        keep_line(a, request->line, request->len);
    return result;
}

enum answer_result answer_open_more(struct answer *a, const struct answer_settings *settings,
                                    const struct answer_rest *rest, struct answer_error *error)
{
    if (!rest || rest->before + rest->shown >= rest->most) {
        snprintf(error->text, sizeof error->text, "nothing more");
        return ANSWER_NOTHING_MORE;
    }
    begin(a, settings);
    enum answer_result result = open_search(a, rest->classic, rest->best, rest->line, rest->len, error);
    if (result != ANSWER_OPENED)
        return result;
    uint64_t before = rest->before + rest->shown;
    struct answer_place place = rest_place_before(rest, before);
    a->trimmed = true;
    a->skip_lines = before;
    a->skip = before - place.matches;
    a->total = rest->found;
    a->next_place = 0;
    if (place.matches)
        search_resume(&a->search, place.ordinal, place.matches);
    keep_line(a, rest->line, rest->len);
    return ANSWER_OPENED;
}

enum answer_result answer_refusal(const struct answer *a, struct answer_error *error)
{
    struct search_error why;
    return refuse(search_refusal(&a->search, &why), &why, error);
}

/* ---- ending ---- */

/* A complete answer changes what /more continues. */
static void replace_rest(struct answer *a, struct answer_rest **rest)
{
    if (a->listing || a->counting) {
        if (*rest)
            (*rest)->newest = false;
        return;
    }
    struct answer_rest *older = *rest;
    *rest = rest_of(a);
    answer_rest_free(older);
}

void answer_close(struct answer *a, enum answer_ending why, struct answer_rest **rest)
{
    if (why == ANSWER_COMPLETE && rest)
        replace_rest(a, rest);
    if (a->listing)
        listing_close(a->listing);
    else
        search_close(&a->search);
    answer_rest_free(a->rest);
    a->rest = NULL;
    a->listing = NULL;
}
