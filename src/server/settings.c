/* settings.c - a session has no settings of its own until it changes one. */
#include "settings.h"

#include "delivery.h"
#include "session.h"

#include "reactor/sys.h"

#include <string.h>

const struct settings settings_default = SETTINGS_DEFAULT;

struct own *own_of(const struct session *s)
{
    return s->own;
}

struct own *own_make(struct session *s)
{
    struct own *own = own_of(s);
    if (own)
        return own;
    own = session_sys(s)->alloc(sizeof *own);
    if (!own)
        return NULL;
    *own = (struct own){.settings = settings_default};
    s->own = own;
    return own;
}

const struct settings *settings_of(const struct session *s)
{
    const struct own *own = own_of(s);
    return own && own->set ? &own->settings : &settings_default;
}

/* A field that is new must be compared below. */
_Static_assert(sizeof(struct settings) == 32 && sizeof(struct render_style) == 19, "is_default() compares every field");

static bool is_default(const struct settings *x)
{
    const struct settings *d = &settings_default;
    return x->answer.style.plain == d->answer.style.plain /* which covers format, columns and safe */ &&
           x->answer.style.lf == d->answer.style.lf && x->answer.style.document == d->answer.style.document &&
           x->answer.limit == d->answer.limit && x->answer.best == d->answer.best && x->no_prompt == d->no_prompt;
}

void own_release_unused(struct session *s)
{
    struct own *own = own_of(s);
    if (!own || own->set || own->last_query)
        return;
    session_sys(s)->free(own);
    s->own = NULL;
}

bool settings_set(struct session *s, const struct settings *wanted)
{
    bool set = !is_default(wanted);
    struct own *own = set ? own_make(s) : own_of(s);
    if (!own)
        return !set;
    own->settings = *wanted;
    own->set = set;
    own_release_unused(s);
    return true;
}
