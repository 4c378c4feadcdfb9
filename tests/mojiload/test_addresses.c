/* All addresses of a name are tried in turn, and the one that answers is kept to. */
#include "fake.h"

#include "options.h"
#include "reports/result.h"
#include "target.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

static void right(struct fake *f, struct fake_client *c, uint64_t number)
{
    (void)number;
    fake_right(f, c);
}

/* As "::1 dual.test" and "127.0.0.1 dual.test" in /etc/hosts resolve. */
static void make_dual(struct target *t)
{
    struct sockaddr_in *four = (struct sockaddr_in *)&t->addr[1];
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&t->addr[0];
    memset(t->addr, 0, sizeof t->addr);
    *six = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(2323), .sin6_addr = in6addr_loopback};
    *four = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(2323)};
    four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    t->addresses = 2;
    strcpy(t->name, "dual.test:2323");
}

static void run_dual(struct fake *f, struct run *run, const char *options)
{
    *run = (struct run){0};
    fake_begin(f, options);
    make_dual(&f->config.target);
    fake_execute(f, run);
}

Test(addresses, the_second_is_tried_when_the_first_refuses)
{
    struct fake f = {.answer = right, .first_errors = 1};
    struct run run;
    run_dual(&f, &run, "--clients 1 --requests 4");
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 4);
    cr_expect_eq(tally_errors(run.tally), 0, "an address that refuses is no error when another answers");
    cr_expect_eq(run.address, 1);
    fake_done(&f, &run);
}

Test(addresses, that_cannot_even_be_begun_with_are_passed_over)
{
    struct fake f = {.answer = right};
    struct run run = {0};
    fake_begin(&f, "--clients 1 --requests 4");
    make_dual(&f.config.target);
    sim_fail(SIM_SOCKET, 0, 1, EAFNOSUPPORT); /* a kernel without IPv6 */
    fake_execute(&f, &run);
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 4);
    cr_expect_eq(tally_errors(run.tally), 0);
    fake_done(&f, &run);
}

Test(addresses, the_one_that_answered_is_the_first_tried_next)
{
    struct fake f = {.answer = right, .first_errors = 1};
    struct run run;
    run_dual(&f, &run, "--clients 1 --churn 1 --requests 4 --slow 1%");
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 4);
    cr_expect_eq(tally_errors(run.tally), 0);
    cr_expect_eq(run.rogue_tally[ROGUE_SLOW].failed_connects, 0);
    cr_expect_geq(f.connections, 4);
    fake_done(&f, &run);
}

Test(addresses, all_that_refuse_are_one_failure)
{
    struct fake f = {.answer = right, .connect_error = ECONNREFUSED};
    struct run run;
    run_dual(&f, &run, "--clients 3");
    cr_expect_eq(run.tally->outcome[OUTCOME_REFUSED], 3);
    cr_expect_str_eq(run.trouble, strerror(ECONNREFUSED));
    fake_done(&f, &run);
}

static void come_up(void *arg)
{
    ((struct fake *)arg)->stops_ns = UINT64_MAX;
}

/* An address that swallows packets costs a time-out, not the run. */
Test(addresses, one_that_is_silent_is_given_up_after_the_timeout)
{
    struct fake f = {.answer = right, .goes_on_ns = UINT64_MAX};
    struct run run = {0};
    fake_begin(&f, "--clients 1 --requests 4 --timeout 1s");
    make_dual(&f.config.target);
    sim_at(sim_now_ns() + 1500000000, come_up, &f);
    fake_execute(&f, &run);
    cr_expect_eq(run.tally->outcome[OUTCOME_OK], 4);
    cr_expect_eq(run.tally->outcome[OUTCOME_TIMEOUT_FIRST], 0);
    cr_expect_eq(run.address, 1);
    fake_done(&f, &run);
}

Test(addresses, of_a_name_are_all_resolved)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    struct target target;
    char error[TARGET_ERROR];
    unsigned count = 0;
    cr_assert_eq(getaddrinfo("localhost", "99", &hints, &found), 0);
    for (const struct addrinfo *a = found; a != NULL; a = a->ai_next)
        count++;
    freeaddrinfo(found);
    cr_assert(target_find("localhost:99", "1", &target, error), "%s", error);
    cr_expect_eq(target.addresses, count < CONFIG_ADDRESSES ? count : CONFIG_ADDRESSES);
    make_dual(&target);
    cr_expect(target_keep_family(&target, AF_INET, error) && target.addresses == 1);
    cr_expect_eq(target.addr[0].ss_family, AF_INET);
    cr_expect_not(target_keep_family(&target, AF_INET6, error));
    cr_expect_str_eq(error, "--source: an address of IPv6, but dual.test:2323 has none of that kind");
}
