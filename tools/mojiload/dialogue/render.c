/* Renders expected answers for --verify.  Search and index are the server's own (src/unicode), so a fault in them is in
 * both and not seen; only what the server does with their results is made a second time here. */
#include "dialogue/render.h"

#include "unicode/search.h"
#include "unicode/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool append(struct rendered *out, size_t *capacity, const char *bytes, size_t len)
{
    if (out->len + len > *capacity) {
        size_t bigger = (out->len + len) * 2;
        char *grown = realloc(out->bytes, bigger);
        if (grown == NULL)
            return false;
        out->bytes = grown;
        *capacity = bigger;
    }
    memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
    return true;
}

static bool append_text(struct rendered *out, size_t *capacity, const char *text)
{
    return append(out, capacity, text, strlen(text));
}

static bool append_status(struct rendered *out, size_t *capacity, unsigned long long found)
{
    char text[64];
    for (int i = 0; i < 66; i++) {
        if (!append_text(out, capacity, "─"))
            return false;
    }
    snprintf(text, sizeof text, " %llu found\r\n", found);
    return append_text(out, capacity, text);
}

static bool append_run(struct rendered *out, size_t *capacity, const struct search_run *run)
{
    const struct index *ix = index_builtin();
    size_t len;
    const char *lines = run->alias ? index_alias_line(ix, run->first, &len)
                                   : index_lines(ix, run->first, run->first + run->count, &len);
    return append(out, capacity, lines, len);
}

static bool append_matches(struct search *s, struct rendered *out, size_t *capacity)
{
    for (;;) {
        struct search_run run;
        size_t len;
        const char *note;
        switch (search_next(s, 1000, &run)) {
        case SEARCH_RUN:
            if (!append_run(out, capacity, &run))
                return false;
            break;
        case SEARCH_NOTE:
            note = search_note(s, &len);
            if (!append_text(out, capacity, "# ") || !append(out, capacity, note, len) ||
                !append_text(out, capacity, "\r\n"))
                return false;
            break;
        case SEARCH_AGAIN: break;
        case SEARCH_REFUSED: return false; /* no request is so long */
        case SEARCH_END: return append_status(out, capacity, (unsigned long long)search_found(s));
        }
    }
}

static bool append_error(struct rendered *out, size_t *capacity, const char *text)
{
    out->error = true;
    return append_text(out, capacity, "! ") && append_text(out, capacity, text) && append_text(out, capacity, "\r\n");
}

static bool append_body(const char *query, size_t len, bool classic, struct rendered *out, size_t *capacity)
{
    struct search search;
    struct search_error error;
    bool good;
    switch (search_open(&search, index_builtin(), classic ? SEARCH_CLASSIC : SEARCH_DEFAULT, query, len, &error)) {
    case SEARCH_OPENED:
        good = append_matches(&search, out, capacity);
        search_close(&search);
        return good;
    case SEARCH_BAD_UTF8: return !classic && append_error(out, capacity, "not valid UTF-8");
    case SEARCH_ILL_FORMED: return !classic && append_error(out, capacity, error.text);
    case SEARCH_NO_MEMORY: break;
    }
    return false;
}

bool render_answer(const char *query, size_t len, bool classic, struct rendered *out)
{
    size_t capacity = 0;
    const char *text = query;
    size_t text_len = len;
    *out = (struct rendered){0};
    bool utf8 = text_is_utf8(query, len);
    if (utf8)
        text_strip(&text, &text_len);
    bool closes = classic && (!utf8 || (text_len > 0 && (unsigned char)text[0] < 0x20));
    bool directive = !classic && utf8 && text_len > 0 && text[0] == '/';
    if (!closes && !directive && (text_len == 0 || append_body(query, len, classic, out, &capacity)) &&
        append_text(out, &capacity, "?> "))
        return true;
    free(out->bytes);
    *out = (struct rendered){0};
    return false;
}
