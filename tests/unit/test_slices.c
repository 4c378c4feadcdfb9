/* However dear a question is, no call of the engine takes long: the worst questions of each kind, in thread CPU time.
 */
#include "answer/listing.h"
#include "answer/notes.h"
#include "cpu_time.h"
#include "unicode/query.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BOUND_NS = 1000000, /* a call aims at a quarter of this, see PLAN_STEP_UNITS */
    MOST_CALLS = 400000,
    MANY_CALLS = 2000,
    LINE_BYTES = 1 << 20
};

static char line[LINE_BYTES + 1];
static struct cpu_calls calls;

static void bounded(const char *what)
{
    uint32_t which;
    uint64_t worst = cpu_calls_worst(&calls, &which);
    if (getenv("SLICES_SHOW"))
        fprintf(stderr, "%8.3f ms  call %5u of %6u  %.60s\n", (double)worst / 1e6, which, calls.count, what);
    if (cpu_time_counts())
        cr_expect_leq(worst, (uint64_t)BOUND_NS, "%.60s: call %u of %u took %.3f ms", what, which, calls.count,
                      (double)worst / 1e6);
}

/* ---- queries ---- */

static void run_notes(struct search *s)
{
    struct notes notes;
    const struct facts *facts;
    struct plan *plan;
    if (!search_about(s, &facts, &plan))
        return;
    notes_start(&notes, facts, plan, search_found(s));
    for (enum notes_step step = NOTES_LINE; step != NOTES_NONE;) {
        uint64_t before = cpu_time_ns();
        step = notes_next(&notes);
        cpu_calls_record(&calls, cpu_time_ns() - before);
    }
}

/* One repeat: opens, and calls until the end. */
static void run_query(const char *text, size_t len, bool best)
{
    struct search s;
    struct search_error error;
    struct search_run run;
    cpu_calls_rewind(&calls);
    uint64_t before = cpu_time_ns();
    enum search_result result = best ? search_open_best(&s, index_builtin(), SEARCH_DEFAULT, text, len, &error)
                                     : search_open(&s, index_builtin(), SEARCH_DEFAULT, text, len, &error);
    cpu_calls_record(&calls, cpu_time_ns() - before);
    if (result != SEARCH_OPENED)
        return;
    uint32_t turns = 0;
    for (enum search_step step = SEARCH_RUN; step != SEARCH_END; turns++) {
        cr_assert_lt(turns, MOST_CALLS, "%.60s", text);
        before = cpu_time_ns();
        step = search_next(&s, 4096, &run);
        cpu_calls_record(&calls, cpu_time_ns() - before);
    }
    run_notes(&s);
    search_close(&s);
}

static void query(const char *text, size_t len)
{
    for (int best = 0; best < 2; best++) {
        if (calls.count > MANY_CALLS && best) /* what ranking adds shows at cheaper queries */
            break;
        memset(&calls, 0, sizeof calls);
        for (int i = 0; i < CPU_REPEATS; i++)
            run_query(text, len, best);
        bounded(text);
    }
}

static void ask(const char *text)
{
    query(text, strlen(text));
}

/* The piece over and over, up to so many bytes in all. */
static const char *repeated(const char *piece, size_t times, size_t most)
{
    size_t len = strlen(piece), at = 0;
    for (size_t i = 0; i < times && at + len <= most; i++, at += len)
        memcpy(line + at, piece, len);
    line[at] = '\0';
    return line;
}

/* Pieces that differ: each "@" is a digit, in base 26 of letters, of the piece's number, the lowest one first. */
static const char *numbered(const char *piece, unsigned times, size_t most)
{
    size_t len = strlen(piece), at = 0;
    for (unsigned i = 0; i < times && at + len <= most; i++) {
        unsigned left = i;
        for (const char *c = piece; *c; c++) {
            line[at++] = *c == '@' ? (char)('A' + left % 26) : *c;
            left = *c == '@' ? left / 26 : left;
        }
    }
    line[at] = '\0';
    return line;
}

Test(slices, patterns)
{
    ask("*a* *e* *i*");
    ask("*");
    ask("?*");
    ask("*zq*");
    ask("!*a*");
    ask(repeated("*", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("*?", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("?", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("*-", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("*e*-", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("*a*a*a*a*a*b", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("*a*?*?*e*?b* ", 64, QUERY_LINE_BYTES));
    ask(repeated("*???????????????????* ", 64, QUERY_LINE_BYTES));
    ask(repeated("*i*e*|", 63, QUERY_LINE_BYTES));
    ask(repeated("*a* ", 64, QUERY_LINE_BYTES));
    ask(numbered("*@@@*|", 63, QUERY_LINE_BYTES));
    ask(numbered("!*@@@* ", 64, QUERY_LINE_BYTES));
    ask(numbered("*@@*-", 1300, QUERY_LINE_BYTES));
    ask(numbered("*?@*?*-?*@?*-", 1300, QUERY_LINE_BYTES));
}

Test(slices, words_and_phrases)
{
    ask("cjk");
    ask("letter");
    ask("quen");
    ask("qu en qeen qwen");
    ask("abcdefghijklmnopqrstu");
    ask(numbered("unknown@@@ ", 64, QUERY_LINE_BYTES));
    ask(numbered("unknown@@@-", 500, QUERY_LINE_BYTES));
    ask(numbered("@@@-", 2000, QUERY_LINE_BYTES));
    ask(repeated("a-", QUERY_LINE_BYTES / 2, QUERY_LINE_BYTES));
    ask(repeated("a|", 63, QUERY_LINE_BYTES));
    ask(repeated("letter cjk small hangul capital with arrow sign ", 4, QUERY_LINE_BYTES));
    ask("a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t-u-v-w-x-y-z");
    ask("\"letter a\"");
    ask("\"cjk unified\"|\"hangul syllable\"");
    ask(repeated("\"letter a\" ", 64, QUERY_LINE_BYTES));
    ask(numbered("\"unified @@@\"|", 63, QUERY_LINE_BYTES));
    ask("letter hangul");
    ask("letter cjk hangul sign with capital small arrow");
}

Test(slices, trees)
{
    ask(repeated("!(!(!(!(!(!(!(!a))))))) ", 64, QUERY_LINE_BYTES));
    ask(repeated("!(!(!(!(!(!(!(!*a*))))))) ", 64, QUERY_LINE_BYTES));
    ask("(((((((!(!*a*)|*b*)))))))");
    ask(repeated("!(!(x)) ", 64, QUERY_LINE_BYTES));
    ask(repeated("gc:L|gc:S ", 32, QUERY_LINE_BYTES));
    ask(repeated("(gc:zp|is:alpha|blk:tags|sc:zzzz) ", 16, QUERY_LINE_BYTES));
    ask(repeated("gc:zp|", 63, QUERY_LINE_BYTES));
    ask(repeated("blk:tags ", 64, QUERY_LINE_BYTES));
    ask(repeated("blk:supplementary_private_use_area_b|", 63, QUERY_LINE_BYTES));
    ask(repeated("is:xids ", 64, QUERY_LINE_BYTES));
    ask(repeated("age:<9 ", 64, QUERY_LINE_BYTES));
    ask(repeated("in:0..10FFFF ", 64, QUERY_LINE_BYTES));
    ask("blk:quite_unknown_and_long_value");
    ask("gc:Lu|gc:Ll *a*");
    ask("is:alpha !is:upper");
}

Test(slices, characters)
{
    ask(repeated("\xE2\x99\x9A", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("\xCD\xB8", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("\\(", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("&#1;", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("\\u0378", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("%41", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("U+265A|", 64, QUERY_LINE_BYTES));
    ask(repeated("\xC3\x9F", QUERY_LINE_BYTES, QUERY_LINE_BYTES)); /* ß becomes SS */
    ask(repeated("\xEF\xAC\x83", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("\xCE\x90", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
}

/* What people paste is looked through before it is parsed. */
Test(slices, pasted)
{
    ask(repeated("\xE2\x80\x9C"
                 "a ",
                 QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("(\xE2\x80\x9C", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated(":\xE2\x80\x9C.", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("\xE2\x80\x9C"
                 "a\xE2\x80\x9D ",
                 QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("\" ", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("a\xE2\x80\x8B", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("a\xE2\x80\x90", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("\xEF\xB8\x8F ", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("\xE2\x80\x83", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("1F468 200D ", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("41,", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("e2 80 8b ", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("0378 ", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("U+2660-", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("a_", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("->", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("(", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("!", QUERY_LINE_BYTES, QUERY_LINE_BYTES));
    ask(repeated("nosuchword ", 60, QUERY_LINE_BYTES));
    ask(numbered("no@@@* ", 64, QUERY_LINE_BYTES));
    ask(numbered("*@@@x*|", 63, QUERY_LINE_BYTES));
    ask("quit");
    ask(":smile:");
    ask("2660;BLACK SPADE SUIT;So;0;ON;;;;;N;;;;;");
    ask("1F468 200D 1F469 ; fully-qualified # x E2.0 couple");
}

/* Lines that only a larger --max-line lets in. */
Test(slices, long_lines)
{
    ask(repeated("a ", LINE_BYTES, LINE_BYTES));
    ask(repeated("letter ", LINE_BYTES, LINE_BYTES));
    ask(repeated("quen ", LINE_BYTES, LINE_BYTES));
    ask(repeated("a", LINE_BYTES, LINE_BYTES));
    ask(repeated(" ", LINE_BYTES, LINE_BYTES));
    ask(repeated("-", LINE_BYTES, LINE_BYTES));
    ask(repeated("\xC3\x9F", LINE_BYTES, LINE_BYTES));
    ask(repeated("\xC4\xB1 ", LINE_BYTES, LINE_BYTES));
    ask(repeated("\xE2\x99\x9A", LINE_BYTES, LINE_BYTES));
    ask(repeated("\xF0\x9F\x90\xB1 ", LINE_BYTES, LINE_BYTES));
    ask(repeated("*a* ", LINE_BYTES, LINE_BYTES));
    ask(repeated("(", LINE_BYTES, LINE_BYTES));
    ask(repeated("\"a\" ", LINE_BYTES, LINE_BYTES));
    ask(repeated("\xE2\x80\x83", LINE_BYTES, LINE_BYTES)); /* em spaces */
}

/* ---- listings ---- */

static void run_listing(enum listing_kind kind, const char *text, size_t len)
{
    static const struct render_style style;
    struct listing *l;
    struct search_error error;
    char out[RENDER_BYTES];
    size_t out_len;
    cpu_calls_rewind(&calls);
    uint64_t before = cpu_time_ns();
    enum search_result result = listing_open(&l, index_builtin(), kind, text, len, &error);
    cpu_calls_record(&calls, cpu_time_ns() - before);
    if (result != SEARCH_OPENED)
        return;
    uint32_t turns = 0;
    for (enum listing_step step = LISTING_NOTE; step != LISTING_END && turns < MOST_CALLS; turns++) {
        before = cpu_time_ns();
        /* A caller goes on until it is told to stop, so a call that yields a line is not yet the end of a slice. */
        do
            step = listing_next(l, &style, out, &out_len);
        while (step == LISTING_RESULT || step == LISTING_NOTE);
        cpu_calls_record(&calls, cpu_time_ns() - before);
    }
    listing_close(l);
}

static void list(enum listing_kind kind, const char *text)
{
    memset(&calls, 0, sizeof calls);
    for (int i = 0; i < CPU_REPEATS; i++)
        run_listing(kind, text, strlen(text));
    bounded(text);
}

Test(slices, words)
{
    list(LISTING_WORDS, "*");
    list(LISTING_WORDS, "*a*");
    list(LISTING_WORDS, "*q*q*");
    list(LISTING_WORDS, "*?*?*?*?*?*?*?*?*?*?*z");
    list(LISTING_WORDS, repeated("*", LINE_BYTES, QUERY_LINE_BYTES));
    list(LISTING_WORDS, repeated("*?", LINE_BYTES, QUERY_LINE_BYTES));
    list(LISTING_WORDS, repeated("*a*b", LINE_BYTES, QUERY_LINE_BYTES));
    list(LISTING_WORDS, repeated("*", LINE_BYTES, LINE_BYTES));
    list(LISTING_WORDS, repeated("?*", LINE_BYTES, LINE_BYTES));
    list(LISTING_WORDS, repeated("a", LINE_BYTES, LINE_BYTES));
}

Test(slices, values)
{
    static const char *const tables[] = {"blocks", "scripts", "categories", "properties"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char text[QUERY_LINE_BYTES + 1];
        list(LISTING_VALUES, tables[i]);
        snprintf(text, sizeof text, "%s *a*e*", tables[i]);
        list(LISTING_VALUES, text);
        int n = snprintf(text, sizeof text, "%s ", tables[i]);
        memset(text + n, '*', sizeof text - 1 - (size_t)n);
        text[sizeof text - 1] = '\0';
        list(LISTING_VALUES, text);
        for (size_t k = (size_t)n; k + 1 < sizeof text; k++)
            text[k] = "*e*-"[(k - (size_t)n) % 4];
        list(LISTING_VALUES, text);
    }
}

Test(slices, texts)
{
    list(LISTING_INFO, "U+AC01");
    list(LISTING_INFO, "\xEF\xB7\xBA");
    list(LISTING_EXPLAIN, repeated("a", LINE_BYTES, LINE_BYTES));
    list(LISTING_EXPLAIN, repeated("\xCC\x81", LINE_BYTES, LINE_BYTES));
    list(LISTING_EXPLAIN, repeated("\xF0\x9F\x91\xA9\xE2\x80\x8D", LINE_BYTES, LINE_BYTES));
    list(LISTING_EXPLAIN, repeated("\xF0\x9F\x87\xA9", LINE_BYTES, LINE_BYTES));
    list(LISTING_EXPLAIN, repeated(" ", LINE_BYTES, LINE_BYTES));
    list(LISTING_INFO, repeated("a", LINE_BYTES, LINE_BYTES));
    list(LISTING_VALUES, repeated("a", LINE_BYTES, LINE_BYTES));
}
