/* mkindex - compiles the name index: reads the Unicode Character Database, writes the image that is linked into the
 * server.  Runs once a build.
 */
#include "unicode/builder.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] = "usage: mkindex [--ucd DIR] -o FILE\n"
                            "Compiles the names in DIR, a Unicode Character Database, into an index image.\n"
                            "Without --ucd, or where DIR does not exist, the names are libunistring's.\n";

static int usage_error(void)
{
    fputs(usage, stderr);
    return 2;
}

static bool is_missing(const char *dir)
{
    struct stat st;
    return stat(dir, &st) != 0 && errno == ENOENT;
}

/* FILE appears whole or not at all. */
static bool write_file(const char *path, const struct buffer *image, struct ucd_error *error)
{
    char temporary[4096];
    if ((size_t)snprintf(temporary, sizeof temporary, "%s.tmp", path) >= sizeof temporary)
        return ucd_error_set(error, "%s: %s", path, strerror(ENAMETOOLONG));
    FILE *out = fopen(temporary, "we");
    if (!out)
        return ucd_error_set(error, "%s: %s", temporary, strerror(errno));
    bool written = fwrite(image->data, 1, image->len, out) == image->len;
    written = fclose(out) == 0 && written;
    if (written && rename(temporary, path) == 0)
        return true;
    ucd_error_set(error, "%s: %s", path, strerror(errno));
    unlink(temporary);
    return false;
}

static bool compile(const char *dir, const char *output, struct ucd_error *error)
{
    struct names names;
    struct buffer image = {0};
    bool done = dir ? names_from_ucd(&names, dir, error) : names_from_libunistring(&names, error);
    done = done && builder_build(&names, &image, error) && write_file(output, &image, error);
    buffer_free(&image);
    names_free(&names);
    return done;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"ucd", required_argument, NULL, 'u'}, {"output", required_argument, NULL, 'o'}, {NULL, 0, NULL, 0}};
    const char *dir = NULL, *output = NULL;
    for (int c; (c = getopt_long(argc, argv, "u:o:", options, NULL)) != -1;) {
        if (c == 'u')
            dir = optarg;
        else if (c == 'o')
            output = optarg;
        else
            return usage_error();
    }
    if (!output || optind < argc)
        return usage_error();
    if (dir && is_missing(dir)) {
        fprintf(stderr, "mkindex: no %s: taking the names from libunistring (no aliases, no properties)\n", dir);
        dir = NULL;
    }
    struct ucd_error error;
    if (!compile(dir, output, &error)) {
        fprintf(stderr, "mkindex: %s\n", error.text);
        return 1;
    }
    return 0;
}
