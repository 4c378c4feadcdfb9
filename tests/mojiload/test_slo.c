/* The grammar of objectives and its edges. */
#include "slo.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static bool parses(const char *text)
{
    struct slo slo;
    char error[SLO_TEXT] = "";
    bool good = slo_parse(text, &slo, error);
    cr_expect_eq(good, error[0] == '\0', "%s: \"%s\"", text, error);
    return good;
}

Test(slo, takes_what_the_manual_says)
{
    static const char *const good[] = {
        "p99<5ms",
        "p99.9<20ms",
        "p50<=1us",
        "p99.99>0",
        "p100<1h",
        "min>100ns",
        "mean<1.5ms",
        "max<10s",
        "errors<1%",
        "errors<=0",
        "errors<0.1%",
        "rate>99%",
        "rate>=5k",
        "service.p99<5ms",
        " p99 < 5ms ",
        "p99<5ms,errors<0.1%,rate>99%",
        "service.max<1s,p1>0",
        "errors<100%",
        "p0.1<1s",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_expect(parses(good[i]), "%s", good[i]);
}

Test(slo, refuses_everything_else)
{
    static const char *const bad[] = {
        "",
        ",",
        "p99<5ms,",
        ",p99<5ms",
        "p99",
        "p99<",
        "<5ms",
        "p99=5ms",
        "p99==5ms",
        "p99<5",
        "p99<5%",
        "p<5ms",
        "p0<5ms",
        "p101<5ms",
        "p99.<5ms",
        "p.9<5ms",
        "p9.9.9<5ms",
        "p-1<5ms",
        "q99<5ms",
        "errors<5ms",
        "rate>5ms",
        "rate>-1",
        "p99<5 ms",
        "p99<<5ms",
        "p99<5ms;p50<1ms",
        "service.<5ms",
        "service.errors<1%",
        "errors<101%",
        "p99<1e3ms",
        "errors<1.5",
        "service.rate>5k",
        "P99<5ms",
        "max<infs",
        "p1,p2,p3",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(parses(bad[i]), "%s", bad[i]);
}

Test(slo, has_at_most_sixteen_conditions)
{
    char text[8 * (SLO_MAX + 1)] = "";
    for (size_t i = 0; i < SLO_MAX; i++)
        memcpy(text + 7 * i, "p99<1s,", 8);
    text[7 * SLO_MAX - 1] = '\0';
    cr_expect(parses(text));
    memcpy(text + 7 * SLO_MAX - 1, ",p99<1s", 8);
    cr_expect_not(parses(text));
}

static bool holds(const char *text, const struct slo_facts *facts)
{
    struct slo slo;
    char error[SLO_TEXT];
    cr_assert(slo_parse(text, &slo, error), "%s", error);
    return slo_holds(&slo, facts);
}

Test(slo, judges)
{
    struct hist *response = calloc(1, sizeof *response), *service = calloc(1, sizeof *service);
    for (uint64_t i = 1; i <= 1000; i++) {
        hist_add(response, i * 1000);
        hist_add(service, 500);
    }
    struct slo_facts facts = {response,     service,           .attempts = 1010,
                              .errors = 10, .rate_per_s = 990, .asked_per_s = 1000};
    cr_expect(holds("p50<501us", &facts));
    cr_expect_not(holds("p50<499us", &facts));
    cr_expect(holds("max<=1ms", &facts));
    cr_expect_not(holds("max<1ms", &facts), "the bound itself is not below it");
    cr_expect(holds("min>=1us,min<2us,service.max<=500ns", &facts));
    cr_expect(holds("errors<1%", &facts));
    cr_expect_not(holds("errors<0.9%", &facts));
    cr_expect(holds("errors<=10", &facts));
    cr_expect_not(holds("errors<10", &facts));
    cr_expect(holds("rate>=99%,rate<100%,rate>900,rate<=990", &facts));
    cr_expect_not(holds("rate>99%", &facts));
    cr_expect_not(holds("p50<1s,rate>1k", &facts), "all must hold");
    hist_reset(response);
    cr_expect_not(holds("p99<1h", &facts), "no sample proves nothing");
    free(response);
    free(service);
}

Test(slo, knows_whether_it_needs_a_rate)
{
    struct slo slo;
    char error[SLO_TEXT];
    cr_assert(slo_parse("p99<1s,rate>5k", &slo, error));
    cr_expect_not(slo_needs_rate(&slo));
    cr_assert(slo_parse("p99<1s,rate>99%", &slo, error));
    cr_expect(slo_needs_rate(&slo));
}
