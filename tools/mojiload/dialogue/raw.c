/* Judges answers of foreign protocols by what the user has told about them. */
#include "dialogue/raw.h"

#include <stdio.h>
#include <string.h>

bool raw_add_error(struct raw_rules *rules, const char *pattern)
{
    char begins[256];
    if (rules->errors == RAW_ERRORS || strlen(pattern) + 2 > sizeof begins || pattern[0] == '\0')
        return false;
    snprintf(begins, sizeof begins, "%s*", pattern);
    return glob_compile(&rules->error[rules->errors], begins, NULL, 0) && ++rules->errors > 0;
}

void raw_add_errors_of_framing(struct raw_rules *rules)
{
    for (const char *const *e = framing_errors(&rules->framing); *e != NULL; e++)
        (void)raw_add_error(rules, *e);
}

const char *raw_trailer(const struct raw_rules *rules, size_t *len)
{
    bool pattern = strcmp(framing_name(&rules->framing), "until") == 0;
    *len = pattern ? rules->framing.until.len : 0;
    return rules->framing.until.bytes;
}

void raw_begin(struct raw_answer *a, const struct raw_rules *rules)
{
    memset(&a->frame, 0, offsetof(struct frame, head));
    a->bytes = 0;
    a->expected = glob_begin();
    for (unsigned i = 0; i < rules->errors; i++)
        a->error[i] = glob_begin();
}

static enum raw_verdict judge(const struct raw_answer *a, const struct raw_rules *rules, const struct glob *expect)
{
    for (unsigned i = 0; i < rules->errors; i++) {
        if (glob_matches(&rules->error[i], a->error[i]))
            return RAW_ERROR;
    }
    return expect == NULL || glob_matches(expect, a->expected) ? RAW_RIGHT : RAW_UNEXPECTED;
}

size_t raw_feed(struct raw_answer *a, const struct raw_rules *rules, const struct glob *expect, const char *bytes,
                size_t len, enum raw_verdict *verdict)
{
    enum frame_verdict frame;
    size_t n = frame_feed(&rules->framing, &a->frame, bytes, len, &frame);
    if (a->bytes < RAW_HEAD) {
        size_t room = RAW_HEAD - (size_t)a->bytes, known = n < room ? n : room;
        memcpy(a->head + a->bytes, bytes, known);
        /* Error patterns are about the beginning: what does not match within the head never will. */
        for (unsigned i = 0; i < rules->errors; i++)
            a->error[i] = glob_feed(&rules->error[i], a->error[i], bytes, known);
    }
    if (expect != NULL)
        a->expected = glob_feed(expect, a->expected, bytes, n);
    a->bytes += n;
    *verdict = frame == FRAME_MORE ? RAW_MORE : frame == FRAME_BROKEN ? RAW_BROKEN : judge(a, rules, expect);
    return n;
}

bool raw_again(const struct raw_answer *a, const char *bytes, size_t len)
{
    size_t kept = a->bytes < RAW_HEAD ? (size_t)a->bytes : RAW_HEAD;
    return len > 0 && len >= a->bytes && memcmp(bytes, a->head, kept) == 0;
}
