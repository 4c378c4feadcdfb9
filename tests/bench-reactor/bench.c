/* bench.c - the two benchmarks, for the loop this program is linked with.
 *
 *     bench chain PAIRS ACTIVE WRITES TIMEOUTS(0|1)
 *     bench timers COUNT
 *
 * Prints one line for each measured function: its name, the operations it did
 * and the wall time it took.  The measured functions are called nothing else,
 * not inlined and not static, so that callgrind's --toggle-collect finds them.
 */
#include "bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

struct chain chain;
long timers_fired;

static int *order; /* the timers in random order */
static int timer_count;

void measured_chain(void);
void measured_arm(void);
void measured_rearm(void);
void measured_cancel(void);
void measured_expire(void);

__attribute__((noinline)) void measured_chain(void)
{
    loop_run_chain();
}

/* Times as a server has them: between 10 and 60 seconds, no two alike. */
static uint32_t long_time_ms(int i)
{
    return 10000u + (uint32_t)((uint64_t)i * 2654435761u % 50000u);
}

/* Short ones, due within a second. */
static uint32_t short_time_ms(int i)
{
    return 1u + (uint32_t)((uint64_t)i * 2654435761u % 1000u);
}

__attribute__((noinline)) void measured_arm(void)
{
    for (int i = 0; i < timer_count; i++)
        loop_arm(i, long_time_ms(i));
}

__attribute__((noinline)) void measured_rearm(void)
{
    for (int i = 0; i < timer_count; i++)
        loop_rearm(order[i], long_time_ms(order[i]));
}

__attribute__((noinline)) void measured_cancel(void)
{
    for (int i = 0; i < timer_count; i++)
        loop_cancel(order[i]);
}

__attribute__((noinline)) void measured_expire(void)
{
    loop_run_timers(timer_count);
}

static uint64_t wall_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void measure(void (*fn)(void), const char *name, long operations)
{
    uint64_t start_ns = wall_ns();
    fn();
    printf("%s %s %ld %llu\n", loop_name, name, operations, (unsigned long long)(wall_ns() - start_ns));
}

static void *array(size_t count, size_t size)
{
    void *p = calloc(count, size);
    if (p == NULL) {
        fprintf(stderr, "bench: out of memory\n");
        exit(1);
    }
    return p;
}

static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void make_pairs(int pairs)
{
    raise_descriptor_limit();
    chain.pairs = pairs;
    chain.read_fd = array((size_t)pairs, sizeof *chain.read_fd);
    chain.write_fd = array((size_t)pairs, sizeof *chain.write_fd);
    chain.timeout_ms = array((size_t)pairs, sizeof *chain.timeout_ms);
    for (int i = 0; i < pairs; i++) {
        int fd[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd) != 0) {
            fprintf(stderr, "bench: %d pairs do not fit the descriptor limit\n", pairs);
            exit(4);
        }
        chain.read_fd[i] = fd[0];
        chain.write_fd[i] = fd[1];
        chain.timeout_ms[i] = long_time_ms(i);
    }
}

/* Puts the first byte into each of the active pairs, evenly spread. */
static void prime(int active, long writes)
{
    chain.writes_left = writes - active;
    chain.in_flight = active;
    for (int i = 0; i < active; i++)
        if (write(chain.write_fd[(long)i * chain.pairs / active], "e", 1) != 1)
            exit(3);
}

static int run_chain(int pairs, int active, long writes, bool timeouts)
{
    make_pairs(pairs);
    loop_open();
    loop_watch_chain(timeouts);
    prime(active, writes);
    loop_run_chain(); /* caches, lazily bound symbols and lazy registrations */
    prime(active, writes);
    measure(measured_chain, timeouts ? "chain-timeout" : "chain", writes);
    return 0;
}

static void shuffle(int *values, int count)
{
    uint64_t x = 88172645463325252u; /* xorshift; the same order on every loop */
    for (int i = 0; i < count; i++)
        values[i] = i;
    for (int i = count - 1; i > 0; i--) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        int j = (int)(x % (uint64_t)(i + 1));
        int swap = values[i];
        values[i] = values[j];
        values[j] = swap;
    }
}

static void sleep_ms(long ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static int run_timers(int count)
{
    if (!loop_has_timers)
        return 0;
    timer_count = count;
    order = array((size_t)count, sizeof *order);
    shuffle(order, count);
    loop_open();
    loop_make_timers(count);
    loop_arm(0, 10000);
    loop_rearm(0, 20000);
    loop_cancel(0);
    measure(measured_arm, "arm", count);
    sleep_ms(20);
    loop_update_clock();
    measure(measured_rearm, "rearm", count);
    measure(measured_cancel, "cancel", count);
    for (int i = 0; i < count; i++)
        loop_arm(i, short_time_ms(i));
    sleep_ms(1100); /* all are due: what is measured is expiring, not waiting */
    measure(measured_expire, "expire", count);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "chain") == 0)
        return run_chain(atoi(argv[2]), atoi(argv[3]), atol(argv[4]), atoi(argv[5]) != 0);
    if (argc == 3 && strcmp(argv[1], "timers") == 0)
        return run_timers(atoi(argv[2]));
    fprintf(stderr, "usage: bench chain PAIRS ACTIVE WRITES TIMEOUTS | bench timers COUNT\n");
    return 2;
}
