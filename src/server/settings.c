/* settings.c - a session has no settings of its own until it changes one. */
#include "settings.h"

#include "answer.h"
#include "session.h"

#include "reactor/sys.h"

const struct settings settings_default = SETTINGS_DEFAULT;

struct own *own_of(const struct session *s)
{
    return s->answering ? s->answer->own : s->own;
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
    if (s->answering)
        s->answer->own = own;
    else
        s->own = own;
    return own;
}

const struct settings *settings_of(const struct session *s)
{
    const struct own *own = own_of(s);
    return own && own->set ? &own->settings : &settings_default;
}

struct settings *settings_edit(struct session *s)
{
    struct own *own = own_make(s);
    if (!own)
        return NULL;
    own->set = true;
    return &own->settings;
}
