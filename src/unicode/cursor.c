/* Intersects posting lists by leaping from run to run; the core of every search by words. */
#include "unicode/cursor.h"

void cursor_start(struct cursor *c)
{
    c->at = 0;
    c->lists = 0;
}

bool cursor_add(struct cursor *c, struct index_runs runs)
{
    for (uint32_t i = 0; i < c->lists; i++)
        if (c->list[i].run == runs.run)
            return true;
    if (runs.count == 0 || c->lists == INDEX_NAME_WORDS) {
        c->lists = 0;
        return false;
    }
    uint32_t i = c->lists++;
    for (; i > 0 && c->list[i - 1].left > runs.count; i--)
        c->list[i] = c->list[i - 1];
    c->list[i].run = runs.run;
    c->list[i].left = runs.count;
    return true;
}

void cursor_seek(struct cursor *c, uint32_t at)
{
    if (at > c->at)
        c->at = at;
}

/* The first of left > 0 runs that ends behind `at`; left when none does. */
static uint32_t leap(const struct index_run *run, uint32_t left, uint32_t at)
{
    uint32_t step = 1, low = 0;
    while (step < left && run[step].end <= at) {
        low = step;
        step *= 2;
    }
    uint32_t high = step < left ? step : left;
    while (low < high) { /* runs below low end at or before `at`, those from high on behind */
        uint32_t middle = low + (high - low) / 2;
        if (run[middle].end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool cursor_next(struct cursor *c, uint32_t max, struct index_run *run)
{
    uint32_t at = c->at, end = UINT32_MAX, agreed = 0;
    for (uint32_t i = 0; agreed < c->lists; i = i + 1 < c->lists ? i + 1 : 0) {
        const struct index_run *r = c->list[i].run;
        if (r->end <= at) {
            uint32_t skip = leap(r, c->list[i].left, at);
            if (skip == c->list[i].left) {
                c->lists = 0;
                return false;
            }
            c->list[i].run = r += skip;
            c->list[i].left -= skip;
        }
        if (r->first > at) { /* all others have to follow */
            at = r->first;
            end = r->end;
            agreed = 1;
        } else {
            end = r->end < end ? r->end : end;
            agreed++;
        }
    }
    if (c->lists == 0)
        return false;
    run->first = at;
    run->end = end - at > max ? at + max : end;
    c->at = run->end;
    return true;
}
