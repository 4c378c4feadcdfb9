/* directives.c - lines that start with "/": one table of names, arguments, help and handlers. */
#include "directives.h"

#include "asking.h"
#include "say.h"
#include "session.h"
#include "settings.h"

#include "unicode/index.h"
#include "unicode/near.h"
#include "unicode/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What follows the name; stripped. */
struct argument {
    const char *text;
    size_t len;
};

enum outcome {
    OUTCOME_SAID,   /* an error or another complete reply is out: the prompt comes */
    OUTCOME_OK,     /* "# ok" and the prompt come */
    OUTCOME_ASKED,  /* an answer is in flight, or its error is out, prompt included */
    OUTCOME_FINISH, /* the session ends */
    OUTCOME_NO_MEMORY
};

typedef enum outcome handler(struct session *s, struct argument a);

struct directive {
    const char *name, *arguments;
    const char *help; /* NULL: another name of the one before, which is listed */
    handler *handle;
};

static bool is_word(struct argument a, const char *word)
{
    return strlen(word) == a.len && strncasecmp(a.text, word, a.len) == 0;
}

static enum outcome refuse(struct session *s, const char *what, struct argument a)
{
    say_error_about(s, what, a.text, a.len);
    return OUTCOME_SAID;
}

/* ---- settings ---- */

static enum outcome show(struct session *s, const char *name, const char *value)
{
    char text[160];
    snprintf(text, sizeof text, "%s %s", name, value);
    say_note(s, text);
    return OUTCOME_OK;
}

/* The end of every change: by now it is checked. */
static enum outcome apply(struct session *s, const struct settings *wanted)
{
    return settings_set(s, wanted) ? OUTCOME_OK : OUTCOME_NO_MEMORY;
}

/* A setting with two values: -1 when the argument is neither. */
static int choose(struct argument a, const char *no, const char *yes)
{
    return is_word(a, no) ? 0 : is_word(a, yes) ? 1 : -1;
}

static enum outcome set_format(struct session *s, struct argument a)
{
    if (a.len == 0)
        return show(s, "format", render_format_name(settings_of(s)->answer.style.format));
    struct settings wanted = *settings_of(s);
    if (!render_parse_format(&wanted.answer.style, a.text, a.len))
        return refuse(s, "/format text, tsv, json, codes or chars, not", a);
    return apply(s, &wanted);
}

static enum outcome show_columns(struct session *s)
{
    const struct render_style *style = &settings_of(s)->answer.style;
    char names[128] = "";
    size_t used = 0;
    for (unsigned i = 0; i < style->columns; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, i ? " %s" : "%s",
                                 render_column_name(style->column[i]));
    return show(s, "columns", names);
}

static enum outcome set_columns(struct session *s, struct argument a)
{
    struct argument bad = {"", 0};
    if (a.len == 0)
        return show_columns(s);
    struct settings wanted = *settings_of(s);
    if (!render_parse_columns(&wanted.answer.style, a.text, a.len, &bad.text, &bad.len))
        return refuse(s, "unknown column, or one named twice", bad.len ? bad : a);
    return apply(s, &wanted);
}

static enum outcome set_limit(struct session *s, struct argument a)
{
    uint64_t limit = 0;
    if (a.len == 0) {
        char value[16] = "off";
        if (settings_of(s)->answer.limit)
            snprintf(value, sizeof value, "%" PRIu32, settings_of(s)->answer.limit);
        return show(s, "limit", value);
    }
    for (size_t i = 0; i < a.len && limit <= UINT32_MAX; i++)
        limit = a.text[i] >= '0' && a.text[i] <= '9' ? limit * 10 + (uint64_t)(a.text[i] - '0') : UINT64_MAX;
    if (is_word(a, "off"))
        limit = 0;
    else if (limit == 0 || limit > UINT32_MAX)
        return refuse(s, "/limit takes a number from 1 on, or off, not", a);
    struct settings wanted = *settings_of(s);
    wanted.answer.limit = (uint32_t)limit;
    return apply(s, &wanted);
}

static enum outcome set_sort(struct session *s, struct argument a)
{
    int best = choose(a, "code", "best");
    if (a.len == 0)
        return show(s, "sort", settings_of(s)->answer.best ? "best" : "code");
    if (best < 0)
        return refuse(s, "/sort code or best, not", a);
    struct settings wanted = *settings_of(s);
    wanted.answer.best = best;
    return apply(s, &wanted);
}

static enum outcome set_display(struct session *s, struct argument a)
{
    int safe = choose(a, "raw", "safe");
    if (a.len == 0)
        return show(s, "display", settings_of(s)->answer.style.safe ? "safe" : "raw");
    if (safe < 0)
        return refuse(s, "/display raw or safe, not", a);
    struct settings wanted = *settings_of(s);
    wanted.answer.style.safe = safe;
    render_settle(&wanted.answer.style);
    return apply(s, &wanted);
}

static enum outcome set_prompt(struct session *s, struct argument a)
{
    int off = choose(a, "on", "off");
    if (a.len == 0)
        return show(s, "prompt", settings_of(s)->no_prompt ? "off" : "on");
    if (off < 0)
        return refuse(s, "/prompt on or off, not", a);
    struct settings wanted = *settings_of(s);
    wanted.no_prompt = off;
    return apply(s, &wanted);
}

/* ---- answers ---- */

static enum outcome ask_for(struct session *s, enum answer_kind kind, struct argument a)
{
    const struct answer_request request = {.kind = kind, .line = a.text, .len = a.len};
    return ask(s, &request) ? OUTCOME_ASKED : OUTCOME_NO_MEMORY;
}

static enum outcome info(struct session *s, struct argument a)
{
    return ask_for(s, ANSWER_INFO, a);
}

static enum outcome explain(struct session *s, struct argument a)
{
    return ask_for(s, ANSWER_EXPLAIN, a);
}

static enum outcome list_values(struct session *s, struct argument a)
{
    return ask_for(s, ANSWER_LIST, a);
}

static enum outcome words(struct session *s, struct argument a)
{
    return ask_for(s, ANSWER_WORDS, a);
}

static enum outcome count(struct session *s, struct argument a)
{
    if (a.len == 0)
        return refuse(s, "/count needs a query, not", a);
    return ask_for(s, ANSWER_COUNT, a);
}

static enum outcome no_argument(struct session *s, const char *name, struct argument a)
{
    char what[48];
    snprintf(what, sizeof what, "%s takes no argument, not", name);
    return refuse(s, what, a);
}

static enum outcome more(struct session *s, struct argument a)
{
    if (a.len)
        return no_argument(s, "/more", a);
    return ask_more(s) ? OUTCOME_ASKED : OUTCOME_NO_MEMORY;
}

/* ---- about the server ---- */

static enum outcome stats(struct session *s, struct argument a)
{
    char line[1024];
    struct session_kind *kind = session_kind_of(s);
    if (a.len)
        return no_argument(s, "/stats", a);
    if (kind->stats_line) {
        kind->stats_line(kind, line, sizeof line);
        say_note(s, line);
    }
    return OUTCOME_OK;
}

static enum outcome version(struct session *s, struct argument a)
{
    const struct index *ix = index_builtin();
    char line[160];
    if (a.len)
        return no_argument(s, "/version", a);
    snprintf(line, sizeof line, "mojifinder %s, Unicode %s (%s)", MOJIFINDER_VERSION, index_unicode_version(ix),
             index_source(ix));
    say_note(s, line);
    return OUTCOME_OK;
}

static enum outcome quit(struct session *s, struct argument a)
{
    return a.len ? no_argument(s, "/quit", a) : OUTCOME_FINISH;
}

static enum outcome help(struct session *s, struct argument a);

static const struct directive directives[] = {
    {"help", "[NAME]", "what there is, or about one directive", help},
    {"info", "CHAR|CODEPOINT", "the card of a character", info},
    {"explain", "TEXT", "takes a text apart", explain},
    {"format", "text|tsv|json|codes|chars", "how answers look", set_format},
    {"columns", "NAME...", "columns of text and tsv", set_columns},
    {"limit", "N|off", "matches an answer shows at most", set_limit},
    {"more", "", "goes on where the last answer was cut", more},
    {"count", "QUERY", "only how many", count},
    {"sort", "code|best", "order of matches", set_sort},
    {"display", "raw|safe", "safe: invisible characters as labels", set_display},
    {"prompt", "on|off", "off for scripts", set_prompt},
    {"list", "KIND [PATTERN]", "blocks, scripts, categories or properties", list_values},
    {"words", "PATTERN", "words that fit", words},
    {"stats", "", "counters of the server", stats},
    {"version", "", "of program and data", version},
    {"quit", "", "goodbye; or /exit", quit},
    {"exit", "", NULL, quit},
};
#define DIRECTIVES (sizeof directives / sizeof *directives)

static const struct directive *find(struct argument name)
{
    for (size_t i = 0; i < DIRECTIVES; i++)
        if (is_word(name, directives[i].name))
            return &directives[i];
    return NULL;
}

/* ---- names that are none ---- */

enum {
    NEAR_MAX = 5,
    NOT_NEAR = 9
};

/* What people type in other programs, too far off in letters. */
static const struct {
    const char *typed, *meant;
} elsewhere[] = {{"?", "help"},     {"bye", "quit"},    {"close", "quit"},
                 {"leave", "quit"}, {"logout", "quit"}, {"x", "exit"}};

/* How far a name is from what was typed: 0 when that is its beginning (names are not abbreviated) or its meaning, else
 * the edit distance; NOT_NEAR beyond what counts as near. */
static unsigned far_from(struct argument typed, const char *name)
{
    char small[NEAR_BYTES];
    if (typed.len == 0 || typed.len > sizeof small)
        return NOT_NEAR;
    if (typed.len < strlen(name) && strncasecmp(typed.text, name, typed.len) == 0)
        return 0;
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        if (is_word(typed, elsewhere[i].typed) && strcmp(name, elsewhere[i].meant) == 0)
            return 0;
    for (size_t i = 0; i < typed.len; i++)
        small[i] = typed.text[i] >= 'A' && typed.text[i] <= 'Z' ? (char)(typed.text[i] + 0x20) : typed.text[i];
    unsigned limit = near_limit(typed.len), distance = near_distance(small, typed.len, name, strlen(name), limit);
    return distance > limit ? NOT_NEAR : distance;
}

/* "; near: /explain, /exit", the nearest first; nothing when none is near. */
static void near_names(struct argument typed, char *out, size_t cap)
{
    unsigned count = 0;
    size_t used = 0;
    out[0] = '\0';
    for (unsigned distance = 0; distance < NOT_NEAR; distance++)
        for (size_t i = 0; i < DIRECTIVES && count < NEAR_MAX; i++)
            if (far_from(typed, directives[i].name) == distance)
                used += (size_t)snprintf(out + used, cap - used, count++ ? ", /%s" : "; near: /%s", directives[i].name);
}

static enum outcome refuse_name(struct session *s, const char *what, struct argument name, struct argument shown)
{
    char hint[100];
    near_names(name, hint, sizeof hint);
    if (name.len == 0 || *name.text == '/')
        snprintf(hint, sizeof hint, "; the solidus itself is \\/");
    say_error_hinting(s, what, shown.text, shown.len, hint);
    return OUTCOME_SAID;
}

/* ---- help ---- */

struct help_text {
    const char *name; /* of the directive; NULL: of all, before their list */
    const char *text;
};
static const struct help_text help_texts[] = {
    {NULL, "words: cat face    some: king|queen    not: !white    brackets: chess (king|queen)"},
    {NULL, "parts: arr* h?t    together: \"letter a\"    code points: U+265A U+2654..U+265F &rarr;"},
    {NULL, "pasted: \xE2\x99\x9A    properties: gc:Sm sc:greek blk:arrows age:>=14 ea:W is:dash in:2190..21FF"},
    {NULL, "also lists (1F468 200D), -> (c) 1/2, a mark alone; in a line \\( \\/    details: /help NAME"},
    {"info", "as a character (/info \xE2\x99\x9A) or U+265A, 265A, 0x265A, \\u265A, &rarr;, %E2%99%9A, \\N{NAME}"},
    {"explain", "a line for each code point; grapheme clusters of several are marked"},
    {"format",
     "text: for people; tsv: always the same columns; json: an object a line; codes: U+265A; chars: \xE2\x99\x9A"},
    {"columns", "cp char name alias block script category age width utf8 utf16 html dec"},
    {"limit", "the status says how many were shown; /more shows the next ones"},
    {"more", "continues the newest query that was cut or interrupted"},
    {"count", "the query's closing line alone"},
    {"sort", "best: exact name, exact alias, words together, others; short names first; 1,000 are kept"},
    {"display", "safe: marks on a dotted circle, controls like (LRM), right-to-left text isolated"},
    {"list", "KIND is blocks, scripts, categories or properties; /list blocks arrow*"},
    {"words", "words of names and aliases with the number of characters: /words *ello*"},
};

static void say_usage(struct session *s, const struct directive *d)
{
    char line[160];
    int n = snprintf(line, sizeof line, "/%s%s%s", d->name, *d->arguments ? " " : "", d->arguments);
    snprintf(line + n, sizeof line - (size_t)n, "%*s%s", n < 30 ? 30 - n : 1, "", d->help);
    say_note(s, line);
}

static enum outcome help(struct session *s, struct argument a)
{
    if (a.len && *a.text == '/') {
        a.text++;
        a.len--;
    }
    const struct directive *one = a.len ? find(a) : NULL;
    while (one && !one->help)
        one--;
    if (a.len && !one)
        return refuse_name(s, "no help on", a, a);
    for (size_t i = 0; !one && i < sizeof help_texts / sizeof *help_texts; i++)
        if (!help_texts[i].name)
            say_note(s, help_texts[i].text);
    for (size_t i = 0; i < DIRECTIVES; i++)
        if (directives[i].help && (!one || one == &directives[i]))
            say_usage(s, &directives[i]);
    for (size_t i = 0; one && i < sizeof help_texts / sizeof *help_texts; i++)
        if (help_texts[i].name && strcmp(help_texts[i].name, one->name) == 0)
            say_note(s, help_texts[i].text);
    return OUTCOME_OK;
}

/* ---- dispatch ---- */

/* The bytes before the first white space, or all. */
static size_t up_to_space(const char *text, size_t len)
{
    uint32_t c;
    for (size_t at = 0, bytes; at < len; at += bytes) {
        bytes = text_decode(text + at, len - at, &c);
        if (text_is_space(c))
            return at;
    }
    return len;
}

enum conn_next directive(struct session *s, const char *text, size_t len, bool *more_lines)
{
    struct argument name = {text + 1, up_to_space(text + 1, len - 1)};
    struct argument argument = {name.text + name.len, len - 1 - name.len};
    text_strip(&argument.text, &argument.len);
    const struct directive *d = find(name);
    enum outcome outcome = OUTCOME_SAID;
    *more_lines = true;
    s->prompt_open = false; /* the client's line end has closed it */
    if (d)
        outcome = d->handle(s, argument);
    else
        outcome = refuse_name(s, "unknown directive", name, (struct argument){text, len});
    if (outcome == OUTCOME_ASKED)
        return CONN_MORE;
    if (outcome == OUTCOME_FINISH || outcome == OUTCOME_NO_MEMORY) {
        *more_lines = false;
        s->state = SESSION_CLOSED;
        return outcome == OUTCOME_FINISH ? CONN_FINISH : CONN_ABORT;
    }
    if (outcome == OUTCOME_OK)
        say_ok(s);
    say_prompt(s);
    return CONN_MORE;
}
