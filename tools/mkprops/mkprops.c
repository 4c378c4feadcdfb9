/* mkprops - compiles the tables of character properties: reads the Unicode Character Database, writes a C source.
 * Runs once a build, next to mkindex, which does the same for the names.
 */
#include "gather.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] = "usage: mkprops [--ucd DIR] -o FILE\n"
                            "Compiles the properties in DIR, a Unicode Character Database, into a C source.\n"
                            "Without --ucd, or where DIR does not exist, they are libunistring's.\n";

/* FILE appears whole or not at all. */
static bool write_file(const struct gather *g, const char *path)
{
    char temporary[4096];
    if ((size_t)snprintf(temporary, sizeof temporary, "%s.tmp", path) >= sizeof temporary)
        return ucd_error_set(g->error, "%s: %s", path, strerror(ENAMETOOLONG));
    FILE *out = fopen(temporary, "we");
    if (!out)
        return ucd_error_set(g->error, "%s: %s", temporary, strerror(errno));
    if (!gather_write(g, out)) {
        fclose(out);
        unlink(temporary);
        return false;
    }
    bool written = !ferror(out);
    written = fclose(out) == 0 && written;
    if (written && rename(temporary, path) == 0)
        return true;
    ucd_error_set(g->error, "%s: %s", path, strerror(errno));
    unlink(temporary);
    return false;
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
            return fputs(usage, stderr), 2;
    }
    if (!output || optind < argc)
        return fputs(usage, stderr), 2;
    struct stat st;
    if (dir && stat(dir, &st) != 0 && errno == ENOENT)
        dir = NULL; /* mkindex has said so */
    struct ucd_error error;
    struct gather g;
    bool done = gather_start(&g, &error) && (dir ? gather_from_ucd(&g, dir) : gather_from_libunistring(&g)) &&
                write_file(&g, output);
    gather_free(&g);
    if (!done)
        fprintf(stderr, "mkprops: %s\n", error.text);
    return done ? 0 : 1;
}
