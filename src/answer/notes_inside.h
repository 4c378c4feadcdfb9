/* The inside of the notes: what their functions share.  Each is called until it has no more to say, and the line it has
 * written is in n->text. */
#ifndef ANSWER_NOTES_INSIDE_H
#define ANSWER_NOTES_INSIDE_H

#include "answer/notes.h"

static inline const struct query_node *notes_node(const struct plan *p, uint16_t number)
{
    return &p->query.node[number];
}

/* Terms made of words without wildcards, which a person can have misspelt. */
static inline bool notes_has_words(const struct query_node *node)
{
    return (node->kind == QUERY_WORD || node->kind == QUERY_PHRASE) && !node->excluded;
}

void notes_say(struct notes *n, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* In quotes. */
void notes_say_typed(struct notes *n, const char *text, size_t len);
/* "U+265A BLACK CHESS KING" */
void notes_say_character(struct notes *n, const struct index *ix, uint32_t codepoint);

/* notes_words.c */
enum notes_step notes_near(struct notes *n, struct plan *p);
enum notes_step notes_patterns(struct notes *n, struct plan *p);
/* notes_terms.c */
enum notes_step notes_without(struct notes *n, struct plan *p);
enum notes_step notes_apart(struct notes *n, struct plan *p);
enum notes_step notes_space(struct notes *n, struct plan *p);
enum notes_step notes_nothing(struct notes *n, struct plan *p);

#endif
