/* tests/wire/golden.h - the recorded answers of the original program.
 *
 * tests/golden/classic.jsonl, one JSON object a line: "q" the request line
 * (each byte as the character of that number), "len" and "sha" length and
 * SHA-256 of everything sent after it, through the next prompt, "text" that
 * answer itself where it is short.
 */
#ifndef TESTS_WIRE_GOLDEN_H
#define TESTS_WIRE_GOLDEN_H

#include "wire.h"

#include "../unit/sha256.h"

#include <stdint.h>
#include <stdio.h>

struct golden {
    struct bytes request;
    size_t len;   /* of the answer */
    char sha[65]; /* hexadecimal, lower case */
    bool short_answer;
    struct bytes answer; /* if short_answer */
};

/* Opens the file; each golden_next() overwrites g, false at the end of the file. */
FILE *golden_open(void);
bool golden_next(FILE *file, struct golden *g);
void golden_free(struct golden *g);

#endif
