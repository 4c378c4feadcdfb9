/* Deferred calls and releases: phases 6 and 7 of a turn, under reactor.c. */
#include "internal.h"

void reactor_post(struct reactor *r, struct reactor_task *t)
{
    if (!t->link.next)
        list_append(&r->tasks, &t->link);
}

void reactor_release(struct reactor *r, struct reactor_task *t)
{
    if (!t->link.next)
        list_append(&r->releases, &t->link);
}

void reactor_cancel(struct reactor *r, struct reactor_task *t)
{
    (void)r;
    if (t->link.next)
        list_remove(&t->link);
}

static void run_list(struct reactor *r, struct reactor_link *head)
{
    while (!list_empty(head)) {
        struct reactor_task *t = CONTAINER(head->next, struct reactor_task, link);
        list_remove(&t->link);
        r->stats.tasks_run++;
        callback_begin(r, t->name);
        t->fn(t);
        callback_end(r);
    }
}

void reactor_tasks_run(struct reactor *r)
{
    run_list(r, &r->tasks_now);
}

void reactor_releases_run(struct reactor *r)
{
    list_splice(&r->releases_now, &r->releases);
    run_list(r, &r->releases_now);
}
