/* CPU time of this thread, for tests of bounds on work. */
#ifndef TESTS_UNIT_CPU_TIME_H
#define TESTS_UNIT_CPU_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* False under sanitizers and valgrind, where no figure says anything about the program as built for use. */
bool cpu_time_counts(void);
uint64_t cpu_time_ns(void);

/* The same sequence of calls is made several times over.  What a call costs is the least of these times: whatever
 * disturbs one of them (a cache lost to another process, a page fault) does not hit the same call every time. */
enum {
    CPU_CALLS = 1 << 16, /* further ones are not recorded */
    CPU_REPEATS = 3
};
struct cpu_calls {
    uint32_t count;
    uint32_t ns[CPU_CALLS];
};
/* Begins a repeat: the next call recorded is the first. */
void cpu_calls_rewind(struct cpu_calls *c);
void cpu_calls_record(struct cpu_calls *c, uint64_t ns);
/* The dearest call, and which one it was. */
uint64_t cpu_calls_worst(const struct cpu_calls *c, uint32_t *which);

#endif
