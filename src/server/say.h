/* say.h - lines a session puts out that are no answer to a query, in the format the client has set.
 *
 * Each needs output room (SESSION_ROOM is enough for any).
 */
#ifndef SERVER_SAY_H
#define SERVER_SAY_H

#include <stddef.h>

struct session;

void say_prompt(struct session *s);
/* The same behind an answer that an interrupt may still cut, prompt included. */
void say_prompt_unmarked(struct session *s);
/* A CR to a client in BINARY, before what answers its line: its terminal has not made a new line of the LF it
 * echoed, only gone down one. */
void say_return(struct session *s);
/* "# " + text, on a line of its own even after an open prompt. */
void say_note(struct session *s, const char *text);
/* "! " + text. */
void say_error(struct session *s, const char *text);
/* "! " + what + the text in quotes, as unicode/quote.h shows it. */
void say_error_about(struct session *s, const char *what, const char *text, size_t len);
/* The same, and behind it a hint, terminated: "; near: …". */
void say_error_hinting(struct session *s, const char *what, const char *text, size_t len, const char *hint);
/* "# ok". */
void say_ok(struct session *s);
/* A status line or another that is complete. */
void say_line(struct session *s, const char *line, size_t len);

#endif
