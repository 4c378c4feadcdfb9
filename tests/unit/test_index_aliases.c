/* Formal aliases stand in code point order, within a character as in the file, each with a line of its own. */
#include "unicode/index.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <string.h>

static void check_alias(uint32_t alias, uint32_t codepoint, const char *text, const char *kind, const char *line)
{
    const struct index *ix = index_builtin();
    size_t len;
    const char *found = index_alias(ix, alias, &len);
    cr_assert_eq(index_codepoint(ix, index_alias_ordinal(ix, alias)), codepoint);
    cr_assert_eq(len, strlen(text));
    cr_assert_eq(memcmp(found, text, len), 0, "%s", text);
    cr_assert_str_eq(index_alias_kind(ix, alias), kind);
    found = index_alias_line(ix, alias, &len);
    cr_assert_eq(len, strlen(line));
    cr_assert_eq(memcmp(found, line, len), 0, "%s", line);
}

static struct index_run of(uint32_t codepoint)
{
    return index_aliases_of(index_builtin(), index_ordinal(index_builtin(), codepoint));
}

Test(index_aliases, of_one_character, .init = only_unicode_15)
{
    struct index_run nbsp = of(0xA0), tab = of(9);
    cr_assert_eq(nbsp.end - nbsp.first, 1u);
    check_alias(nbsp.first, 0xA0, "NBSP", "abbreviation", "U+00A0\t\xC2\xA0\tNO-BREAK SPACE\talias NBSP\r\n");
    cr_assert_eq(tab.end - tab.first, 4u);
    check_alias(tab.first, 9, "CHARACTER TABULATION", "control",
                "U+0009\t\xE2\x90\x89\tCHARACTER TABULATION\talias CHARACTER TABULATION\r\n");
    check_alias(tab.first + 3, 9, "TAB", "abbreviation", "U+0009\t\xE2\x90\x89\tCHARACTER TABULATION\talias TAB\r\n");
    check_alias(of(0x80).first, 0x80, "PADDING CHARACTER", "figment",
                "U+0080\t\xEF\xBF\xBD\tPADDING CHARACTER\talias PADDING CHARACTER\r\n");
    check_alias(of(0x7F).first, 0x7F, "DELETE", "control", "U+007F\t\xE2\x90\xA1\tDELETE\talias DELETE\r\n");
    cr_assert_eq(of('A').first, of('A').end);
    cr_assert_eq(of(0xFEFF).end - of(0xFEFF).first, 3u);
}

Test(index_aliases, order_and_number, .init = only_unicode_15)
{
    const struct index *ix = index_builtin();
    uint32_t sum = 0;
    cr_assert_eq(index_alias_count(ix), 473u);
    for (uint32_t a = 1; a < index_alias_count(ix); a++)
        cr_assert_leq(index_alias_ordinal(ix, a - 1), index_alias_ordinal(ix, a));
    for (uint32_t i = 0; i < index_count(ix); i++) {
        struct index_run run = index_aliases_of(ix, i);
        sum += run.end - run.first;
        for (uint32_t a = run.first; a < run.end; a++)
            cr_assert_eq(index_alias_ordinal(ix, a), i);
    }
    cr_assert_eq(sum, index_alias_count(ix));
}
