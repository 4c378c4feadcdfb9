/* Reads and writes numbers with units; the one place of mojiload that knows what "5k" or "1.5ms" mean. */
#include "units.h"

#include "unicode/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct suffix {
    const char *text;
    double factor;
};

/* Digits with at most one point: strtod() alone would also take "inf", "0x1p3", signs and blanks. */
static bool number(const char *text, double *value, const char **rest)
{
    size_t i = strspn(text, "0123456789.");
    const char *point = memchr(text, '.', i);
    if (i == (point != NULL) || i > 30 ||
        (point != NULL && memchr(point + 1, '.', i - (size_t)(point + 1 - text)) != NULL))
        return false;
    char copy[32];
    memcpy(copy, text, i);
    copy[i] = '\0';
    *value = strtod(copy, NULL);
    *rest = text + i;
    return true;
}

static bool with_suffix(const char *text, const struct suffix *table, size_t count, double max, double *out)
{
    double value;
    const char *rest;
    if (!number(text, &value, &rest))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rest, table[i].text) != 0)
            continue;
        value *= table[i].factor;
        if (value > max)
            return false;
        *out = value;
        return true;
    }
    return false;
}

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

bool units_duration(const char *text, bool bare_seconds, uint64_t *out_ns)
{
    static const struct suffix units[] = {{"ns", 1},  {"us", 1e3}, {"µs", 1e3},   {"ms", 1e6},
                                          {"s", 1e9}, {"m", 60e9}, {"min", 60e9}, {"h", 3600e9}};
    static const struct suffix bare[] = {{"", 1e9}};
    double ns;
    if (!with_suffix(text, units, COUNT(units), 3.6e15, &ns) &&
        !(with_suffix(text, bare, COUNT(bare), 3.6e15, &ns) && (bare_seconds || ns <= 0)))
        return false;
    *out_ns = (uint64_t)(ns + 0.5);
    return true;
}

static const struct suffix thousands[] = {
    {"", 1},   {"k", 1e3},   {"K", 1e3},   {"M", 1e6},   {"G", 1e9},
    {"/s", 1}, {"k/s", 1e3}, {"K/s", 1e3}, {"M/s", 1e6}, {"G/s", 1e9},
};

bool units_rate(const char *text, double *out_per_s)
{
    return with_suffix(text, thousands, COUNT(thousands), 1e12, out_per_s);
}

bool units_count(const char *text, uint64_t max, uint64_t *out)
{
    double value;
    if (!with_suffix(text, thousands, 5, 9e15, &value) || value != floor(value) || value > (double)max)
        return false;
    *out = (uint64_t)value;
    return true;
}

bool units_bytes(const char *text, uint64_t *out)
{
    static const struct suffix units[] = {
        {"", 1},          {"B", 1},    {"K", 1024},       {"KiB", 1024},       {"kB", 1000}, {"M", 1048576},
        {"MiB", 1048576}, {"MB", 1e6}, {"G", 1073741824}, {"GiB", 1073741824}, {"GB", 1e9}};
    char copy[32];
    size_t len = strlen(text);
    if (len >= sizeof copy)
        return false;
    memcpy(copy, text, len + 1);
    if (len > 2 && strcmp(copy + len - 2, "/s") == 0)
        copy[len - 2] = '\0';
    double value;
    if (!with_suffix(copy, units, COUNT(units), 1e15, &value))
        return false;
    *out = (uint64_t)(value + 0.5);
    return true;
}

bool units_share(const char *text, double *out)
{
    static const struct suffix percent[] = {{"%", 0.01}};
    return with_suffix(text, percent, 1, 1.0, out);
}

/* One escape at text (after the backslash): its byte in *byte; the bytes it took, or 0. */
static size_t unescape_one(const char *text, size_t len, char *byte)
{
    static const char names[] = "nrt0\\'\"e", bytes[] = "\n\r\t\0\\'\"\x1b";
    if (len == 0)
        return 0;
    if (text[0] == 'x') {
        if (len < 3 || !isxdigit((unsigned char)text[1]) || !isxdigit((unsigned char)text[2]))
            return 0;
        *byte = (char)strtoul((const char[]){text[1], text[2], '\0'}, NULL, 16);
        return 3;
    }
    const char *at = memchr(names, text[0], sizeof names - 1);
    if (at == NULL)
        return 0;
    *byte = bytes[at - names];
    return 1;
}

size_t units_unescape(const char *text, size_t len, char *out)
{
    size_t written = 0;
    for (size_t i = 0; i < len; i++) {
        char byte = text[i];
        if (byte == '\\') {
            size_t took = unescape_one(text + i + 1, len - i - 1, &byte);
            if (took == 0)
                return SIZE_MAX;
            i += took;
        }
        out[written++] = byte;
    }
    return written;
}

char *units_escape(const char *bytes, size_t len, char *out, size_t cap)
{
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        char piece[5] = "\\\"";
        if (bytes[i] != '"')
            text_escape(&bytes[i], 1, piece, sizeof piece);
        size_t n = strlen(piece);
        if (at + n + 4 > cap) {
            memcpy(out + at, "...", 4);
            return out;
        }
        memcpy(out + at, piece, n);
        at += n;
    }
    out[at] = '\0';
    return out;
}

/* Three significant digits: 812, 12.3, 4.56. */
static const char *three_digits(double value, char out[16])
{
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    snprintf(out, 16, "%.*f", decimals, value);
    return out;
}

char *units_show_ns(uint64_t ns, char out[UNITS_TEXT])
{
    static const struct suffix units[] = {{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}};
    char digits[16];
    if (ns < 1000) {
        snprintf(out, UNITS_TEXT, "%u ns", (unsigned)ns);
        return out;
    }
    size_t i = 0;
    while (i + 1 < COUNT(units) && (double)ns >= units[i + 1].factor * 0.9995)
        i++;
    snprintf(out, UNITS_TEXT, "%s %s", three_digits((double)ns / units[i].factor, digits), units[i].text);
    return out;
}

char *units_show_count(uint64_t n, char out[UNITS_TEXT])
{
    char digits[24];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)n), at = 0;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

char *units_show_rate(double per_s, char out[UNITS_TEXT])
{
    static const struct suffix units[] = {{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}};
    char digits[16];
    size_t i = 0;
    while (i + 1 < COUNT(units) && per_s >= units[i + 1].factor * 0.9995)
        i++;
    if (i == 0 && per_s == floor(per_s))
        snprintf(out, UNITS_TEXT, "%.0f", per_s);
    else
        snprintf(out, UNITS_TEXT, "%s%s", three_digits(per_s / units[i].factor, digits), units[i].text);
    return out;
}

char *units_show_bytes(double bytes, char out[UNITS_TEXT])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    char digits[16];
    size_t i = 0;
    for (; i + 1 < COUNT(units) && bytes >= 1023.5; i++)
        bytes /= 1024;
    if (i == 0)
        snprintf(out, UNITS_TEXT, "%.0f B", bytes);
    else
        snprintf(out, UNITS_TEXT, "%s %s", three_digits(bytes, digits), units[i]);
    return out;
}
