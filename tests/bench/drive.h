/* drive.h - a closed-loop load: N connections, D requests in flight on each, answers counted by their known length. */
#ifndef BENCH_DRIVE_H
#define BENCH_DRIVE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A request as it goes over the wire, and how many bytes its answer has. */
struct request {
    const char *bytes;
    size_t len;
    size_t answer_bytes;
};

struct load {
    int port;
    int connections;
    int depth;             /* requests in flight on each */
    size_t greeting_bytes; /* sent by the server on connect */
    const struct request *requests;
    size_t request_count; /* taken in turn */
    double seconds;
};

struct drive_result {
    uint64_t requests; /* answered in the measured time */
    double seconds;
    double p50_us, p99_us; /* of the time from send to the whole answer */
    uint64_t server_ns;    /* CPU the server used meanwhile */
};

/* Runs the load against the process server (0: do not measure its CPU).  Exits with a message when the
 * server does not do its part. */
struct drive_result drive(const struct load *load, pid_t server);

/* CPU time of all threads of a process in nanoseconds. */
uint64_t process_cpu_ns(pid_t pid);
/* A figure of /proc/PID/status in KiB, like "VmRSS:". */
long process_status_kb(pid_t pid, const char *key);
uint64_t monotonic_ns(void);
/* A connected socket, or -1. */
int dial(int port);

#endif
