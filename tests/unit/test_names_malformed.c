/* Names that cannot be names, out of order or in the wrong place, are refused with file, line and reason. */
#include "mkindex/builder.h"
#include "mkindex/names.h"

#include <criterion/criterion.h>
#include <string.h>

static struct names names;
static struct ucd_error error;

static bool read_names(const char *derived_name, const char *name_aliases)
{
    struct ucd_file n, a;
    ucd_open_memory(&n, "DerivedName.txt", derived_name, strlen(derived_name), UCD_CODEPOINTS, &error);
    ucd_open_memory(&a, "NameAliases.txt", name_aliases, strlen(name_aliases), UCD_CODEPOINTS, &error);
    error.text[0] = '\0';
    return names_from_files(&names, &n, &a);
}

#define LONG_NAME                                                                                                      \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF"                                                                                 \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF"
#define TOO_LONG LONG_NAME LONG_NAME LONG_NAME LONG_NAME

static const struct {
    const char *names, *aliases, *reason;
} malformed[] = {
    {"", "", "DerivedName.txt:0: no name in the whole file"},
    {"# @missing: 0000; X\n", "", "DerivedName.txt:1: no name in the whole file"},
    {"0041 ;\n", "", "DerivedName.txt:1: empty name"},
    {"0041 ; a\n", "", "DerivedName.txt:1: 'a' in a name"},
    {"0041 ; A_B\n", "", "DerivedName.txt:1: '_' in a name"},
    {"0041 ; A  B\n", "", "DerivedName.txt:1: two spaces in a name"},
    {"0041 ; A ; B\n", "", "DerivedName.txt:1: 3 fields where 2 belong"},
    {"0042 ; B\n0041 ; A\n", "", "DerivedName.txt:2: 0041 does not come after 0042"},
    {"0042 ; B\n0042 ; A\n", "", "DerivedName.txt:2: 0042 does not come after 0042"},
    {"0042..0044 ; B-*\n0043 ; A\n", "", "DerivedName.txt:2: 0043 does not come after 0044"},
    {"0042..0044 ; B\n", "", "DerivedName.txt:1: one name for a range"},
    {"0042..0044 ; B-*-*\n", "", "DerivedName.txt:1: '*' in a name"},
    {"0007 ; BELL\n", "", "DerivedName.txt:1: 0007 can have no name"},
    {"001E..0020 ; C-*\n", "", "DerivedName.txt:1: 001E can have no name"},
    {"D7FF..D800 ; C-*\n", "", "DerivedName.txt:1: D800 can have no name"},
    {"0041 ; " TOO_LONG "\n", "", "DerivedName.txt:1: a name of more than 255 bytes"},
    {"0041 ; A\n", "0042;B;control\n", "NameAliases.txt:1: 0042 has no name and is no control"},
    {"0041 ; A\n", "0041;B;nickname\n", "NameAliases.txt:1: unknown type of alias \"nickname\""},
    {"0041 ; A\n", "0041;B\n", "NameAliases.txt:1: an alias is one code point, a name and a type"},
    {"0041..0042 ; A-*\n", "0041..0042;B;control\n",
     "NameAliases.txt:1: an alias is one code point, a name and a type"},
    {"0041 ; A\n", "0041;;control\n", "NameAliases.txt:1: empty name"},
    {"0041 ; A\n", "0041;B;control\n0009;TAB;control\n", "NameAliases.txt:2: 0009 stands after a higher code point"},
};

Test(names_malformed, reasons)
{
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        cr_assert_not(read_names(malformed[i].names, malformed[i].aliases), "%s", malformed[i].reason);
        cr_assert_str_eq(error.text, malformed[i].reason);
        names_free(&names);
    }
}

Test(names_malformed, well_formed)
{
    cr_assert(read_names("# DerivedName-9.9.9.txt\n0041 ; A\n00A0..00A1 ; B-*\nAC00 ; C\n", "0009;TAB;control\n"), "%s",
              error.text);
    cr_assert_eq(names_count(&names), 65u + 4u);
    cr_assert_str_eq(names.version, "9.9.9");
    const struct name *b = names_at(&names, names_ordinal(&names, 0xA1));
    cr_assert_eq(memcmp(names.text.data + b->text, "B-00A1", b->len), 0);
    cr_assert_eq(b->tail, 4);
    names_free(&names);
}

/* What a search can hold is held to when the index is built. */
static void check_refused(const char *derived_name, const char *reason)
{
    struct buffer image;
    cr_assert(read_names(derived_name, ""), "%s", error.text);
    cr_assert_not(builder_build(&names, &image, &error));
    cr_assert_str_eq(error.text, reason);
    cr_assert_null(image.data);
    names_free(&names);
}

Test(names_malformed, bounds_of_the_index)
{
    check_refused("0041 ; A B C D E F G H I J K L M N O P Q\n", "too many or too long words: U+0041");
    check_refused("0041 ; " LONG_NAME "\n", "too many or too long words: U+0041");
}
