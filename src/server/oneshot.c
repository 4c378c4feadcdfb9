/* oneshot.c - "mojifinder cat face": the search without a server around it. */
#include "oneshot.h"

#include "standard.h"

#include "answer/answer.h"
#include "unicode/text.h"

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
    struct answer_settings settings;
    bool counting; /* only the number */
    bool terminal; /* stdout is one */
};

/* ---- where lines go ---- */

/* Codes and characters are for programs even on a terminal; of the others a person wants to see all in one place. */
static bool is_for_programs(const struct printer *p)
{
    uint8_t format = p->settings.style.format;
    return format == RENDER_CODES || format == RENDER_CHARS || (format == RENDER_TSV && !p->terminal);
}

/* A line that is no part of the answer goes to stderr, behind what was printed before it, if that could be. */
static void print_aside(const char *line, size_t len)
{
    if (!ferror(stdout) && fflush(stdout) == 0)
        fwrite(line, 1, len, stderr);
}

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

/* Remarks.  In JSON they are objects that a program can tell from the others, so stdout takes them. */
static bool is_remark_for_stdout(const struct printer *p)
{
    return p->settings.style.format == RENDER_JSON || (p->terminal && !is_for_programs(p));
}

static void print_piece(const struct printer *p, enum answer_step step, const struct answer_piece *piece)
{
    bool aside = (step == ANSWER_NOTE && !is_remark_for_stdout(p)) ||
                 (step == ANSWER_CLOSING && is_for_programs(p) && !p->counting);
    if (piece->ready)
        print_lines(piece->text, piece->len);
    else if (aside)
        print_aside(piece->text, piece->len);
    else if (step != ANSWER_MARK || !is_for_programs(p)) /* it says something by where it stands */
        fwrite(piece->text, 1, piece->len, stdout);
}

/* ---- endings ---- */

/* The reasons of listings begin with a directive, which is an option here. */
static int refuse(const char *reason, int status)
{
    fprintf(stderr, "mojifinder: %s%s\n", *reason == '/' ? "--" : "", reason + (*reason == '/'));
    return status;
}

static int refuse_to_open(enum answer_result result, const struct answer_error *error)
{
    return refuse(error->text, result == ANSWER_NO_MEMORY ? EXIT_UNWRITTEN : EXIT_USAGE);
}

static int finish(bool found)
{
    if (!standard_output_finish())
        return EXIT_UNWRITTEN;
    return found ? EXIT_FOUND : EXIT_NOTHING;
}

/* ---- answers ---- */

static int print_answer(const struct printer *p, struct answer *a)
{
    char out[ANSWER_PIECE_BYTES];
    struct answer_piece piece;
    bool found = false;
    for (enum answer_step step = ANSWER_AGAIN; step != ANSWER_CLOSING && !ferror(stdout);) {
        step = answer_next(a, out, &piece);
        if (step == ANSWER_REFUSED) {
            struct answer_error error;
            enum answer_result why = answer_refusal(a, &error);
            return refuse_to_open(why, &error);
        }
        if (step != ANSWER_AGAIN)
            print_piece(p, step, &piece);
        found |= step == ANSWER_CARD;
    }
    return finish(found || answer_found(a) > 0);
}

static int ask(const struct printer *p, const struct answer_request *request)
{
    struct answer a;
    struct answer_error error;
    enum answer_result result = answer_open(&a, &p->settings, request, &error);
    if (result != ANSWER_OPENED)
        return refuse_to_open(result, &error);
    int status = print_answer(p, &a);
    answer_close(&a, ANSWER_DROPPED, NULL);
    return status;
}

static int ask_for(const struct printer *p, enum answer_kind kind, const char *text, size_t len)
{
    const struct answer_request request = {.kind = kind, .line = text, .len = len};
    return ask(p, &request);
}

/* White space at the ends does not count, as on a line, unless it is all there is. */
static int explain(const struct printer *p, const char *text, size_t len)
{
    struct answer_error error;
    const char *at = text;
    size_t left = len;
    if (answer_accepts(text, len, &error))
        text_strip(&at, &left);
    return left > 0 ? ask_for(p, ANSWER_EXPLAIN, at, left) : ask_for(p, ANSWER_EXPLAIN, text, len);
}

/* ---- standard input ---- */

/* As it is, but for the line end that nearly every text has. */
static int explain_input(struct printer *p, const char *text, size_t len)
{
    if (len > 0 && text[len - 1] == '\n')
        len--;
    if (len > 0)
        return ask_for(p, ANSWER_EXPLAIN, text, len);
    char line[RENDER_BYTES];
    const struct render_tally none = {.found = 0};
    const struct answer_piece status = {.text = line, .len = render_status(&p->settings.style, &none, line)};
    print_piece(p, ANSWER_CLOSING, &status);
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
static int check_lines(const struct printer *p, const char *text, size_t len)
{
    size_t number = 0, asked;
    for (size_t at = 0, whole; at < len; at += whole) {
        struct answer a;
        struct answer_error error;
        char reason[sizeof error.text + 32];
        whole = take_line(text + at, len - at, &asked);
        number++;
        if (!asked)
            continue;
        const struct answer_request request = {.kind = ANSWER_INFO, .line = text + at, .len = asked};
        enum answer_result result = answer_open(&a, &p->settings, &request, &error);
        if (result == ANSWER_NO_MEMORY)
            return refuse_to_open(result, &error);
        if (result != ANSWER_OPENED) {
            snprintf(reason, sizeof reason, "line %zu: %s", number, error.text);
            return refuse(reason, EXIT_USAGE);
        }
        answer_close(&a, ANSWER_DROPPED, NULL);
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
    int status = check_lines(p, text, len);
    for (size_t at = 0, whole; at < len && status == EXIT_FOUND; at += whole) {
        whole = take_line(text + at, len - at, &asked);
        if (!asked)
            continue;
        if (found && lines)
            putchar('\n');
        status = ask_for(p, ANSWER_INFO, text + at, asked);
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
    struct answer_error error;
    if (!answer_accepts(text, len, &error))
        return false;
    text_strip(&text, &len);
    return len > 0 && text[0] == '/';
}

static int answer(struct printer *p, const struct options *o, const char *text, size_t len)
{
    struct answer_request request = {.kind = ANSWER_QUERY, .classic = o->classic, .line = text, .len = len};
    switch (o->ask) {
    case ASK_INFO: return ask_for(p, ANSWER_INFO, text, len);
    case ASK_EXPLAIN: return explain(p, text, len);
    case ASK_LIST: return ask_for(p, ANSWER_LIST, text, len);
    case ASK_WORDS: return ask_for(p, ANSWER_WORDS, text, len);
    case ASK_COUNT:
        p->counting = true;
        request.kind = ANSWER_COUNT;
        break;
    case ASK_QUERY: break;
    }
    if (!o->classic && is_directive(text, len))
        return refuse("directives are options here, see --help; the solidus itself is \\/", EXIT_USAGE);
    return ask(p, &request);
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
