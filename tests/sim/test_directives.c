/* test_directives.c - every directive with every kind of argument: one reply, one reason, and the session goes on. */
#include "session_world.h"

#include <stdio.h>

static const struct {
    const char *name, *good;
    const char *bare; /* how the reply to it without an argument begins: the present value, what it needs, its answer */
    bool takes_anything; /* there is no junk for it */
} walk[] = {
    {"help", "limit", "# ", false},
    {"info", "A", "! ", false},
    {"explain", "caf\xC3\xA9", "! ", true},
    {"format", "tsv", "# format text\r\n# ok\r\n", false},
    {"columns", "name,cp", "# columns cp char name alias\r\n# ok\r\n", false},
    {"limit", "7", "# limit off\r\n# ok\r\n", false},
    {"more", NULL, "! nothing more\r\n", false},
    {"count", "cat face", "! /count needs a query", true},
    {"sort", "best", "# sort code\r\n# ok\r\n", false},
    {"display", "safe", "# display raw\r\n# ok\r\n", false},
    {"prompt", "on", "# prompt on\r\n# ok\r\n", false},
    {"list", "blocks arrow*", "! ", false},
    {"words", "*king", "! ", true},
    {"stats", NULL, "# ok\r\n", false},
    {"version", NULL, "# mojifinder ", false},
};

/* What came since the last call, without the prompt at its end. */
static const char *reply(struct sim_peer *peer, const char *line)
{
    static char text[200000];
    size_t before = sim_peer_len(peer);
    say(peer, line);
    say(peer, "\n");
    size_t len = sim_peer_len(peer) - before;
    cr_assert_lt(len, sizeof text);
    memcpy(text, sim_peer_text(peer) + before, len);
    cr_assert(len >= 3 && memcmp(text + len - 3, "?> ", 3) == 0, "\"%s\": no prompt", line);
    text[len - 3] = '\0';
    return text;
}

static unsigned lines_of(const char *text)
{
    unsigned lines = 0;
    for (; (text = strchr(text, '\n')); text++)
        lines++;
    return lines;
}

static void expect_error(struct sim_peer *peer, const char *line)
{
    const char *text = reply(peer, line);
    cr_expect(strncmp(text, "! ", 2) == 0 && lines_of(text) == 1, "\"%.60s\": \"%s\"", line, text);
}

static const char *line_of(const char *name, const char *argument)
{
    static char line[400];
    snprintf(line, sizeof line, "/%s %s", name, argument);
    return line;
}

Test(directives, every_one_with_every_argument)
{
    char endless[230];
    memset(endless, 'q', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    const char turned[] = {'\xE2', '\x80', '\xAE', '|', '\0'}; /* U+202E: lint reads literals */
    const char *const junk[] = {"nonsense!", endless, "\xE2\x99\x9A\xC3\xA9", turned, "\x01\x02 ;;"};
    for (size_t i = 0; i < sizeof walk / sizeof *walk; i++) {
        begin(1);
        struct sim_peer *peer = greeted();
        const char *text = reply(peer, line_of(walk[i].name, ""));
        cr_expect(strncmp(text, walk[i].bare, strlen(walk[i].bare)) == 0, "/%s: \"%s\"", walk[i].name, text);
        for (size_t j = 0; j < sizeof junk / sizeof *junk; j++) {
            if (!walk[i].takes_anything)
                expect_error(peer, line_of(walk[i].name, junk[j]));
            else
                reply(peer, line_of(walk[i].name, junk[j]));
        }
        if (walk[i].good)
            cr_expect_neq(*reply(peer, line_of(walk[i].name, walk[i].good)), '!', "/%s %s", walk[i].name, walk[i].good);
        cr_expect_eq(w.closed, 0u);
        end();
    }
}

Test(directives, names_are_case_blind)
{
    begin(1);
    struct sim_peer *peer = greeted();
    for (size_t i = 0; i < sizeof walk / sizeof *walk; i++) {
        char upper[32];
        snprintf(upper, sizeof upper, "/%s", walk[i].name);
        for (char *p = upper; *p; p += 2)
            *p = *p >= 'a' && *p <= 'z' ? (char)(*p - 0x20) : *p;
        cr_expect(!strstr(reply(peer, upper), "unknown directive"), "%s", upper);
    }
    end();
}

Test(directives, help_fits_a_screen_and_knows_every_name)
{
    begin(1);
    struct sim_peer *peer = greeted();
    char all[8192];
    snprintf(all, sizeof all, "%s", reply(peer, "/help"));
    cr_expect_leq(lines_of(all), 24u, "%u lines", lines_of(all));
    for (size_t i = 0; i < sizeof walk / sizeof *walk; i++) {
        char usage[32];
        snprintf(usage, sizeof usage, "# /%s ", walk[i].name);
        cr_expect(strstr(all, usage), "no %s in /help", usage);
        cr_expect(strncmp(reply(peer, line_of("help", walk[i].name)), usage, strlen(usage)) == 0, "/help %s",
                  walk[i].name);
    }
    cr_expect(strstr(all, "/quit") && strstr(all, "/exit"));
    cr_expect(strstr(reply(peer, "/help /exit"), "# /quit "));
    cr_expect_str_eq(reply(peer, "/help lmit"), "! no help on \"lmit\"; near: /limit\r\n");
    end();
}

/* Names are not abbreviated, but what was meant is said. */
Test(directives, unknown_names_have_a_hint)
{
    static const char *const said[][2] = {
        {"/exti", "! unknown directive \"/exti\"; near: /exit\r\n"},
        {"/EXTI", "! unknown directive \"/EXTI\"; near: /exit\r\n"},
        {"/q", "! unknown directive \"/q\"; near: /quit\r\n"},
        {"/qiut now", "! unknown directive \"/qiut now\"; near: /quit\r\n"},
        {"/?", "! unknown directive \"/?\"; near: /help\r\n"},
        {"/h", "! unknown directive \"/h\"; near: /help\r\n"},
        {"/lis", "! unknown directive \"/lis\"; near: /list\r\n"},
        {"/ex", "! unknown directive \"/ex\"; near: /explain, /exit\r\n"},
        {"/colums", "! unknown directive \"/colums\"; near: /columns\r\n"},
        {"/bye", "! unknown directive \"/bye\"; near: /quit\r\n"},
        {"/nonsense", "! unknown directive \"/nonsense\"\r\n"},
        {"/", "! unknown directive \"/\"; the solidus itself is \\/\r\n"},
        {"/ x", "! unknown directive \"/ x\"; the solidus itself is \\/\r\n"},
        {"// ", "! unknown directive \"//\"; the solidus itself is \\/\r\n"},
        {"//help", "! unknown directive \"//help\"; the solidus itself is \\/\r\n"},
    };
    begin(1);
    struct sim_peer *peer = greeted();
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        cr_expect_str_eq(reply(peer, said[i][0]), said[i][1], "%s", said[i][0]);
    say(peer, "/format json\n/exti\n");
    cr_expect(ends_with(peer, "{\"error\":\"unknown directive \\\"/exti\\\"; near: /exit\"}\r\n?> "));
    end();
}

Test(directives, both_ways_to_leave)
{
    static const char *const leave[] = {"/quit\n", "/exit\n", "/EXIT  \n", "  /Quit\r\n"};
    for (size_t i = 0; i < sizeof leave / sizeof *leave; i++) {
        begin(1);
        struct sim_peer *peer = greeted();
        expect_error(peer, "/exit now");
        say(peer, leave[i]);
        cr_expect(sim_peer_at_end(peer), "%s", leave[i]);
        cr_expect(ends_with(peer, "?> "), "\"%s\"", sim_peer_text(peer));
        end();
    }
}
