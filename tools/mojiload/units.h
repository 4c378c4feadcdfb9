/* units.h - numbers with units, as people type them and as reports show them.
 *
 * Parsers take a whole string, allow no space and no sign, and return false
 * without touching *out when it is not what they want.  Writers fill a
 * caller's buffer of UNITS_TEXT bytes and return it, so that they can stand in
 * printf() arguments.  Nothing here allocates.
 */
#ifndef MOJILOAD_UNITS_H
#define MOJILOAD_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    UNITS_TEXT = 32
};

#define NS_PER_US 1000ull
#define NS_PER_MS 1000000ull
#define NS_PER_S  1000000000ull

/* "500us" "5ms" "1.5s" "2m" "1h" "250ns"; a bare number is seconds when bare_seconds, else refused
 * (but 0 needs no unit).  At most 1000 hours. */
bool units_duration(const char *text, bool bare_seconds, uint64_t *out_ns);
/* "250" "5k" "1.5M" "2G", powers of 1000; with a trailing "/s" allowed.  Up to 1e12. */
bool units_rate(const char *text, double *out_per_s);
/* A whole number, with the same suffixes: "10k" is 10000. */
bool units_count(const char *text, uint64_t max, uint64_t *out);
/* "512" "1KiB" "2MiB" "1kB" "64K" (KiB), each with an optional "/s". */
bool units_bytes(const char *text, uint64_t *out);
/* "5%" or "0.1%": a share in [0, 1]. */
bool units_share(const char *text, double *out);

/* C escapes \n \r \t \0 \\ \' \" \e \xHH; everything else after a backslash is an error.  Writes
 * at most len bytes to out (which may be text) and returns how many, or SIZE_MAX. */
size_t units_unescape(const char *text, size_t len, char *out);
/* The reverse, for messages: printable ASCII, cut with "..." to fit cap - 1 bytes, terminated. */
char *units_escape(const char *bytes, size_t len, char *out, size_t cap);

/* "812 ns" "12.3 us" "4.56 ms" "1.23 s" "2.5 min" "1.0 h": three significant digits. */
char *units_show_ns(uint64_t ns, char out[UNITS_TEXT]);
/* "1,234,567" */
char *units_show_count(uint64_t n, char out[UNITS_TEXT]);
/* "987" "12.3k" "1.23M" for rates */
char *units_show_rate(double per_s, char out[UNITS_TEXT]);
/* "812 B" "12.3 KiB" "4.5 GiB" */
char *units_show_bytes(double bytes, char out[UNITS_TEXT]);

#endif
