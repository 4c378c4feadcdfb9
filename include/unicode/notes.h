/* unicode/notes.h - what an answer says besides its matches: never a dead end.
 *
 * Each remark has a function of its own; notes.c lists them in the order they are made:
 *
 *   always:                the directive that a lone "quit" or "help" meant; what was ignored; what the line was read
 *                          as; the word or the code point that it could be, too; of a list, what is no character
 *   if nothing matches:    near words for those that no name has; patterns that no word fits; code points that are no
 *                          characters; what is found without one of the terms, and with the words of a phrase
 *                          apart; that a space asks for all; and if none of these is to be said, that nothing is all of
 * that
 *
 * If nothing matches there is at least one line and at most NOTES_MAX.
 */
#ifndef UNICODE_NOTES_H
#define UNICODE_NOTES_H

#include "unicode/pasted.h"
#include "unicode/plan.h"
#include "unicode/vocabulary.h"

enum {
    NOTES_MAX = 3,
    NOTES_BYTES = 640,        /* of a line: the longest quotation, five words and a character's name fit */
    NOTES_TYPED_BYTES = 100,  /* of what was typed are quoted; what is longer ends in an ellipsis */
    NOTES_QUOTED_BYTES = 400, /* of the quotation; only of controls there may be more */
    NOTES_TERMS = 8,          /* top-level terms tried without */
    NOTES_OUTSIDE = 3         /* code points told to be no characters */
};

enum notes_step {
    NOTES_LINE,  /* n->text is one */
    NOTES_AGAIN, /* the time is up: call again */
    NOTES_NONE   /* there are no more */
};

struct notes {
    /* known from the start */
    const char *hint; /* see pasted_hint() */
    uint32_t ignored[PASTED_IGNORED];
    uint32_t ignored_count;
    uint32_t read, different; /* code points the line listed, and how many of them differ; 0: it was no list */
    bool bytes;               /* as bytes */
    bool unread;              /* the line is longer than any that is parsed */
    struct index_run outside[NOTES_OUTSIDE];
    uint32_t outside_count; /* may be more than are kept */
    uint16_t term[NOTES_TERMS];
    uint32_t terms;

    bool read_as; /* the whole query was read as a code point */

    /* where the writing is */
    uint32_t writer;
    uint32_t turn; /* lines this writer has written */
    unsigned said; /* lines so far */
    uint16_t node; /* the one looked at */
    uint32_t piece;
    uint32_t word; /* of the vocabulary */
    bool unknown;  /* a word does not exist, or no word fits */
    bool near_started;
    struct vocabulary_near near;
    uint32_t counting; /* terms counted */
    uint64_t count[NOTES_TERMS];
    bool told[NOTES_TERMS];
    char text[NOTES_BYTES];
    size_t len;
};

/* The code point that a query of one plain word also is: a member of the universe, or INDEX_NONE. */
uint32_t notes_codepoint(const struct plan *p);

/* Before plan_start(), which loses the order of what was typed: q as parsed, pasted as the line was read. */
void notes_start(struct notes *n, const struct index *ix, struct query *q, const struct pasted *pasted);
/* The next line (found: matches so far).  Uses the plan's position: the plan has to be done. */
enum notes_step notes_next(struct notes *n, struct plan *p, uint64_t found);

#endif
