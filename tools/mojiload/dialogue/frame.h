/* frame.h - where does an answer of a foreign protocol end?
 *
 *     until:BYTES    after this pattern (1 to 64 bytes, C escapes)
 *     line           after one line
 *     lines:LINE     after the first line that is LINE: "." of SMTP and POP
 *     bytes:N        after N bytes
 *     resp           after one value of RESP 2 or 3 (redis), arrays and maps with all they hold
 *     memcached      after one answer of memcached's text protocol: VALUE ... END, VA, or one line
 *     length:1|2|4[le]   a length of so many bytes, big-endian unless le, and so many bytes
 *     netstring      "5:hello,"
 *
 * All but the first are the same thing: a head (a line, or what comes before a ':', or some bytes) that tells how many
 * bytes follow, and whether that was all.  A protocol more is one row of the table in frame.c and one function.
 */
#ifndef MOJILOAD_FRAME_H
#define MOJILOAD_FRAME_H

#include "dialogue/until.h"

enum {
    FRAME_HEAD = 320, /* bytes of a head that are kept: memcached's VALUE with the longest key has 290 */
    FRAME_TEXT = 160
};

struct framing {
    int kind;                   /* a row of the table */
    struct until_pattern until; /* until: the pattern; lines: the line */
    uint32_t number;            /* bytes, length */
    bool little;                /* length */
};

/* The state within an answer; zeroed at its start. */
struct frame {
    uint8_t matched;
    bool last;        /* what is skipped now ends the answer */
    bool comma;       /* it must end in one (netstring) */
    uint16_t len;     /* of head */
    uint64_t skip;    /* bytes to come that are not looked at */
    uint64_t pending; /* RESP: values to come after the present one */
    char head[FRAME_HEAD];
};

enum frame_verdict {
    FRAME_MORE,
    FRAME_WHOLE,
    FRAME_BROKEN /* this is no such protocol */
};

/* "resp", "lines:." …: false with a message. */
bool framing_parse(struct framing *f, const char *text, char error[FRAME_TEXT]);
const char *framing_name(const struct framing *f);
/* What answers begin with that are errors in this protocol, NULL at the end. */
const char *const *framing_errors(const struct framing *f);
/* Takes bytes of an answer, as many as returned; the state is zeroed anew when the answer is whole. */
size_t frame_feed(const struct framing *f, struct frame *s, const char *bytes, size_t len, enum frame_verdict *verdict);

#endif
