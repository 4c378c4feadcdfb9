/* What tests of the index need to know about the data, and a random source that can be repeated. */
#include "unicode_data.h"
#include "unicode/index.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const char *unicode_dir(void)
{
    const char *dir = getenv("UNICODE_DIR");
    if (!dir)
        dir = "/usr/share/unicode";
    if (access(dir, R_OK) != 0)
        cr_skip_test("no Unicode Character Database in %s", dir);
    return dir;
}

void only_unicode_15(void)
{
    const struct index *ix = index_builtin();
    if (strcmp(index_unicode_version(ix), "15.0.0") != 0 || strcmp(index_source(ix), "UCD") != 0)
        cr_skip_test("the index is of Unicode %s from %s", index_unicode_version(ix), index_source(ix));
}

uint64_t test_seed(void)
{
    const char *given = getenv("SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    fprintf(stderr, "SEED=%llu\n", (unsigned long long)seed);
    return seed * 2 + 1;
}

uint32_t test_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)(*state * UINT64_C(0x2545F4914F6CDD1D) >> 32);
}
