/* oneshot.c - "mojifinder cat face": the search without a server around it. */
#include "oneshot.h"

#include "standard.h"

#include "answer/listing.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    /* Of standard input: enough for any text that somebody wants to see character by character, and some 200 MB of
     * memory, not all there is. */
    INPUT_MAX_BYTES = 64 << 20
};

/* One answer on its way out. */
struct printer {
    struct settings settings;
    bool counting; /* only the number */
    bool terminal; /* stdout is one */
    uint64_t shown;
};

/* ---- where lines go ---- */

/* A line that is no part of the answer goes to stderr, behind what was printed before it, if that could be. */
static void print_aside(const char *line, size_t len)
{
    if (!ferror(stdout) && fflush(stdout) == 0)
        fwrite(line, 1, len, stderr);
}

/* Codes and characters are for programs even on a terminal; of the others a person wants to see all in one place. */
static bool is_for_programs(const struct printer *p)
{
    uint8_t format = p->settings.style.format;
    return format == RENDER_CODES || format == RENDER_CHARS || (format == RENDER_TSV && !p->terminal);
}

/* Remarks.  In JSON they are objects that a program can tell from the others, so stdout takes them. */
static void print_remark(const struct printer *p, const char *line, size_t len)
{
    bool json = p->settings.style.format == RENDER_JSON;
    if (json || (p->terminal && !is_for_programs(p)))
        fwrite(line, 1, len, stdout);
    else
        print_aside(line, len);
}

/* ---- lines ---- */

/* Lines in the index end in CR LF; a shell wants LF. */
static void print_lines(const char *lines, size_t len)
{
    while (len > 0) {
        const char *cr = memchr(lines, '\r', len);
        size_t part = cr ? (size_t)(cr - lines) : len;
        fwrite(lines, 1, part, stdout);
        part += cr ? 1 : 0;
        lines += part;
        len -= part;
    }
}

static void print_ready_run(const struct index *ix, const struct search_run *run)
{
    size_t len;
    const char *lines = run->alias ? index_alias_line(ix, run->first, &len)
                                   : index_lines(ix, run->first, run->first + run->count, &len);
    print_lines(lines, len);
}

static void print_styled_run(const struct printer *p, const struct index *ix, const struct search_run *run)
{
    char line[RENDER_BYTES];
    for (uint32_t i = 0; i < run->count; i++) {
        uint32_t alias = run->alias ? run->first : INDEX_NONE;
        uint32_t ordinal = run->alias ? index_alias_ordinal(ix, run->first) : run->first + i;
        fwrite(line, 1, render_match(&p->settings.style, ix, ordinal, alias, line), stdout);
    }
}

static void print_run(struct printer *p, const struct index *ix, const struct search_run *run)
{
    struct search_run shown = *run;
    uint32_t limit = p->settings.limit;
    if (p->counting || (limit && p->shown >= limit))
        return;
    if (limit && limit - p->shown < shown.count)
        shown.count = (uint32_t)(limit - p->shown);
    p->shown += shown.count;
    if (p->settings.style.plain)
        print_ready_run(ix, &shown);
    else
        print_styled_run(p, ix, &shown);
}

static void print_note(const struct printer *p, const struct search *s)
{
    char line[RENDER_BYTES];
    size_t len;
    const char *note = search_note(s, &len);
    if (!p->counting)
        print_remark(p, line, render_note(&p->settings.style, note, len, line));
}

static void print_status(const struct printer *p, uint64_t found)
{
    char line[RENDER_BYTES];
    const struct render_tally tally = {.found = found, .shown = p->shown, .cut = p->shown != found};
    if (p->counting) {
        printf("%" PRIu64 "\n", found);
        return;
    }
    size_t len = render_status(&p->settings.style, &tally, line);
    if (is_for_programs(p))
        print_aside(line, len);
    else
        fwrite(line, 1, len, stdout);
}

/* ---- endings ---- */

/* The reasons of listings begin with a directive, which is an option here. */
static int refuse(const char *reason, int status)
{
    fprintf(stderr, "mojifinder: %s%s\n", *reason == '/' ? "--" : "", reason + (*reason == '/'));
    return status;
}

static int refuse_to_open(enum search_result result, const struct search_error *error)
{
    switch (result) {
    case SEARCH_BAD_UTF8: return refuse("not valid UTF-8", EXIT_USAGE);
    case SEARCH_ILL_FORMED: return refuse(error->text, EXIT_USAGE);
    case SEARCH_OPENED:
    case SEARCH_NO_MEMORY: break;
    }
    return refuse("out of memory", EXIT_UNWRITTEN);
}

static int finish(bool found)
{
    if (!standard_output_finish())
        return EXIT_UNWRITTEN;
    return found ? EXIT_FOUND : EXIT_NOTHING;
}

/* ---- answers ---- */

static int print_search(struct printer *p, struct search *s)
{
    struct search_run run;
    for (;;) {
        switch (search_next(s, UINT32_MAX, &run)) {
        case SEARCH_RUN: print_run(p, s->index, &run); break;
        case SEARCH_NOTE: print_note(p, s); break;
        case SEARCH_AGAIN: break;
        case SEARCH_REFUSED: {
            struct search_error error;
            enum search_result why = search_refusal(s, &error);
            return refuse_to_open(why, &error);
        }
        case SEARCH_END: print_status(p, search_found(s)); return finish(search_found(s) > 0);
        }
        if (ferror(stdout))
            return finish(false);
    }
}

static int query(struct printer *p, bool classic, const char *text, size_t len)
{
    struct search s;
    struct search_error error;
    enum search_dialect dialect = classic ? SEARCH_CLASSIC : SEARCH_DEFAULT;
    enum search_result result = p->settings.best ? search_open_best(&s, index_builtin(), dialect, text, len, &error)
                                                 : search_open(&s, index_builtin(), dialect, text, len, &error);
    if (result != SEARCH_OPENED)
        return refuse_to_open(result, &error);
    int status = print_search(p, &s);
    search_close(&s);
    return status;
}

/* ---- cards, texts, lists, words ---- */

/* The mark before a cluster says something by where it stands: where that is not possible it is left out. */
static bool is_shown(const struct printer *p, const struct listing *l, enum listing_step step)
{
    bool over = p->settings.limit && p->shown >= p->settings.limit;
    if (step == LISTING_RESULT)
        return !over || !listing_is_limited(l);
    if (step == LISTING_NOTE)
        return !listing_counts(l) || !is_for_programs(p);
    return step == LISTING_FRAME;
}

/* Returns whether it had anything to say. */
static bool print_listing(struct printer *p, struct listing *l)
{
    char line[RENDER_BYTES];
    size_t len;
    uint64_t values = 0;
    for (enum listing_step step; (step = listing_next(l, &p->settings.style, line, &len)) != LISTING_END;) {
        if (!is_shown(p, l, step))
            continue;
        fwrite(line, 1, len, stdout);
        p->shown += step == LISTING_RESULT;
        values += step == LISTING_NOTE;
        if (ferror(stdout))
            return false;
    }
    if (listing_counts(l))
        print_status(p, listing_found(l));
    return listing_found(l) + values > 0;
}

static int listing(struct printer *p, enum listing_kind kind, const char *text, size_t len)
{
    struct listing *l;
    struct search_error error;
    enum search_result result = listing_open(&l, index_builtin(), kind, text, len, &error);
    if (result != SEARCH_OPENED)
        return refuse_to_open(result, &error);
    bool found = print_listing(p, l);
    listing_close(l);
    return finish(found);
}

/* White space at the ends does not count, as on a line, unless it is all there is. */
static int explain(struct printer *p, const char *text, size_t len)
{
    const char *at = text;
    size_t left = len;
    if (text_is_utf8(text, len))
        text_strip(&at, &left);
    return left > 0 ? listing(p, LISTING_EXPLAIN, at, left) : listing(p, LISTING_EXPLAIN, text, len);
}

/* ---- standard input ---- */

/* As it is, but for the line end that nearly every text has. */
static int explain_input(struct printer *p, const char *text, size_t len)
{
    if (len > 0 && text[len - 1] == '\n')
        len--;
    if (len > 0)
        return listing(p, LISTING_EXPLAIN, text, len);
    print_status(p, 0);
    return finish(false);
}

/* The line at text: its length with the line end, and, in *asked, without.  CR LF is a line end, too. */
static size_t take_line(const char *text, size_t len, size_t *asked)
{
    const char *end = memchr(text, '\n', len);
    *asked = end ? (size_t)(end - text) : len;
    size_t whole = *asked + (end != NULL);
    if (end && *asked > 0 && text[*asked - 1] == '\r')
        --*asked;
    return whole;
}

/* Whether every line asks for a card: nothing is printed before that is known. */
static int check_lines(const char *text, size_t len)
{
    size_t number = 0, asked;
    for (size_t at = 0, whole; at < len; at += whole) {
        struct listing *l;
        struct search_error error;
        char reason[sizeof error.text + 32];
        whole = take_line(text + at, len - at, &asked);
        number++;
        enum search_result result = asked ? listing_open(&l, index_builtin(), LISTING_INFO, text + at, asked, &error)
                                          : SEARCH_OPENED;
        if (result == SEARCH_NO_MEMORY)
            return refuse_to_open(result, NULL);
        if (result != SEARCH_OPENED) {
            snprintf(reason, sizeof reason, "line %zu: %s", number, error.text);
            return refuse(reason, EXIT_USAGE);
        }
        if (asked)
            listing_close(l);
    }
    return EXIT_FOUND;
}

/* A mark that files of text begin with is no part of the first line, unless it is all there is. */
static size_t byte_order_mark(const char *text, size_t len)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* U+FEFF */
    size_t bytes = sizeof mark - 1;
    return len > bytes && memcmp(text, mark, bytes) == 0 && text[bytes] != '\n' ? bytes : 0;
}

/* A card for each line that has something; an empty line stands between two, if they are lines of text. */
static int info_input(struct printer *p, const char *text, size_t len)
{
    bool lines = p->settings.style.format == RENDER_TEXT || p->settings.style.format == RENDER_TSV, found = false;
    size_t asked, mark = byte_order_mark(text, len);
    text += mark;
    len -= mark;
    int status = check_lines(text, len);
    for (size_t at = 0, whole; at < len && status == EXIT_FOUND; at += whole) {
        whole = take_line(text + at, len - at, &asked);
        if (!asked)
            continue;
        if (found && lines)
            putchar('\n');
        status = listing(p, LISTING_INFO, text + at, asked);
        found = true;
    }
    return status == EXIT_FOUND && !found ? EXIT_NOTHING : status;
}

static int answer_input(struct printer *p, enum options_ask ask)
{
    char *text;
    size_t len;
    if (!standard_input_read(INPUT_MAX_BYTES, &text, &len))
        return EXIT_USAGE;
    int status = ask == ASK_INFO ? info_input(p, text, len) : explain_input(p, text, len);
    free(text);
    return status;
}

/* ---- the command line ---- */

/* The argument of --info and its like, then the words. */
static char *join_words(const struct options *o, size_t *len)
{
    size_t size = o->argument ? strlen(o->argument) + 2 : 1;
    for (int i = 0; i < o->word_count; i++)
        size += strlen(o->words[i]) + 1;
    char *text = malloc(size);
    if (!text)
        return NULL;
    char *p = text;
    if (o->argument)
        p = stpcpy(p, o->argument);
    for (int i = 0; i < o->word_count; i++) {
        if (p > text)
            *p++ = ' ';
        p = stpcpy(p, o->words[i]);
    }
    *len = (size_t)(p - text);
    return text;
}

static bool is_directive(const char *text, size_t len)
{
    if (!text_is_utf8(text, len))
        return false;
    text_strip(&text, &len);
    return len > 0 && text[0] == '/';
}

static int answer(struct printer *p, const struct options *o, const char *text, size_t len)
{
    switch (o->ask) {
    case ASK_INFO: return listing(p, LISTING_INFO, text, len);
    case ASK_EXPLAIN: return explain(p, text, len);
    case ASK_LIST: return listing(p, LISTING_VALUES, text, len);
    case ASK_WORDS: return listing(p, LISTING_WORDS, text, len);
    case ASK_COUNT: p->counting = true; break;
    case ASK_QUERY: break;
    }
    if (!o->classic && is_directive(text, len))
        return refuse("directives are options here, see --help; the solidus itself is \\/", EXIT_USAGE);
    return query(p, o->classic, text, len);
}

int oneshot(const struct options *o)
{
    struct printer p = {.settings = o->settings, .terminal = isatty(STDOUT_FILENO)};
    size_t len;
    p.settings.style.lf = true;
    p.settings.style.document = true;
    if (!o->display_given && !o->classic)
        p.settings.style.safe = p.terminal;
    render_settle(&p.settings.style);
    if (o->from_input)
        return answer_input(&p, o->ask);
    char *text = join_words(o, &len);
    if (!text)
        return refuse("out of memory", EXIT_UNWRITTEN);
    int status = answer(&p, o, text, len);
    free(text);
    return status;
}
