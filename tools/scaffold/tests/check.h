/* check.h - as much of a test framework as these tests need.
 *
 *     static void adds(void)
 *     {
 *         CHECK(1 + 1 == 2);
 *         CHECK_TEXT(greeting(), "hello");
 *     }
 *
 *     int main(void)
 *     {
 *         RUN(adds);
 *         return check_end();
 *     }
 *
 * A check that fails says where, ends its test, and the next one runs.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned check_passed, check_failed;
static bool check_ok;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                     \
            check_ok = false;                                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
    } while (0)

#define CHECK_TEXT(actual, expected)                                                                                   \
    do {                                                                                                               \
        if (strcmp((actual), (expected)) != 0) {                                                                       \
            printf("%s:%d: %s is \"%s\", expected \"%s\"\n", __FILE__, __LINE__, #actual, (actual), (expected));       \
            check_ok = false;                                                                                          \
            return;                                                                                                    \
        }                                                                                                              \
    } while (0)

#define RUN(test) check_run(#test, test)

static inline void check_run(const char *name, void (*test)(void))
{
    check_ok = true;
    test();
    printf("%s %s\n", check_ok ? "ok  " : "FAIL", name);
    if (check_ok)
        check_passed++;
    else
        check_failed++;
}

static inline int check_end(void)
{
    printf("%u passed, %u failed\n", check_passed, check_failed);
    return check_failed == 0 ? 0 : 1;
}

#endif
