/* Renders expected answers for --verify.  They are the server's own (src/answer), so a fault in them is in both and not
 * seen: what is checked is what a session makes of them on its way to the client. */
#include "dialogue/render.h"

#include "answer/answer.h"
#include "unicode/text.h"

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

static bool append_error(struct rendered *out, size_t *capacity, const char *text)
{
    out->error = true;
    return append_text(out, capacity, "! ") && append_text(out, capacity, text) && append_text(out, capacity, "\r\n");
}

static bool append_pieces(struct answer *a, struct rendered *out, size_t *capacity)
{
    char line[ANSWER_PIECE_BYTES];
    struct answer_piece piece;
    for (;;) {
        enum answer_step step = answer_next(a, line, &piece);
        if (step == ANSWER_AGAIN)
            continue;
        if (step == ANSWER_REFUSED || !append(out, capacity, piece.text, piece.len)) /* no request is so long */
            return false;
        if (step == ANSWER_CLOSING)
            return true;
    }
}

static bool append_body(const char *query, size_t len, bool classic, struct rendered *out, size_t *capacity)
{
    static const struct answer_settings settings = ANSWER_SETTINGS_DEFAULT;
    const struct answer_request request = {.kind = ANSWER_QUERY, .classic = classic, .line = query, .len = len};
    struct answer a;
    struct answer_error error;
    switch (answer_open(&a, &settings, &request, &error)) {
    case ANSWER_OPENED: {
        bool good = append_pieces(&a, out, capacity);
        answer_close(&a, ANSWER_DROPPED, NULL);
        return good;
    }
    case ANSWER_BAD_UTF8:
    case ANSWER_ILL_FORMED: return !classic && append_error(out, capacity, error.text);
    case ANSWER_NOTHING_MORE:
    case ANSWER_NO_MEMORY: break;
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
