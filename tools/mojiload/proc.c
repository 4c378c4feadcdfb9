/* Reads the cost of the server's process before and after a run. */
#include "proc.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The number after key at the start of a line of text; 0 when it is not there. */
static uint64_t number_after(const char *text, const char *key)
{
    size_t len = strlen(key);
    for (const char *line = text; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, len) == 0)
            return strtoull(line + len, NULL, 10);
    }
    return 0;
}

static bool read_file(const char *path, char *text, size_t cap)
{
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return false;
    size_t n = fread(text, 1, cap - 1, in);
    text[n] = '\0';
    fclose(in);
    return n > 0;
}

/* Fields 14 and 15 of stat: the name in brackets may hold anything, so count from the last bracket. */
static uint64_t ticks_ns(const char *stat)
{
    const char *at = strrchr(stat, ')');
    unsigned long long user = 0, system = 0;
    if (at == NULL || sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system) != 2)
        return 0;
    long hertz = sysconf(_SC_CLK_TCK);
    return (user + system) * (1000000000ull / (hertz > 0 ? (unsigned long long)hertz : 100));
}

static void add_thread(pid_t pid, const char *tid, struct proc_sample *out)
{
    char path[96], text[4096];
    snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", (int)pid, tid);
    if (read_file(path, text, sizeof text)) {
        out->cpu_ns += strtoull(text, NULL, 10);
    } else {
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/stat", (int)pid, tid);
        if (read_file(path, text, sizeof text))
            out->cpu_ns += ticks_ns(text);
    }
    snprintf(path, sizeof path, "/proc/%d/task/%.20s/status", (int)pid, tid);
    if (read_file(path, text, sizeof text))
        out->voluntary_switches += number_after(text, "voluntary_ctxt_switches:");
}

bool proc_sample(pid_t pid, struct proc_sample *out)
{
    char path[64], text[4096];
    *out = (struct proc_sample){0};
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    errno = 0;
    if (!read_file(path, text, sizeof text))
        return false;
    out->peak_bytes = number_after(text, "VmHWM:") * 1024;
    out->resident_bytes = number_after(text, "VmRSS:") * 1024;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    if (tasks == NULL)
        return false;
    for (struct dirent *e; (e = readdir(tasks)) != NULL;) {
        if (e->d_name[0] != '.')
            add_thread(pid, e->d_name, out);
    }
    closedir(tasks);
    return true;
}

struct proc_cost proc_between(const struct proc_sample *before, const struct proc_sample *after)
{
    return (struct proc_cost){
        .cpu_ns = after->cpu_ns > before->cpu_ns ? after->cpu_ns - before->cpu_ns : 0,
        .voluntary_switches = after->voluntary_switches > before->voluntary_switches
                                  ? after->voluntary_switches - before->voluntary_switches
                                  : 0,
        .peak_bytes = after->peak_bytes,
        .resident_before_bytes = before->resident_bytes,
        .resident_after_bytes = after->resident_bytes,
    };
}
