/* Timers: a hierarchical timing wheel (Varghese and Lauck, 1987) with exact
 * deadlines, under reactor.c, which asks it what is due once a turn.
 *
 * Level 0 has slots of 65 us, each level above slots 64 times as long.  A
 * timer's level is that of the highest digit (base 64) in which its deadline
 * differs from base_ns, its slot is that digit.  Hence:
 *
 *   1. All timers of a level are earlier than all of the levels above.
 *   2. Within a level, a lower slot is earlier; slots never wrap round.
 *   3. Equal deadlines are in one slot, in arming order: appending keeps it, and
 *      a slot that is taken apart is taken apart in order.
 *   4. No slot above level 0 begins at or before base_ns.
 *   5. A slot with timers has its bit set, and its level; earliest_ns is a lower bound.
 *
 * The next deadline is in the first used slot of the first used level.  Timers
 * keep nanoseconds: a slot that begins is searched for what is due, and the
 * rest sinks to finer slots; what is due is sorted by deadline.  A heap was
 * rejected: moving a timeout at each request costs it log n and arming can
 * fail for lack of memory.
 */
#include "internal.h"

static unsigned level_shift(unsigned level)
{
    return WHEEL_GRAIN_BITS + level * WHEEL_SLOT_BITS;
}

static inline void wheel_insert(struct wheel *wheel, struct reactor_timer *t)
{
    uint64_t deadline_ns = t->deadline_ns;
    /* What is past already belongs where base_ns is: that slot is looked at first. */
    uint64_t place = deadline_ns > wheel->base_ns ? deadline_ns : wheel->base_ns;
    uint64_t difference = (place ^ wheel->base_ns) >> WHEEL_GRAIN_BITS | 1;
    unsigned level = (63 - (unsigned)__builtin_clzll(difference)) / WHEEL_SLOT_BITS;
    unsigned index = (unsigned)(place >> level_shift(level)) & (WHEEL_SLOTS - 1);
    unsigned slot = level * WHEEL_SLOTS + index;

    /* Not less but equal: also for a deadline of UINT64_MAX the bit must be set. */
    if (deadline_ns <= wheel->earliest_ns[slot]) {
        wheel->earliest_ns[slot] = deadline_ns;
        wheel->used[level] |= (uint64_t)1 << index;
        wheel->levels |= 1u << level;
    }
    list_append(&wheel->slots[slot], &t->link);
}

void reactor_timer_start(struct reactor *r, struct reactor_timer *t, uint64_t deadline_ns)
{
    if (t->link.next)
        list_unlink(&t->link);
    t->deadline_ns = deadline_ns;
    wheel_insert(&r->wheel, t);
}

void reactor_timer_stop(struct reactor *r, struct reactor_timer *t)
{
    (void)r; /* the bit of a slot that becomes empty is cleared when it is looked at */
    if (t->link.next)
        list_remove(&t->link);
}

enum {
    NO_SLOT = WHEEL_LEVELS * WHEEL_SLOTS
};

/* The slot is empty: its bound and its bit go. */
static void slot_clear(struct wheel *wheel, unsigned slot)
{
    unsigned level = slot / WHEEL_SLOTS;
    wheel->earliest_ns[slot] = UINT64_MAX;
    wheel->used[level] &= ~((uint64_t)1 << slot % WHEEL_SLOTS);
    if (wheel->used[level] == 0)
        wheel->levels &= ~(1u << level);
}

/* The first slot that holds timers, or NO_SLOT. */
static unsigned wheel_first(struct wheel *wheel)
{
    while (wheel->levels) {
        unsigned level = (unsigned)__builtin_ctz(wheel->levels);
        unsigned slot = level * WHEEL_SLOTS + (unsigned)__builtin_ctzll(wheel->used[level]);
        if (LIKELY(!list_empty(&wheel->slots[slot])))
            return slot;
        slot_clear(wheel, slot);
    }
    return NO_SLOT;
}

uint64_t reactor_timers_next_ns(struct reactor *r)
{
    unsigned slot = wheel_first(&r->wheel);
    r->wheel.next_ns = slot != NO_SLOT ? r->wheel.earliest_ns[slot] : UINT64_MAX;
    return r->wheel.next_ns;
}

/* The time at which a slot begins. */
static uint64_t slot_begin_ns(const struct wheel *wheel, unsigned slot)
{
    unsigned shift = level_shift(slot / WHEEL_SLOTS);
    uint64_t above = shift + WHEEL_SLOT_BITS < 64 ? wheel->base_ns >> (shift + WHEEL_SLOT_BITS) : 0;
    return (above << WHEEL_SLOT_BITS | slot % WHEEL_SLOTS) << shift;
}

/* Merges two sorted lists (singly linked through next, ended by NULL); of equal
 * deadlines those of a come first. */
static struct reactor_link *merge(struct reactor_link *a, struct reactor_link *b)
{
    struct reactor_link *merged, **end = &merged;
    while (a && b) {
        bool take_b = CONTAINER(b, struct reactor_timer, link)->deadline_ns <
                      CONTAINER(a, struct reactor_timer, link)->deadline_ns;
        struct reactor_link **from = take_b ? &b : &a;
        *end = *from;
        end = &(*from)->next;
        *from = (*from)->next;
    }
    *end = a ? a : b;
    return merged;
}

/* Stable merge sort by deadline, bottom up: runs[i] holds 2^i timers or none. */
static void sort_by_deadline(struct reactor_link *head)
{
    struct reactor_link *runs[64] = {NULL}, *sorted = NULL;
    unsigned top = 0;

    head->prev->next = NULL;
    for (struct reactor_link *link = head->next, *next; link; link = next) {
        unsigned i = 0;
        next = link->next;
        link->next = NULL;
        for (; runs[i]; i++) {
            link = merge(runs[i], link);
            runs[i] = NULL;
        }
        runs[i] = link;
        if (i > top)
            top = i;
    }
    for (unsigned i = 0; i <= top; i++)
        sorted = merge(runs[i], sorted);
    list_init(head);
    for (struct reactor_link *link = sorted, *next; link; link = next) {
        next = link->next;
        list_append(head, link);
    }
}

/* Takes a slot apart: due timers to due, in firing order, the others to later. */
static void slot_split(struct reactor_link *slot, uint64_t now_ns, struct reactor_link *due, struct reactor_link *later)
{
    struct reactor_link mine;
    uint64_t last_ns = 0;
    bool sorted = true;

    list_init(&mine);
    for (struct reactor_link *link = slot->next, *next; link != slot; link = next) {
        uint64_t deadline_ns = CONTAINER(link, struct reactor_timer, link)->deadline_ns;
        next = link->next;
        if (deadline_ns <= now_ns) {
            sorted = sorted && deadline_ns >= last_ns;
            last_ns = deadline_ns;
            list_append(&mine, link);
        } else {
            list_append(later, link);
        }
    }
    list_init(slot);
    if (!sorted)
        sort_by_deadline(&mine);
    list_splice(due, &mine);
}

void reactor_timers_collect(struct reactor *r)
{
    struct wheel *wheel = &r->wheel;
    struct reactor_link later;
    unsigned slot;

    list_init(&later);
    while ((slot = wheel_first(wheel)) != NO_SLOT) {
        bool begun = slot_begin_ns(wheel, slot) <= r->now_ns;
        /* The slot of level 0 that is running is left alone until something in it is due. */
        if (!begun || (slot < WHEEL_SLOTS && wheel->earliest_ns[slot] > r->now_ns))
            break;
        slot_split(&wheel->slots[slot], r->now_ns, &r->timers_due, &later);
    }
    /* Only now: while old slots are used, timers must be seen from the old base. */
    if (r->now_ns > wheel->base_ns)
        wheel->base_ns = r->now_ns;
    while (!list_empty(&later)) {
        struct reactor_link *link = later.next;
        list_remove(link);
        wheel_insert(wheel, CONTAINER(link, struct reactor_timer, link));
    }
}

static void fire_first(struct reactor *r)
{
    struct reactor_timer *t = CONTAINER(r->timers_due.next, struct reactor_timer, link);
    uint64_t late_ns = r->now_ns - t->deadline_ns;
    list_remove(&t->link);
    if (late_ns > r->stats.worst_timer_lateness_ns)
        r->stats.worst_timer_lateness_ns = late_ns;
    r->stats.timers_fired++;
    callback_begin(r, t->name);
    t->fn(t);
    callback_end(r);
}

void reactor_timers_fire(struct reactor *r)
{
    do
        fire_first(r);
    while (!list_empty(&r->timers_due) && !budget_over(r));
}

void reactor_timers_init(struct reactor *r)
{
    r->wheel.base_ns = r->now_ns;
    list_init(&r->timers_due);
    for (unsigned slot = 0; slot < WHEEL_LEVELS * WHEEL_SLOTS; slot++) {
        list_init(&r->wheel.slots[slot]);
        r->wheel.earliest_ns[slot] = UINT64_MAX;
    }
}
