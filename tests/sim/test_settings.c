/* test_settings.c - settings cost what they change and nothing else: neither the fast path nor memory once they are the
 * default again, and nothing at all when they are refused. */
#include "session_world.h"

#include <errno.h>

/* Set, and set back: the default again. */
static const char *const there_and_back[][2] = {
    {"/format json", "/format text"},
    {"/format tsv", "/FORMAT TEXT"},
    {"/columns cp", "/columns cp,char,name,alias"},
    {"/columns dec html utf16 utf8 width age category script block alias name char cp", "/columns cp char name alias"},
    {"/limit 5", "/limit off"},
    {"/limit 4294967295", "/limit OFF"},
    {"/sort best", "/sort code"},
    {"/display safe", "/display raw"},
    {"/prompt off", "/prompt on"},
};

static const char *const refused[] = {
    "/format",    "/format xml",   "/format text json", "/columns cp cp", "/columns cp nonsense",
    "/columns ,", "/columns",      "/limit 0",          "/limit -1",      "/limit 1x",
    "/limit",     "/sort",         "/sort down",        "/display",       "/display dark",
    "/prompt",    "/prompt maybe", "/nonsense",         "/format text",   "/limit off",
};

static void tell(struct sim_peer *peer, const char *line)
{
    say(peer, line);
    say(peer, "\n");
}

/* Asks what the cache has: whether the answer came from there. */
static bool is_fast(struct sim_peer *peer)
{
    uint64_t before = w.kind.stats.cache_hits;
    tell(peer, "cat face");
    return w.kind.stats.cache_hits == before + 1;
}

static struct sim_peer *begin_with_cache(void)
{
    begin(1);
    struct sim_peer *peer = greeted();
    tell(peer, "cat face");
    cr_assert(is_fast(peer));
    return peer;
}

Test(settings, the_default_again_is_the_default)
{
    for (size_t i = 0; i < sizeof there_and_back / sizeof *there_and_back; i++) {
        struct sim_peer *peer = begin_with_cache();
        size_t held = sim_allocated_bytes();
        tell(peer, there_and_back[i][0]);
        cr_expect_not(is_fast(peer), "%s: answered from the cache", there_and_back[i][0]);
        cr_expect_gt(sim_allocated_bytes(), held);
        tell(peer, there_and_back[i][1]);
        cr_expect(is_fast(peer), "%s: not answered from the cache", there_and_back[i][1]);
        cr_expect_eq(sim_allocated_bytes(), held, "%s: holds memory", there_and_back[i][1]);
        end();
    }
}

/* All of them changed, and back one after the other: the default only after the last. */
Test(settings, it_takes_all_of_them)
{
    static const char *const changed[] = {"/format json", "/columns cp",   "/limit 5",
                                          "/sort best",   "/display safe", "/prompt off"};
    static const char *const back[] = {
        "/format text", "/columns cp char name alias", "/limit off", "/sort code", "/display raw", "/prompt on"};
    enum {
        COUNT = sizeof back / sizeof *back
    };
    for (size_t last = 0; last < COUNT; last++) {
        struct sim_peer *peer = begin_with_cache();
        for (size_t i = 0; i < COUNT; i++)
            tell(peer, changed[i]);
        for (size_t i = 1; i <= COUNT; i++) {
            cr_expect_not(is_fast(peer), "with %s", changed[last]);
            tell(peer, back[(last + i) % COUNT]);
        }
        cr_expect(is_fast(peer), "after %s", back[last]);
        end();
    }
}

Test(settings, what_is_refused_or_only_shown_changes_nothing)
{
    struct sim_peer *peer = begin_with_cache();
    size_t held = sim_allocated_bytes();
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        tell(peer, refused[i]);
        cr_expect_eq(sim_allocated_bytes(), held, "%s: holds memory", refused[i]);
        cr_expect(is_fast(peer), "%s: not answered from the cache", refused[i]);
    }
    end();
}

/* What was set stays as it was when another is refused. */
Test(settings, a_refused_one_leaves_the_others)
{
    begin(1);
    struct sim_peer *peer = greeted();
    tell(peer, "/format codes");
    tell(peer, "/limit 2");
    for (size_t i = 0; i + 2 < sizeof refused / sizeof *refused; i++)
        tell(peer, refused[i]);
    tell(peer, "cat face");
    cr_expect(ends_with(peer, "?> U+1F431\r\nU+1F638\r\n# 10 found, 2 shown\r\n?> "), "\"%s\"", sim_peer_text(peer));
    end();
}

/* The position of /more outlives a change of settings, back to the default too. */
Test(settings, more_goes_on_after_settings_are_the_default)
{
    begin(1);
    struct sim_peer *peer = greeted();
    tell(peer, "/limit 9");
    tell(peer, "cat face");
    tell(peer, "/limit off");
    tell(peer, "/more");
    cr_expect(ends_with(peer, " 10 found, 1 shown\r\n?> "), "\"%s\"", sim_peer_text(peer));
    end();
}

/* Without memory for settings only that connection ends. */
Test(settings, no_memory)
{
    begin(1);
    struct sim_peer *peer = greeted(), *other = greeted();
    sim_fail(SIM_ALLOC, 0, 1, ENOMEM);
    tell(peer, "/limit 9");
    cr_expect_eq(w.closed, 1u);
    tell(other, "/limit 9");
    cr_expect(ends_with(other, "# ok\r\n?> "));
    end();
}
