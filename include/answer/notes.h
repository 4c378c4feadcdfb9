/* answer/notes.h - what an answer says besides its matches: never a dead end.
 *
 * Each remark has a function of its own; notes.c lists them in the order they are made:
 *
 *   always:                the directive that a lone "quit" or "help" meant; what was ignored; what the line was read
 *                          as; the word or the code point that it could be, too; of a list, what is no character
 *   if nothing matches:    near words for those that no name has; patterns that no word fits; code points that are no
 *                          characters; what is found without one of the terms, and with the words of a phrase
 *                          apart; that a space asks for all; and if none of these is to be said, that nothing
 *                          is all of that
 *
 * If nothing matches there is at least one line and at most NOTES_MAX.
 */
#ifndef ANSWER_NOTES_H
#define ANSWER_NOTES_H

#include "unicode/facts.h"
#include "unicode/vocabulary.h"

enum {
    NOTES_MAX = 3,
    NOTES_BYTES = 640,       /* of a line: the longest quotation, five words and a character's name fit */
    NOTES_TYPED_BYTES = 100, /* of what was typed are quoted; what is longer ends in an ellipsis */
    NOTES_QUOTED_BYTES = 400 /* of the quotation; only of controls there may be more */
};

enum notes_step {
    NOTES_LINE,  /* n->text is one */
    NOTES_AGAIN, /* the time is up: let others have a turn, then call again */
    NOTES_NONE   /* there are no more */
};

/* The fields are private, but for text and len. */
struct notes {
    const struct facts *facts;
    struct plan *plan;
    uint64_t found;

    unsigned next;  /* in the list of notes: the one whose turn it is */
    uint32_t lines; /* that it has written */
    unsigned said;  /* lines of all so far */
    /* where it is */
    uint16_t node;  /* the one looked at */
    uint32_t piece; /* of its text */
    uint32_t word;  /* of the vocabulary */
    bool near_started;
    struct vocabulary_near near;
    uint32_t counting; /* terms counted */
    uint64_t count[FACTS_TERMS];
    bool told[FACTS_TERMS];
    bool unknown; /* what an earlier one has found out: a word does not exist, or no word fits */

    char text[NOTES_BYTES]; /* the line of the last NOTES_LINE, without "# " and line end */
    size_t len;
};

/* At the end of a search: facts and plan are those of search_about(), found its matches.  The plan is run again. */
void notes_start(struct notes *n, const struct facts *facts, struct plan *plan, uint64_t found);
/* The next line. */
enum notes_step notes_next(struct notes *n);

#endif
