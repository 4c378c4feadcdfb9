/* Unit tests of the store: no reactor, no sockets. */
#include "check.h"
#include "store.h"

static struct store s;

static void keeps_what_is_set(void)
{
    store_init(&s);
    CHECK(store_get(&s, "a") == NULL);
    CHECK(store_set(&s, "a", "1") == STORE_OK);
    CHECK(store_set(&s, "a", "2") == STORE_OK);
    CHECK_TEXT(store_get(&s, "a"), "2");
    CHECK(s.count == 1);
}

static void forgets_what_is_deleted(void)
{
    store_init(&s);
    store_set(&s, "a", "1");
    CHECK(store_delete(&s, "a"));
    CHECK(!store_delete(&s, "a"));
    CHECK(store_get(&s, "a") == NULL);
}

static void says_when_it_is_full_and_recovers(void)
{
    char key[16];
    store_init(&s);
    for (int i = 0; i < STORE_ENTRIES; i++) {
        snprintf(key, sizeof key, "k%d", i);
        CHECK(store_set(&s, key, "v") == STORE_OK);
    }
    CHECK(store_set(&s, "one more", "v") == STORE_FULL);
    CHECK(store_set(&s, "k7", "w") == STORE_OK);
    CHECK(store_delete(&s, "k500"));
    CHECK(store_set(&s, "one more", "v") == STORE_OK);
    CHECK_TEXT(store_get(&s, "k7"), "w");
    CHECK_TEXT(store_get(&s, "one more"), "v");
}

static void refuses_what_is_too_long(void)
{
    char text[STORE_VALUE_BYTES + 2];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    store_init(&s);
    CHECK(store_set(&s, "a", text) == STORE_TOO_LONG);
    CHECK(store_set(&s, text, "a") == STORE_TOO_LONG);
    CHECK(store_set(&s, "a", text + 1) == STORE_OK);
    CHECK(s.count == 1);
}

static void walks_while_it_changes(void)
{
    unsigned position = 0;
    store_init(&s);
    store_set(&s, "a", "1");
    store_set(&s, "b", "2");
    store_set(&s, "c", "3");
    CHECK_TEXT(store_next_key(&s, &position), "a");
    store_delete(&s, "b");
    CHECK_TEXT(store_next_key(&s, &position), "c");
    CHECK(store_next_key(&s, &position) == NULL);
}

int main(void)
{
    RUN(keeps_what_is_set);
    RUN(forgets_what_is_deleted);
    RUN(says_when_it_is_full_and_recovers);
    RUN(refuses_what_is_too_long);
    RUN(walks_while_it_changes);
    return check_end();
}
