/* The recorded answers of the original program, tests/golden/classic.jsonl. */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include <stdio.h>

struct golden {
    unsigned line;      /* in the file, from 1 */
    char request[1024]; /* bytes as sent, line end included */
    size_t request_len;
    size_t answer_len; /* of everything sent after the request, the next prompt included */
    char sha[72];      /* hex digits */
    char text[8192];   /* the answer itself when it is short; has_text */
    size_t text_len;
    int has_text;
};

FILE *golden_open(void);
/* 1, or 0 at the end.  Fails the test on a line it cannot read. */
int golden_next(FILE *in, struct golden *g);

#endif
