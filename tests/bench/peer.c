/* peer.c - floor, mojifinder, memcached and redis, each giving answers of the same length. */
#include "peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const names[PEERS] = {"floor", "mojifinder", "memcached", "redis"};

int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) < 0)
        exit(1);
    close(fd);
    return ntohs(address.sin_port);
}

pid_t spawn_server(char *const argv[], int port)
{
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        execvp(argv[0], argv);
        _exit(127);
    }
    for (;;) {
        int status, fd = dial(port);
        if (fd >= 0) {
            close(fd);
            return pid;
        }
        if (waitpid(pid, &status, WNOHANG) == pid)
            return 0;
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
}

void stop_server(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0) {
            perror("bench: loading a peer");
            exit(1);
        }
        bytes += n;
        len -= (size_t)n;
    }
}

static size_t digits(size_t n)
{
    return (size_t)snprintf(NULL, 0, "%zu", n);
}

/* How long a value must be for the whole reply to have total bytes. */
static size_t value_bytes(const struct peer *p, size_t key, size_t total)
{
    size_t fixed = p->kind == PEER_REDIS ? strlen("$\r\n\r\n") : strlen("VALUE k 0 \r\n\r\nEND\r\n") + digits(key);
    size_t n = total - fixed;
    while (fixed + digits(n) + n > total)
        n--;
    return n;
}

/* What value_bytes() cannot reach exactly (the number of digits changes) is one byte short. */
static size_t reply_bytes(const struct peer *p, size_t key, size_t total)
{
    size_t n = value_bytes(p, key, total);
    size_t fixed = p->kind == PEER_REDIS ? strlen("$\r\n\r\n") : strlen("VALUE k 0 \r\n\r\nEND\r\n") + digits(key);
    return fixed + digits(n) + n;
}

static void load_values(const struct peer *p, const struct query_set *set)
{
    int fd = dial(p->port);
    for (size_t i = 0; i < set->count; i++) {
        size_t len = value_bytes(p, i, set->answer_bytes[i]);
        char head[128], reply[64];
        int n = p->kind == PEER_REDIS
                    ? snprintf(head, sizeof head, "*3\r\n$3\r\nSET\r\n$%zu\r\nk%zu\r\n$%zu\r\n", 1 + digits(i), i, len)
                    : snprintf(head, sizeof head, "set k%zu 0 0 %zu\r\n", i, len);
        char *value = malloc(len + 2);
        memset(value, 'x', len);
        memcpy(value + len, "\r\n", 2);
        send_all(fd, head, (size_t)n);
        send_all(fd, value, len + 2);
        free(value);
        if (recv(fd, reply, sizeof reply, 0) <= 0 ||
            (memcmp(reply, "+OK", 3) != 0 && memcmp(reply, "STORED", 6) != 0)) {
            fprintf(stderr, "bench: %s did not take a value of %zu bytes\n", p->name, len);
            exit(1);
        }
    }
    close(fd);
}

static size_t mean_answer(const struct query_set *set)
{
    size_t sum = 0;
    for (size_t i = 0; i < set->count; i++)
        sum += set->answer_bytes[i];
    return sum / set->count;
}

bool peer_start(struct peer *p, enum peer_kind kind, const struct query_set *set)
{
    char port[16], bytes[32];
    *p = (struct peer){.kind = kind, .name = names[kind], .port = free_port()};
    snprintf(port, sizeof port, "%d", p->port);
    snprintf(bytes, sizeof bytes, "%zu", mean_answer(set));
    const char *floor = getenv("FLOOR"), *program = getenv("MOJIFINDER");
    const char *argv[PEERS][16] = {
        [PEER_FLOOR] = {floor ? floor : "build/tests/bench/floor", port, bytes},
        [PEER_MOJIFINDER] = {program ? program : "build/mojifinder", "--port", port, "--max-clients", "12000"},
        [PEER_MEMCACHED] = {"memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", port, "-t", "1", "-m", "128", "-I",
                            "8m", "-c", "12000"},
        [PEER_REDIS] = {"redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                        "--maxclients", "12000"},
    };
    p->pid = spawn_server((char *const *)(uintptr_t)argv[kind], p->port);
    if (p->pid == 0)
        return false;
    if (kind == PEER_MEMCACHED || kind == PEER_REDIS)
        load_values(p, set);
    return true;
}

void peer_stop(struct peer *p)
{
    if (p->pid)
        stop_server(p->pid);
    p->pid = 0;
}

size_t peer_greeting_bytes(const struct peer *p)
{
    return p->kind == PEER_MOJIFINDER ? strlen("?> ") : 0;
}

struct request *peer_requests(const struct peer *p, const struct query_set *set)
{
    struct request *requests = calloc(set->count, sizeof *requests);
    for (size_t i = 0; i < set->count; i++) {
        char *text = NULL;
        int n = 0;
        requests[i].answer_bytes = set->answer_bytes[i];
        switch (p->kind) {
        case PEER_FLOOR:
            n = asprintf(&text, "%s\n", set->query[i]);
            requests[i].answer_bytes = mean_answer(set);
            break;
        case PEER_MOJIFINDER: n = asprintf(&text, "%s\n", set->query[i]); break;
        case PEER_MEMCACHED: n = asprintf(&text, "get k%zu\r\n", i); break;
        case PEER_REDIS: n = asprintf(&text, "*2\r\n$3\r\nGET\r\n$%zu\r\nk%zu\r\n", 1 + digits(i), i); break;
        case PEERS: break;
        }
        if (p->kind == PEER_MEMCACHED || p->kind == PEER_REDIS)
            requests[i].answer_bytes = reply_bytes(p, i, set->answer_bytes[i]);
        if (n < 0)
            exit(1);
        requests[i].bytes = text;
        requests[i].len = (size_t)n;
    }
    return requests;
}
