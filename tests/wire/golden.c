/* Reads the recorded answers: just the JSON that this one file is made of. */
#include "golden.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char PATH[] = "tests/golden/classic.jsonl";

FILE *golden_open(void)
{
    FILE *file = fopen(PATH, "re");
    cr_assert(file, "%s: %s (tests run at the top of the source tree)", PATH, strerror(errno));
    return file;
}

static void append_utf8(struct bytes *b, uint32_t c)
{
    char out[4];
    size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    for (size_t i = len - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)(lead[len] | c);
    bytes_append(b, out, len);
}

static uint32_t hex4(const char *at)
{
    char digits[5] = {at[0], at[1], at[2], at[3], '\0'};
    return (uint32_t)strtoul(digits, NULL, 16);
}

/* One escape behind its backslash; *at moves on. */
static uint32_t json_escape(const char **at)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    char kind = *(*at)++;
    const char *simple = strchr(from, kind);
    if (kind != 'u')
        return (uint32_t)(simple ? to[simple - from] : kind);
    uint32_t c = hex4(*at);
    *at += 4;
    if (c >= 0xD800 && c < 0xDC00 && (*at)[0] == '\\' && (*at)[1] == 'u') {
        c = 0x10000 + ((c - 0xD800) << 10) + (hex4(*at + 2) - 0xDC00);
        *at += 6;
    }
    return c;
}

/* The string value of a key of the object in line, as UTF-8. */
static bool json_string(const char *line, const char *key, struct bytes *out)
{
    char quoted[16];
    snprintf(quoted, sizeof quoted, "\"%s\": \"", key);
    const char *at = strstr(line, quoted);
    out->len = 0;
    if (!at)
        return false;
    at += strlen(quoted);
    while (*at && *at != '"') {
        if (*at == '\\') {
            at++;
            append_utf8(out, json_escape(&at));
        } else {
            bytes_append(out, at++, 1);
        }
    }
    return true;
}

/* "q" has a character for each byte: back to bytes. */
static void narrow(struct bytes *b)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->len; i++) {
        unsigned char c = (unsigned char)b->bytes[i];
        if (c >= 0x80)
            c = (unsigned char)((c & 0x03) << 6 | (b->bytes[++i] & 0x3F));
        b->bytes[kept++] = (char)c;
    }
    b->len = kept;
}

bool golden_next(FILE *file, struct golden *g)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len = getline(&line, &room, file);
    if (len > 0) {
        struct bytes sha = {0};
        const char *at = strstr(line, "\"len\": ");
        bool whole = at && json_string(line, "q", &g->request) && json_string(line, "sha", &sha) && sha.len == 64;
        cr_assert(whole, "not a golden answer: %s", line);
        narrow(&g->request);
        memcpy(g->sha, sha.bytes, 65);
        g->len = strtoul(at + 7, NULL, 10);
        g->short_answer = json_string(line, "text", &g->answer);
        bytes_free(&sha);
    }
    free(line);
    return len > 0;
}

void golden_free(struct golden *g)
{
    bytes_free(&g->request);
    bytes_free(&g->answer);
}
