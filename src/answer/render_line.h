/* A line on its way into RENDER_BYTES of a caller's.  What would not fit is cut; a line end always fits. */
#ifndef ANSWER_RENDER_LINE_H
#define ANSWER_RENDER_LINE_H

#include "answer/render.h"

#include <string.h>

struct line {
    char *text;
    size_t len;
};

static inline struct line line_begin(char *out)
{
    return (struct line){.text = out};
}

/* Inline, as are the next three: each answer ends with a status line. */
static inline void line_put(struct line *l, const char *text, size_t len)
{
    size_t room = RENDER_BYTES - 2 - l->len;
    len = len < room ? len : room;
    memcpy(l->text + l->len, text, len);
    l->len += len;
}

static inline void line_text(struct line *l, const char *text)
{
    line_put(l, text, strlen(text));
}

/* By hand: printf is ten times as dear. */
static inline void line_number(struct line *l, uint64_t n)
{
    char digits[20];
    size_t len = 0;
    do {
        digits[sizeof digits - ++len] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    line_put(l, digits + sizeof digits - len, len);
}

/* Puts the line end; returns the length of it all. */
static inline size_t line_end(const struct render_style *style, struct line *l)
{
    if (!style->lf)
        l->text[l->len++] = '\r';
    l->text[l->len++] = '\n';
    return l->len;
}

/* At most 63 bytes. */
__attribute__((format(printf, 2, 3))) void line_format(struct line *l, const char *format, ...);
/* A JSON string, quotes included, of valid UTF-8.  Beside what JSON asks for, characters that a terminal would not show
 * as they are are escaped. */
void line_json(struct line *l, const char *text, size_t len);

#endif
