/* Numbers with units, in and out. */
#include "units.h"

#include <criterion/criterion.h>
#include <string.h>

static uint64_t duration(const char *text)
{
    uint64_t ns = 424242;
    cr_expect_eq(units_duration(text, true, &ns), ns != 424242, "%s", text);
    return ns;
}

Test(units, durations)
{
    cr_expect_eq(duration("10s"), 10 * NS_PER_S);
    cr_expect_eq(duration("10"), 10 * NS_PER_S);
    cr_expect_eq(duration("1.5ms"), 1500000);
    cr_expect_eq(duration("3us"), 3000);
    cr_expect_eq(duration("7ns"), 7);
    cr_expect_eq(duration("2m"), 120 * NS_PER_S);
    cr_expect_eq(duration("1h"), 3600 * NS_PER_S);
    static const char *const bad[] = {"",     "s",   "-1s", "+1s",    " 1s", "1s ",   "1 s", "1e3s",
                                      "0x1s", "inf", "nan", "1.2.3s", ".",   "1001h", "1d"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(duration(bad[i]), 424242, "%s", bad[i]);
    uint64_t ns;
    cr_expect_not(units_duration("10", false, &ns), "a bare number may need a unit");
    cr_expect(units_duration("0", false, &ns));
}

Test(units, rates_counts_bytes_and_shares)
{
    double d;
    uint64_t n;
    cr_expect(units_rate("5k", &d) && d == 5000);
    cr_expect(units_rate("1.5M/s", &d) && d == 1500000);
    cr_expect_not(units_rate("5kk", &d));
    cr_expect(units_count("10k", 100000, &n) && n == 10000);
    cr_expect_not(units_count("10k", 9999, &n));
    cr_expect_not(units_count("1.5", 9999, &n));
    cr_expect_not(units_count("5k/s", 9999, &n));
    cr_expect(units_bytes("1KiB/s", &n) && n == 1024);
    cr_expect(units_bytes("2MB", &n) && n == 2000000);
    cr_expect_not(units_bytes("KiB", &n));
    cr_expect(units_share("0.5%", &d) && d == 0.005);
    cr_expect_not(units_share("5", &d));
    cr_expect_not(units_share("101%", &d));
}

Test(units, escapes)
{
    char out[64];
    cr_expect_eq(units_unescape("a\\r\\n\\x41\\\\", 11, out), 5);
    cr_expect_arr_eq(out, "a\r\nA\\", 5);
    cr_expect_eq(units_unescape("\\q", 2, out), SIZE_MAX);
    cr_expect_eq(units_unescape("\\", 1, out), SIZE_MAX);
    cr_expect_eq(units_unescape("\\x4", 3, out), SIZE_MAX);
    cr_expect_str_eq(units_escape("a\r\n\xE2\"\\", 6, out, sizeof out), "a\\r\\n\\xE2\\\"\\\\");
    cr_expect_str_eq(units_escape("abcdefghij", 10, out, 8), "abcd...");
}

Test(units, shown)
{
    char t[UNITS_TEXT];
    cr_expect_str_eq(units_show_ns(0, t), "0 ns");
    cr_expect_str_eq(units_show_ns(999, t), "999 ns");
    cr_expect_str_eq(units_show_ns(1000, t), "1.00 us");
    cr_expect_str_eq(units_show_ns(12345, t), "12.3 us");
    cr_expect_str_eq(units_show_ns(999999, t), "1.00 ms", "never 1000 us");
    cr_expect_str_eq(units_show_ns(1234567890, t), "1.23 s");
    cr_expect_str_eq(units_show_ns(90 * NS_PER_S, t), "1.50 min");
    cr_expect_str_eq(units_show_count(0, t), "0");
    cr_expect_str_eq(units_show_count(999, t), "999");
    cr_expect_str_eq(units_show_count(1000, t), "1,000");
    cr_expect_str_eq(units_show_count(UINT64_MAX, t), "18,446,744,073,709,551,615");
    cr_expect_str_eq(units_show_rate(51234, t), "51.2k");
    cr_expect_str_eq(units_show_rate(100, t), "100");
    cr_expect_str_eq(units_show_bytes(1536, t), "1.50 KiB");
    cr_expect_str_eq(units_show_bytes(12, t), "12 B");
}
