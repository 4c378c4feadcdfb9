/* The classic dialect answers every recorded request of the original program byte for byte. */
#include "golden.h"
#include "mkindex/buffer.h"
#include "sha256.h"
#include "unicode/search.h"
#include "unicode/text.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

static void append_status(struct buffer *answer, uint64_t found)
{
    char status[32];
    for (int i = 0; i < 66; i++)
        buffer_append(answer, "\xE2\x94\x80", 3);
    int n = snprintf(status, sizeof status, " %" PRIu64 " found\r\n", found);
    buffer_append(answer, status, (size_t)n);
}

/* What a session answers to a line, prompt included. */
static void answer_line(struct buffer *answer, const char *text, size_t len)
{
    struct search s;
    struct search_run run;
    struct search_error error;
    text_strip(&text, &len);
    if (len) {
        cr_assert_eq(search_open(&s, index_builtin(), SEARCH_CLASSIC, text, len, &error), SEARCH_OPENED);
        while (search_next(&s, 1000, &run) == SEARCH_RUN) {
            size_t lines_len;
            const char *lines = index_lines(index_builtin(), run.first, run.first + run.count, &lines_len);
            cr_assert(run.count > 0 && run.count <= 1000 && !run.alias);
            buffer_append(answer, lines, lines_len);
        }
        append_status(answer, search_found(&s));
        search_close(&s);
    }
    buffer_append(answer, "?> ", 3);
}

Test(search_golden, every_recorded_answer, .init = only_unicode_15)
{
    struct golden g = {0};
    struct buffer answer = {0};
    FILE *in = golden_open();
    while (golden_next(in, &g)) {
        char sha[65];
        answer.len = 0;
        answer_line(&answer, g.request, g.request_len);
        if (g.has_text) {
            cr_assert_eq(answer.len, g.text_len, "recorded answer %u", g.line);
            cr_assert_eq(memcmp(answer.data, g.text, g.text_len), 0, "recorded answer %u", g.line);
        }
        sha256_hex(answer.data, answer.len, sha);
        cr_assert_eq(answer.len, g.answer_len, "recorded answer %u: %zu bytes", g.line, answer.len);
        cr_assert_str_eq(sha, g.sha, "recorded answer %u", g.line);
    }
    cr_assert_eq(g.line, 600u);
    fclose(in);
    buffer_free(&answer);
}
