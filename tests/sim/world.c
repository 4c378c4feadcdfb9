/* Begin, end and record of the promise tests: see world.h. */
#include "world.h"

#include <criterion/criterion.h>
#include <string.h>

static char current[1000], previous[sizeof current];

struct reactor *world_begin(uint64_t seed)
{
    struct reactor *r;
    sim_begin(seed);
    current[0] = '\0';
    r = reactor_new(&(struct reactor_config){.sys = &sim_sys});
    cr_assert_not_null(r);
    return r;
}

void world_end(struct reactor *r)
{
    cr_expect_eq(reactor_turn(r, 0), 0, "the loop is not empty");
    reactor_free(r);
    cr_expect_eq(sim_end(), 0, "something leaks");
}

void record(const char *what)
{
    size_t len = strlen(current);
    cr_assert_lt(len + strlen(what) + 2, sizeof current);
    if (len > 0)
        current[len++] = ' ';
    strcpy(current + len, what);
}

const char *recorded(void)
{
    memcpy(previous, current, sizeof current);
    current[0] = '\0';
    return previous;
}
