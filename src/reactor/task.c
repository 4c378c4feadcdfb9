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

static void run_first(struct reactor *r, struct reactor_link *head)
{
    struct reactor_task *t = CONTAINER(head->next, struct reactor_task, link);
    list_remove(&t->link);
    r->stats.tasks_run++;
    callback_begin(r, t->name);
    t->fn(t);
    callback_end(r);
}

/* At least one; what is left when the budget is over comes first in the next turn. */
void reactor_tasks_run(struct reactor *r)
{
    do
        run_first(r, &r->tasks_now);
    while (!list_empty(&r->tasks_now) && !budget_over(r));
}

/* All of them: "at the very end of this turn" is what their owners count on, and there are no more
 * than the callbacks of this turn have asked for. */
void reactor_releases_run(struct reactor *r)
{
    list_splice(&r->releases_now, &r->releases);
    while (!list_empty(&r->releases_now))
        run_first(r, &r->releases_now);
}
