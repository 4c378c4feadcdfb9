/* reactor/line.h - lines out of a conn's input.
 *
 * Framing only: a line ends at LF, a CR before it belongs to the line end, and
 * the rest of the input when it has ended is the last line.  What is in
 * a line is the caller's business.
 */
#ifndef REACTOR_LINE_H
#define REACTOR_LINE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct conn;

enum line_status {
    LINE_READY,    /* line is there */
    LINE_NONE,     /* no whole line yet */
    LINE_TOO_LONG, /* max_bytes are there and no line end: the conn's owner decides */
    LINE_END       /* input has ended and everything is taken */
};

struct line {
    char *text;   /* in the conn's input: valid until consumed */
    size_t len;   /* without the line end */
    size_t taken; /* with the line end: what conn_consume() takes */
};

/* Looks for a line of at most max_bytes (the line end not counted) in len bytes of input; ended: nothing will
 * follow, and a last line needs no end.  Fills *line also for LINE_TOO_LONG: what is known to belong to that line
 * (its end may be yet to come).  Pure; looks at max_bytes + 2 bytes at most, so what
 * the conn holds (conn_limits.input_max_bytes) must be as much. */
enum line_status line_find(char *input, size_t len, bool ended, size_t max_bytes, struct line *line);
/* The same on a conn's input; within serve().  Consumes nothing. */
enum line_status line_next(struct conn *c, size_t max_bytes, struct line *line);

#ifdef __cplusplus
}
#endif
#endif
