/* Words, phrases and patterns: the well-known cases of Unicode 15.0. */
#include "query_answer.h"
#include "unicode_data.h"

#include <criterion/criterion.h>

TestSuite(query_words, .init = only_unicode_15);

static void answers(const char *query, const char *expected)
{
    const char *answer = query_answer(query);
    cr_expect_str_eq(answer, expected, "%s: %s", query, answer);
}

Test(query_words, names_by_rule)
{
    answers("ganj", "U+AC05\n1 found");
    answers("cjk 4e00", "U+4E00\nU+1F229\n2 found");
    answers("tangut 17000", "U+17000\n1 found");
    answers("9fff", "U+9FFF\n1 found");
    answers("2b739", "U+2B739\n1 found");
    answers("variation selector 256", "U+E01EF\n1 found");
    answers("jungseong oe", "U+116C\n1 found");
}

Test(query_words, counts_as_in_the_classic_dialect)
{
    cr_expect_eq(query_count("a"), 821);
    cr_expect_eq(query_count("face"), 179);
    cr_expect_eq(query_count("hangul"), 11735);
    cr_expect_eq(query_count("-"), 1); /* a mark alone is that character */
    cr_expect_eq(query_count("- -"), 0);
    cr_expect_eq(query_count("- a -"), 821);
}

Test(query_words, any_other_way_to_say_it_finds_the_same)
{
    cr_expect_eq(query_count("(face)"), 179);
    cr_expect_eq(query_count("\"face\""), 179);
    cr_expect_eq(query_count("face|face"), 179);
    cr_expect_eq(query_count("!(!face)"), 179);
    cr_expect_eq(query_count("left-pointing (angle)"), query_count("angle pointing left"));
}

Test(query_words, phrases_keep_the_hyphens_that_matter)
{
    answers("\"jungseong o-e\"", "U+1180\n1 found");
    answers("\"jungseong o e\"", "U+1180\n1 found");
    answers("\"tsa -phru\"", "U+0F39\n1 found");
    answers("\"tibetan letter -a\"", "U+0F60\n1 found");
    answers("\"bka- shog\"", "U+0F0A\nU+0FD0 alias TIBETAN MARK BKA- SHOG GI MGO RGYAN\n2 found");
    answers("\"latin capital letter -a\"", "# without the quotes: 41 found\n0 found");
    cr_expect_gt(query_count("\"letter a\""), query_count("\"letter -a\""));
}

Test(query_words, patterns_fit_words_and_split_at_hyphens)
{
    cr_expect_eq(query_count("gan?"), query_count("gan? *"));
    cr_expect_eq(query_count("left-point*"), query_count("left point*"));
    cr_expect_gt(query_count("arrow*"), query_count("arrow"));
    answers("weierstr?ss", "U+2118 alias WEIERSTRASS ELLIPTIC FUNCTION\n1 found");
    answers("\"weierstrass elliptic\" f*n", "U+2118 alias WEIERSTRASS ELLIPTIC FUNCTION\n1 found");
}

Test(query_words, choices_bind_tighter_than_spaces)
{
    cr_expect_eq(query_count("chess king|queen"), query_count("chess (king|queen)"));
    cr_expect_eq(query_count("chess king | queen"), query_count("chess king") + query_count("chess queen"));
    cr_expect_eq(query_count("chess !king|queen"), query_count("chess !king !queen"));
    cr_expect_eq(query_count("chess king|(!white)"), query_count("chess !(!king white)"));
    cr_expect_eq(query_count("chess (-)"), 0);
}

Test(query_words, aliases_are_never_mixed)
{
    answers("bel !hangul", "U+0007 alias BEL\n1 found");
    answers("alert", "U+0007 alias ALERT\n1 found");
    cr_expect_eq(query_count("alert bel"), 0); /* two aliases of one character */
    cr_expect_eq(query_count("alert (bel)"), 0);
    answers("alert|bel !hangul", "U+0007 alias ALERT\n1 found");
    cr_expect_eq(query_count("alert !bel"), 0); /* excluded by its other alias */
    answers("nbsp", "U+00A0 alias NBSP\n1 found");
    answers("vs16", "U+FE0F alias VS16\n1 found");
    answers("lf", "U+000A alias LF\n1 found");
    answers("zwj !pahawh", "U+200D alias ZWJ\n1 found");
    answers("nbsp|no-break space !narrow !zero", "U+00A0\n1 found"); /* the name is preferred */
    cr_expect_eq(query_count("bell !white"), query_count("bell"));
    answers("brakcet", "U+FE18\n1 found");
    answers("bracket lenticular vertical right white", "U+FE18 alias PRESENTATION FORM FOR VERTICAL RIGHT WHITE "
                                                       "LENTICULAR BRACKET\n1 found");
}

/* Words that no alias has stand right before one that only aliases have. */
Test(query_words, every_word_counts_in_an_alias_too)
{
    cr_expect_eq(query_count("cr"), 1);
    cr_expect_eq(query_count("cr cox"), 0);
    cr_expect_eq(query_count("cox cr"), 0);
    cr_expect_eq(query_count("ack ace"), 0);
    cr_expect_eq(query_count("area are"), 0);
}
