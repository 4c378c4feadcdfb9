/* Line framing: however TCP cuts the input, the same lines come out as from the
 * whole of it.  A first byte chooses the limit, a second the cuts.
 */
#include "reactor/line.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What lines there are is told by a running sum over their bytes and lengths. */
struct told {
    uint64_t sum;
    size_t lines;
    enum line_status last;
};

static void tell(struct told *told, const struct line *line)
{
    for (size_t i = 0; i < line->len; i++)
        told->sum = told->sum * 31 + (unsigned char)line->text[i];
    told->sum = told->sum * 31 + line->len + 256;
    told->lines++;
}

/* Takes lines from input that arrives in parts of at most cut bytes. */
static struct told take_lines(const uint8_t *data, size_t size, size_t max_bytes, size_t cut)
{
    struct told told = {0, 0, LINE_NONE};
    char *input = malloc(size + 1); /* exact for the sanitizer: what is beyond must not be read */
    size_t held = 0, arrived = 0;

    for (;;) {
        struct line line;
        char *exact = malloc(held ? held : 1);
        memcpy(exact, input, held);
        told.last = line_find(exact, held, arrived == size, max_bytes, &line);
        if (told.last == LINE_READY) {
            if (line.taken > held || line.len > max_bytes || line.len > line.taken)
                abort();
            tell(&told, &line);
            memmove(input, input + line.taken, held - line.taken);
            held -= line.taken;
        } else if (told.last == LINE_NONE) {
            size_t n = size - arrived < cut ? size - arrived : cut;
            if (n == 0 || held > max_bytes + 1)
                abort(); /* nothing more comes, or too much is waited with */
            memcpy(input + held, data + arrived, n);
            held += n;
            arrived += n;
        }
        free(exact);
        if (told.last == LINE_END || told.last == LINE_TOO_LONG)
            break;
    }
    free(input);
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t max_bytes, cut;
    struct told whole, parts;

    if (size < 2)
        return 0;
    max_bytes = data[0];
    cut = 1 + data[1] % 16;
    whole = take_lines(data + 2, size - 2, max_bytes, size);
    parts = take_lines(data + 2, size - 2, max_bytes, cut);
    if (whole.sum != parts.sum || whole.lines != parts.lines || whole.last != parts.last)
        abort();
    return 0;
}
