/* Marks that stand for something when they are all of a line: alone, or together as people type them for a character
 * that the keyboard does not have. */
#include "pasted_inside.h"
#include "unicode/text.h"

#include <string.h>
#include <strings.h>

/* Not here: what the grammar gives another meaning ("??" is every word of two letters, "\/" the solidus). */
static const struct mark {
    const char *typed; /* of ASCII letters the case does not matter */
    uint32_t stands_for;
} marks[] = {
    /* arrows */
    {"->", 0x2192},
    {"<-", 0x2190},
    {"<->", 0x2194},
    {"-->", 0x27F6},
    {"<--", 0x27F5},
    {"<-->", 0x27F7},
    {"=>", 0x21D2},
    {"<=>", 0x21D4},
    {"==>", 0x27F9},
    {"<==", 0x27F8},
    {"<==>", 0x27FA},
    {"|->", 0x21A6},
    {"~>", 0x21DD},
    /* relations and operators: "<=" is read as in programs */
    {"<=", 0x2264},
    {">=", 0x2265},
    {"!=", 0x2260},
    {"=/=", 0x2260},
    {"<>", 0x2260},
    {"==", 0x2A75},
    {"===", 0x2261},
    {"!==", 0x2262},
    {":=", 0x2254},
    {"=:", 0x2255},
    {"::=", 0x2A74},
    {"~=", 0x2248},
    {"~~", 0x2248},
    {"=~", 0x2245},
    {"+-", 0x00B1},
    {"+/-", 0x00B1},
    {"-+", 0x2213},
    {"||", 0x2016},
    {"|-", 0x22A2},
    {"-|", 0x22A3},
    {"|=", 0x22A8},
    {"_|_", 0x22A5},
    /* punctuation */
    {"...", 0x2026},
    {"..", 0x2025},
    {"--", 0x2013},
    {"---", 0x2014},
    {"<<", 0x00AB},
    {">>", 0x00BB},
    {"<<<", 0x22D8},
    {">>>", 0x22D9},
    {"::", 0x2237},
    {"!!", 0x203C},
    {"!?", 0x2049},
    {"?!", 0x2048},
    {"[ ]", 0x2610},
    {"[x]", 0x2611},
    /* letters in brackets, and with a stroke between */
    {"(c)", 0x00A9},
    {"(r)", 0x00AE},
    {"(tm)", 0x2122},
    {"(sm)", 0x2120},
    {"(p)", 0x2117},
    {"c/o", 0x2105},
    {"c/u", 0x2106},
    {"a/c", 0x2100},
    {"a/s", 0x2101},
    /* fractions */
    {"1/2", 0x00BD},
    {"1/3", 0x2153},
    {"2/3", 0x2154},
    {"1/4", 0x00BC},
    {"3/4", 0x00BE},
    {"1/5", 0x2155},
    {"2/5", 0x2156},
    {"3/5", 0x2157},
    {"4/5", 0x2158},
    {"1/6", 0x2159},
    {"5/6", 0x215A},
    {"1/7", 0x2150},
    {"1/8", 0x215B},
    {"3/8", 0x215C},
    {"5/8", 0x215D},
    {"7/8", 0x215E},
    {"1/9", 0x2151},
    {"1/10", 0x2152},
    {"0/3", 0x2189},
    /* faces and hearts */
    {":)", 0x1F642},
    {":-)", 0x1F642},
    {"(:", 0x1F643},
    {":(", 0x1F641},
    {":-(", 0x1F641},
    {";)", 0x1F609},
    {";-)", 0x1F609},
    {":D", 0x1F603},
    {":-D", 0x1F603},
    {":P", 0x1F61B},
    {":-P", 0x1F61B},
    {";P", 0x1F61C},
    {";-P", 0x1F61C},
    {":'(", 0x1F622},
    {":'-(", 0x1F622},
    {":O", 0x1F62E},
    {":-O", 0x1F62E},
    {":/", 0x1F615},
    {":-/", 0x1F615},
    {":|", 0x1F610},
    {":-|", 0x1F610},
    {":*", 0x1F618},
    {":-*", 0x1F618},
    {"B)", 0x1F60E},
    {"B-)", 0x1F60E},
    {"O:)", 0x1F607},
    {"O:-)", 0x1F607},
    {">:(", 0x1F620},
    {"<3", 0x2764},
    {"</3", 0x1F494},
    {"\\o/", 0x1F64C},
    {":+1:", 0x1F44D},
    {":-1:", 0x1F44E},
};

enum {
    HINT_BYTES = 6 /* the longest */
};

/* What somebody types who has forgotten where he is. */
static const struct hint {
    const char *typed, *text;
} hints[] = {
    {"quit", "to leave: /quit or Ctrl-D"},
    {"exit", "to leave: /quit or Ctrl-D"},
    {"bye", "to leave: /quit or Ctrl-D"},
    {"logout", "to leave: /quit or Ctrl-D"},
    {"logoff", "to leave: /quit or Ctrl-D"},
    {"quit()", "to leave: /quit or Ctrl-D"},
    {"exit()", "to leave: /quit or Ctrl-D"},
    {"quit;", "to leave: /quit or Ctrl-D"},
    {"exit;", "to leave: /quit or Ctrl-D"},
    {":q", "to leave: /quit or Ctrl-D"},
    {":q!", "to leave: /quit or Ctrl-D"},
    {":wq", "to leave: /quit or Ctrl-D"},
    {"\\q", "to leave: /quit or Ctrl-D"},
    {"^C", "to leave: /quit or Ctrl-D"},
    {"^D", "to leave: /quit or Ctrl-D"},
    {"^]", "to leave: /quit or Ctrl-D"},
    {"help", "for help: /help"},
    {"?", "for help: /help"},
    {"help;", "for help: /help"},
    {"--help", "for help: /help"},
};

static bool is(const char *word, const char *text, size_t len)
{
    return strlen(word) == len && strncasecmp(word, text, len) == 0;
}

/* Every single word comes through here, so most have to be turned away at once: by their first letter and length. */
static bool may_be_hint(const char *text, size_t len)
{
    switch (len ? text[0] | (pasted_is_alnum(text[0]) ? 0x20 : 0) : 0) {
    case 'b': return len == 3;
    case 'l': return len == HINT_BYTES;
    case 'q':
    case 'e':
    case 'h': return len >= 4 && len <= HINT_BYTES;
    case '?':
    case ':':
    case '\\':
    case '^':
    case '-': return len <= HINT_BYTES;
    default: return false;
    }
}

const char *pasted_hint(const char *text, size_t len)
{
    if (!may_be_hint(text, len))
        return NULL;
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (is(hints[i].typed, text, len))
            return hints[i].text;
    return NULL;
}

bool pasted_marks(struct pasted *p)
{
    if (p->len == 1 && pasted_is_punctuation(p->line[0]))
        return pasted_add(p, (unsigned char)p->line[0]);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (is(marks[i].typed, p->line, p->len))
            return pasted_add(p, marks[i].stands_for);
    return false;
}

/* Two marks and more, none of which the grammar knows, and not hyphens alone: those are no word, by rule. */
bool pasted_mark_each(struct pasted *p)
{
    bool other = false;
    uint32_t count = 0;
    for (size_t i = 0; i < p->len; i++) {
        if (p->line[i] == ' ')
            continue;
        if (!pasted_is_punctuation(p->line[i]) || strchr("|()!\"*?:\\", p->line[i]))
            return false;
        other |= p->line[i] != '-';
        count++;
    }
    if (!other)
        return false;
    for (size_t i = 0; i < p->len; i++)
        if (p->line[i] != ' ')
            pasted_add(p, (unsigned char)p->line[i]);
    p->read = count;
    return true;
}

bool pasted_shortcode(struct pasted *p)
{
    if (p->len < 3 || p->line[0] != ':' || p->line[p->len - 1] != ':')
        return false;
    for (size_t i = 1; i < p->len - 1; i++)
        if (!pasted_is_alnum(p->line[i]) && !strchr("_-+ ", p->line[i]))
            return false;
    if (!pasted_has_alnum(p->line, p->len))
        return false;
    p->len -= 2;
    for (size_t i = 0; i < p->len; i++)
        p->line[i] = pasted_is_alnum(p->line[i + 1]) ? p->line[i + 1] : ' ';
    return true;
}
