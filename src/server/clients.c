/* clients.c - slabs that never move, and a list of the places in them that are not used. */
#include "clients.h"

#include "reactor/sys.h"

#include <stddef.h>

/* Sessions made room for at once: some 15 KB. */
enum {
    SLAB_SESSIONS = 64
};

struct clients_slab {
    struct clients_slab *next;
    union place {
        struct session session;
        union place *next_unused;
    } place[SLAB_SESSIONS];
};

/* What 10,000 idle clients cost is a promise (README): 256 bytes each, of which
 * the loop's table takes 16. */
_Static_assert(sizeof(union place) <= 240, "an idle client has outgrown its 256 bytes");

void clients_init(struct clients *cs, uint32_t max, const struct reactor_sys *sys)
{
    *cs = (struct clients){.max = max, .sys = sys};
}

void clients_free(struct clients *cs)
{
    while (cs->slabs) {
        struct clients_slab *slab = cs->slabs;
        cs->slabs = slab->next;
        cs->sys->free(slab);
    }
}

static void put_back(struct clients *cs, union place *place)
{
    place->next_unused = cs->unused;
    cs->unused = place;
}

static bool add_slab(struct clients *cs)
{
    struct clients_slab *slab = cs->sys->alloc(sizeof *slab);
    if (!slab)
        return false;
    slab->next = cs->slabs;
    cs->slabs = slab;
    for (int i = SLAB_SESSIONS - 1; i >= 0; i--)
        put_back(cs, &slab->place[i]);
    return true;
}

struct session *clients_add(struct clients *cs)
{
    if (cs->count == cs->max || (!cs->unused && !add_slab(cs)))
        return NULL;
    union place *place = cs->unused;
    cs->unused = place->next_unused;
    struct session *s = &place->session;
    session_init(s, ++cs->made);
    cs->count++;
    return s;
}

void clients_remove(struct clients *cs, struct session *s)
{
    cs->count--;
    session_clear(s);
    put_back(cs, (union place *)(void *)s);
}
