/* Line framing over a conn's input: finds the line end, decides nothing else. */
#include "internal.h"

#include "reactor/conn.h"
#include "reactor/line.h"

#include <string.h>

enum line_status line_find(char *input, size_t len, bool ended, size_t max_bytes, struct line *line)
{
    /* A line end of two bytes fits behind the longest line; looking further would
     * make one search cost more than a line is allowed to. */
    size_t window = len > max_bytes && len - max_bytes > 2 ? max_bytes + 2 : len;
    const char *end;
    size_t text_len;

    line->text = input;
    if (len == 0) {
        line->len = line->taken = 0;
        return ended ? LINE_END : LINE_NONE;
    }
    end = memchr(input, '\n', window);
    text_len = end ? (size_t)(end - input) : len;
    line->taken = end ? text_len + 1 : text_len;
    if (end && text_len > 0 && input[text_len - 1] == '\r')
        text_len--;
    line->len = text_len;
    if (!end && !ended) {
        bool cr_may_end_it = text_len == max_bytes + 1 && input[max_bytes] == '\r';
        return text_len <= max_bytes || cr_may_end_it ? LINE_NONE : LINE_TOO_LONG;
    }
    return text_len <= max_bytes ? LINE_READY : LINE_TOO_LONG;
}

enum line_status line_next(struct conn *c, size_t max_bytes, struct line *line)
{
    size_t len;
    char *input = conn_input(c, &len);
    return line_find(input, len, conn_input_ended(c), max_bytes, line);
}
