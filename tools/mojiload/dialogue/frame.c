/* Framings of foreign protocols: one table, and a function for the head of each. */
#include "dialogue/frame.h"

#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SKIP_MAX (1ull << 40) /* no answer is that long: a number out of step is */

/* ---- heads: what follows this one? ---- */

static enum frame_verdict skip(struct frame *s, uint64_t bytes, bool last)
{
    s->skip = bytes;
    s->last = last;
    return bytes == 0 && last ? FRAME_WHOLE : FRAME_MORE;
}

/* Digits from at on, up to stop: -1 when there are none, or something else. */
static int64_t number_at(const struct frame *s, size_t at, char stop)
{
    uint64_t value = 0;
    size_t from = at;
    for (; at < s->len && s->head[at] >= '0' && s->head[at] <= '9' && value < SKIP_MAX; at++)
        value = value * 10 + (uint64_t)(s->head[at] - '0');
    return at > from && at < s->len && s->head[at] == stop && value < SKIP_MAX ? (int64_t)value : -1;
}

static enum frame_verdict head_line(const struct framing *f, struct frame *s)
{
    (void)f;
    (void)s;
    return FRAME_WHOLE;
}

static enum frame_verdict head_lines(const struct framing *f, struct frame *s)
{
    size_t len = s->len - 1u; /* without LF, and CR */
    if (len > 0 && s->head[len - 1] == '\r')
        len--;
    return len == f->until.len && memcmp(s->head, f->until.bytes, len) == 0 ? FRAME_WHOLE : FRAME_MORE;
}

static enum frame_verdict head_bytes(const struct framing *f, struct frame *s)
{
    return skip(s, f->number, true);
}

static enum frame_verdict head_length(const struct framing *f, struct frame *s)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < f->number; i++)
        value = value << 8 | (unsigned char)s->head[f->little ? f->number - 1 - i : i];
    return skip(s, value, true);
}

static enum frame_verdict head_netstring(const struct framing *f, struct frame *s)
{
    (void)f;
    int64_t n = number_at(s, 0, ':');
    s->comma = true;
    return n < 0 ? FRAME_BROKEN : skip(s, (uint64_t)n + 1, true);
}

/* One value has come but for bytes bytes. */
static enum frame_verdict resp_value(struct frame *s, uint64_t bytes)
{
    bool last = s->pending == 0;
    s->pending -= !last;
    return skip(s, bytes, last);
}

static enum frame_verdict head_resp(const struct framing *f, struct frame *s)
{
    (void)f;
    static const char plain[] = "+-:_,#(", bulk[] = "$!=", many[] = "*~>", pairs[] = "%|";
    char type = s->head[0];
    bool null = s->len >= 3 && memcmp(s->head + 1, "-1", 2) == 0;
    int64_t n = number_at(s, 1, '\r');
    if (memchr(plain, type, sizeof plain - 1) != NULL)
        return resp_value(s, 0);
    if (memchr(bulk, type, sizeof bulk - 1) != NULL && (null || n >= 0))
        return resp_value(s, null ? 0 : (uint64_t)n + 2);
    bool pair = memchr(pairs, type, sizeof pairs - 1) != NULL;
    if ((!pair && memchr(many, type, sizeof many - 1) == NULL) || (!null && n < 0))
        return FRAME_BROKEN;
    s->pending += null ? 0 : (uint64_t)n * (pair ? 2 : 1) + (type == '|'); /* attributes come before the value itself */
    return s->pending > SKIP_MAX ? FRAME_BROKEN : resp_value(s, 0);
}

static bool begins(const struct frame *s, const char *word)
{
    return s->len > strlen(word) && memcmp(s->head, word, strlen(word)) == 0;
}

static enum frame_verdict head_memcached(const struct framing *f, struct frame *s)
{
    (void)f;
    unsigned key = 0, size = 0;
    s->head[s->len < FRAME_HEAD ? s->len : FRAME_HEAD - 1] = '\0';
    if (begins(s, "VALUE ")) {
        if (sscanf(s->head, "VALUE %*s %u %u", &key, &size) != 2)
            return FRAME_BROKEN;
        return skip(s, size + 2ull, false);
    }
    if (begins(s, "VA "))
        return sscanf(s->head, "VA %u", &size) == 1 ? skip(s, size + 2ull, true) : FRAME_BROKEN;
    return begins(s, "STAT ") || begins(s, "ITEM ") ? FRAME_MORE : FRAME_WHOLE;
}

/* ---- arguments ---- */

static bool no_argument(struct framing *f, const char *text)
{
    (void)f;
    return text == NULL;
}

static bool pattern_argument(struct framing *f, const char *text)
{
    char bytes[4 * UNTIL_MAX];
    size_t len = text != NULL ? strlen(text) : SIZE_MAX;
    len = len > sizeof bytes ? SIZE_MAX : units_unescape(text, len, bytes);
    return len != SIZE_MAX && until_compile(&f->until, bytes, len);
}

static bool bytes_argument(struct framing *f, const char *text)
{
    uint64_t n;
    if (text == NULL || !units_count(text, 1 << 30, &n) || n == 0)
        return false;
    f->number = (uint32_t)n;
    return true;
}

static bool length_argument(struct framing *f, const char *text)
{
    if (text == NULL || strchr("124", text[0]) == NULL || text[0] == '\0')
        return false;
    f->number = (uint32_t)(text[0] - '0');
    f->little = strcmp(text + 1, "le") == 0;
    return text[1] == '\0' || f->little;
}

/* ---- the table ---- */

enum {
    UNTIL,
    FIXED = 256 /* the head is not ended by a byte, but has a length */
};

static const char *const no_errors[] = {NULL}, *const resp_errors[] = {"-", "!", NULL},
                         *const memcached_errors[] = {"ERROR", "CLIENT_ERROR", "SERVER_ERROR", NULL};

static const struct {
    const char *name, *usage;
    bool (*argument)(struct framing *f, const char *text);
    int ends; /* the byte that ends a head */
    enum frame_verdict (*head)(const struct framing *f, struct frame *s);
    const char *const *errors;
} kinds[] = {
    [UNTIL] = {"until", "until:BYTES, 1 to 64 with C escapes", pattern_argument, 0, NULL, no_errors},
    {"line", "line", no_argument, '\n', head_line, no_errors},
    {"lines", "lines:LINE, the line that ends them", pattern_argument, '\n', head_lines, no_errors},
    {"bytes", "bytes:N", bytes_argument, FIXED, head_bytes, no_errors},
    {"resp", "resp", no_argument, '\n', head_resp, resp_errors},
    {"memcached", "memcached", no_argument, '\n', head_memcached, memcached_errors},
    {"length", "length:1, length:2 or length:4, with le behind for little-endian", length_argument, FIXED, head_length,
     no_errors},
    {"netstring", "netstring", no_argument, ':', head_netstring, no_errors},
};

enum {
    KINDS = sizeof kinds / sizeof kinds[0]
};

bool framing_parse(struct framing *f, const char *text, char error[FRAME_TEXT])
{
    const char *colon = strchr(text, ':');
    size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);
    for (int i = 0; i < KINDS; i++) {
        if (strlen(kinds[i].name) != len || memcmp(kinds[i].name, text, len) != 0)
            continue;
        *f = (struct framing){.kind = i};
        if (kinds[i].argument(f, colon != NULL ? colon + 1 : NULL))
            return true;
        snprintf(error, FRAME_TEXT, "wants %s", kinds[i].usage);
        return false;
    }
    snprintf(error, FRAME_TEXT, "until:BYTES, line, lines:LINE, bytes:N, resp, memcached, length:4 or netstring");
    return false;
}

const char *framing_name(const struct framing *f)
{
    return kinds[f->kind].name;
}

const char *const *framing_errors(const struct framing *f)
{
    return kinds[f->kind].errors;
}

/* ---- the stream ---- */

static size_t skip_some(struct frame *s, const char *bytes, size_t len, enum frame_verdict *verdict)
{
    size_t n = len < s->skip ? len : (size_t)s->skip;
    s->skip -= n;
    if (s->skip == 0 && s->comma && bytes[n - 1] != ',')
        *verdict = FRAME_BROKEN;
    else if (s->skip == 0 && s->last)
        *verdict = FRAME_WHOLE;
    return n;
}

static size_t take_head(const struct framing *f, struct frame *s, const char *bytes, size_t len,
                        enum frame_verdict *verdict)
{
    int ends = kinds[f->kind].ends;
    size_t want = f->kind == UNTIL || kinds[f->kind].head == head_bytes ? 0 : f->number - s->len;
    const char *end = ends == FIXED ? NULL : memchr(bytes, ends, len);
    size_t n = ends == FIXED ? (want < len ? want : len) : end != NULL ? (size_t)(end - bytes) + 1 : len;
    size_t room = FRAME_HEAD - s->len, kept = n < room ? n : room;
    memcpy(s->head + s->len, bytes, kept);
    s->len = (uint16_t)(s->len + kept);
    if (ends == FIXED ? n == want : end != NULL) {
        *verdict = kinds[f->kind].head(f, s);
        s->len = 0;
    } else if (ends == ':' && s->len > 20) {
        *verdict = FRAME_BROKEN; /* no length has so many digits */
    }
    return n;
}

size_t frame_feed(const struct framing *f, struct frame *s, const char *bytes, size_t len, enum frame_verdict *verdict)
{
    size_t at = 0;
    *verdict = FRAME_MORE;
    if (f->kind == UNTIL) {
        bool found;
        at = until_feed(&f->until, &s->matched, bytes, len, &found);
        *verdict = found ? FRAME_WHOLE : FRAME_MORE;
        return at;
    }
    while (at < len && *verdict == FRAME_MORE) {
        if (s->skip > 0)
            at += skip_some(s, bytes + at, len - at, verdict);
        else
            at += take_head(f, s, bytes + at, len - at, verdict);
    }
    if (*verdict != FRAME_MORE)
        memset(s, 0, offsetof(struct frame, head));
    return at;
}
