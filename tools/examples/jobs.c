/* jobs: runs shell commands from its arguments, at most N at a time.
 *
 *     jobs N COMMAND...
 *
 * Shows the semaphore of asyncio as a pattern: a counter of free slots and a queue
 * of those who wait.  A slot is handed over through reactor_post(), never from
 * inside release(), so a chain of waiters costs no stack.  A running command is
 * one more descriptor: pidfd_open(2)'s becomes readable when it has ended.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* environ */
#endif
#include "reactor/reactor.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_JOBS 1000

struct semaphore {
    struct reactor *reactor;
    unsigned long free_slots;
    struct waiter *first, **last; /* in order of asking */
};

struct waiter {
    struct reactor_task granted; /* its fn runs when the slot is yours */
    struct waiter *next;
};

static void semaphore_acquire(struct semaphore *s, struct waiter *w)
{
    if (s->free_slots > 0) {
        s->free_slots--;
        reactor_post(s->reactor, &w->granted);
    } else {
        w->next = NULL;
        *s->last = w;
        s->last = &w->next;
    }
}

static void semaphore_release(struct semaphore *s)
{
    struct waiter *w = s->first;
    if (w != NULL) {
        s->first = w->next;
        s->last = s->first != NULL ? s->last : &s->first;
        reactor_post(s->reactor, &w->granted); /* the slot changes hands */
    } else {
        s->free_slots++;
    }
}

struct job {
    struct waiter waiter;
    struct reactor_fd process;
    struct semaphore *slots;
    char *command;
    pid_t pid;
    int pidfd;
};

static void on_ended(struct reactor_fd *w, uint32_t events)
{
    struct job *j = REACTOR_OWNER(w, struct job, process);
    int status = 0;
    (void)events;
    reactor_fd_stop(&j->process); /* before close(2), always */
    close(j->pidfd);
    waitpid(j->pid, &status, 0);
    printf("%s: %s %d\n", j->command, WIFEXITED(status) ? "exit" : "signal",
           WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    semaphore_release(j->slots);
}

static void on_granted(struct reactor_task *t)
{
    struct job *j = REACTOR_OWNER(t, struct job, waiter.granted);
    char shell[] = "sh", option[] = "-c", *argv[] = {shell, option, j->command, NULL};
    int err = posix_spawn(&j->pid, "/bin/sh", NULL, NULL, argv, environ);
    if (err == 0) {
        j->pidfd = (int)syscall(SYS_pidfd_open, j->pid, 0);
        j->process = (struct reactor_fd){.fn = on_ended, .name = j->command};
        if (j->pidfd >= 0 && reactor_fd_start(j->slots->reactor, &j->process, j->pidfd, EPOLLIN) == 0)
            return;
        err = errno; /* cannot be watched: this one is lost, the others and the slot are not */
        kill(j->pid, SIGKILL);
        waitpid(j->pid, NULL, 0);
    }
    printf("%s: not started, %s\n", j->command, strerror(err));
    semaphore_release(j->slots);
}

int main(int argc, char **argv)
{
    static struct job jobs[MAX_JOBS];
    unsigned long n = argc > 2 && argc - 2 <= MAX_JOBS ? strtoul(argv[1], NULL, 10) : 0;
    struct semaphore slots = {.reactor = n > 0 ? reactor_new(NULL) : NULL, .free_slots = n, .last = &slots.first};
    if (slots.reactor == NULL)
        return fprintf(stderr, "usage: jobs N COMMAND...   (N at a time, at least 1)\n"), 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 2; i < argc; i++) {
        jobs[i - 2] = (struct job){
            .slots = &slots, .command = argv[i], .waiter.granted = {.fn = on_granted, .name = "job"}};
        semaphore_acquire(&slots, &jobs[i - 2].waiter);
    }
    int failed = reactor_run(slots.reactor); /* returns when nothing runs or waits */
    reactor_free(slots.reactor);
    return failed == 0 ? 0 : 1;
}
