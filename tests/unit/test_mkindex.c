/* mkindex says what is wrong with the data, and then leaves no output; without data it falls back to libunistring. */
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/mkindex-XXXXXX";
static char said[4096]; /* on stderr, by the last run */

static void write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *out = fopen(path, "w");
    cr_assert(out);
    fputs(text, out);
    fclose(out);
}

/* build/mkindex stands two directories above the test program. */
static void find_mkindex(char *path, size_t cap)
{
    char self[3072];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    cr_assert_gt(len, 0);
    self[len] = '\0';
    snprintf(path, cap, "%s/../../mkindex", dirname(self));
}

/* Runs mkindex --ucd DIR OUTPUT dir/out; returns its exit status. */
static int run_for(const char *output, const char *ucd)
{
    char mkindex[4096], command[16384];
    find_mkindex(mkindex, sizeof mkindex);
    snprintf(command, sizeof command, "'%s' --ucd '%s' %s %s/out 2>&1", mkindex, ucd, output, dir);
    FILE *in = popen(command, "r");
    cr_assert(in);
    said[fread(said, 1, sizeof said - 1, in)] = '\0';
    int status = pclose(in);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int run(const char *ucd)
{
    return run_for("--names", ucd);
}

static bool left_behind(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return access(path, F_OK) == 0;
}

static void make_dir(void)
{
    cr_assert(mkdtemp(dir));
}

static void remove_dir(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    cr_assert_eq(system(command), 0);
}

Test(mkindex, malformed_data_leave_no_output, .init = make_dir, .fini = remove_dir)
{
    char expected[256];
    write_file("DerivedName.txt", "0041 ; A\n0041 ; B\n");
    write_file("NameAliases.txt", "");
    cr_assert_eq(run(dir), 1);
    snprintf(expected, sizeof expected, "mkindex: %s/DerivedName.txt:2: 0041 does not come after 0041\n", dir);
    cr_assert_str_eq(said, expected);
    cr_assert_not(left_behind("out"));
    cr_assert_not(left_behind("out.tmp"));
}

Test(mkindex, a_directory_without_the_file_is_an_error, .init = make_dir, .fini = remove_dir)
{
    char expected[256];
    cr_assert_eq(run(dir), 1);
    snprintf(expected, sizeof expected, "mkindex: %s/DerivedName.txt: No such file or directory\n", dir);
    cr_assert_str_eq(said, expected);
    cr_assert_not(left_behind("out"));
}

Test(mkindex, without_a_directory_libunistring, .init = make_dir, .fini = remove_dir)
{
    cr_assert_eq(run("/nowhere/at/all"), 0, "%s", said);
    cr_assert(strstr(said, "no /nowhere/at/all: taking the names from libunistring"), "%s", said);
    cr_assert(left_behind("out"));
}

Test(mkindex, properties_whole_or_not_at_all, .init = make_dir, .fini = remove_dir)
{
    cr_assert_eq(run_for("--properties", dir), 1);
    cr_assert(strstr(said, "No such file or directory"), "%s", said);
    cr_assert_not(left_behind("out"));
    cr_assert_not(left_behind("out.tmp"));
    cr_assert_eq(run_for("--properties", "/nowhere/at/all"), 0);
    cr_assert_str_empty(said, "the names have said so");
    cr_assert(left_behind("out"));
}

Test(mkindex, an_output_is_asked_for, .init = make_dir, .fini = remove_dir)
{
    cr_assert_eq(run_for("", dir), 2);
    cr_assert(strstr(said, "usage: mkindex"), "%s", said);
}
