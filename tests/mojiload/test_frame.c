/* Where answers of foreign protocols end, in every cut; and what matches a pattern. */
#include "dialogue/frame.h"
#include "dialogue/wildcard.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct stream {
    const char *framing;
    const char *bytes;
    size_t len;
    const char *answers; /* where each ends, as decimal numbers */
};

#define STREAM(framing, bytes, ends)                                                                                   \
    {                                                                                                                  \
        (framing), (bytes), sizeof(bytes) - 1, (ends)                                                                  \
    }

static const struct stream streams[] = {
    STREAM("until:END\\r\\n", "VALUE a 0 1\r\nx\r\nEND\r\nEND\r\n", "21 26"),
    STREAM("line", "+OK\r\nsecond\n\n", "5 12 13"),
    STREAM("lines:.", "250 one\r\n..\r\n.\r\nx\n.\n", "16 20"),
    STREAM("bytes:3", "abcdef\n\n\n", "3 6 9"),
    STREAM("resp", "+PONG\r\n-ERR no\r\n:12\r\n$-1\r\n*-1\r\n*0\r\n$0\r\n\r\n", "7 16 21 26 31 35 41"),
    STREAM("resp", "$8\r\nab\r\ncd\r\n\r\n*2\r\n$2\r\n\r\n\r\n*1\r\n:1\r\n_\r\n", "14 34 37"),
    STREAM("resp", "%1\r\n+a\r\n*1\r\n#t\r\n~2\r\n,1.5\r\n(99\r\n|1\r\n+k\r\n+v\r\n+x\r\n>1\r\n=5\r\ntxt:a\r\n",
           "16 31 47 62"),
    STREAM("memcached",
           "VALUE k 0 7\r\nEND\r\nab\r\nVALUE l 0 0 9\r\n\r\nEND\r\nEND\r\nSTORED\r\nVA 3\r\nEND\r\nHD\r\nSTAT a "
           "1\r\nEND\r\n",
           "44 49 57 68 72 87"),
    STREAM("length:1", "\3abc\0\1x", "4 5 7"),
    STREAM("length:2", "\0\3abc\0\0", "5 7"),
    STREAM("length:2le", "\3\0abc\0\0", "5 7"),
    STREAM("length:4", "\0\0\0\1x", "5"),
    STREAM("length:4le", "\1\0\0\0x", "5"),
    STREAM("netstring", "5:a,b:c,0:,1:x,", "8 11 15"),
};

/* Fed in pieces of that size, the first of which is of first bytes. */
static void expect_ends(const struct stream *s, size_t first, size_t piece)
{
    struct framing f;
    struct frame frame = {0};
    char error[FRAME_TEXT], ends[128] = "";
    cr_assert(framing_parse(&f, s->framing, error), "%s: %s", s->framing, error);
    size_t at = 0, upto = first;
    while (at < s->len) {
        enum frame_verdict verdict;
        size_t end = upto < s->len ? upto : s->len;
        at += frame_feed(&f, &frame, s->bytes + at, end - at, &verdict);
        cr_assert_neq(verdict, FRAME_BROKEN, "%s at %zu", s->framing, at);
        if (verdict == FRAME_WHOLE)
            snprintf(ends + strlen(ends), sizeof ends - strlen(ends), "%s%zu", ends[0] != '\0' ? " " : "", at);
        if (at == end)
            upto = end + piece;
    }
    cr_expect_str_eq(ends, s->answers, "%s, %zu and %zu: \"%s\"", s->framing, first, piece, ends);
}

Test(frame, ends_are_found_in_every_cut)
{
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        for (size_t first = 1; first <= streams[i].len; first++)
            expect_ends(&streams[i], first, streams[i].len);
        expect_ends(&streams[i], 1, 1);
        expect_ends(&streams[i], 2, 3);
    }
}

Test(frame, what_is_another_protocol_is_seen)
{
    static const char *const bad[][2] = {{"resp", "HTTP/1.1 400\r\n"}, {"resp", "$x\r\n"},
                                         {"resp", "*-2\r\n"},          {"memcached", "VALUE k 0\r\n"},
                                         {"netstring", "5:abcdef,"},   {"netstring", "x:"},
                                         {"netstring", ":x,"},         {"netstring", "HTTP/1.1 400 Bad Request"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct framing f;
        struct frame frame = {0};
        char error[FRAME_TEXT];
        enum frame_verdict verdict;
        cr_assert(framing_parse(&f, bad[i][0], error));
        frame_feed(&f, &frame, bad[i][1], strlen(bad[i][1]), &verdict);
        cr_expect_eq(verdict, FRAME_BROKEN, "%s: %s", bad[i][0], bad[i][1]);
    }
}

Test(frame, names_that_are_none)
{
    static const char *const bad[] = {"",        "unti",      "until",      "until:",   "line:x",
                                      "bytes",   "bytes:0",   "bytes:x",    "length:3", "length:4x",
                                      "length:", "length",    "netstring:", "lines",    "resp:2",
                                      "RESP",    "until:\\q", "length:8",   "bytes:-1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct framing f;
        char error[FRAME_TEXT] = "";
        cr_expect_not(framing_parse(&f, bad[i], error), "%s", bad[i]);
        cr_expect_gt(strlen(error), 3);
    }
}

Test(glob, matches_the_whole_text_however_it_is_cut)
{
    static const struct {
        const char *pattern, *trailer, *text;
        bool matches;
    } cases[] = {
        {"+OK", "", "+OK", true},
        {"+OK", "", "+OK\r\n", true},
        {"+OK", "", "+OKAY", false},
        {"+OK", "", "x+OK", false},
        {"*OK*", "", "it is OK so", true},
        {"*OK*", "", "it is ok", false},
        {"a*b*c", "", "aXbYbZc", true},
        {"a*b*c", "", "aXcYb", false},
        {"???", "", "abc", true},
        {"???", "", "ab", false},
        {"\\*\\?", "", "*?", true},
        {"\\*", "", "x", false},
        {"\\x00*", "", "\\x", false},
        {"*", "", "", true},
        {"", "", "\r\n", true},
        {"", "", "x", false},
        {"hello", "?> ", "hello\r\n?> ", true},
        {"hello", "?> ", "hello?> ", true},
        {"hello", "?> ", "hello\r\n?> x", false},
        {"*", "END\r\n", "x END\r\n", true},
        {"a\\tb", "", "a\tb", true},
        {"*ab", "", "aaab", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct glob g;
        size_t len = strlen(cases[i].text);
        cr_assert(glob_compile(&g, cases[i].pattern, cases[i].trailer, strlen(cases[i].trailer)));
        for (size_t cut = 0; cut <= len; cut++) {
            uint64_t state = glob_feed(&g, glob_feed(&g, glob_begin(), cases[i].text, cut), cases[i].text + cut,
                                       len - cut);
            cr_expect_eq(glob_matches(&g, state), cases[i].matches, "\"%s\" and \"%s\"", cases[i].pattern,
                         cases[i].text);
        }
    }
    struct glob g;
    cr_expect_not(glob_compile(&g, "\\q", NULL, 0));
    cr_expect_not(glob_compile(&g, "x\\", NULL, 0));
    cr_expect_not(glob_compile(&g, "\\x4", NULL, 0));
    cr_expect(glob_compile(&g, "012345678901234567890123456789012345678901234567890123456789", NULL, 0));
    cr_expect_not(glob_compile(&g, "012345678901234567890123456789012345678901234567890123456789", "\n", 1));
    cr_expect_not(glob_compile(&g, "012345678901234567890123456789012345678901234567890123456789x", NULL, 0));
}
