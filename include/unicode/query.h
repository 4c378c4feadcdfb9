/* unicode/query.h - the query language: from a line of text to a tree of terms.
 *
 *     query  = choice { space choice }        all must hold
 *     choice = term { "|" term }              any of them
 *     term   = [ "!" ] ( atom | "(" query ")" )
 *     atom   = word | pattern | phrase | property | codepoint | characters
 *
 * "!" reaches over the whole choice it begins ("!a|b" excludes both) and stands
 * nowhere else ("!!a", "a|!b" are errors, "a|(!b)" is not).  mojifinder-protocol(7)
 * describes the language for those who type it.
 *
 * What a tree means.  A character has labels: its name (empty for a control)
 * and its formal aliases.  Words, patterns and phrases hold on a label; properties,
 * code points and characters hold on the character, that is on all its labels alike; ALL
 * and ANY combine label by label; NOT holds on all labels if its child holds on none,
 * else on none.  A character matches when the tree holds on one of its labels.
 *
 * The parser knows names and properties only by unicode/props.h; which words
 * exist is the evaluator's business (unicode/plan.h).
 *
 * The parser is a recursive descent, one function for each line of the grammar, over atoms that
 * query_lex.h delimits.  It goes over a line twice, first to measure and then to parse: what is
 * left open has to be reported before any other error, and what is measured is allocated once and
 * never grows.  Rejected: a table-driven parser, which cannot say "empty term" where a person
 * would; growing arrays, whose worst case would be the bound on memory.
 *
 * A tree is an array of nodes that refer to each other by number: 2 bytes instead of 8, nothing to
 * free one by one, and the numbers are the order in which terms were typed, which remains known
 * when the plan sorts them.
 */
#ifndef UNICODE_QUERY_H
#define UNICODE_QUERY_H

#include "unicode/search.h"

enum {
    QUERY_ATOMS = 64,       /* in one query: bounds the work for one character */
    QUERY_LEVELS = 8,       /* of brackets: bounds the recursion of parser and evaluator */
    QUERY_LINE_BYTES = 4096 /* of a query that is not plain words: bounds its plan, see plan.h */
};

enum query_kind {
    QUERY_NOTHING, /* holds nowhere: what is left of "(-)" */
    QUERY_ALL,     /* every child */
    QUERY_ANY,     /* at least one child */
    QUERY_NOT,     /* not the one child, on any label */
    QUERY_WORD,    /* text: upper case, with hyphens between its parts */
    QUERY_PATTERN, /* the same with "*" and "?" */
    QUERY_PHRASE,  /* text: upper case, white space runs made one space */
    QUERY_VALUES,  /* property: low … high of one table */
    QUERY_RANGES   /* runs of code points, as typed: in any order, may overlap */
};

struct query_node {
    uint8_t kind;              /* enum query_kind */
    bool excluded;             /* stands somewhere below a NOT; set by facts_take() */
    bool also;                 /* RANGES: one character whose upper case is a word, which the answer mentions */
    uint16_t next, child;      /* node numbers, 0: none */
    uint32_t typed, typed_len; /* where in query.line */
    union {
        struct {
            uint32_t at, len; /* in query.text */
        } text;
        struct {
            uint16_t table, low, high; /* enum props_table */
        } values;
        struct {
            uint32_t at, count; /* in query.range */
        } ranges;
    };
};

struct query {
    char *line; /* as typed, stripped; copied */
    size_t line_len;
    struct query_node *node; /* node 0 is not used */
    struct index_run *range;
    char *text;
    uint16_t nodes, root;
    uint32_t ranges, text_len;
    uint16_t nodes_max; /* what each has room for: appends are checked against it */
    uint32_t ranges_max, text_max;
    size_t bytes; /* of line, nodes, ranges and text, each an allocation of its own */
};

/* Parses a line of valid UTF-8.  SEARCH_OPENED: free it with query_free(); else nothing is held.
 * Cost: two passes over the line, four allocations. */
enum search_result query_parse(struct query *q, const char *text, size_t len, struct search_error *error);
void query_free(struct query *q);
/* Whether the line has more atoms or bytes than a query may, for lines of plain words, which are
 * never parsed: SEARCH_OPENED or SEARCH_ILL_FORMED. */
enum search_result query_measure(const char *text, size_t len, struct search_error *error);

/* ---- the pieces, for directives and tests ---- */

enum {
    QUERY_FORM_POINTS = 2 /* some of HTML's names stand for two */
};

/* What a code point form stands for. */
struct query_form {
    uint32_t codepoint[QUERY_FORM_POINTS];
    unsigned count;
};

/* True when text begins like a code point form: U+, 0x, & and # or a letter, % and a hex digit, or
 * an escape. */
bool query_starts_codepoint(const char *text, size_t len);
/* True for a backslash and what makes it an escape: N{, u{, x{, or the digits of \u, \U, \x (not
 * \upsilon, \xi). */
bool query_starts_escape(const char *text, size_t len);
/* Reads the form at the start of text: the bytes it takes, or 0 with error set.  Everything that
 * takes a code point takes them all:
 *
 *     U+265A  0x265A                        1 to 8 hex digits
 *     \u265A  \U0001F431  \u{265A}  \x{265A}
 *     \N{BLACK CHESS KING}  \N{U+265A}      a name or formal alias (as query_forms.h says)
 *     &#9818;  &#x265A;  &rarr;             HTML
 *     %E2%99%9A  \xE2\x99\x9A               the bytes of one UTF-8 character
 *     \uD83D\uDC31  &#55357;&#56369;        a surrogate pair, in whatever forms
 */
size_t query_form(const char *text, size_t len, struct query_form *form, struct search_error *error);
/* The same for one code point: 0 also for a form that stands for two, *why says what is wrong. */
size_t query_codepoint(const char *text, size_t len, uint32_t *codepoint, const char **why);
/* All of text is one code point or "A..B": any of the forms, bare hex digits, or a character
 * outside ASCII. */
bool query_range(const char *text, size_t len, struct index_run *range, struct search_error *error);
/* 1 to 8 hex digits at the start of text; returns how many digits, 0 when none or more than max. */
size_t query_hex(const char *text, size_t len, size_t max, uint32_t *value);

/* error->text becomes: what, then the part as quote_text() shows it, in quotes and cut so that help
 * has room (part NULL: what alone). */
void query_error(struct search_error *error, const char *what, const char *part, size_t len);
/* The same: unknown NOUN "PART". */
void query_error_unknown(struct search_error *error, const char *noun, const char *part, size_t len);
/* Appends to error->text, whole or, where there is no room, not at all. */
void query_error_help(struct search_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One property atom: key:value, both as typed, the value without its quotes.  Fills *node (VALUES,
 * or RANGES with *range).  SEARCH_OPENED or SEARCH_ILL_FORMED. */
enum search_result query_property(struct query_node *node, struct index_run *range, const char *key, size_t key_len,
                                  const char *value, size_t value_len, struct search_error *error);

#endif
