/* bench.c - mojifinder beside the floor, memcached and redis: CPU per request, medians of interleaved rounds.
 *
 *   bench [CASE]...      all cases, or those whose names begin so
 *   BENCH_ROUNDS=5       rounds of each
 *   BENCH_SECONDS=0.4    length of one run
 *
 * Server CPU is user and kernel time from /proc/PID/task/.../schedstat, per request
 * answered, as a multiple of the floor's in the same round; the figure is the median of these.  "least" is the
 * ratio of the cheapest rounds of both: on a busy machine the steadier of the two.
 */
#include "peer.h"

#include "unicode/index.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    ROUNDS_MAX = 31
};

static int rounds = 5;
static double seconds = 0.4;

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare_doubles);
    return values[count / 2];
}

/* ---- queries ---- */

/* Learns how long mojifinder's answers are. */
static void measure_answers(struct query_set *set)
{
    struct peer p;
    char *in = malloc(1 << 20);
    set->answer_bytes = calloc(set->count, sizeof *set->answer_bytes);
    for (size_t i = 0; i < set->count; i++)
        set->answer_bytes[i] = 1000;
    if (!peer_start(&p, PEER_MOJIFINDER, set)) {
        fprintf(stderr, "bench: cannot start mojifinder\n");
        exit(1);
    }
    int fd = dial(p.port);
    if (recv(fd, in, 3, MSG_WAITALL) != 3)
        exit(1);
    for (size_t i = 0; i < set->count; i++) {
        char tail[6] = "", line[512];
        size_t total = 0;
        int n = snprintf(line, sizeof line, "%s\n", set->query[i]);
        if (send(fd, line, (size_t)n, 0) != n)
            exit(1);
        while (memcmp(tail, "\r\n?> ", 5) != 0) {
            ssize_t got = recv(fd, in, 1 << 20, 0);
            if (got <= 0)
                exit(1);
            total += (size_t)got;
            size_t keep = got < 5 ? 5 - (size_t)got : 0;
            memmove(tail, tail + 5 - keep, keep);
            memcpy(tail + keep, in + (size_t)got - (5 - keep), 5 - keep);
        }
        set->answer_bytes[i] = total;
    }
    close(fd);
    peer_stop(&p);
    free(in);
}

static struct query_set one_query(const char *text)
{
    struct query_set set = {.count = 1};
    set.query = calloc(1, sizeof *set.query);
    set.query[0] = strdup(text);
    measure_answers(&set);
    return set;
}

/* Names of characters, in which nearly every word is a query of its own: 2,000 of
 * them all over the index, ideographs and syllables left out. */
static struct query_set many_queries(size_t count)
{
    const struct index *ix = index_builtin();
    struct query_set set = {.query = calloc(count, sizeof *set.query)};
    for (uint32_t i = 0; set.count < count; i++) {
        uint32_t ordinal = (uint32_t)((uint64_t)i * 7919 % index_count(ix));
        size_t len;
        const char *name = index_name(ix, ordinal, &len);
        if (index_is_control(ix, ordinal) || memchr(name, '-', len) || strncmp(name, "HANGUL", 6) == 0)
            continue;
        set.query[set.count++] = strndup(name, len);
    }
    measure_answers(&set);
    return set;
}

static void free_queries(struct query_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free(set->query[i]);
    free(set->query);
    free(set->answer_bytes);
}

/* ---- cost per request ---- */

struct cost_case {
    const char *name, *query; /* NULL: 2,000 different ones */
    int connections, depth;
    double goal;
    const char *known; /* memcached and redis, in instructions, as once measured */
};

static const struct cost_case cost_cases[] = {
    {"1 connection, 0.4 KB", "chess black king", 1, 1, 1.10, "1.27 / 1.38"},
    {"50 connections, 0.4 KB", "chess black king", 50, 1, 1.10, "1.27 / 1.38"},
    {"1000 connections, 0.4 KB", "chess black king", 1000, 1, 1.10, "1.36 / 1.40"},
    {"50 connections, 2000 queries", NULL, 50, 1, 1.15, "1.28 / 1.40"},
    {"50 x 16 in flight, 0.4 KB", "chess black king", 50, 16, 2.2, "14.9 / 4.7"},
    {"50 x 16 in flight, 2000 queries", NULL, 50, 16, 3.0, "15.0 / 4.8"},
    {"cuneiform 54 KB x 16", "cuneiform", 16, 1, 1.15, "1.24 / 1.93"},
    {"cjk 4 MB x 4", "cjk", 4, 1, 1.00, "1.01 / 1.47"},
};

static void run_cost_case(const struct cost_case *cc)
{
    struct query_set set = cc->query ? one_query(cc->query) : many_queries(2000);
    struct peer peer[PEERS];
    struct request *requests[PEERS];
    double ratio[PEERS][ROUNDS_MAX], us[ROUNDS_MAX], rate[ROUNDS_MAX], least[PEERS] = {0};

    for (int k = 0; k < PEERS; k++) {
        peer_start(&peer[k], (enum peer_kind)k, &set);
        requests[k] = peer_requests(&peer[k], &set);
    }
    for (int round = 0; round < rounds; round++) {
        double floor_ns = 0;
        for (int k = 0; k < PEERS; k++) {
            struct load load = {.port = peer[k].port,
                                .connections = cc->connections,
                                .depth = cc->depth,
                                .greeting_bytes = peer_greeting_bytes(&peer[k]),
                                .requests = requests[k],
                                .request_count = set.count,
                                .seconds = seconds};
            if (!peer[k].pid)
                continue;
            struct drive_result r = drive(&load, peer[k].pid);
            double ns = (double)r.server_ns / (double)(r.requests ? r.requests : 1);
            if (k == PEER_FLOOR)
                floor_ns = ns;
            ratio[k][round] = ns / floor_ns;
            if (round == 0 || ns < least[k])
                least[k] = ns;
            if (k == PEER_MOJIFINDER) {
                us[round] = ns / 1000;
                rate[round] = (double)r.requests / r.seconds;
            }
        }
    }
    printf("%-33s %9.2f %10.0f %7.2f %7.2f %7.2f", cc->name, median(us, rounds), median(rate, rounds),
           median(ratio[PEER_MOJIFINDER], rounds), least[PEER_MOJIFINDER] / least[PEER_FLOOR], cc->goal);
    for (int k = PEER_MEMCACHED; k < PEERS; k++)
        if (peer[k].pid)
            printf(" %9.2f", median(ratio[k], rounds));
        else
            printf(" %9s", "absent");
    printf("   %s\n", cc->known);
    fflush(stdout);
    for (int k = 0; k < PEERS; k++) {
        for (size_t i = 0; i < set.count; i++)
            free((char *)(uintptr_t)requests[k][i].bytes);
        free(requests[k]);
        peer_stop(&peer[k]);
    }
    free_queries(&set);
}

/* ---- memory ---- */

enum {
    IDLE_CONNECTIONS = 10000
};

static double idle_bytes(enum peer_kind kind, const struct query_set *set, long *base_kb)
{
    struct peer p;
    if (!peer_start(&p, kind, set))
        return -1;
    static int fds[IDLE_CONNECTIONS];
    *base_kb = process_status_kb(p.pid, "VmRSS:");
    for (int i = 0; i < IDLE_CONNECTIONS; i++) {
        char greeting[3];
        fds[i] = dial(p.port);
        if (fds[i] < 0) {
            perror("bench: connect");
            exit(1);
        }
        if (kind == PEER_MOJIFINDER && recv(fds[i], greeting, 3, MSG_WAITALL) != 3)
            exit(1);
    }
    usleep(200000); /* until the last are accepted by those that do not greet */
    long full_kb = process_status_kb(p.pid, "VmRSS:");
    for (int i = 0; i < IDLE_CONNECTIONS; i++)
        close(fds[i]);
    peer_stop(&p);
    return (double)(full_kb - *base_kb) * 1024 / IDLE_CONNECTIONS;
}

static void run_memory(void)
{
    struct query_set set = one_query("chess black king");
    long kb[PEERS];
    double bytes[PEERS];
    for (int k = 0; k < PEERS; k++)
        bytes[k] = idle_bytes((enum peer_kind)k, &set, &kb[k]);
    printf("%-33s mojifinder %.0f (goal 256), memcached %.0f, redis %.0f\n", "bytes per idle connection",
           bytes[PEER_MOJIFINDER], bytes[PEER_MEMCACHED], bytes[PEER_REDIS]);
    printf("%-33s mojifinder %.1f MB (goal 10)", "resident with no client", (double)kb[PEER_MOJIFINDER] / 1024);
    if (bytes[PEER_MEMCACHED] >= 0 && bytes[PEER_REDIS] >= 0)
        printf(", memcached %.1f, redis %.1f", (double)kb[PEER_MEMCACHED] / 1024, (double)kb[PEER_REDIS] / 1024);
    putchar('\n');
    free_queries(&set);
}

/* ---- start ---- */

/* Milliseconds from fork to the first byte of the first answer. */
static double start_ms(enum peer_kind kind, const struct query_set *set)
{
    struct peer p;
    char in[4096];
    uint64_t start = monotonic_ns();
    if (!peer_start(&p, kind, set))
        return -1;
    int fd = dial(p.port);
    size_t greeting = peer_greeting_bytes(&p);
    if ((greeting > 0 && recv(fd, in, greeting, MSG_WAITALL) != (ssize_t)greeting) ||
        send(fd, "chess black king\n", 17, 0) != 17 || recv(fd, in, sizeof in, 0) <= 0)
        exit(1);
    double ms = (double)(monotonic_ns() - start) / 1e6;
    close(fd);
    peer_stop(&p);
    return ms;
}

static double oneshot_ms(void)
{
    const char *program = getenv("MOJIFINDER");
    const char *argv[] = {program ? program : "build/mojifinder", "cat", "face", NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
    uint64_t start = monotonic_ns();
    if (posix_spawn(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ) != 0)
        exit(1);
    waitpid(pid, NULL, 0);
    posix_spawn_file_actions_destroy(&actions);
    return (double)(monotonic_ns() - start) / 1e6;
}

static void run_start(void)
{
    struct query_set set = one_query("chess black king");
    enum {
        RUNS = 21
    };
    double floor[RUNS], ours[RUNS], oneshot[RUNS];
    for (int i = 0; i < RUNS; i++) {
        floor[i] = start_ms(PEER_FLOOR, &set);
        ours[i] = start_ms(PEER_MOJIFINDER, &set);
        oneshot[i] = oneshot_ms();
    }
    double f = median(floor, RUNS), m = median(ours, RUNS);
    printf("%-33s mojifinder %.2f ms, floor %.2f ms: %.2f (goal 2.00)\n", "start to first answer", m, f, m / f);
    printf("%-33s %.2f ms (goal 5)\n", "mojifinder cat face, whole", median(oneshot, RUNS));
    free_queries(&set);
}

/* ---- fairness ---- */

/* Children that stream cjk until killed. */
static pid_t stream_cjk(int port, int connections, size_t answer_bytes)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct request request = {.bytes = "cjk\n", .len = 4, .answer_bytes = answer_bytes};
        struct load load = {.port = port,
                            .connections = connections,
                            .depth = 1,
                            .greeting_bytes = 3,
                            .requests = &request,
                            .request_count = 1,
                            .seconds = 3600};
        drive(&load, 0);
        _exit(0);
    }
    return pid;
}

static void run_fairness(void)
{
    struct query_set big = one_query("cjk"), small = one_query("chess black king");
    struct peer p;
    peer_start(&p, PEER_MOJIFINDER, &small);
    pid_t streams = stream_cjk(p.port, 50, big.answer_bytes[0]);
    enum {
        ASKED = 300
    };
    static double ms[ASKED];
    char in[4096];
    int fd = dial(p.port);
    if (recv(fd, in, 3, MSG_WAITALL) != 3)
        exit(1);
    usleep(300000); /* all fifty are streaming */
    for (int i = 0; i < ASKED; i++) {
        uint64_t due = monotonic_ns() + 10000000; /* 100 a second */
        uint64_t sent = monotonic_ns();
        if (send(fd, "chess black king\n", 17, 0) != 17 ||
            recv(fd, in, small.answer_bytes[0], MSG_WAITALL) != (ssize_t)small.answer_bytes[0])
            exit(1);
        uint64_t now = monotonic_ns();
        ms[i] = (double)(now - sent) / 1e6;
        if (now < due)
            usleep((useconds_t)((due - now) / 1000));
    }
    stop_server(streams);
    peer_stop(&p);
    double m = median(ms, ASKED); /* sorts */
    printf("%-33s p50 %.2f ms, p99 %.2f ms (goal 20), max %.2f ms\n", "small query beside 50 x cjk", m,
           ms[ASKED * 99 / 100], ms[ASKED - 1]);
    free_queries(&big);
    free_queries(&small);
}

/* ---- all ---- */

static bool chosen(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strncmp(name, argv[i], strlen(argv[i])) == 0)
            return true;
    return argc < 2;
}

int main(int argc, char **argv)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (getenv("BENCH_ROUNDS"))
        rounds = (int)strtol(getenv("BENCH_ROUNDS"), NULL, 10);
    if (getenv("BENCH_SECONDS"))
        seconds = strtod(getenv("BENCH_SECONDS"), NULL);
    if (rounds < 1 || rounds > ROUNDS_MAX || seconds <= 0)
        return 2;
    printf("%-33s %9s %10s %7s %7s %7s %9s %9s   %s\n", "server CPU per request", "us", "requests/s", "x floor",
           "least", "goal", "memcached", "redis", "known");
    for (size_t i = 0; i < sizeof cost_cases / sizeof cost_cases[0]; i++)
        if (chosen(cost_cases[i].name, argc, argv))
            run_cost_case(&cost_cases[i]);
    if (chosen("memory", argc, argv))
        run_memory();
    if (chosen("start", argc, argv))
        run_start();
    if (chosen("fair", argc, argv))
        run_fairness();
    return 0;
}
