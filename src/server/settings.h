/* settings.h - what a client has set with directives; lasts for its connection. */
#ifndef SERVER_SETTINGS_H
#define SERVER_SETTINGS_H

#include "answer/answer.h"

struct settings {
    struct answer_settings answer;
    bool no_prompt;
};
#define SETTINGS_DEFAULT                                                                                               \
    {                                                                                                                  \
        .answer = ANSWER_SETTINGS_DEFAULT                                                                              \
    }
extern const struct settings settings_default;

struct session;

/* What a session holds beside its conn and an answer in flight. */
struct own {
    struct settings settings;
    bool set;                       /* they differ from the default; else settings_default holds */
    struct answer_rest *last_query; /* what /more continues, or NULL */
};
/* NULL: it holds nothing yet. */
struct own *own_of(const struct session *s);
/* Made when there is none; NULL without memory. */
struct own *own_make(struct session *s);
/* Frees it when it holds nothing any more. */
void own_release_unused(struct session *s);

/* Never NULL. */
const struct settings *settings_of(const struct session *s);
/* Changes them to what *wanted says (checked already, settled): wanted may be changed from a copy of *settings_of().
 * Those that are the default again cost nothing: answers come from the cache, and no memory is held for them.
 * False without memory, with nothing changed. */
bool settings_set(struct session *s, const struct settings *wanted);

#endif
