/* answer.c - renders a search into a conn's output, run by run, in bounded memory. */
#include "answer.h"

#include "settings.h"

#include "reactor/conn.h"

#include <string.h>

/* Runs of lines from this length on are pointed at instead of copied: below, an
 * iovec of its own costs the kernel more than the copy costs us. */
enum {
    REFER_MIN_BYTES = 4096
};

/* Matches taken from the search at once (4,096 lines are some 160 KB), and output
 * beyond which an answer waits: cutting it at a line, when it is interrupted, looks through no more than both. */
enum {
    RUN_MAX = 4096,
    AHEAD_MAX_BYTES = 256 * 1024,
    UNSEEN_MAX = 256 /* runs that are only counted before others have a turn: well below a millisecond */
};

/* ---- matches ---- */

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

/* The lines as the index has them: true when the whole run is put out. */
static bool put_ready_run(struct answer *a, struct conn *c)
{
    const struct index *ix = a->search.index;
    size_t len;
    const char *lines;
    if (a->run.alias)
        lines = index_alias_line(ix, a->run.first, &len);
    else
        lines = index_lines(ix, a->run.first, a->run.first + a->run.count, &len);
    if (len < REFER_MIN_BYTES ? !conn_write(c, lines, len) : !conn_refer(c, lines, len))
        return false;
    a->lines += a->run.count;
    a->run.count = 0;
    return true;
}

/* The same, line by line in the client's own style. */
static bool put_styled_run(struct answer *a, struct conn *c)
{
    char line[RENDER_BYTES];
    const struct index *ix = a->search.index;
    while (a->run.count > 0) {
        uint32_t alias = a->run.alias ? a->run.first : INDEX_NONE;
        uint32_t ordinal = a->run.alias ? index_alias_ordinal(ix, alias) : a->run.first;
        if (!conn_write(c, line, render_match(&a->settings->style, ix, ordinal, alias, line)))
            return false;
        a->lines++;
        drop(a, 1);
    }
    return true;
}

static bool put_run(struct answer *a, struct conn *c)
{
    return a->settings->style.plain ? put_ready_run(a, c) : put_styled_run(a, c);
}

/* ---- other lines ---- */

static void put_tail(struct answer *a, struct conn *c, const char *line, size_t len)
{
    conn_write(c, line, len);
    a->tail_lines++;
}

static void put_note(struct answer *a, struct conn *c)
{
    char line[RENDER_BYTES];
    size_t len;
    const char *note = search_note(&a->search, &len);
    put_tail(a, c, line, render_note(&a->settings->style, note, len, line));
}

static void put_status(struct answer *a, struct conn *c, uint64_t found)
{
    char line[RENDER_BYTES];
    const struct render_tally tally = {
        .found = found, .shown = a->lines, .stopped = a->stopped, .cut = !a->counting && a->lines != found};
    put_tail(a, c, line, render_status(&a->settings->style, &tally, line));
}

/* ---- listings ---- */

static enum answer_step fill_from_listing(struct answer *a, struct conn *c)
{
    char line[RENDER_BYTES];
    size_t len;
    uint32_t limit = a->settings->limit;
    while (conn_room(c) >= ANSWER_ROOM) {
        enum listing_step step = listing_next(a->listing, &a->settings->style, line, &len);
        if (step == LISTING_AGAIN)
            return ANSWER_AGAIN;
        if (step == LISTING_END) {
            if (listing_counts(a->listing))
                put_status(a, c, listing_found(a->listing));
            else
                put_tail(a, c, line, render_ok(&a->settings->style, line));
            return ANSWER_DONE;
        }
        if (a->stopped || (step == LISTING_RESULT && listing_is_limited(a->listing) && limit && a->lines >= limit))
            continue;
        conn_write(c, line, len);
        a->lines += step == LISTING_RESULT;
        a->tail_lines += step == LISTING_NOTE;
    }
    return ANSWER_FULL;
}

/* All that may be shown is shown, and how much there is besides is known: no need to look for it. */
static bool is_complete(const struct answer *a)
{
    uint32_t limit = a->settings->limit;
    return a->total && (a->stopped || (limit && a->lines >= limit));
}

enum answer_step answer_fill(struct answer *a, struct conn *c)
{
    if (a->listing)
        return fill_from_listing(a, c);
    for (unsigned unseen = 0;;) {
        if (a->run.count > 0 && !put_run(a, c))
            return ANSWER_FULL;
        if (conn_room(c) < ANSWER_ROOM || conn_unsent(c) > AHEAD_MAX_BYTES)
            return ANSWER_FULL;
        if (a->trimmed && is_complete(a)) {
            a->run.count = 0;
            put_status(a, c, a->total);
            return ANSWER_DONE;
        }
        enum search_step step = search_next(&a->search, RUN_MAX, &a->run);
        if (step == SEARCH_RUN) {
            if (a->lines >= a->next_place)
                note_place(a);
            if (a->trimmed || a->stopped)
                trim_run(a);
            if (a->run.count == 0 && ++unseen == UNSEEN_MAX) /* no output bounds these */
                return ANSWER_AGAIN;
            continue;
        }
        a->run.count = 0;
        if (step == SEARCH_AGAIN)
            return ANSWER_AGAIN;
        if (step == SEARCH_REFUSED)
            return ANSWER_REFUSED;
        if (step == SEARCH_END) {
            put_status(a, c, answer_found(a));
            return ANSWER_DONE;
        }
        if (!a->stopped && !a->counting && !a->skip_lines)
            put_note(a, c);
    }
}

void answer_stop(struct answer *a, uint64_t dropped)
{
    a->stopped = true;
    a->run.count = 0;
    a->lines -= dropped < a->lines ? dropped : a->lines;
}
