/* oneshot.c - "mojifinder cat face": the search without a server around it. */
#include "oneshot.h"

#include "unicode/listing.h"
#include "unicode/text.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One answer on its way to stdout. */
struct printer {
    struct settings settings;
    bool counting; /* only the closing line */
    uint64_t shown;
};

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
        fwrite(line, 1, render_note(&p->settings.style, note, len, line), stdout);
}

static void print_status(const struct printer *p, uint64_t found)
{
    char line[RENDER_BYTES];
    const struct render_tally tally = {.found = found, .shown = p->shown, .cut = !p->counting && p->shown != found};
    fwrite(line, 1, render_status(&p->settings.style, &tally, line), stdout);
}

/* ---- endings ---- */

static int refuse(const char *reason, int status)
{
    fprintf(stderr, "mojifinder: %s\n", reason);
    return status;
}

/* A reader that had enough ("| head") is not worth a word. */
static int unwritten(void)
{
    if (errno != EPIPE)
        fprintf(stderr, "mojifinder: cannot write the answer: %s\n", strerror(errno));
    return EXIT_UNWRITTEN;
}

static int refuse_to_open(enum search_result result, const struct search_error *error)
{
    switch (result) {
    case SEARCH_BAD_UTF8: return refuse("not valid UTF-8", EXIT_USAGE);
    case SEARCH_ILL_FORMED: return refuse(error->text, EXIT_USAGE);
    case SEARCH_OPENED:
    case SEARCH_NO_MEMORY: break;
    }
    return refuse("out of memory", EXIT_CANNOT);
}

/* Some errors of writing show only when the last bytes leave. */
static int finish(bool found)
{
    if (ferror(stdout) || fflush(stdout) != 0)
        return unwritten();
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
        case SEARCH_END: print_status(p, search_found(s)); return finish(search_found(s) > 0);
        }
        if (ferror(stdout))
            return unwritten();
    }
}

static int query(struct printer *p, bool classic, const char *text, size_t len)
{
    struct search s;
    struct search_error error;
    enum search_result result = search_open(&s, index_builtin(), classic ? SEARCH_CLASSIC : SEARCH_DEFAULT, text, len,
                                            &error);
    if (result != SEARCH_OPENED)
        return refuse_to_open(result, &error);
    if (p->settings.best)
        result = search_sort_best(&s, text, len);
    int status = result == SEARCH_OPENED ? print_search(p, &s) : refuse_to_open(result, &error);
    search_close(&s);
    return status;
}

static int print_listing(struct printer *p, struct listing *l)
{
    char line[RENDER_BYTES];
    size_t len;
    uint64_t notes = 0;
    for (enum listing_step step; (step = listing_next(l, &p->settings.style, line, &len)) != LISTING_END;) {
        bool over = listing_is_limited(l) && p->settings.limit && p->shown >= p->settings.limit;
        if (step == LISTING_AGAIN || (step == LISTING_RESULT && over))
            continue;
        fwrite(line, 1, len, stdout);
        p->shown += step == LISTING_RESULT;
        notes += step == LISTING_NOTE;
        if (ferror(stdout))
            return unwritten();
    }
    if (listing_counts(l))
        print_status(p, listing_found(l));
    else
        fwrite(line, 1, render_ok(&p->settings.style, line), stdout);
    return finish(listing_found(l) + notes > 0);
}

static int listing(struct printer *p, enum listing_kind kind, const char *text, size_t len)
{
    struct listing *l;
    struct search_error error;
    enum search_result result = listing_open(&l, index_builtin(), kind, text, len, &error);
    if (result != SEARCH_OPENED)
        return refuse_to_open(result, &error);
    int status = print_listing(p, l);
    listing_close(l);
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

static int answer(struct printer *p, const struct options *o, const char *text, size_t len)
{
    switch (o->ask) {
    case ASK_INFO: return listing(p, LISTING_INFO, text, len);
    case ASK_EXPLAIN: return listing(p, LISTING_EXPLAIN, text, len);
    case ASK_LIST: return listing(p, LISTING_VALUES, text, len);
    case ASK_WORDS: return listing(p, LISTING_WORDS, text, len);
    case ASK_COUNT: p->counting = true; break;
    case ASK_QUERY: break;
    }
    const char *at = text;
    size_t left = len;
    if (!o->classic && text_is_utf8(text, len)) {
        text_strip(&at, &left);
        if (left > 0 && at[0] == '/')
            return refuse("directives are options here, see --help; the solidus itself is \\/", EXIT_USAGE);
    }
    return query(p, o->classic, text, len);
}

/* Standard output may be shared with somebody who set O_NONBLOCK, and stdio
 * gives up at the first EAGAIN, losing what it had: this waits. */
static ssize_t write_patiently(void *cookie, const char *bytes, size_t len)
{
    (void)cookie;
    for (;;) {
        ssize_t n = write(STDOUT_FILENO, bytes, len);
        if (n >= 0)
            return n;
        struct pollfd room = {.fd = STDOUT_FILENO, .events = POLLOUT};
        if (errno == EAGAIN && poll(&room, 1, -1) < 0 && errno != EINTR)
            return 0; /* fopencookie(3): an error is 0 */
        if (errno != EAGAIN && errno != EINTR)
            return 0;
    }
}

int oneshot(const struct options *o)
{
    struct printer p = {.settings = o->settings};
    size_t len;
    FILE *out = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_patiently});
    if (out)
        stdout = out; /* a variable like any other in glibc */
    char *text = join_words(o, &len);
    if (!text)
        return refuse("out of memory", EXIT_CANNOT);
    p.settings.style.unix = true;
    if (!o->display_given && !o->classic)
        p.settings.style.safe = isatty(STDOUT_FILENO);
    render_settle(&p.settings.style);
    int status = answer(&p, o, text, len);
    free(text);
    return status;
}
