/* Reads the recorded answers: as much JSON as they use. */
#include "golden.h"
#include "unicode/text.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum encoding {
    BYTES, /* each character is the byte of that number */
    UTF8
};

FILE *golden_open(void)
{
    FILE *in = fopen("tests/golden/classic.jsonl", "r");
    cr_assert(in, "run the tests in the top directory");
    return in;
}

static const char *value_of(const char *line, const char *key)
{
    char quoted[32];
    snprintf(quoted, sizeof quoted, "\"%s\": ", key);
    const char *at = strstr(line, quoted);
    return at ? at + strlen(quoted) : NULL;
}

/* One character of a JSON string at **at. */
static uint32_t next_character(const char **at)
{
    static const char letters[] = "nrtbf\"\\/", meanings[] = "\n\r\t\b\f\"\\/";
    uint32_t c = (unsigned char)*(*at)++;
    if (c != '\\')
        return c;
    char escape = *(*at)++;
    if (escape == 'u') {
        char hex[5] = {0};
        memcpy(hex, *at, 4);
        *at += 4;
        return (uint32_t)strtoul(hex, NULL, 16);
    }
    const char *letter = strchr(letters, escape);
    cr_assert(letter && escape, "unknown escape in the recorded answers");
    return (unsigned char)meanings[letter - letters];
}

static size_t string_value(const char *line, const char *key, enum encoding encoding, char *out, size_t cap)
{
    const char *at = value_of(line, key);
    size_t len = 0;
    cr_assert(at && *at++ == '"', "no %s", key);
    while (*at != '"') {
        uint32_t c = next_character(&at);
        cr_assert(len + 4 < cap, "%s is too long", key);
        if ((c & 0xFC00) == 0xD800) {
            uint32_t low = next_character(&at);
            c = 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF));
        }
        if (encoding == UTF8)
            len += text_encode(c, out + len);
        else
            out[len++] = (char)c;
    }
    out[len] = '\0';
    return len;
}

int golden_next(FILE *in, struct golden *g)
{
    static char line[65536];
    if (!fgets(line, sizeof line, in))
        return 0;
    g->line++;
    g->request_len = string_value(line, "q", BYTES, g->request, sizeof g->request);
    string_value(line, "sha", BYTES, g->sha, sizeof g->sha);
    g->answer_len = strtoul(value_of(line, "len"), NULL, 10);
    g->has_text = value_of(line, "text") != NULL;
    g->text_len = g->has_text ? string_value(line, "text", UTF8, g->text, sizeof g->text) : 0;
    return 1;
}
