/* Never a dead end: what is said when nothing matches, and that something is. */
#include "answer/notes.h"
#include "query_answer.h"
#include "unicode/search.h"
#include "unicode/text.h"
#include "unicode_data.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(notes, .init = only_unicode_15);

static void answers(const char *query, const char *expected)
{
    const char *answer = query_answer(query);
    cr_expect_str_eq(answer, expected, "%s: %s", query, answer);
}

Test(notes, without_a_term_of_any_kind)
{
    answers("black queen cat", "# without \"cat\": 5 found\n0 found");
    answers("cat gc:Sm", "# without \"gc:Sm\": 14 found\n# without \"cat\": 948 found\n0 found");
    answers("U+2654 black", "# without \"black\": 1 found\n# without \"U+2654\": 333 found\n0 found");
    answers("alert !bel", "# without \"!bel\": 1 found\n# without \"alert\": 149249 found\n0 found");
    answers("queen \"cat face\"", "# without \"queen\": 10 found\n# without \"\"cat face\"\": 18 found\n0 found");
    answers("cat king|queen", "# without \"king|queen\": 14 found\n# without \"cat\": 37 found\n0 found");
    answers("cat (king queen)|rook", "# without \"cat\": 14 found\n# without \"(king queen)|rook\": 14 found\n0 found");
    answers("cat quee*", "# without \"quee*\": 14 found\n# without \"cat\": 18 found\n0 found");
    answers("chess (-)", "# without \"(-)\": 96 found\n0 found");
    answers("cat-queen", "# without \"queen\": 14 found\n# without \"cat\": 18 found\n0 found");
    answers("a b c d e f g h i j k", "# no character has all of this at once\n0 found");
}

Test(notes, a_space_between_characters)
{
    answers("\u265A \u265B",
            "# without \"\u265A\": 1 found\n# without \"\u265B\": 1 found\n# a space asks for all of them at "
            "once; \"|\" between them for any\n0 found");
    answers("\u265A \u265B \u265C", "# a space asks for all of them at once; \"|\" between them for any\n0 found");
}

Test(notes, words_near)
{
    answers("quen", "# no name has \"quen\"; near: QUEEN (18), QUE (2), MUEN (1), UEN (1)\n0 found");
    answers("qeen", "# no name has \"qeen\"; near: SEEN (51), QUEEN (18), EEN (1), QEE (1), WEEN (1)\n0 found");
    answers("$ cat", "# no name has \"$\"; the character: \\$\n# without \"$\": 14 found\n0 found");
    answers("cat 87654321", "# no name has \"87654321\"\n0 found");
    answers("quen quen|king cat", "# no name has \"quen\"; near: QUEEN (18), QUE (2), MUEN (1), UEN (1)\n0 found");
    answers("cat 1f600",
            "# no name has \"1f600\"; near: 100 (2), 160 (2), 600 (1), A600 (1); the code point: U+1F600\n0 found");
}

Test(notes, patterns_and_phrases)
{
    answers("zzq*", "# no word fits \"zzq*\"\n0 found");
    answers("cat zzq* qqz?", "# no word fits \"zzq*\"\n# no word fits \"qqz?\"\n0 found");
    answers("cat-zzq*", "# no word fits \"zzq*\"\n0 found");
    answers("\"king black\"", "# without the quotes: 5 found\n0 found");
    answers("\"king quen\"", "# no name has \"quen\"; near: QUEEN (18), QUE (2), MUEN (1), UEN (1)\n0 found");
}

Test(notes, code_points_that_are_no_characters)
{
    answers("U+E000", "# U+E000: private use\n0 found");
    answers("U+D800", "# U+D800: surrogate\n0 found");
    answers("U+FFFE", "# U+FFFE: noncharacter\n0 found");
    answers("U+0378", "# U+0378: unassigned\n0 found");
    answers("U+E000|U+0378", "# U+E000: private use\n# U+0378: unassigned\n0 found");
    answers("U+E000 cat", "# U+E000: private use\n# without \"U+E000\": 14 found\n0 found");
    answers("\uE000", "# U+E000: private use\n0 found");
    answers("U+E000|cat !hangul !yi !phaistos !face !with !open", "U+1F408\n1 found");
    answers("in:E000..E0FF", "# U+E000..U+E0FF: no characters, U+E000: private use\n0 found");
}

Test(notes, there_is_always_one)
{
    answers("gc:Cs", "# no character has \"gc:Cs\"\n0 found");
    answers("- -", "# hyphens alone are no word; the character: \\-\n0 found");
    answers("(-)", "# hyphens alone are no word; the character: \\-\n0 found");
    answers("a|(!a) !(b|(!b))", "# without \"!(b|(!b))\": 149251 found\n0 found");
    answers("!*", "# no character has \"!*\"\n0 found");
}

/* A plain line longer than any that is parsed. */
Test(notes, of_a_very_long_line)
{
    static char line[3 * QUERY_LINE_BYTES];
    size_t len = 0;
    while (len + 12 < sizeof line)
        len += (size_t)snprintf(line + len, sizeof line - len, "cat queen ");
    answers(line, "# no name has all of these words\n0 found");
}

Test(notes, what_was_typed_is_cut_between_characters)
{
    char query[700] = "cat ", *at = query + 4;
    for (int i = 0; i < 300; i++)
        at += sprintf(at, "%c", 'a' + i % 26);
    const char *answer = query_answer(query);
    cr_expect(strstr(answer, "yzabcdefghijklmnopqrstuv\u2026\"\n"), "%s", answer);
    at = query + 4;
    for (int i = 0; i < 150; i++)
        at += sprintf(at, "\u265A");
    answer = query_answer(query);
    cr_expect(strstr(answer, "\u265A\u2026\": "), "%s", answer);
}

/* ---- any query ---- */

static uint32_t seed = 20260101;

static uint32_t below(uint32_t n)
{
    seed = seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)(seed >> 8) * n >> 24);
}

static const char *const parts[] = {
    "cat",
    "queen",
    "black",
    "quen",
    "xyzzy",
    "face",
    "hangul",
    "cat-queen",
    "HEAVY_CAT",
    "zz*q",
    "que*",
    "?",
    "??",
    "*",
    "\"king black\"",
    "\"cat face\"",
    "\u201Ccat queen\u201D",
    "gc:Sm",
    "gc:Cs",
    "sc:Grek",
    "blk:arrows",
    "is:dash",
    "age:1.1",
    "U+265A",
    "U+E000",
    "U+D800",
    "U+FFFE",
    "U+0378",
    "U+2654..U+2656",
    "\\u0041",
    "&#9818;",
    "\u265A",
    "\u00E9",
    "caf\u00E9",
    "\u00DF",
    "$",
    "&",
    "#",
    "\\(",
    "-",
    "--",
    "\u2013",
    "\u200B",
    "cat\u200B",
    "1F468",
    "200D",
    "dead",
    "beef",
    "e2",
    "80",
    "12345",
    "0x41",
    "\uE000",
    "\U000F0000",
    ".",
    "cat.",
    ",",
    "'cat'",
    "(c)",
    "->",
    ":smile:",
    "quit",
    "[x]",
    "\u300Ccat\u300D",
    "%41",
    "U+41,U+42",
};
#define PARTS (sizeof parts / sizeof *parts)

static size_t any_query(char *query)
{
    static const char *const joins[] = {" ", " ", " ", "|", " !", "", ",", "-", "_"};
    char *at = query;
    uint32_t count = 1 + below(5), open = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            at = stpcpy(at, joins[below(sizeof joins / sizeof *joins)]);
        if (below(8) == 0) {
            at = stpcpy(at, "(");
            open++;
        }
        at = stpcpy(at, parts[below(PARTS)]);
        if (open && below(2)) {
            at = stpcpy(at, ")");
            open--;
        }
    }
    while (open--)
        at = stpcpy(at, ")");
    return (size_t)(at - query);
}

static void check_note(const char *query, const char *note, size_t len)
{
    cr_expect(len > 0 && len + 1 < NOTES_BYTES, "%s: a note of %zu bytes", query, len);
    cr_expect(text_is_utf8(note, len), "%s: %.*s", query, (int)len, note);
    for (size_t i = 0; i < len; i++)
        cr_expect((unsigned char)note[i] >= ' ' && note[i] != 0x7F, "%s: a control in a note", query);
}

/* The notes of a query, or -1 if it is an error; *found: its matches. */
static int count_notes(const char *query, size_t len, uint64_t *found)
{
    struct search s;
    struct search_run run;
    struct search_error error;
    int count = 0;
    struct notes notes;
    const struct facts *facts;
    struct plan *plan;
    enum search_result result = search_open(&s, index_builtin(), SEARCH_DEFAULT, query, len, &error);
    if (result != SEARCH_OPENED) {
        cr_expect_eq(result, SEARCH_ILL_FORMED);
        return -1;
    }
    while (search_next(&s, UINT32_MAX, &run) != SEARCH_END)
        continue;
    *found = search_found(&s);
    if (search_about(&s, &facts, &plan)) {
        notes_start(&notes, facts, plan, *found);
        for (enum notes_step step; (step = notes_next(&notes)) != NOTES_NONE;) {
            if (step == NOTES_LINE)
                check_note(query, notes.text, notes.len);
            count += step == NOTES_LINE;
        }
    }
    search_close(&s);
    return count;
}

Test(notes, of_any_query, .timeout = 120)
{
    const char *given = getenv("SEED");
    unsigned nothing = 0, errors = 0;
    seed = given ? (uint32_t)strtoul(given, NULL, 0) : seed;
    for (int i = 0; i < 6000; i++) {
        char query[400];
        uint64_t found = 0;
        size_t len = any_query(query);
        int notes = count_notes(query, len, &found);
        errors += notes < 0;
        nothing += notes >= 0 && !found;
        if (notes >= 0 && !found)
            cr_expect(notes >= 1 && notes <= NOTES_MAX, "%s: nothing found, %d notes", query, notes);
    }
    cr_expect(nothing > 2000 && errors < 2500, "%u found nothing, %u errors: not much of a test", nothing, errors);
}
