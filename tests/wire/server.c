/* A serving program: started on a free port, its log followed, its process looked at from outside. */
#include "wire.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void server_start(struct server *s, const char *const *args, void (*in_child)(void))
{
    int log[2];
    cr_assert(pipe2(log, O_CLOEXEC) == 0, "pipe: %s", strerror(errno));
    *s = (struct server){.log_fd = log[0]};
    s->pid = program_spawn(args, (const int[3]){FD_NULL, FD_NULL, log[1]}, in_child);
    close(log[1]);
    fcntl(log[0], F_SETFL, O_NONBLOCK);
    server_await_log(s, "listening on ", 0);
    server_await_log(s, "\n", (size_t)(find(&s->log, "listening on ") - s->log.bytes));
    const char *line = find(&s->log, "listening on ");
    char *colon = memrchr(line, ':', strcspn(line, "\n"));
    cr_assert(colon, "no port in \"%s\"", escaped(line, strlen(line)));
    s->port = (in_port_t)strtoul(colon + 1, NULL, 10);
    cr_assert(s->port != 0, "no port in \"%s\"", escaped(line, strlen(line)));
}

void server_read_log(struct server *s)
{
    fd_read_all(s->log_fd, &s->log);
}

void server_await_log(struct server *s, const char *text, size_t from)
{
    for (;;) {
        server_read_log(s);
        if (s->log.len > from && memmem(s->log.bytes + from, s->log.len - from, text, strlen(text)))
            return;
        struct pollfd ready = {.fd = s->log_fd, .events = POLLIN};
        int n = poll(&ready, 1, GUARD_MS);
        cr_assert(n == 1 && ready.revents & POLLIN, "no \"%s\" in the log: \"%s\"", text,
                  escaped(s->log.bytes, s->log.len));
    }
}

void server_signal(const struct server *s, int signo)
{
    cr_assert(kill(s->pid, signo) == 0, "kill: %s", strerror(errno));
}

void server_settle(struct server *s)
{
    for (int i = 0; i < 2; i++) {
        size_t from = s->log.len;
        server_signal(s, SIGUSR1);
        server_await_log(s, "stats ", from);
    }
}

int server_wait(struct server *s)
{
    int status = program_wait(s->pid);
    server_read_log(s);
    bytes_append(&s->log, "", 0);
    close(s->log_fd);
    s->pid = 0;
    return status;
}

void server_stop(struct server *s)
{
    server_signal(s, SIGTERM);
    int status = server_wait(s);
    cr_assert(status == 0, "exit status %d after SIGTERM; log: \"%s\"", status, escaped(s->log.bytes, s->log.len));
    bytes_free(&s->log);
}

long server_status_kb(const struct server *s, const char *key)
{
    char path[64], line[256];
    long value = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)s->pid);
    FILE *status = fopen(path, "re");
    cr_assert(status, "%s: %s", path, strerror(errno));
    while (fgets(line, sizeof line, status))
        if (strncmp(line, key, strlen(key)) == 0)
            value = strtol(line + strlen(key), NULL, 10);
    fclose(status);
    cr_assert(value >= 0, "no %s in %s", key, path);
    return value;
}

int server_descriptors(const struct server *s)
{
    char path[64];
    int count = -2; /* . and .. */
    snprintf(path, sizeof path, "/proc/%d/fd", (int)s->pid);
    DIR *dir = opendir(path);
    cr_assert(dir, "%s: %s", path, strerror(errno));
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

void server_await_descriptors(const struct server *s, int count)
{
    /* /proc cannot be waited for: looked at every few milliseconds instead. */
    int now = -1;
    for (int waited_ms = 0; waited_ms < GUARD_MS; waited_ms += 5) {
        now = server_descriptors(s);
        if (now == count)
            return;
        poll(NULL, 0, 5);
    }
    cr_assert(now == count, "%d descriptors, expected %d", now, count);
}
