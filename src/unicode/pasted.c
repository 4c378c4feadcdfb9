/* Puts together what a pasted line means, see unicode/pasted.h. */
#include "pasted_inside.h"
#include "unicode/text.h"

#include <string.h>

bool pasted_is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool pasted_is_punctuation(char c)
{
    return c > ' ' && c < 0x7F && !pasted_is_alnum(c);
}

bool pasted_has_alnum(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (pasted_is_alnum(text[i]))
            return true;
    return false;
}

void pasted_ignore(struct pasted *p, uint32_t c)
{
    for (uint32_t i = 0; i < p->ignored_count; i++)
        if (p->ignored[i] == c)
            return;
    if (p->ignored_count < PASTED_IGNORED)
        p->ignored[p->ignored_count++] = c;
}

bool pasted_add(struct pasted *p, uint32_t c)
{
    for (uint32_t i = 0; i < p->items; i++)
        if (p->item[i].first == c)
            return true;
    if (p->items == PASTED_ITEMS)
        return false;
    p->item[p->items++] = (struct index_run){c, c + 1};
    return true;
}

void pasted_as_typed(struct pasted *p, const char *text, size_t len)
{
    p->hint = pasted_hint(text, len);
    p->is_list = p->bytes = p->changed = false;
    p->items = p->read = p->ignored_count = 0;
    memcpy(p->line, text, len);
    p->len = len;
}

static bool is_one_character(const struct pasted *p)
{
    uint32_t c;
    return text_decode(p->line, p->len, &c) == p->len;
}

/* A hyphen that became a space asks for the same words. */
static bool is_changed(const struct pasted *p, const char *text, size_t len)
{
    bool changed = p->len != len;
    for (size_t i = 0; !changed && i < len; i++)
        changed = p->line[i] != text[i] && !(p->line[i] == ' ' && text[i] == '-');
    return changed;
}

/* "quit;" and its like are no query. */
static bool is_only_hint(const struct pasted *p)
{
    bool words = true;
    for (size_t i = 0; i < p->len; i++)
        words &= pasted_is_alnum(p->line[i]);
    return p->hint && !words && p->len > 1;
}

void pasted_read(struct pasted *p, const struct index *ix, const char *text, size_t len)
{
    pasted_as_typed(p, text, len);
    if (is_only_hint(p)) {
        p->len = 0;
        return;
    }
    if (!is_one_character(p))
        pasted_tidy(p);
    if (pasted_marks(p) || pasted_list(p, ix) || pasted_mark_each(p)) {
        p->is_list = p->items > 0; /* a list with ranges is a query */
        p->changed = true;
        return;
    }
    if (!is_one_character(p) && !pasted_shortcode(p))
        pasted_words(p);
    p->changed = is_changed(p, text, len);
}

bool pasted_is_list(struct pasted *p, const struct index *ix, const char *text, size_t len)
{
    pasted_as_typed(p, text, len);
    pasted_tidy(p);
    return pasted_list(p, ix) && p->items > 0;
}
