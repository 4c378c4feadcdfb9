/* Plain search: a line of text to words, words to posting lists, lists to runs of matches in code point order. */
#include "unicode/search.h"
#include "query_plan.h"
#include "search_long.h"
#include "unicode/image.h"
#include "unicode/pasted.h"
#include "unicode/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    PIECE_BYTES = 252, /* of a text outside ASCII, upper-cased at a time */
    BEST_STEP = 256    /* matches ranked in one call, some 0.1 ms beside finding them */
};

const unsigned char search_fold[128] = {
    1,   1,   1,   1,   1,   1,   1,   1,
    1,   0,   0,   0,   0,   0,   1,   1, /* 0x00: 9 … 13 are white space */
    1,   1,   1,   1,   1,   1,   1,   1,
    1,   1,   1,   1,   0,   0,   0,   0, /* 0x10: so are 28 … 31 */
    0,   2,   2,   3,   3,   2,   2,   3,
    2,   2,   2,   2,   3,   0,   3,   3, /* space and hyphen, marks of the query language */
    '0', '1', '2', '3', '4', '5', '6', '7',
    '8', '9', 2,   3,   3,   3,   3,   2, /* digits */
    3,   'A', 'B', 'C', 'D', 'E', 'F', 'G',
    'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', /* capitals */
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W',
    'X', 'Y', 'Z', 3,   2,   3,   3,   3, /* … */
    3,   'A', 'B', 'C', 'D', 'E', 'F', 'G',
    'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', /* small letters */
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W',
    'X', 'Y', 'Z', 3,   2,   3,   3,   1, /* …, DEL */
};

/* A text on its way into a search: the word being read, and which parts of the index can still match. */
struct reader {
    struct search *search;
    bool alive[2];                   /* by enum index_part */
    unsigned char word_from;         /* bytes of this class and above are parts of words */
    size_t len;                      /* of the word; one byte more than any word of a name says that it is too long */
    char word[INDEX_WORD_BYTES + 2]; /* the last byte takes what is dropped */
};

/* ---- from text to lists ---- */

static void nothing_matches(struct reader *r)
{
    r->alive[INDEX_NAMES] = r->alive[INDEX_ALIASES] = false;
    cursor_start(&r->search->names);
    cursor_start(&r->search->aliases);
}

/* The word is complete, if there is one. */
static void end_word(struct reader *r)
{
    const struct index *ix = r->search->index;
    if (r->len == 0)
        return;
    uint32_t word = image_find_word(ix, r->word, r->len);
    r->len = 0;
    if (word == INDEX_NONE) {
        nothing_matches(r);
        return;
    }
    if (r->alive[INDEX_NAMES])
        r->alive[INDEX_NAMES] = cursor_add(&r->search->names, image_postings(ix, word, INDEX_NAMES));
    if (r->alive[INDEX_ALIASES])
        r->alive[INDEX_ALIASES] = cursor_add(&r->search->aliases, image_postings(ix, word, INDEX_ALIASES));
}

/* Reads up to the first byte that is outside ASCII, or a mark in the default dialect: returns how many bytes. */
static size_t read_ascii(struct reader *r, const char *text, size_t len)
{
    const char *in = text, *const end = text + len;
    char *out = r->word + r->len, *const full = r->word + INDEX_WORD_BYTES + 1;
    for (; in < end && (unsigned char)*in < 0x80; in++) {
        unsigned char folded = search_fold[(unsigned char)*in];
        if (folded >= r->word_from) {
            *out = (char)folded;
            out += out < full;
        } else if (folded == MARK) {
            break;
        } else {
            r->len = (size_t)(out - r->word);
            end_word(r);
            out = r->word;
        }
    }
    r->len = (size_t)(out - r->word);
    return (size_t)(in - text);
}

/* A character that no name has. */
static void add_strange(struct reader *r)
{
    r->word[r->len] = STRANGE;
    r->len += r->len <= INDEX_WORD_BYTES;
}

/* The general way: text is upper-cased, valid UTF-8. */
static void read_upper(struct reader *r, const char *text, size_t len)
{
    for (;;) {
        size_t ascii = read_ascii(r, text, len);
        text += ascii;
        len -= ascii;
        if (!len)
            return;
        uint32_t codepoint;
        size_t bytes = text_decode(text, len, &codepoint);
        if (text_is_space(codepoint))
            end_word(r);
        else
            add_strange(r);
        text += bytes;
        len -= bytes;
    }
}

/* Upper-cases in pieces and reads them, so that a line of any length needs no memory. */
static bool read_any(struct reader *r, const char *text, size_t len)
{
    while (len > 0) {
        char upper[3 * PIECE_BYTES];
        size_t piece = text_whole(text, len, PIECE_BYTES);
        size_t upper_len = text_upper(text, piece, upper, sizeof upper);
        if (upper_len == SIZE_MAX)
            return false;
        read_upper(r, upper, upper_len);
        text += piece;
        len -= piece;
    }
    return true;
}

/* ---- from lists to matches ---- */

/* Sees to it that s->pending is the next run by name, if there is one. */
static bool names_pending(struct search *s)
{
    return s->pending.first < s->pending.end || cursor_next(&s->names, UINT32_MAX, &s->pending);
}

/* The next character that matches by alias and is not handed out yet: its ordinal, or INDEX_NONE.  Stays
 * there until it is. */
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

static enum search_result open_classic(struct reader *r, const char *text, size_t len)
{
    size_t ascii = read_ascii(r, text, len);
    if (ascii < len) {
        if (!text_is_utf8(text + ascii, len - ascii))
            return SEARCH_BAD_UTF8;
        if (!read_any(r, text + ascii, len - ascii))
            return SEARCH_NO_MEMORY;
    }
    end_word(r);
    return SEARCH_OPENED;
}

/* Nothing but 4 to 6 hex digits and white space: if it is one word, the answer may mention a code point. */
static bool is_hex(const char *text, size_t len)
{
    size_t digits = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char folded = search_fold[(unsigned char)text[i]];
        if (folded >= STRANGE && !(folded >= '0' && folded <= '9') && !(folded >= 'A' && folded <= 'F'))
            return false;
        digits += folded >= STRANGE;
    }
    return digits >= 4 && digits <= 6;
}

static bool matches_nothing(struct search *s)
{
    uint32_t alias;
    return !names_pending(s) && (!s->aliases.lists || alias_pending(s, &alias) == INDEX_NONE);
}

/* There is something to say about these words although they find something: the one word is also a code point or a
 * directive. */
static bool is_remarkable(const struct search *s, const char *text, size_t len)
{
    if (s->names.lists > 1)
        return false;
    text_strip(&text, &len);
    return is_hex(text, len) || pasted_hint(text, len);
}

/* Plain words, the usual line, need nothing but their lists.  A plan is made for any other form, for words that find
 * nothing, because then the line may have been pasted or misspelt, for those that deserve a remark, and for those that
 * may be too many.  A line longer than is ever parsed is answered as words or not at all. */
static enum search_result open_default(struct reader *r, const char *text, size_t len, struct search_error *error)
{
    struct search *s = r->search;
    enum query_words words = QUERY_WORDS_OTHER;
    size_t plain = read_ascii(r, text, len);
    if (plain < len) {
        if (!text_is_utf8(text + plain, len - plain))
            return SEARCH_BAD_UTF8;
    } else {
        end_word(r);
        words = matches_nothing(s) ? QUERY_WORDS_NOTHING : QUERY_WORDS_ANSWER;
        bool may_be_too_many = len > 2 * QUERY_ATOMS && len <= QUERY_LINE_BYTES;
        if (words == QUERY_WORDS_ANSWER && !may_be_too_many && !is_remarkable(s, text, len))
            return SEARCH_OPENED;
    }
    return query_plan_open(&s->plan, s->index, text, len, words, error);
}

enum search_result search_open(struct search *s, const struct index *ix, enum search_dialect dialect, const char *text,
                               size_t len, struct search_error *error)
{
    struct reader r; /* an initializer would clear the word as well */
    if (len > QUERY_LINE_BYTES) {
        start(s, ix, dialect);
        s->reading = search_long_new(text, len);
        return s->reading ? SEARCH_OPENED : SEARCH_NO_MEMORY;
    }
    r.search = s;
    r.alive[INDEX_NAMES] = true;
    r.alive[INDEX_ALIASES] = dialect == SEARCH_DEFAULT;
    r.word_from = dialect == SEARCH_DEFAULT ? STRANGE : CONTROL;
    r.len = 0;
    start(s, ix, dialect);
    enum search_result result = dialect == SEARCH_CLASSIC ? open_classic(&r, text, len)
                                                          : open_default(&r, text, len, error);
    s->plain = !s->plan;
    return result;
}

enum search_result search_sort_best(struct search *s, const char *text, size_t len)
{
    if (s->plan && s->plan->notes.read) /* a list has an order of its own */
        return SEARCH_OPENED;
    if (s->reading) /* which adds the words to it */
        len = 0;
    s->best = best_new(s->index, s->plan ? &s->plan->plan.query : NULL, text, len);
    s->plain = !s->plan && !s->best;
    return s->best ? SEARCH_OPENED : SEARCH_NO_MEMORY;
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
    if (s->plan) {
        plan_restart(&s->plan->plan, from, 0);
        return;
    }
    s->pending = (struct index_run){0, 0};
    s->done = s->names.at = from;
    s->aliases.at = index_aliases_from(s->index, from);
}

/* ---- stepping ---- */

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

/* In code point order. */
static enum search_step next_in_order(struct search *s, uint32_t max, struct search_run *run)
{
    if (!s->plan)
        return next_by_words(s, max, run);
    enum search_step step = query_plan_next(s->plan, max, s->found, run);
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
        s->best->note_waits = step == SEARCH_NOTE;
    }
    if (best_next(s->best, run))
        return SEARCH_RUN;
    if (!s->best->note_waits)
        return next_in_order(s, 1, run);
    s->best->note_waits = false;
    return SEARCH_NOTE;
}

/* What is left of a long line without the white space around it is opened as any other. */
static void open_short(struct search *s)
{
    struct search_long *l = s->reading;
    const struct search outer = *s;
    struct search_error error;
    size_t len;
    const char *text = search_long_text(l, &len);
    enum search_result result = search_open(s, outer.index, outer.dialect, text, len, &error);
    if (result == SEARCH_OPENED && outer.best)
        result = search_sort_best(s, text, len);
    free(outer.best);
    if (result == SEARCH_OPENED) {
        search_long_free(l);
    } else {
        search_close(s);
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

const char *search_note(const struct search *s, size_t *len)
{
    *len = s->plan ? s->plan->notes.len : 0;
    return s->plan ? s->plan->notes.text : "";
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
