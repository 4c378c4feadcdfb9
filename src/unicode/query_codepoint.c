/* Code points as people have them on the clipboard, see query_form() in unicode/query.h.
 *
 * Whether something is a form is decided by how it begins (query_starts_codepoint()) and not by
 * whether it parses: what begins like one and is none is an error that says how the form goes on,
 * where reading it as a word would find nothing and explain nothing.  Only the backslash is told
 * apart by what follows its digits, because \upsilon and \xi are commands of LaTeX. */
#include "query_forms.h"
#include "unicode/text.h"

#include <string.h>

enum {
    LAST_CODEPOINT = 0x10FFFF,
    HEX_DIGITS = 8 /* as many as \U takes; more are a mistake */
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

size_t query_hex(const char *text, size_t len, size_t max, uint32_t *value)
{
    size_t digits = 0;
    *value = 0;
    for (; digits < len && hex_digit(text[digits]) >= 0; digits++) {
        if (digits == max)
            return 0;
        *value = *value << 4 | (uint32_t)hex_digit(text[digits]);
    }
    return digits;
}

static size_t decimal(const char *text, size_t len, uint32_t *value)
{
    size_t digits = 0;
    *value = 0;
    for (; digits < len && is_digit(text[digits]); digits++) {
        if (digits == HEX_DIGITS)
            return 0;
        *value = *value * 10 + (uint32_t)(text[digits] - '0');
    }
    return digits;
}

/* ---- where forms begin ---- */

/* How many hex digits stand at the start of text, and whether a letter or digit that is none
 * follows them. */
static size_t hex_run(const char *text, size_t len, bool *more)
{
    size_t digits = 0;
    while (digits < len && hex_digit(text[digits]) >= 0)
        digits++;
    *more = digits < len && is_letter(text[digits]);
    return digits;
}

/* How many hex digits the escapes without braces take; 0: no such escape. */
static size_t escape_digits(char letter)
{
    return letter == 'u' ? 4 : letter == 'U' ? 8 : letter == 'x' ? 2 : 0;
}

bool query_starts_escape(const char *text, size_t len)
{
    if (len < 2 || text[0] != '\\')
        return false;
    size_t wanted = escape_digits(text[1]);
    if (len > 2 && text[2] == '{')
        return text[1] == 'u' || text[1] == 'x' || text[1] == 'N';
    bool more;
    size_t digits = wanted ? hex_run(text + 2, len - 2, &more) : 0;
    return digits && (digits >= wanted || !more); /* "\ubar" and "\xalpha" are letters, "\u26" is a slip */
}

bool query_starts_codepoint(const char *text, size_t len)
{
    if (len < 2)
        return false;
    switch (text[0]) {
    case 'U':
    case 'u': return text[1] == '+';
    case '0': return text[1] == 'x' || text[1] == 'X';
    case '\\': return query_starts_escape(text, len);
    case '&': return text[1] == '#' || is_letter(text[1]);
    case '%': return hex_digit(text[1]) >= 0;
    default: return false;
    }
}

/* ---- one form ----
 * Each returns the bytes taken, or 0 with *help set where there is something to say. */

/* What follows "U+" or "0x". */
static size_t plus_form(const char *text, size_t len, uint32_t *c, const char **help)
{
    bool more;
    size_t digits = query_hex(text + 2, len - 2, HEX_DIGITS, c);
    if (hex_run(text + 2, len - 2, &more) > HEX_DIGITS)
        *help = "at most 8 hex digits";
    return digits ? 2 + digits : 0;
}

/* "\x{265A}", "\u{265A}": from the brace on. */
static size_t braces_form(const char *text, size_t len, uint32_t *c, const char **help)
{
    size_t digits = query_hex(text + 3, len - 3, HEX_DIGITS, c);
    *help = "between the braces stand 1 to 8 hex digits";
    return digits && 3 + digits < len && text[3 + digits] == '}' ? 3 + digits + 1 : 0;
}

/* "%E2%99%9A", "\xE2\x99\x9A": a byte each, as often as the first one of a UTF-8 sequence asks
 * for. */
static size_t bytes_form(const char *text, size_t len, const char *mark, uint32_t *c, const char **help)
{
    char bytes[4];
    size_t wanted = 1, at = 0, mark_len = strlen(mark);
    *help = "the bytes of a UTF-8 character stand together, as \\xE2\\x99\\x9A or %E2%99%9A";
    for (size_t i = 0; i < wanted; i++, at += mark_len + 2) {
        uint32_t byte;
        if (len - at < mark_len + 2 || memcmp(text + at, mark, mark_len) != 0 ||
            query_hex(text + at + mark_len, 2, 2, &byte) != 2)
            return 0;
        bytes[i] = (char)byte;
        if (i == 0)
            wanted = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    }
    if (!text_is_utf8(bytes, wanted))
        return 0;
    text_decode(bytes, wanted, c);
    return at;
}

static size_t escape_form(const char *text, size_t len, uint32_t *c, const char **help)
{
    if (len > 2 && text[2] == '{')
        return braces_form(text, len, c, help);
    if (text[1] == 'x')
        return bytes_form(text, len, "\\x", c, help);
    size_t wanted = escape_digits(text[1]);
    *help = text[1] == 'u' ? "\\u takes 4 hex digits, \\u{...} 1 to 8" : "\\U takes 8 hex digits";
    return len >= 2 + wanted && query_hex(text + 2, wanted, wanted, c) == wanted ? 2 + wanted : 0;
}

/* "\N{BLACK CHESS KING}", and as in Perl "\N{U+265A}". */
static size_t name_form(const char *text, size_t len, struct query_form *form, struct search_error *error)
{
    static const size_t before = sizeof "\\N{" - 1;
    const char *close = memchr(text, '}', len), *name = text + before, *help = NULL;
    if (!close) {
        query_error(error, "unclosed brace", text, len);
        return 0;
    }
    size_t name_len = (size_t)(close - name), all = (size_t)(close - text) + 1;
    form->count = 1;
    bool plus = name_len > 2 && (*name == 'U' || *name == 'u') && name[1] == '+';
    bool found = plus ? plus_form(name, name_len, form->codepoint, &help) == name_len
                      : name_find(name, name_len, form->codepoint);
    if (found && form->codepoint[0] <= LAST_CODEPOINT)
        return all;
    query_error(error,
                found  ? "code point above 10FFFF"
                : plus ? "not a code point"
                       : "no character has this name",
                text, all);
    return 0;
}

/* "&#9818;", "&#x265A;". */
static size_t numeric_form(const char *text, size_t len, uint32_t *c, const char **help)
{
    bool hex = len > 2 && (text[2] == 'x' || text[2] == 'X');
    size_t at = hex ? 3 : 2;
    size_t digits = hex ? query_hex(text + at, len - at, HEX_DIGITS, c) : decimal(text + at, len - at, c);
    at += digits;
    *help = digits ? "a reference ends with \";\"" : "a reference has 1 to 8 digits";
    return digits && at < len && text[at] == ';' ? at + 1 : 0;
}

/* "&rarr;". */
static size_t named_form(const char *text, size_t len, struct query_form *form, struct search_error *error)
{
    size_t end = 1;
    while (end < len && (is_letter(text[end]) || is_digit(text[end])))
        end++;
    if (end == len || text[end] != ';') {
        bool known = end <= 32 && reference_find(text + 1, end - 1, form);
        query_error(error, "not a code point", text, len);
        if (known)
            query_error_help(error, "; did you mean %.*s;", (int)end, text);
        else
            query_error_help(error, "; a reference ends with \";\"");
        return 0;
    }
    if (reference_find(text + 1, end - 1, form))
        return end + 1;
    reference_unknown(text + 1, end - 1, error);
    return 0;
}

static size_t one_form(const char *text, size_t len, struct query_form *form, struct search_error *error)
{
    const char *help = NULL;
    size_t taken = 0;
    *form = (struct query_form){.count = 1};
    bool starts = query_starts_codepoint(text, len);
    if (starts && text[0] == '\\' && text[1] == 'N')
        return name_form(text, len, form, error);
    if (starts && text[0] == '&' && text[1] != '#')
        return named_form(text, len, form, error);
    if (starts && text[0] == '\\')
        taken = escape_form(text, len, form->codepoint, &help);
    else if (starts && text[0] == '&')
        taken = numeric_form(text, len, form->codepoint, &help);
    else if (starts && text[0] == '%')
        taken = bytes_form(text, len, "%", form->codepoint, &help);
    else if (starts)
        taken = plus_form(text, len, form->codepoint, &help);
    if (taken && form->codepoint[0] <= LAST_CODEPOINT)
        return taken;
    query_error(error, taken ? "code point above 10FFFF" : "not a code point", text, len);
    if (!taken && help)
        query_error_help(error, "; %s", help);
    return 0;
}

/* UTF-16 as two forms, a high surrogate and right behind it a low one: the bytes the second takes,
 * or 0. */
static size_t low_half(const char *text, size_t len, struct query_form *form)
{
    struct query_form low;
    struct search_error ignored;
    uint32_t *c = form->codepoint;
    if (*c < 0xD800 || *c > 0xDBFF || !query_starts_codepoint(text, len))
        return 0;
    size_t taken = one_form(text, len, &low, &ignored);
    if (!taken || low.codepoint[0] < 0xDC00 || low.codepoint[0] > 0xDFFF)
        return 0;
    *c = 0x10000 + ((*c - 0xD800) << 10) + (low.codepoint[0] - 0xDC00);
    return taken;
}

size_t query_form(const char *text, size_t len, struct query_form *form, struct search_error *error)
{
    size_t taken = one_form(text, len, form, error);
    return taken ? taken + low_half(text + taken, len - taken, form) : 0;
}

size_t query_codepoint(const char *text, size_t len, uint32_t *codepoint, const char **why)
{
    struct query_form form;
    struct search_error error;
    size_t taken = query_form(text, len, &form, &error);
    *codepoint = form.codepoint[0];
    *why = taken ? "two code points" : "not a code point";
    return form.count == 1 ? taken : 0;
}

/* ---- ranges ---- */

/* One end of a range: a form, bare hex digits, or a character outside ASCII. */
static size_t range_point(const char *text, size_t len, uint32_t *c, struct search_error *error)
{
    struct query_form form;
    size_t taken = 0;
    if (query_starts_codepoint(text, len)) {
        taken = query_form(text, len, &form, error);
        *c = form.codepoint[0];
        if (!taken || form.count == 1)
            return taken;
        query_error(error, "two code points are no end of a range", text, taken);
        return 0;
    }
    taken = len > 0 && (unsigned char)*text >= 0x80 ? text_decode(text, len, c) : query_hex(text, len, HEX_DIGITS, c);
    if (taken && *c <= LAST_CODEPOINT)
        return taken;
    query_error(error, taken ? "code point above 10FFFF" : "not a code point", text, len);
    return 0;
}

bool query_range(const char *text, size_t len, struct index_run *range, struct search_error *error)
{
    uint32_t first, last;
    size_t at = range_point(text, len, &first, error);
    if (!at)
        return false;
    last = first;
    if (at < len) {
        size_t dots = len - at > 2 && memcmp(text + at, "..", 2) == 0 ? 2 : 0;
        size_t taken = dots ? range_point(text + at + dots, len - at - dots, &last, error) : 0;
        if (dots && !taken)
            return false;
        at += dots + taken;
    }
    if (at < len || last < first) {
        query_error(error, at < len ? "not a code point, and no range A..B" : "range runs backwards", text, len);
        return false;
    }
    *range = (struct index_run){first, last + 1};
    return true;
}
