/* unicode/notes.h - what an answer says besides its matches: never a dead end.
 *
 * In this order: the word that a single character outside ASCII also reads as; the code point that the whole query also
 * is, or that it was read as, or what kind of code point it asks for; then, if nothing matched, near words for those
 * that do not exist, or else what leaving out a word would find.  With no match there are at most NOTES_MAX lines.
 */
#ifndef UNICODE_NOTES_H
#define UNICODE_NOTES_H

#include "unicode/plan.h"
#include "unicode/vocabulary.h"

enum {
    NOTES_MAX = 3,
    NOTES_BYTES = 512, /* of a line; what was typed is cut at NOTES_TYPED_BYTES */
    NOTES_TYPED_BYTES = 120,
    NOTES_WITHOUT = 8 /* top-level words tried */
};

enum notes_stage {
    NOTES_ALSO,          /* single characters that read as words, too */
    NOTES_POINT,         /* the query as a code point */
    NOTES_WORDS,         /* words that do not exist */
    NOTES_WITHOUT_COUNT, /* counting what each word shuts out */
    NOTES_WITHOUT_SAY,
    NOTES_DONE
};

struct notes {
    enum notes_stage stage;
    uint16_t node;  /* the one being looked at */
    uint32_t piece; /* of it */
    unsigned said;  /* lines so far */
    bool unknown;   /* a word does not exist */
    bool near_started;
    struct vocabulary_near near;
    uint16_t word[NOTES_WITHOUT]; /* nodes; 0: said */
    uint64_t without[NOTES_WITHOUT];
    uint32_t words, counting;
    bool read_as; /* the whole query was read as a code point */
    char text[NOTES_BYTES];
    size_t len;
};

/* The code point that a query of one plain word also is: a member of the universe, or INDEX_NONE. */
uint32_t notes_codepoint(const struct plan *p);

/* Before the first notes_next(). */
void notes_start(struct notes *n, struct plan *p);
/* The next line into n->text (found: matches so far): true; or false with *again set when the time is up, clear at the
 * end.  Uses the plan's position: the plan has to be done. */
bool notes_next(struct notes *n, struct plan *p, uint64_t found, bool *again);

#endif
