/* oneshot.c - "mojifinder cat face": the search without a server around it. */
#include "oneshot.h"

#include "answer.h"
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void print_run(const struct index *ix, const struct search_run *run)
{
    size_t len;
    const char *lines = run->alias ? index_alias_line(ix, run->first, &len)
                                   : index_lines(ix, run->first, run->first + run->count, &len);
    print_lines(lines, len);
}

static void print_note(const struct search *s)
{
    size_t len;
    const char *note = search_note(s, &len);
    fputs("# ", stdout);
    fwrite(note, 1, len, stdout);
    putchar('\n');
}

static char *join_words(const struct options *o, size_t *len)
{
    size_t size = 1;
    for (int i = 0; i < o->word_count; i++)
        size += strlen(o->words[i]) + 1;
    char *text = malloc(size);
    if (!text)
        return NULL;
    char *p = text;
    for (int i = 0; i < o->word_count; i++) {
        if (i > 0)
            *p++ = ' ';
        p = stpcpy(p, o->words[i]);
    }
    *len = (size_t)(p - text);
    return text;
}

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

static int print_answer(struct search *s)
{
    struct search_run run;
    for (;;) {
        switch (search_next(s, UINT32_MAX, &run)) {
        case SEARCH_RUN: print_run(s->index, &run); break;
        case SEARCH_NOTE: print_note(s); break;
        case SEARCH_AGAIN: break;
        case SEARCH_END: {
            char status[RENDER_BYTES];
            const struct render_tally tally = {.found = search_found(s)};
            print_lines(status, render_status(&settings_default.style, &tally, status));
            if (ferror(stdout) || fflush(stdout) != 0) /* some errors show only here */
                return unwritten();
            return search_found(s) > 0 ? EXIT_FOUND : EXIT_NOTHING;
        }
        }
        if (ferror(stdout))
            return unwritten();
    }
}

int oneshot(const struct options *o)
{
    struct search s;
    struct search_error error;
    size_t len;
    char *text = join_words(o, &len);
    if (!text)
        return refuse("out of memory", EXIT_CANNOT);
    int status = EXIT_USAGE;
    switch (search_open(&s, index_builtin(), o->classic ? SEARCH_CLASSIC : SEARCH_DEFAULT, text, len, &error)) {
    case SEARCH_OPENED:
        status = print_answer(&s);
        search_close(&s);
        break;
    case SEARCH_BAD_UTF8: status = refuse("not valid UTF-8", EXIT_USAGE); break;
    case SEARCH_ILL_FORMED: status = refuse(error.text, EXIT_USAGE); break;
    case SEARCH_NO_MEMORY: status = refuse("out of memory", EXIT_CANNOT); break;
    }
    free(text);
    return status;
}
