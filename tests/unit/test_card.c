/* The card of every character says what the Unicode files say.  Without the files there is nothing to compare with. */
#include "answer/listing.h"
#include "mkindex/ucd.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CODEPOINTS = 0x110000
};
static const char ucd[] = "/usr/share/unicode";

/* What a file says of each code point; the texts stay with the open file. */
struct column {
    struct ucd_file file;
    struct ucd_text *value;
};

static struct column read_column(const char *name, uint32_t field)
{
    static struct ucd_error error;
    struct column c;
    struct ucd_record r;
    uint32_t first = 0;
    c.value = calloc(CODEPOINTS, sizeof *c.value);
    cr_assert(c.value && ucd_open(&c.file, ucd, name, UCD_CODEPOINTS, &error), "%s", error.text);
    while (ucd_next(&c.file, &r) == UCD_RECORD) {
        bool last = r.field[1].len > 7 && memcmp(r.field[1].text + r.field[1].len - 7, ", Last>", 7) == 0;
        if (!last)
            first = r.first;
        for (uint32_t at = first; !r.missing && at <= r.last; at++)
            c.value[at] = r.field[field];
    }
    return c;
}

static void close_column(struct column *c)
{
    ucd_close(&c->file);
    free(c->value);
}

/* The lines of a card, joined. */
static const char *card(uint32_t codepoint)
{
    static char text[8192];
    const struct render_style style = RENDER_DEFAULT;
    char argument[16], line[RENDER_BYTES];
    struct search_error error;
    struct listing *l;
    size_t used = 0, len;
    snprintf(argument, sizeof argument, "U+%04" PRIX32, codepoint);
    cr_assert_eq(listing_open(&l, index_builtin(), LISTING_INFO, argument, strlen(argument), &error), SEARCH_OPENED);
    for (enum listing_step step; (step = listing_next(l, &style, line, &len)) != LISTING_END;) {
        if (step == LISTING_NOTE) {
            memcpy(text + used, line, len);
            used += len;
        }
    }
    text[used] = '\0';
    listing_close(l);
    return text;
}

/* The line "# label: value…" stands in the card. */
static void says(uint32_t codepoint, const char *text, const char *label, const char *value, size_t len)
{
    char wanted[256];
    snprintf(wanted, sizeof wanted, "# %s: %.*s", label, (int)len, value);
    const char *at = strstr(text, wanted);
    char behind = at ? at[strlen(wanted)] : 'x';
    cr_assert(behind == ' ' || behind == '\r', "U+%04" PRIX32 " lacks \"%s\"", codepoint, wanted);
}

static void compare(const char *file, uint32_t field, const char *label, const char *otherwise)
{
    const struct index *ix = index_builtin();
    struct column column = read_column(file, field);
    for (uint32_t i = 0; i < index_count(ix); i++) {
        uint32_t c = index_codepoint(ix, i);
        struct ucd_text t = column.value[c];
        if (!t.len)
            t = (struct ucd_text){otherwise, strlen(otherwise)};
        says(c, card(c), label, t.text, t.len);
    }
    close_column(&column);
}

static bool has_files(void)
{
    return access(ucd, R_OK) == 0 && strcmp(index_source(index_builtin()), "UCD") == 0;
}

Test(card, category)
{
    if (has_files())
        compare("UnicodeData.txt", 2, "category", "?");
}

Test(card, combining_class)
{
    if (has_files())
        compare("UnicodeData.txt", 3, "combining class", "?");
}

Test(card, bidi_class)
{
    if (has_files())
        compare("UnicodeData.txt", 4, "bidi class", "?");
}

Test(card, block)
{
    if (has_files())
        compare("Blocks.txt", 1, "block", "?");
}

Test(card, age)
{
    if (has_files())
        compare("DerivedAge.txt", 1, "age", "?");
}

Test(card, width)
{
    if (has_files())
        compare("EastAsianWidth.txt", 1, "width", "?");
}

/* The card has the short name before the long one that Scripts.txt has. */
Test(card, script)
{
    const struct index *ix = index_builtin();
    if (!has_files())
        return;
    struct column column = read_column("Scripts.txt", 1);
    for (uint32_t i = 0; i < index_count(ix); i++) {
        uint32_t c = index_codepoint(ix, i);
        char wanted[128];
        snprintf(wanted, sizeof wanted, " %.*s\r\n", (int)column.value[c].len, column.value[c].text);
        const char *line = strstr(card(c), "# script: ");
        cr_assert(line && memcmp(line + strcspn(line, "\r") - strlen(wanted) + 2, wanted, strlen(wanted)) == 0,
                  "U+%04" PRIX32 " lacks%s", c, wanted);
    }
    close_column(&column);
}

Test(card, names)
{
    const struct index *ix = index_builtin();
    if (!has_files())
        return;
    struct column column = read_column("UnicodeData.txt", 1);
    for (uint32_t i = 0; i < index_count(ix); i++) {
        uint32_t c = index_codepoint(ix, i);
        if (column.value[c].text[0] != '<')
            says(c, card(c), "name", column.value[c].text, column.value[c].len);
    }
    close_column(&column);
}

Test(card, decompositions)
{
    const struct index *ix = index_builtin();
    if (!has_files())
        return;
    struct column column = read_column("UnicodeData.txt", 5);
    for (uint32_t i = 0; i < index_count(ix); i++) {
        uint32_t c = index_codepoint(ix, i);
        char wanted[256] = "none";
        size_t used = 0;
        if (c >= 0xAC00 && c <= 0xD7A3)
            continue; /* by rule: below */
        for (size_t at = 0; at < column.value[c].len; at++) {
            const char *text = column.value[c].text + at;
            if ((at == 0 || text[-1] == ' ') && *text != '<')
                used += (size_t)snprintf(wanted + used, sizeof wanted - used, "U+");
            wanted[used++] = *text;
            wanted[used] = '\0';
        }
        says(c, card(c), "decomposition", wanted, strlen(wanted));
    }
    close_column(&column);
    says(0xAC00, card(0xAC00), "decomposition", "U+1100 U+1161", 13);
    says(0xAC01, card(0xAC01), "decomposition", "U+AC00 U+11A8", 13);
    says(0xD7A3, card(0xD7A3), "decomposition", "U+D788 U+11C2", 13);
}

/* A mapping in the file is in the card, and the other way round. */
Test(card, case_pairs)
{
    const struct index *ix = index_builtin();
    if (!has_files())
        return;
    struct column upper = read_column("UnicodeData.txt", 12), lower = read_column("UnicodeData.txt", 13);
    for (uint32_t i = 0; i < index_count(ix); i++) {
        uint32_t c = index_codepoint(ix, i);
        char wanted[64] = "";
        int n = 0;
        if (upper.value[c].len)
            n = snprintf(wanted, sizeof wanted, " upper U+%.*s", (int)upper.value[c].len, upper.value[c].text);
        if (lower.value[c].len)
            snprintf(wanted + n, sizeof wanted - (size_t)n, " lower U+%.*s", (int)lower.value[c].len,
                     lower.value[c].text);
        says(c, card(c), "case",
             *wanted                      ? wanted + 1
             : strstr(card(c), " title ") ? "title"
                                          : "none",
             *wanted                      ? strlen(wanted) - 1
             : strstr(card(c), " title ") ? 5
                                          : 4);
    }
    close_column(&upper);
    close_column(&lower);
}

static void has_all(uint32_t codepoint, const char *const *lines)
{
    for (const char *text = card(codepoint); *lines; lines++)
        cr_expect(strstr(text, *lines), "U+%04" PRIX32 " lacks \"%s\"", codepoint, *lines);
}

Test(card, spellings)
{
    has_all(0x265A, (const char *const[]){"# UTF-8: E2 99 9A\r\n", "# UTF-16: 265A\r\n", "# HTML: &#x265A;\r\n",
                                          "# C: \\u265A\r\n", "# JSON: \\u265A\r\n", "# URL: %E2%99%9A\r\n", NULL});
    has_all(0x1F431, (const char *const[]){"# UTF-16: D83D DC31\r\n", "# C: \\U0001F431\r\n",
                                           "# JSON: \\uD83D\\uDC31\r\n", NULL});
    has_all(7, (const char *const[]){"# C: \\x07\r\n", "# character: \xE2\x90\x87\r\n", NULL});
}

Test(card, what_is_no_character)
{
    has_all(0x378, (const char *const[]){"# not a character: unassigned\r\n", "# name: <reserved-0378>\r\n", NULL});
    has_all(0xD800, (const char *const[]){"# not a character: surrogate\r\n", NULL});
    has_all(0xE000, (const char *const[]){"# not a character: private use\r\n", NULL});
    has_all(0xFFFE, (const char *const[]){"# not a character: noncharacter\r\n", NULL});
    cr_expect_null(strstr(card(0xD800), "UTF-8"));
}
