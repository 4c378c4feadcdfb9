/* say.c - notes, errors, prompts. */
#include "say.h"

#include "session.h"
#include "settings.h"

#include "unicode/quote.h"

#include <stdio.h>
#include <string.h>

/* Longest error: a reason and, quoted, what it is about. */
enum {
    ERROR_BYTES = 256,
    HINT_BYTES = 128 /* and behind it, names that may be meant */
};

static const char prompt[] = "?> ";

void say_line(struct session *s, const char *line, size_t len)
{
    conn_write(&s->conn, line, len);
    s->prompt_open = false;
}

void say_prompt_unmarked(struct session *s)
{
    if (settings_of(s)->no_prompt)
        return;
    conn_write(&s->conn, prompt, sizeof prompt - 1);
    s->prompt_open = true;
}

void say_prompt(struct session *s)
{
    say_prompt_unmarked(s);
    conn_mark(&s->conn);
}

void say_return(struct session *s)
{
    if (telnet_sends_binary(&s->telnet))
        conn_write(&s->conn, "\r", 1);
}

void say_note(struct session *s, const char *text)
{
    char line[RENDER_BYTES];
    if (s->prompt_open)
        say_line(s, "\r\n", 2);
    say_line(s, line, render_note(&settings_of(s)->answer.style, text, strlen(text), line));
}

void say_error(struct session *s, const char *text)
{
    char line[RENDER_BYTES];
    session_kind_of(s)->stats.errors++;
    say_line(s, line, render_error(&settings_of(s)->answer.style, text, strlen(text), line));
}

void say_error_hinting(struct session *s, const char *what, const char *text, size_t len, const char *hint)
{
    char line[ERROR_BYTES + HINT_BYTES];
    size_t used = (size_t)snprintf(line, ERROR_BYTES, "%s \"", what);
    used += quote_text(text, len, line + used, ERROR_BYTES - used - 1);
    snprintf(line + used, sizeof line - used, "\"%s", hint);
    say_error(s, line);
}

void say_error_about(struct session *s, const char *what, const char *text, size_t len)
{
    say_error_hinting(s, what, text, len, "");
}

void say_ok(struct session *s)
{
    char line[RENDER_BYTES];
    say_line(s, line, render_ok(&settings_of(s)->answer.style, line));
}
