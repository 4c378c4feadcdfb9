/* Intersects posting lists by leaping from run to run; the core of every search by words. */
#include "unicode/cursor.h"

void cursor_start(struct cursor *c)
{
    c->at = 0;
    c->lists = 0;
}

bool cursor_add(struct cursor *c, struct index_runs runs)
{
    struct cursor_list new = {runs.run, runs.run + runs.count};
    uint32_t i;
    /* An empty list says nothing by its address, which is that of whatever list follows. */
    for (i = 0; runs.count > 0 && i < c->lists; i++)
        if (c->list[i].run == new.run)
            return true;
    if (runs.count == 0 || c->lists == INDEX_NAME_WORDS) {
        c->lists = 0;
        return false;
    }
    for (i = c->lists++; i > 0 && c->list[i - 1].end - c->list[i - 1].run > new.end - new.run; i--)
        c->list[i] = c->list[i - 1];
    c->list[i] = new;
    return true;
}

/* The first run of [run, end) that ends behind `at`, or end.  The range to look in doubles until it is passed, then
 * halves. */
static const struct index_run *leap(const struct index_run *run, const struct index_run *end, uint32_t at)
{
    size_t left = (size_t)(end - run), step = 1;
    while (step < left && run[step - 1].end <= at) {
        run += step;
        left -= step;
        step *= 2;
    }
    if (step < left)
        left = step; /* run[step - 1] is behind */
    while (left > 0) {
        size_t half = left / 2;
        if (run[half].end <= at) {
            run += half + 1;
            left -= half + 1;
        } else {
            left = half;
        }
    }
    return run;
}

/* The same from behind `run`, which ends at or before `at`: mostly it is the next one. */
static inline const struct index_run *advanced(const struct index_run *run, const struct index_run *end, uint32_t at)
{
    if (++run < end && run->end <= at)
        run = leap(run + 1, end, at);
    return run;
}

/* The next interval from c->at on of the only list; an empty one when there is none. */
static struct index_run next_alone(struct cursor *c)
{
    struct cursor_list *list = c->list;
    if (list->run->end <= c->at && (list->run = advanced(list->run, list->end, c->at)) == list->end)
        return (struct index_run){0, 0};
    return (struct index_run){list->run->first > c->at ? list->run->first : c->at, list->run->end};
}

/* The next interval from `at` on that is in both lists; an empty one when there is none.  Most queries have two
 * words and most lists one member a run, so this loop is what a search costs: it runs in registers. */
static struct index_run meet(struct cursor_list *a, struct cursor_list *b, uint32_t at)
{
    const struct index_run *x = a->run, *y = b->run;
    for (;;) {
        if (x->end <= at && (x = advanced(x, a->end, at)) == a->end)
            return (struct index_run){0, 0};
        at = x->first > at ? x->first : at;
        if (y->end <= at && (y = advanced(y, b->end, at)) == b->end)
            return (struct index_run){0, 0};
        at = y->first > at ? y->first : at;
        uint32_t end = x->end < y->end ? x->end : y->end;
        if (at < end) {
            a->run = x;
            b->run = y;
            return (struct index_run){at, end};
        }
    }
}

/* Narrows *run, which is in the first two lists, to what all others have first in common with it.  false: nothing;
 * run->first is then where to look on, or INDEX_NONE when a list has ended. */
static bool narrow(struct cursor *c, struct index_run *run)
{
    struct cursor_list *const stop = c->list + c->lists;
    for (struct cursor_list *list = c->list + 2; list < stop; list++) {
        if (list->run->end <= run->first) {
            const struct index_run *next = advanced(list->run, list->end, run->first);
            if (next == list->end) {
                run->first = INDEX_NONE;
                return false;
            }
            list->run = next;
        }
        if (list->run->first > run->first)
            run->first = list->run->first;
        if (run->first >= run->end)
            return false;
        if (list->run->end < run->end)
            run->end = list->run->end;
    }
    return true;
}

bool cursor_next(struct cursor *c, uint32_t max, struct index_run *out)
{
    struct index_run run = {c->at, 0};
    if (c->lists == 0)
        return false;
    if (c->lists == 1)
        run = next_alone(c);
    else
        do
            run = meet(&c->list[0], &c->list[1], run.first);
        while (run.end && !narrow(c, &run));
    if (run.end == 0) {
        c->lists = 0;
        return false;
    }
    if (run.end - run.first > max)
        run.end = run.first + max;
    c->at = run.end;
    *out = run;
    return true;
}
