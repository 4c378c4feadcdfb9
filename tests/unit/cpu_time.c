/* CPU time of this thread, see cpu_time.h. */
#include "cpu_time.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#endif

bool cpu_time_counts(void)
{
#if defined SANITIZED || !defined __OPTIMIZE__
    return false;
#else
    const char *preloaded = getenv("LD_PRELOAD"); /* valgrind puts its tools there */
    return !preloaded || !strstr(preloaded, "valgrind");
#endif
}

uint64_t cpu_time_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void cpu_calls_rewind(struct cpu_calls *c)
{
    c->count = 0;
}

/* ns[] of calls not seen yet is 0. */
void cpu_calls_record(struct cpu_calls *c, uint64_t ns)
{
    uint32_t at = c->count++;
    if (at < CPU_CALLS && (c->ns[at] == 0 || ns < c->ns[at]))
        c->ns[at] = ns < UINT32_MAX ? (uint32_t)ns : UINT32_MAX;
}

uint64_t cpu_calls_worst(const struct cpu_calls *c, uint32_t *which)
{
    *which = 0;
    for (uint32_t i = 1; i < c->count && i < CPU_CALLS; i++)
        if (c->ns[i] > c->ns[*which])
            *which = i;
    return c->ns[*which];
}
