/* check.h - is this a right answer?  A streaming checker of the server's dialects.
 *
 * Bytes are fed as they come, cut anywhere.  First they are compared with a
 * known answer to the same query (answers.h); where there is none, or from the byte at which it differs, each line
 * is taken apart:
 *
 *     result   "U+" 4 to 6 hex digits, TAB, that very character in UTF-8, TAB, a name [, TAB "alias " alias], CR LF
 *     note     "# " text CR LF                            (not in the classic dialect)
 *     status   66 times U+2500, " ", a count, " found" CR LF
 *     error    "! " text CR LF                            (not in the classic dialect)
 *     prompt   "?> ", which ends the answer
 *
 * Right means: results in ascending order without repetition, each with all words of the query in its name or its alias
 * (queries of plain words), as many as the status line says; exactly one status or error line, and it comes last; a
 * blank line is answered by the prompt alone.  An answer that differs from the one known although it is well formed is
 * wrong too.  After a wrong line the checker goes on to the prompt, so that only the request concerned is
 * counted wrong and the connection stays in step.
 *
 * A line that is empty starts the farewell of a server that closes: only notes may follow, then the end.
 */
#ifndef MOJILOAD_CHECK_H
#define MOJILOAD_CHECK_H

#include "dialogue/answers.h"

enum {
    CHECK_LINE_MAX = 1024, /* bytes of a line that are kept over a cut; the longest result line has about 200 */
    CHECK_WHY = 200
};

enum check_verdict {
    CHECK_MORE,  /* the answer goes on */
    CHECK_RIGHT, /* ended, right */
    CHECK_ERROR, /* ended: the server refused the request with an error line */
    CHECK_WRONG  /* ended: why says what is wrong */
};

struct check {
    struct answers *all;
    struct answer *about; /* the query answered */
    struct answer *known; /* bytes to compare with, acquired; NULL: every line is taken apart */
    size_t offset;        /* bytes of this answer taken */
    bool comparing;       /* all of them equal to known */
    bool recording;
    /* what the lines said so far */
    bool wrong, ended, error, farewell;
    uint64_t results;
    uint64_t lines;
    int64_t last_codepoint;
    uint8_t prompt_matched; /* bytes of "?> " */
    uint16_t partial_len;
    char partial[CHECK_LINE_MAX];
    char why[CHECK_WHY];
    char said[CHECK_WHY]; /* the text of the error line */
};

/* Before the answer to that query; all and about outlive the check. */
void check_begin(struct check *k, struct answers *all, struct answer *about);
/* Takes bytes of the answer; returns how many, less than len only when the answer has ended.  The
 * check holds nothing more once a verdict other than CHECK_MORE is out. */
size_t check_feed(struct check *k, const char *bytes, size_t len, enum check_verdict *verdict);
/* The answer will not end: gives up what the check holds.  Harmless when it has ended or not begun (zeroed). */
void check_abandon(struct check *k);
/* True when a byte of the answer has come. */
static inline bool check_begun(const struct check *k)
{
    return k->offset > 0;
}

#endif
