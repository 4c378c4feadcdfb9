/* proc.h - what a process of this machine has cost, from /proc (proc(5)): for --pid.
 *
 * Samples are taken at the ends of the measured time (run.h), so that connecting and warm-up do not count.
 */
#ifndef MOJILOAD_PROC_H
#define MOJILOAD_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Totals of all its threads at one moment. */
struct proc_sample {
    uint64_t cpu_ns; /* user and system: exact where the kernel has schedstat, else in ticks of 10 ms */
    uint64_t voluntary_switches;
    uint64_t peak_bytes; /* VmHWM: the highest since the process began */
    uint64_t resident_bytes;
};

struct proc_cost {
    uint64_t cpu_ns, voluntary_switches; /* in the measured time */
    uint64_t peak_bytes;
    uint64_t resident_before_bytes, resident_after_bytes;
};

/* False with errno when there is no such process, or it may not be looked at. */
bool proc_sample(pid_t pid, struct proc_sample *out);
struct proc_cost proc_between(const struct proc_sample *before, const struct proc_sample *after);

#endif
