/* HTML's named references: looked up in the file that is compiled in. */
#include "nearest.h"
#include "query_forms.h"

#include <string.h>

/* Lines "NAME TAB HEX [SPACE HEX] LF" in byte order, behind lines that begin with "#". */
extern const char html_names[] __attribute__((visibility("hidden")));
extern const uint32_t html_names_bytes __attribute__((visibility("hidden")));

enum {
    NAME_BYTES = 40 /* longer ones are unknown: HTML's have up to 31 */
};

static const char *end_of_names(void)
{
    return html_names + html_names_bytes;
}

static const char *next_line(const char *line)
{
    return (const char *)memchr(line, '\n', (size_t)(end_of_names() - line)) + 1;
}

/* The length of the name that begins this line; 0 for a comment. */
static size_t name_of(const char *line)
{
    return *line == '#' ? 0 : (size_t)((const char *)memchr(line, '\t', (size_t)(end_of_names() - line)) - line);
}

/* As memcmp(), a name before those it begins. */
static int compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order ? order : a_len < b_len ? -1 : a_len > b_len;
}

static void read_codepoints(const char *at, struct query_form *form)
{
    form->count = 0;
    for (uint32_t c; form->count < QUERY_FORM_POINTS; at++) {
        at += query_hex(at, (size_t)(end_of_names() - at), 6, &c);
        form->codepoint[form->count++] = c;
        if (*at != ' ')
            break;
    }
}

bool reference_find(const char *name, size_t len, struct query_form *form)
{
    const char *low = html_names, *high = end_of_names(); /* both begin a line */
    while (low < high) {
        const char *line = low + (high - low) / 2;
        while (line > low && line[-1] != '\n')
            line--;
        size_t line_len = name_of(line);
        int order = compare(line, line_len, name, len);
        if (order == 0) {
            read_codepoints(line + line_len + 1, form);
            return len > 0;
        }
        if (order < 0)
            low = next_line(line);
        else
            high = line;
    }
    return false;
}

static size_t fold(const char *name, size_t len, char out[NAME_BYTES])
{
    len = len < NAME_BYTES ? len : NAME_BYTES;
    for (size_t i = 0; i < len; i++)
        out[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 0x20) : name[i];
    return len;
}

/* Offers all names as they are, or folded. */
static void offer_all(struct nearest *n, bool folded)
{
    for (const char *line = html_names; line < end_of_names(); line = next_line(line)) {
        char candidate[NAME_BYTES];
        size_t len = name_of(line), folded_len = folded ? fold(line, len, candidate) : 0;
        if (len)
            nearest_offer(n, folded ? candidate : line, folded ? folded_len : len, line, len);
    }
}

void reference_unknown(const char *name, size_t len, struct search_error *error)
{
    char folded[NAME_BYTES];
    struct nearest n;
    nearest_start(&n, name, len);
    offer_all(&n, false); /* case tells names apart: those that differ in little else come behind */
    nearest_also(&n, folded, fold(name, len, folded));
    offer_all(&n, true);
    query_error_unknown(error, "reference", name - 1, len + 2);
    nearest_say(&n, "&", ";", error);
}
