/* The reader of Unicode data files takes records apart as UAX #44, section 4.2 describes them. */
#include "mkindex/ucd.h"

#include <criterion/criterion.h>
#include <string.h>

static struct ucd_error error;

static void open_text(struct ucd_file *f, const char *text, enum ucd_kind kind)
{
    ucd_open_memory(f, "Some.txt", text, strlen(text), kind, &error);
}

Test(ucd_records, fields_ranges_comments)
{
    struct ucd_file f;
    struct ucd_record r;
    open_text(&f,
              "# Some-15.0.0.txt\n"
              "\n"
              "   # indented\n"
              "0041..005A    ; Lu # [26] LATIN CAPITAL LETTER A..\xC3\xA9\n"
              "10FFFF;a;;\tc d \r\n"
              "00ab;x",
              UCD_CODEPOINTS);
    cr_assert_eq(ucd_next(&f, &r), UCD_RECORD);
    cr_assert(r.first == 0x41 && r.last == 0x5A && r.fields == 2 && !r.missing && f.line == 4);
    cr_assert(ucd_text_is(r.field[1], "Lu"));
    cr_assert_eq(ucd_next(&f, &r), UCD_RECORD);
    cr_assert(r.first == 0x10FFFF && r.last == 0x10FFFF && r.fields == 4 && f.line == 5);
    cr_assert(ucd_text_is(r.field[2], "") && ucd_text_is(r.field[3], "c d") && r.field[4].len == 0);
    cr_assert_eq(ucd_next(&f, &r), UCD_MALFORMED); /* cut off */
    ucd_close(&f);
}

Test(ucd_records, missing_lines)
{
    struct ucd_file f;
    struct ucd_record r;
    open_text(&f,
              "# @missing: 0000..10FFFF; No_Block\n"
              "# @missing means something only there: 0000; x\n"
              "0000; Basic # @missing: 0000; x\n",
              UCD_CODEPOINTS);
    cr_assert_eq(ucd_next(&f, &r), UCD_RECORD);
    cr_assert(r.missing && r.first == 0 && r.last == 0x10FFFF && ucd_text_is(r.field[1], "No_Block"));
    cr_assert_eq(ucd_next(&f, &r), UCD_RECORD);
    cr_assert(!r.missing && ucd_text_is(r.field[1], "Basic"));
    cr_assert_eq(ucd_next(&f, &r), UCD_END);
    cr_assert_eq(ucd_next(&f, &r), UCD_END);
}

Test(ucd_records, files_of_values)
{
    struct ucd_file f;
    struct ucd_record r;
    open_text(&f, "gc ; C ; Other # Cc | Cf\n", UCD_VALUES);
    cr_assert_eq(ucd_next(&f, &r), UCD_RECORD);
    cr_assert(r.fields == 3 && ucd_text_is(r.field[0], "gc") && ucd_text_is(r.field[2], "Other"));
}

static void check_version(const char *text, const char *expected)
{
    struct ucd_file f;
    char version[16];
    open_text(&f, text, UCD_CODEPOINTS);
    ucd_version(&f, version, sizeof version);
    cr_assert_str_eq(version, expected);
}

Test(ucd_records, version)
{
    check_version("# DerivedName-15.0.0.txt\n", "15.0.0");
    check_version("# Blocks-16.1.txt\n# Blocks-15.0.0.txt\n", "16.1");
    check_version("# emoji-data.txt\n", "unknown");
    check_version("0041;A-1\n", "unknown");
    check_version("# Blocks-15", "unknown");
    check_version("", "unknown");
}
