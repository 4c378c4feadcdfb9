/* mkindex - compiles the Unicode data: reads the Unicode Character Database and writes what is linked into the server,
 * the image of names and the tables of properties.  Runs twice a build, once for each, so that make runs both at a
 * time and a change to one of them makes only that one anew.
 *
 * One program and not one for each: both read with the same reader, fall back to the same library and leave
 * their files in the same way, whole or not at all.
 */
#include "builder.h"
#include "gather.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] = "usage: mkindex [--ucd DIR] [--names FILE] [--properties FILE]\n"
                            "Compiles DIR, a Unicode Character Database: its names into an index image,\n"
                            "its properties into a C source.  Without --ucd, or where DIR does not exist,\n"
                            "they are libunistring's.\n";

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

/* Writes data to out; false: that failed, errno says why. */
typedef bool write_fn(const void *data, FILE *out);

static bool write_image(const void *data, FILE *out)
{
    const struct buffer *image = data;
    return fwrite(image->data, 1, image->len, out) == image->len;
}

static bool write_properties(const void *data, FILE *out)
{
    gather_write(data, out);
    return !ferror(out);
}

/* FILE appears whole or not at all. */
static bool write_file(const char *path, write_fn *write, const void *data, struct ucd_error *error)
{
    char temporary[4096];
    if ((size_t)snprintf(temporary, sizeof temporary, "%s.tmp", path) >= sizeof temporary)
        return ucd_error_set(error, "%s: %s", path, strerror(ENAMETOOLONG));
    FILE *out = fopen(temporary, "we");
    if (!out)
        return ucd_error_set(error, "%s: %s", temporary, strerror(errno));
    bool written = write(data, out);
    written = fclose(out) == 0 && written;
    if (written && rename(temporary, path) == 0)
        return true;
    ucd_error_set(error, "%s: %s", path, strerror(errno));
    unlink(temporary);
    return false;
}

static bool compile_names(const char *dir, const char *output, struct ucd_error *error)
{
    struct names names;
    struct buffer image = {0};
    bool done = dir ? names_from_ucd(&names, dir, error) : names_from_libunistring(&names, error);
    done = done && builder_build(&names, &image, error) && write_file(output, write_image, &image, error);
    buffer_free(&image);
    names_free(&names);
    return done;
}

static bool compile_properties(const char *dir, const char *output, struct ucd_error *error)
{
    struct gather g;
    bool done = gather_start(&g, error) && (dir ? gather_from_ucd(&g, dir) : gather_from_libunistring(&g)) &&
                gather_is_whole(&g) && write_file(output, write_properties, &g, error);
    gather_free(&g);
    return done;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"ucd", required_argument, NULL, 'u'},
                                            {"names", required_argument, NULL, 'n'},
                                            {"properties", required_argument, NULL, 'p'},
                                            {NULL, 0, NULL, 0}};
    const char *dir = NULL, *names = NULL, *properties = NULL;
    for (int c; (c = getopt_long(argc, argv, "u:n:p:", options, NULL)) != -1;) {
        switch (c) {
        case 'u': dir = optarg; break;
        case 'n': names = optarg; break;
        case 'p': properties = optarg; break;
        default: return usage_error();
        }
    }
    if ((!names && !properties) || optind < argc)
        return usage_error();
    if (dir && is_missing(dir)) {
        if (names) /* once a build is enough */
            fprintf(stderr, "mkindex: no %s: taking the names from libunistring (no aliases, no properties)\n", dir);
        dir = NULL;
    }
    struct ucd_error error;
    if ((names && !compile_names(dir, names, &error)) || (properties && !compile_properties(dir, properties, &error))) {
        fprintf(stderr, "mkindex: %s\n", error.text);
        return 1;
    }
    return 0;
}
