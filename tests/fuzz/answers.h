/* tests/fuzz/answers.h - what every answer looks like, whatever was asked. */
#ifndef TESTS_FUZZ_ANSWERS_H
#define TESTS_FUZZ_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

/* What is known of an answer. */
struct answers {
    const char *line_end; /* "\r\n" or "\n" */
    bool json;            /* each line is an object */
    bool prompts;         /* "?> " may stand before a line, and at the end */
    bool telnet; /* the client has sent an IAC: replies of three bytes may stand anywhere, a CR before a line */
    bool cut;    /* it was not read to its end */
};

/* NULL: UTF-8 in lines that hold no control but TAB, each ended as it should be.  Else what is wrong. */
const char *answers_fault(const struct answers *how, const char *text, size_t len);

/* True when the text is one object of JSON (RFC 8259) and nothing else; UTF-8 is not looked at. */
bool answers_is_object(const char *text, size_t len);

#endif
