/* Searches the knee: which rate to try next, given what the others did. */
#include "find.h"

static const double CLOSE_ENOUGH = 1.05;
static const double LOWEST_PER_S = 1;

void find_begin(struct find *f, double first_per_s)
{
    *f = (struct find){.best = SIZE_MAX, .low_per_s = 0, .high_per_s = 0, .end = FIND_GOING};
    f->point[0].rate_per_s = first_per_s;
}

double find_next(const struct find *f)
{
    if (f->count == 0)
        return f->point[0].rate_per_s;
    if (f->high_per_s <= 0)
        return f->low_per_s * 2;
    if (f->low_per_s <= 0)
        return f->high_per_s / 2;
    return (f->low_per_s + f->high_per_s) / 2;
}

void find_add(struct find *f, const struct find_point *point)
{
    f->point[f->count] = *point;
    if (point->held) {
        f->best = f->count;
        f->low_per_s = point->rate_per_s;
    } else {
        f->high_per_s = point->rate_per_s;
    }
    f->count++;
    if (point->is_void && f->best != SIZE_MAX && f->high_per_s < f->low_per_s * 1.5)
        f->end = FIND_VOID; /* near the limit of mojiload: finer steps would measure that */
    else if (f->low_per_s > 0 && f->high_per_s > 0 && f->high_per_s <= f->low_per_s * CLOSE_ENOUGH)
        f->end = FIND_FOUND;
    else if (f->low_per_s <= 0 && f->high_per_s <= LOWEST_PER_S)
        f->end = FIND_NOTHING;
    else if (f->count == FIND_POINTS)
        f->end = f->best != SIZE_MAX ? FIND_FOUND : FIND_NOTHING;
}
