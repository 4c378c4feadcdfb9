/* input.h - lines and commands out of a session's input: framing, telnet, line editing.
 *
 * The conn's input is rewritten in place: its first edited_bytes went through
 * the filter and are what the line holds so far; behind them is what came raw.
 */
#ifndef SERVER_INPUT_H
#define SERVER_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

enum input_event {
    INPUT_LINE,      /* a line is there; input_take() when done with it */
    INPUT_NONE,      /* nothing more to do until more input comes */
    INPUT_END,       /* input has ended and everything is taken */
    INPUT_NO_ROOM,   /* a reply to negotiation needs output room first */
    INPUT_TOO_LONG,  /* more than max_line_bytes and no line end; they are thrown away */
    INPUT_INTERRUPT, /* IAC IP */
    INPUT_AYT,       /* IAC AYT */
    INPUT_ABUSE      /* a subnegotiation without end */
};

/* What bytes a line holds, to spare later stages a look at each. */
enum {
    INPUT_HIGH = 1,
    INPUT_CONTROL = 2,
    INPUT_FILTER = 4
};

struct input_line {
    char *text; /* in the conn's input: yours to rewrite until input_take() */
    size_t len; /* without the line end */
    size_t taken;
    unsigned classes; /* INPUT_HIGH: some byte over 0x7F; INPUT_CONTROL: some byte below 0x20, or 0x7F */
};

/* The next event.  telnet false: bytes are bytes, only LF ends a line, a CR before it counts to the line end. */
enum input_event input_next(struct session *s, size_t max_line_bytes, bool telnet, struct input_line *line);
void input_take(struct session *s, const struct input_line *line);

/* Throws away data up to the line end: INPUT_LINE when that came (it is taken
 * already), INPUT_NONE, INPUT_END, INPUT_NO_ROOM, INPUT_INTERRUPT or INPUT_ABUSE.
 * Adds to s->skipped_bytes. */
enum input_event input_skip(struct session *s);

/* Looks ahead, taking nothing, for an interrupt (IAC IP, or a line that is just
 * 0x03).  Returns how many bytes of input to drop with it, 0: none there. */
size_t input_find_interrupt(struct session *s, bool *by_telnet);

/* Drops up to n bytes of input, answering the negotiation in them.  Returns how
 * many are left to drop, for want of output room. */
size_t input_drop(struct session *s, size_t n);

/* Takes telnet sequences up to the first data byte or the first command that
 * wants an answer of its own; INPUT_LINE: that, or a timing mark, came, INPUT_NONE: everything is taken, INPUT_END,
 * INPUT_NO_ROOM, INPUT_ABUSE. */
enum input_event input_commands(struct session *s);

#endif
