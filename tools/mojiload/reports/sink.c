/* Opens and closes output files; the only place that says a report could not be written. */
#include "reports/sink.h"

#include <errno.h>
#include <string.h>

static bool complain(const char *path)
{
    fprintf(stderr, "mojiload: cannot write %s: %s\n", path, strerror(errno));
    return false;
}

static bool open_one(struct sink *s, const char *path)
{
    s->path = path;
    if (path == NULL)
        return true;
    s->file = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    return s->file != NULL || complain(path);
}

static bool close_one(struct sink *s)
{
    if (s->file == NULL || s->file == stdout)
        return true;
    bool good = fflush(s->file) == 0 && !ferror(s->file);
    if (!good)
        complain(s->path);
    if (fclose(s->file) != 0 && good)
        good = complain(s->path);
    s->file = NULL;
    return good;
}

bool sinks_open(struct sinks *s, const struct config *config)
{
    memset(s, 0, sizeof *s);
    if (open_one(&s->json, config->json_path) && open_one(&s->html, config->html_path) &&
        open_one(&s->hgrm, config->hgrm_path))
        return true;
    close_one(&s->json);
    close_one(&s->html);
    close_one(&s->hgrm);
    return false;
}

bool sinks_close(struct sinks *s)
{
    bool json = close_one(&s->json), html = close_one(&s->html), hgrm = close_one(&s->hgrm);
    bool out = (fflush(stdout) == 0 && !ferror(stdout)) || complain("standard output");
    return json && html && hgrm && out;
}
