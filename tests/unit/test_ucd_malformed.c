/* A malformed data file is refused with its name, the line and the reason, and so it stays. */
#include "mkindex/ucd.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *text;
    const char *reason;
} malformed[] = {
    {"0041\n", "Some.txt:1: no semicolon after the first field"},
    {"# x\n\n41;A\n", "Some.txt:3: \"41\" is no code point or range"},
    {"0041;A\n004G;B\n", "Some.txt:2: \"004G\" is no code point or range"},
    {"0041..;B\n", "Some.txt:1: \"0041..\" is no code point or range"},
    {"..0041;B\n", "Some.txt:1: \"..0041\" is no code point or range"},
    {"0041...0042;B\n", "Some.txt:1: \"0041...0042\" is no code point or range"},
    {"0000041;B\n", "Some.txt:1: \"0000041\" is no code point or range"},
    {"110000;B\n", "Some.txt:1: \"110000\" is no code point or range"},
    {";B\n", "Some.txt:1: \"\" is no code point or range"},
    {"0042..0041;B\n", "Some.txt:1: the range 0042..0041 runs backwards"},
    {"0041;\xC3\xA9\n", "Some.txt:1: unexpected byte 0xC3"},
    {"0041;a\x01\n", "Some.txt:1: unexpected byte 0x01"},
    {"0041;;;;;;;;;;;;;;;\n0041;;;;;;;;;;;;;;;;\n", "Some.txt:2: more than 16 fields"},
    {"0041;A\n0042;B", "Some.txt:2: the last line is cut off"},
    {"# @missing: 0000..GGGG; x\n", "Some.txt:1: \"0000..GGGG\" is no code point or range"},
};

Test(ucd_malformed, reasons)
{
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct ucd_error error = {""};
        struct ucd_file f;
        struct ucd_record r;
        enum ucd_step step;
        ucd_open_memory(&f, "Some.txt", malformed[i].text, strlen(malformed[i].text), UCD_CODEPOINTS, &error);
        while ((step = ucd_next(&f, &r)) == UCD_RECORD)
            continue;
        cr_assert_eq(step, UCD_MALFORMED, "%s", malformed[i].reason);
        cr_assert_str_eq(error.text, malformed[i].reason);
        cr_assert_eq(ucd_next(&f, &r), UCD_MALFORMED);
        ucd_close(&f);
    }
}

Test(ucd_malformed, nul_bytes)
{
    struct ucd_error error = {""};
    struct ucd_file f;
    struct ucd_record r;
    ucd_open_memory(&f, "Some.txt", "0041;a\0b\n", 9, UCD_CODEPOINTS, &error);
    cr_assert_eq(ucd_next(&f, &r), UCD_MALFORMED);
    cr_assert_str_eq(error.text, "Some.txt:1: unexpected byte 0x00");
}

Test(ucd_malformed, the_first_reason_stays)
{
    struct ucd_error error = {""};
    struct ucd_file f;
    ucd_open_memory(&f, "Some.txt", "", 0, UCD_CODEPOINTS, &error);
    cr_assert_not(ucd_fail(&f, "first"));
    cr_assert_not(ucd_fail(&f, "second"));
    cr_assert_str_eq(error.text, "Some.txt:0: first");
}

Test(ucd_malformed, long_file_names_keep_their_end)
{
    struct ucd_error error = {""};
    struct ucd_file f;
    char name[1000];
    memset(name, 'd', sizeof name);
    memcpy(name + sizeof name - 10, "/Some.txt", 10);
    ucd_open_memory(&f, name, "", 0, UCD_CODEPOINTS, &error);
    ucd_fail(&f, "reason");
    cr_assert(strstr(error.text, "d/Some.txt:0: reason"), "%s", error.text);
}

Test(ucd_malformed, no_such_file)
{
    char dir[] = "/tmp/ucd-XXXXXX", expected[64];
    struct ucd_error error = {""};
    struct ucd_file f;
    cr_assert(mkdtemp(dir));
    cr_assert_not(ucd_open(&f, dir, "Blocks.txt", UCD_CODEPOINTS, &error));
    snprintf(expected, sizeof expected, "%s/Blocks.txt: No such file or directory", dir);
    cr_assert_str_eq(error.text, expected);
    ucd_close(&f);
    rmdir(dir);
}
