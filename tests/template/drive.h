/* drive.h - runs one of the example programs and talks to it. */
#ifndef DRIVE_H
#define DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct program {
    pid_t pid;
    FILE *out; /* its stdout and stderr */
};

/* True when the example was built: those that need a library that is not there are not. */
bool program_exists(const char *name);
/* Starts example name with these arguments (NULL-terminated, at most 15).  It is
 * killed when the test ends before it. */
struct program program_start(const char *name, const char *const *args);
/* The next line it says, without line end; "" at the end.  Valid until the next call. */
const char *program_line(struct program *p);
/* The port of "listening on 127.0.0.1:PORT", its first line. */
int program_port(struct program *p);
/* Waits until it has ended: its exit status, or 128 + the signal. */
int program_end(struct program *p);

/* A client of 127.0.0.1:port. */
int connect_to(int port);
void send_all(int fd, const char *bytes, size_t len);
/* Reads exactly len bytes, or up to the end: how many. */
size_t read_full(int fd, char *bytes, size_t len);
/* True when exactly this comes next. */
bool hears(int fd, const char *text);

#endif
