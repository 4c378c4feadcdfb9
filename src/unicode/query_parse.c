/* The grammar of the query language: recursive descent from a line to a tree. */
#include "query_tree.h"
#include "unicode/text.h"

#include <stdio.h>
#include <string.h>

enum {
    FAILED = 0,           /* node number of nothing: the error is set */
    DROPPED = UINT16_MAX, /* an atom of hyphens alone */
    NAMES = 32            /* looked up for one query: the most expensive takes some 40 us */
};

struct parser {
    const char *at, *end;
    unsigned depth; /* of brackets */
    struct query *query;
    struct search_error *error;
    unsigned names;            /* of characters, looked up so far: bounds the time they take */
    enum search_result result; /* what a failure is */
};

static uint16_t fail(struct parser *p, const char *what, const char *part, size_t len)
{
    query_error(p->error, what, part, len);
    return FAILED;
}

/* The tree has no room: measuring and parsing disagree, which is a fault of this program and not of
 * the query. */
static uint16_t fail_full(struct parser *p)
{
    return fail(p, "query too complex for this server, please report it", p->query->line, p->query->line_len);
}

static uint16_t new_node(struct parser *p, enum query_kind kind)
{
    uint16_t number = tree_add(p->query, kind);
    return number == TREE_FULL ? fail_full(p) : number;
}

static uint16_t atom_node(struct parser *p, enum query_kind kind, const struct query_atom *atom)
{
    uint16_t number = new_node(p, kind);
    if (!number)
        return FAILED;
    p->query->node[number].typed = (uint32_t)(atom->text - p->query->line);
    p->query->node[number].typed_len = (uint32_t)atom->len;
    return number;
}

/* ---- atoms ---- */

static bool add_range(struct parser *p, uint32_t first, uint32_t last)
{
    return tree_add_range(p->query, first, last) || fail_full(p) != FAILED;
}

static uint16_t ranges_node(struct parser *p, const struct query_atom *atom, uint32_t before)
{
    uint16_t number = atom_node(p, QUERY_RANGES, atom);
    if (!number)
        return FAILED;
    p->query->node[number].ranges.at = before;
    p->query->node[number].ranges.count = p->query->ranges - before;
    return number;
}

/* The form at the start of text: the bytes it takes, or 0. */
static size_t add_form(struct parser *p, const char *text, size_t len)
{
    struct query_form form;
    if (text[0] == '\\' && text[1] == 'N' && p->names++ == NAMES)
        return fail(p, "more than 32 names of characters", NULL, 0);
    size_t taken = query_form(text, len, &form, p->error);
    for (unsigned i = 0; taken && i < form.count; i++)
        if (!add_range(p, form.codepoint[i], form.codepoint[i]))
            return 0;
    return taken;
}

/* One character as typed, or punctuation behind a backslash: the bytes, or 0. */
static size_t add_character(struct parser *p, const char *text, size_t len)
{
    uint32_t c;
    bool escape = *text == '\\';
    if (escape && !lex_is_punctuation(text + 1, len - 1)) {
        fail(p, "a backslash stands before punctuation or begins \\u265A, \\x{265A}, \\N{NAME}", text, len);
        return 0;
    }
    size_t bytes = text_decode(text + escape, len - escape, &c);
    return add_range(p, c, c) ? escape + bytes : 0;
}

/* Characters as typed and escapes among them. */
static uint16_t parse_characters(struct parser *p, const struct query_atom *atom)
{
    uint32_t before = p->query->ranges;
    for (size_t at = 0, bytes; at < atom->len; at += bytes) {
        const char *text = atom->text + at;
        size_t len = atom->len - at;
        bytes = query_starts_escape(text, len) ? add_form(p, text, len) : add_character(p, text, len);
        if (!bytes)
            return FAILED;
    }
    return ranges_node(p, atom, before);
}

/* "U+2654..U+265F" */
static uint16_t parse_range(struct parser *p, const struct query_atom *atom)
{
    struct index_run run;
    uint32_t before = p->query->ranges;
    if (!query_range(atom->text, atom->len, &run, p->error) || !add_range(p, run.first, run.end - 1))
        return FAILED;
    return ranges_node(p, atom, before);
}

/* Forms that follow each other, and escaped punctuation among them; or a range. */
static uint16_t parse_codepoints(struct parser *p, const struct query_atom *atom)
{
    uint32_t before = p->query->ranges;
    for (size_t at = 0, bytes; at < atom->len; at += bytes) {
        const char *text = atom->text + at;
        size_t len = atom->len - at;
        bool form = query_starts_codepoint(text, len);
        if (at > 0 && len > 2 && text[0] == '.' && text[1] == '.' && p->query->ranges == before + 1) {
            p->query->ranges = before;
            return parse_range(p, atom);
        }
        if (!form && *text != '\\')
            return fail(p, "not a code point", atom->text, atom->len);
        bytes = form ? add_form(p, text, len) : add_character(p, text, len);
        if (!bytes)
            return FAILED;
    }
    return ranges_node(p, atom, before);
}

static bool only_hyphens(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] != '-')
            return false;
    return true;
}

/* Upper case of text into out, which has room for it: its length, or SIZE_MAX. */
static size_t write_upper(const char *text, size_t len, char *out)
{
    size_t ascii = 0;
    for (; ascii < len && (unsigned char)text[ascii] < 0x80; ascii++)
        out[ascii] = text[ascii] >= 'a' && text[ascii] <= 'z' ? (char)(text[ascii] - 0x20) : text[ascii];
    return ascii == len ? len : text_upper(text, len, out, 3 * len);
}

static uint16_t text_node(struct parser *p, const struct query_atom *atom, enum query_kind kind, size_t len)
{
    uint16_t number = atom_node(p, kind, atom);
    if (!number)
        return FAILED;
    p->query->node[number].text.at = p->query->text_len;
    p->query->node[number].text.len = (uint32_t)len;
    p->query->text_len += (uint32_t)len;
    return number;
}

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

/* A character outside ASCII typed alone is that character, even if it upper-cases to letters of
 * ASCII; in longer atoms such a character reads as these letters. */
static bool is_single_character(const struct query_atom *atom)
{
    uint32_t c;
    return atom->non_ascii && text_decode(atom->text, atom->len, &c) == atom->len;
}

static uint16_t parse_words(struct parser *p, const struct query_atom *atom)
{
    if (only_hyphens(atom->text, atom->len))
        return DROPPED;
    char *out = tree_text(p->query, lex_upper_bytes(atom));
    if (!out)
        return fail_full(p);
    size_t len = write_upper(atom->text, atom->len, out);
    if (len == SIZE_MAX) {
        p->result = SEARCH_NO_MEMORY;
        return FAILED;
    }
    if (!is_ascii(out, len))
        return parse_characters(p, atom);
    uint16_t number;
    if (is_single_character(atom)) {
        number = parse_characters(p, atom);
        p->query->node[number].also = true;
    } else {
        number = text_node(p, atom, atom->pattern ? QUERY_PATTERN : QUERY_WORD, len);
    }
    return number;
}

/* Runs of white space become one space, those at the edges go. */
static uint16_t parse_phrase(struct parser *p, const struct query_atom *atom)
{
    const char *text = atom->text + 1;
    size_t len = atom->len - 2, used = 0;
    char *out = tree_text(p->query, len);
    if (!out)
        return fail_full(p);
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] >= 0x80)
            return fail(p, "only ASCII in a phrase", atom->text, atom->len);
        if (memchr("*?\\", text[i], 3))
            return fail(p, "no patterns and no escapes in a phrase", atom->text, atom->len);
        char c = text[i] <= ' ' || text[i] == 0x7F ? ' ' : text[i];
        if (c != ' ' || (used && out[used - 1] != ' '))
            out[used++] = c >= 'a' && c <= 'z' ? (char)(c - 0x20) : c;
    }
    used -= used && out[used - 1] == ' ';
    if (!used)
        return fail(p, "empty term", atom->text, atom->len);
    for (size_t i = 0; i < used; i++)
        if (out[i] != ' ' && out[i] != '-')
            return text_node(p, atom, QUERY_PHRASE, used);
    return DROPPED;
}

static uint16_t parse_property(struct parser *p, const struct query_atom *atom)
{
    struct query *q = p->query;
    const char *value = atom->text + atom->colon + 1;
    size_t value_len = atom->len - atom->colon - 1;
    struct query_node node = {0};
    struct index_run run;
    if (atom->quoted) {
        value++;
        value_len -= 2;
    }
    if (query_property(&node, &run, atom->text, atom->colon, value, value_len, p->error) != SEARCH_OPENED)
        return FAILED;
    if (node.kind == QUERY_RANGES) {
        uint32_t before = q->ranges;
        return add_range(p, run.first, run.end - 1) ? ranges_node(p, atom, before) : FAILED;
    }
    uint16_t number = atom_node(p, QUERY_VALUES, atom);
    if (!number)
        return FAILED;
    q->node[number].values = node.values;
    return number;
}

static uint16_t parse_atom(struct parser *p)
{
    struct query_atom atom;
    lex_atom(p->at, (size_t)(p->end - p->at), &atom);
    p->at += atom.len;
    bool follows = p->at < p->end && !text_space(p->at, (size_t)(p->end - p->at)) && *p->at != '|' && *p->at != ')';
    if (atom.quoted && follows)
        return fail(p, "after a closing quote comes a space, \"|\" or \")\"", atom.text, (size_t)(p->end - atom.text));
    if (atom.text[0] == '"')
        return parse_phrase(p, &atom);
    if (query_starts_codepoint(atom.text, atom.len))
        return parse_codepoints(p, &atom);
    if (atom.colon != SIZE_MAX)
        return parse_property(p, &atom);
    return atom.escaped ? parse_characters(p, &atom) : parse_words(p, &atom);
}

/* ---- terms ---- */

static void skip_space(struct parser *p)
{
    size_t bytes;
    while ((bytes = text_space(p->at, (size_t)(p->end - p->at))) > 0)
        p->at += bytes;
}

static bool at_mark(const struct parser *p, char mark)
{
    return p->at < p->end && *p->at == mark;
}

/* True where no term can begin. */
static bool at_term_end(const struct parser *p)
{
    return p->at == p->end || *p->at == '|' || *p->at == ')' || text_space(p->at, (size_t)(p->end - p->at)) > 0;
}

/* A node of this kind over a list of children; over a single one, that one. */
static uint16_t parent(struct parser *p, enum query_kind kind, uint16_t first)
{
    if (kind != QUERY_NOT && !p->query->node[first].next)
        return first;
    uint16_t number = new_node(p, kind);
    if (!number)
        return FAILED;
    p->query->node[number].child = first;
    return number;
}

static void set_typed(struct parser *p, uint16_t number, const char *from, const char *to)
{
    p->query->node[number].typed = (uint32_t)(from - p->query->line);
    p->query->node[number].typed_len = (uint32_t)(to - from);
}

static uint16_t parse_query(struct parser *p);

static uint16_t parse_group(struct parser *p)
{
    const char *from = p->at++;
    if (p->depth == QUERY_LEVELS)
        return fail(p, "more than 8 levels of brackets", from, (size_t)(p->end - from));
    skip_space(p);
    if (at_mark(p, ')'))
        return fail(p, "nothing in the brackets", from, (size_t)(p->at + 1 - from));
    p->depth++;
    uint16_t nodes = p->query->nodes, number = parse_query(p);
    if (!number)
        return FAILED;
    p->depth--;
    p->at++; /* the bracket is there: lex_measure() has seen it */
    if (number >= nodes && (p->query->node[number].child || p->query->node[number].kind == QUERY_NOTHING))
        set_typed(p, number, from, p->at);
    if (!at_term_end(p))
        return fail(p, "after a closing bracket comes a space, \"|\" or \")\"", from, (size_t)(p->end - from));
    return number;
}

static uint16_t parse_item(struct parser *p, const char *choice)
{
    if (at_term_end(p))
        return fail(p, "empty term", choice, (size_t)(p->at - choice) + (p->at < p->end));
    return *p->at == '(' ? parse_group(p) : parse_atom(p);
}

/* Steps over a "|" and the spaces around it; stays where none follows. */
static bool accept_bar(struct parser *p)
{
    const char *before = p->at;
    skip_space(p);
    if (!at_mark(p, '|')) {
        p->at = before;
        return false;
    }
    p->at++;
    skip_space(p);
    return true;
}

static uint16_t parse_choice(struct parser *p)
{
    const char *from = p->at;
    bool not = at_mark(p, '!');
    bool bar = false;
    uint16_t first = 0, last = 0;
    p->at += not ;
    do {
        if (at_mark(p, '!'))
            return fail(p, "\"!\" only stands before a whole choice (use brackets)", from, (size_t)(p->end - from));
        uint16_t item = parse_item(p, from);
        if (!item)
            return FAILED;
        bool more = accept_bar(p);
        if (item == DROPPED && (not || bar || more))
            return fail(p, "empty term", from, (size_t)(p->at - from));
        if (item == DROPPED)
            return DROPPED;
        if (last)
            p->query->node[last].next = item;
        first = first ? first : item;
        last = item;
        bar = more;
    } while (bar);
    uint16_t nodes = p->query->nodes;
    first = parent(p, QUERY_ANY, first);
    uint16_t number = not &&first ? parent(p, QUERY_NOT, first) : first;
    if (number >= nodes) /* joins what was typed from here to there: for notes about it */
        set_typed(p, number, from, p->at);
    return number;
}

static uint16_t parse_query(struct parser *p)
{
    uint16_t first = 0, last = 0;
    for (skip_space(p); p->at < p->end; skip_space(p)) {
        if (*p->at == ')') {
            if (p->depth)
                break;
            return fail(p, "no bracket is open here", p->at, (size_t)(p->end - p->at));
        }
        uint16_t choice = parse_choice(p);
        if (!choice)
            return FAILED;
        if (choice == DROPPED)
            continue;
        if (last)
            p->query->node[last].next = choice;
        first = first ? first : choice;
        last = choice;
    }
    return first ? parent(p, QUERY_ALL, first) : new_node(p, QUERY_NOTHING);
}

/* ---- the whole ---- */

/* What is left open is told before anything else, so that a forgotten quote is not called an empty
 * term: that is why the line is measured as a whole before it is parsed, and what it measures sizes
 * the tree. */
static enum search_result measure(const char *text, size_t len, struct query_size *size, struct search_error *error)
{
    if (!lex_measure(text, len, size, error))
        return SEARCH_ILL_FORMED;
    if (len <= QUERY_LINE_BYTES && size->atoms <= QUERY_ATOMS)
        return SEARCH_OPENED;
    query_error(error, len > QUERY_LINE_BYTES ? "query too long (limit 4096 bytes)" : "more than 64 atoms", NULL, 0);
    return SEARCH_ILL_FORMED;
}

enum search_result query_measure(const char *text, size_t len, struct search_error *error)
{
    struct query_size size;
    return measure(text, len, &size, error);
}

enum search_result query_parse(struct query *q, const char *text, size_t len, struct search_error *error)
{
    struct query_size size;
    text_strip(&text, &len);
    if (measure(text, len, &size, error) != SEARCH_OPENED)
        return SEARCH_ILL_FORMED;
    if (!tree_start(q, &size, text, len))
        return SEARCH_NO_MEMORY;
    struct parser p = {q->line, q->line + len, 0, q, error, 0, SEARCH_ILL_FORMED};
    q->root = parse_query(&p);
    if (q->root)
        return SEARCH_OPENED;
    query_free(q);
    return p.result;
}
