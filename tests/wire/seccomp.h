/* tests/wire/seccomp.h - a program that is refused one system call by the kernel, as containers and service managers
 * do it: seccomp(2), filter mode.
 *
 *     refuse(SYS_sendfile, EPERM);
 *     server_start(&s, args, refuse_in_child);
 */
#ifndef WIRE_SECCOMP_H
#define WIRE_SECCOMP_H

enum {
    REFUSE_IMPOSSIBLE = 77 /* exit status of a child that could not set the filter */
};

/* Which call the next children are refused, and what errno they get. */
void refuse(long call, int err);
/* For the child, before it becomes the program. */
void refuse_in_child(void);

#endif
