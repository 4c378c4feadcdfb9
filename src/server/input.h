/* input.h - lines and commands out of a session's input: framing, telnet, line editing.
 *
 * The conn's input is rewritten in place: its first edited_bytes went through
 * the filter and are what the line holds so far; behind them is what came raw.
 * What ends or edits a line is said in one place, telnet_key().
 *
 * Each call looks at INPUT_PIECE_BYTES at most, and none looks at a byte again that
 * an earlier call has seen: a line of a megabyte that comes byte by byte costs what it costs in one piece.
 */
#ifndef SERVER_INPUT_H
#define SERVER_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

enum {
    INPUT_PIECE_BYTES = 64 * 1024,   /* some 0.3 ms of work: below a turn's share */
    INPUT_SKIP_MAX_BYTES = 64 * 1024 /* of a line that is too long */
};

enum input_event {
    INPUT_LINE,      /* a line is there; input_take() when done with it */
    INPUT_NONE,      /* nothing more to do until more input comes */
    INPUT_AGAIN,     /* a piece is done, there is more: let others have a turn */
    INPUT_END,       /* input has ended and everything is taken */
    INPUT_NO_ROOM,   /* a reply to negotiation needs output room first */
    INPUT_TOO_LONG,  /* more than max_line_bytes and no line end; they are thrown away */
    INPUT_INTERRUPT, /* IAC IP with nothing typed */
    INPUT_CLEARED,   /* IAC IP with a line half typed, which is thrown away */
    INPUT_AYT,       /* IAC AYT; no more than ten a second, others are passed over */
    INPUT_MARK,      /* a timing mark was answered */
    INPUT_ABUSE,     /* a subnegotiation without end */
    INPUT_ENDLESS    /* a line without end */
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

/* The next event (not INPUT_MARK, INPUT_ENDLESS).  telnet: the default dialect, in which a U+FEFF at the very start of
 * a session's input is dropped as well; false: bytes are bytes, only LF ends a line, a CR before it counts to the line
 * end. */
enum input_event input_next(struct session *s, size_t max_line_bytes, bool telnet, struct input_line *line);
void input_take(struct session *s, const struct input_line *line);

/* Throws away what is typed up to the line end: INPUT_LINE when that came (it is taken
 * already), INPUT_CLEARED when an interrupt stands for it, INPUT_ENDLESS after INPUT_SKIP_MAX_BYTES, INPUT_AYT,
 * INPUT_NONE, INPUT_AGAIN, INPUT_END, INPUT_NO_ROOM or INPUT_ABUSE.  Counts in s->skipped_bytes. */
enum input_event input_skip(struct session *s);

/* Looks ahead, taking nothing, for an interrupt (IAC IP, or a line that comes to just 0x03 when it is
 * edited).  Returns how many bytes of input to drop with it, 0: none there.  *more: none so far,
 * call again. */
size_t input_find_interrupt(struct session *s, bool *by_telnet, bool *more);

/* Drops up to n bytes of input, answering the negotiation in them.  Returns how
 * many are left to drop, for want of output room or because a piece is done. */
size_t input_drop(struct session *s, size_t n);

/* Takes what says nothing: negotiation, and what belongs to the line end before.  INPUT_MARK: a timing mark was among
 * it and is answered; INPUT_LINE: something else comes next, which is not taken; INPUT_NONE: everything
 * is taken; INPUT_AGAIN, INPUT_END, INPUT_NO_ROOM, INPUT_ABUSE. */
enum input_event input_commands(struct session *s);

#endif
