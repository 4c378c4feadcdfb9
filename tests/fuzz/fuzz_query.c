/* fuzz_query: random queries against a naive evaluator.
 *
 * The input is a stream of choices from which a tree of terms is made.  Written down as a query the tree goes through
 * parser and index; the tree itself is evaluated the slow and obvious way, by walking characters and testing each term
 * on each of their names.  Both have to find the same characters with the same alias.  The raw input is tried as a
 * query as well, and so is a line spelt by it, a byte a piece, from a table of what is dear or easily misread: they may
 * be ill-formed, but may not crash, go on for ever, ask for more room than was measured, or be told so in words that
 * are no line of UTF-8.
 */
#include "../../src/unicode/query_tree.h"
#include "unicode/props.h"
#include "unicode/search.h"
#include "unicode/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_NODES = 1 + 3 + 9 + 27, /* three levels of three children */
    MOST_NAMES = 8,              /* long forms in a query, which may not get too long */
    QUERY_BYTES = 2048,
    CHARACTERS = 200, /* walked by the naive evaluator for each query */
    MOST_LABELS = 32
};

enum kind {
    ALL,
    ANY,
    NOT,
    WORD,
    PATTERN,
    PHRASE,
    CATEGORY,
    RANGE,
    KINDS
};

struct term {
    enum kind kind;
    struct term *child[3];
    unsigned children;
    char text[64];
    uint32_t first, last;
};

static const uint8_t *input;
static size_t input_len;
static uint64_t generator;
static struct term pool[MOST_NODES];
static unsigned terms, names;
static char query[QUERY_BYTES];

/* The next choice: of the input, then of a generator that the input has seeded, so that a short input makes a
 * long query as well. */
static unsigned choose(unsigned n)
{
    if (input_len) {
        input_len--;
        generator = generator * 31 + *input;
        return *input++ % n;
    }
    generator = generator * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(generator >> 33) % n;
}

/* ---- making a tree ---- */

static const struct index *ix;

/* A label of some character: names and aliases make the words of queries. */
static const char *some_label(size_t *len)
{
    uint32_t n = choose(256) << 16 | choose(256) << 8 | choose(256);
    if (index_alias_count(ix) && n % 3 == 0)
        return index_alias(ix, n % index_alias_count(ix), len);
    return index_name(ix, n % index_count(ix), len);
}

static void some_word(char *out, size_t words)
{
    size_t len, at = 0, used = 0;
    const char *label = some_label(&len);
    for (unsigned skip = choose(3); skip > 0 && at < len; at++)
        skip -= label[at] == ' ';
    while (at < len && used < 40 && words > 0) {
        words -= (label[at] == ' ' || label[at] == '-') && used > 0;
        if (words > 0)
            out[used++] = label[at];
        at++;
    }
    while (used && (out[used - 1] == ' ' || out[used - 1] == '-'))
        used--;
    out[used] = '\0';
    if (!used)
        strcpy(out, "LETTER");
}

static void make_pattern(char *text)
{
    for (char *p = text; *p; p++)
        if (choose(4) == 0)
            *p = choose(2) ? '*' : '?';
    if (!strpbrk(text, "*?"))
        strcat(text, "*");
}

static struct term *make(unsigned depth, bool may_exclude)
{
    struct term *t = &pool[terms++];
    *t = (struct term){.kind = (enum kind)choose(KINDS)};
    if ((t->kind <= NOT && depth == 0) || (t->kind == NOT && !may_exclude))
        t->kind = WORD;
    switch (t->kind) {
    case ALL:
    case ANY:
        for (t->children = 0; t->children < 2 + choose(2); t->children++)
            t->child[t->children] = make(depth - 1, t->kind == ALL);
        break;
    case NOT: t->child[t->children++] = make(depth - 1, false); break;
    case WORD: some_word(t->text, 1); break;
    case PATTERN:
        some_word(t->text, 1);
        make_pattern(t->text);
        break;
    case PHRASE: some_word(t->text, 2 + choose(2)); break;
    case CATEGORY: snprintf(t->text, sizeof t->text, "%s", choose(2) ? "Lo" : "S"); break;
    case RANGE:
        t->first = choose(256) << 8 | choose(256);
        t->last = choose(2) ? t->first : t->first + (choose(256) << 4);
        break;
    case KINDS: break;
    }
    return t;
}

/* ---- writing it down ---- */

static void put(const char *text)
{
    size_t used = strlen(query);
    snprintf(query + used, sizeof query - used, "%s", text);
}

/* A code point in one of the forms that take any. */
static void put_point(uint32_t c)
{
    char text[160];
    size_t len;
    uint32_t ordinal = index_ordinal(ix, c);
    const char *name = ordinal == INDEX_NONE ? "" : index_name(ix, ordinal, &len);
    switch (choose(7)) {
    case 0: snprintf(text, sizeof text, "0x%x", c); break;
    case 1: snprintf(text, sizeof text, "\\u{%X}", c); break;
    case 2: snprintf(text, sizeof text, "\\x{%x}", c); break;
    case 3: snprintf(text, sizeof text, "&#%u;", c); break;
    case 4: snprintf(text, sizeof text, "\\U%08X", c); break;
    case 5:
        if (*name && names < MOST_NAMES) {
            names++;
            snprintf(text, sizeof text, "\\N{%.*s}", (int)len, name);
            break;
        }
        /* fall through */
    default: snprintf(text, sizeof text, "U+%04X", c); break;
    }
    put(text);
}

static void put_range(const struct term *t)
{
    put_point(t->first);
    if (t->last == t->first && choose(2))
        return;
    put("..");
    put_point(t->last);
}

static void write_term(const struct term *t, bool inside)
{
    char text[80];
    switch (t->kind) {
    case ALL:
    case ANY:
        put(inside ? "(" : "");
        for (unsigned i = 0; i < t->children; i++) {
            put(i == 0 ? "" : t->kind == ALL ? " " : choose(2) ? "|" : " | ");
            write_term(t->child[i], true);
        }
        put(inside ? ")" : "");
        return;
    case NOT:
        put("!");
        write_term(t->child[0], true);
        return;
    case PHRASE: snprintf(text, sizeof text, "\"%s\"", t->text); break;
    case CATEGORY: snprintf(text, sizeof text, "gc:%s", t->text); break;
    case RANGE: put_range(t); return;
    default: snprintf(text, sizeof text, "%s", t->text); break;
    }
    if (choose(2))
        for (char *p = text; *p; p++)
            *p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 0x20) : *p;
    put(text);
}

/* ---- the naive evaluator ---- */

static bool is_end(char c)
{
    return c == '\0' || c == ' ' || c == '-';
}

static bool glob(const char *pattern, const char *word)
{
    if (is_end(*pattern))
        return is_end(*word);
    if (*pattern == '*')
        return glob(pattern + 1, word) || (!is_end(*word) && glob(pattern, word + 1));
    return !is_end(*word) && (*pattern == '?' || *pattern == *word) && glob(pattern + 1, word + 1);
}

static const char *next_word(const char *text)
{
    while (!is_end(*text))
        text++;
    while (*text == ' ' || *text == '-')
        text++;
    return text;
}

static bool some_word_fits(const char *pattern, const char *label)
{
    for (; *label; label = next_word(label))
        if (!is_end(*label) && glob(pattern, label))
            return true;
    return false;
}

/* The phrases made here have no hyphen that must stand but where the name has " -" or "- ". */
static bool phrase_at(const char *phrase, const char *label)
{
    for (;;) {
        while (!is_end(*phrase) && *phrase == *label) {
            phrase++;
            label++;
        }
        if (!is_end(*phrase) || !is_end(*label))
            return false;
        if (!*phrase)
            return true;
        size_t gap = strspn(phrase, " -"), label_gap = strspn(label, " -");
        if (gap > 1 && (gap != label_gap || memcmp(phrase, label, gap) != 0))
            return false;
        if (!label_gap)
            return false;
        phrase += gap;
        label += label_gap;
    }
}

static bool has_phrase(const char *phrase, const char *label)
{
    for (; *label; label = next_word(label))
        if (phrase_at(phrase, label))
            return true;
    return false;
}

struct character {
    uint32_t codepoint;
    char label[MOST_LABELS][160]; /* the name, empty for a control, then the aliases */
    unsigned labels;
};

static bool holds(const struct term *t, const struct character *c, const char *label);

static bool holds_on_any(const struct term *t, const struct character *c)
{
    for (unsigned i = 0; i < c->labels; i++)
        if (holds(t, c, c->label[i]))
            return true;
    return false;
}

static bool holds(const struct term *t, const struct character *c, const char *label)
{
    switch (t->kind) {
    case ALL:
        for (unsigned i = 0; i < t->children; i++)
            if (!holds(t->child[i], c, label))
                return false;
        return true;
    case ANY:
        for (unsigned i = 0; i < t->children; i++)
            if (holds(t->child[i], c, label))
                return true;
        return false;
    case NOT: return !holds_on_any(t->child[0], c);
    case WORD:
    case PATTERN: return some_word_fits(t->text, label);
    case PHRASE: return has_phrase(t->text, label);
    case CATEGORY: {
        const char *category = props_short(PROPS_CATEGORY, props_get(PROPS_CATEGORY, c->codepoint));
        return strncmp(category, t->text, strlen(t->text)) == 0;
    }
    case RANGE: return c->codepoint >= t->first && c->codepoint <= t->last;
    case KINDS: break;
    }
    return false;
}

static void get_character(uint32_t ordinal, struct character *c)
{
    size_t len;
    const char *name = index_name(ix, ordinal, &len);
    struct index_run aliases = index_aliases_of(ix, ordinal);
    c->codepoint = index_codepoint(ix, ordinal);
    snprintf(c->label[0], sizeof c->label[0], "%.*s", index_is_control(ix, ordinal) ? 0 : (int)len, name);
    c->labels = 1;
    for (uint32_t a = aliases.first; a < aliases.end; a++, c->labels++) {
        const char *alias = index_alias(ix, a, &len);
        snprintf(c->label[c->labels], sizeof c->label[0], "%.*s", (int)len, alias);
    }
}

/* 0: no match; 1: by name; else the number of the label. */
static unsigned naive(const struct term *t, uint32_t ordinal)
{
    static struct character c;
    get_character(ordinal, &c);
    for (unsigned i = 0; i < c.labels; i++)
        if (holds(t, &c, c.label[i]))
            return i + 1;
    return 0;
}

/* ---- the real one ---- */

static unsigned char *found; /* by ordinal, as naive() */

static void mark(const struct search_run *run)
{
    if (run->alias) {
        uint32_t ordinal = index_alias_ordinal(ix, run->first);
        found[ordinal] = (unsigned char)(2 + run->first - index_aliases_of(ix, ordinal).first);
        return;
    }
    memset(found + run->first, 1, run->count);
}

static void expect(bool truth, const char *what)
{
    if (truth)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void check_error(const struct search_error *error)
{
    size_t len = strnlen(error->text, sizeof error->text);
    expect(len > 0 && len < sizeof error->text, "an error of no length");
    expect(text_is_utf8(error->text, len), "an error cut inside a character");
    for (size_t i = 0; i < len; i++)
        expect((unsigned char)error->text[i] >= ' ' && error->text[i] != 0x7F, "a control in an error");
}

/* False when the text is ill-formed. */
static bool search(const char *text, size_t len)
{
    struct search s;
    struct search_run run;
    struct search_error error;
    enum search_result result = search_open(&s, ix, SEARCH_DEFAULT, text, len, &error);
    expect(tree_refused() == 0, "measured too little");
    if (result == SEARCH_ILL_FORMED)
        check_error(&error);
    if (result != SEARCH_OPENED)
        return false;
    if (search_bytes(&s) > 80 * 1024)
        abort();
    for (enum search_step step; (step = search_next(&s, 4096, &run)) != SEARCH_END;)
        if (step == SEARCH_RUN)
            mark(&run);
    search_close(&s);
    return true;
}

static void compare(const struct term *t, uint32_t ordinal)
{
    unsigned expected = naive(t, ordinal);
    if (expected == found[ordinal])
        return;
    fprintf(stderr, "query %s\nU+%04X: %u found, %u expected\n", query, index_codepoint(ix, ordinal), found[ordinal],
            expected);
    abort();
}

/* Where to compare: around a character with aliases, or anywhere. */
static uint32_t some_ordinal(void)
{
    uint32_t n = choose(256) << 16 | choose(256) << 8 | choose(256);
    if (index_alias_count(ix) && n % 2 == 0)
        return index_alias_ordinal(ix, n / 2 % index_alias_count(ix));
    return n % index_count(ix);
}

/* Most queries are confined to the characters compared, so that many of them can be tried. */
static void write_query(const struct term *t, uint32_t first, uint32_t end)
{
    char window[40] = "";
    if (choose(16) != 1)
        snprintf(window, sizeof window, "in:%X..%X ", index_codepoint(ix, first), index_codepoint(ix, end - 1));
    query[0] = '\0';
    put(window);
    write_term(t, *window || choose(2));
}

static const char *const pieces[] = {
    " ",
    "\t",
    "|",
    "!",
    "(",
    ")",
    "\"",
    ":",
    "*",
    "?",
    "-",
    "..",
    "\\",
    "\\(",
    "\\u",
    "\\u{",
    "\\U",
    "\\x",
    "\\x{",
    "\\N{",
    "}",
    "&",
    "&#",
    "&#x",
    ";",
    "%",
    "U+",
    "u+",
    "0x",
    "\\uD83D",
    "\\uDC31",
    "265A",
    "2654",
    "110000",
    "E2",
    "99",
    "9A",
    "D83D",
    "DC31",
    "&rarr;",
    "&fjlig;",
    "&rar;",
    "&#55357;",
    "&#56369;",
    "\\xE2\\x99\\x9A",
    "%E2%99%9A",
    "\\N{CAT FACE}",
    "in:",
    "blk:",
    "gc:",
    "age:",
    "is:",
    "sc:",
    "cat",
    "face",
    "CJK",
    "a",
    "\xC3\xA0",
    "\xE8\xA3\x85",
    "\xF0\xA0\x80\x81",
    "\xC3\x9F",
    "\xC4\xB1",
    "\xC2\xA0",
    "\xE2\x80\x8B",
    "\xC2\x85",
    "\xCC\x81",
    "\xE2\x80\x9C",
    "\xE2\x80\x9D",
    "<",
    ">=",
    "14.0",
    "_",
};

/* A line spelt by the input. */
static size_t spell(const uint8_t *data, size_t size, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < size; i++) {
        const char *piece = pieces[data[i] % (sizeof pieces / sizeof *pieces)];
        size_t piece_len = strlen(piece);
        if (len + piece_len > QUERY_BYTES)
            break;
        memcpy(out + len, piece, piece_len);
        len += piece_len;
    }
    return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ix = index_builtin();
    if (!found)
        found = malloc(index_count(ix));
    if (!found || size > QUERY_BYTES)
        return 0;
    if (text_is_utf8((const char *)data, size))
        search((const char *)data, size);
    search(query, spell(data, size, query));
    input = data;
    input_len = size;
    terms = names = 0;
    generator = 1;
    uint32_t first = some_ordinal(), count = index_count(ix);
    uint32_t end = first + CHARACTERS < count ? first + CHARACTERS : count;
    struct term *t = make(3, true);
    write_query(t, first, end);
    memset(found + first, 0, end - first);
    if (!search(query, strlen(query))) {
        fprintf(stderr, "refused: %s\n", query);
        abort();
    }
    for (uint32_t i = first; i < end; i++)
        compare(t, i);
    return 0;
}
