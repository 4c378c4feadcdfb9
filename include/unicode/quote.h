/* unicode/quote.h - what a client typed, as part of a message to that client.
 *
 * Shows UTF-8 as it is and escapes only what could harm: a message must not be broken into lines, turned round, hidden
 * or joined to its neighbours by what it quotes.  A log, which may be read anywhere, uses text_escape().
 */
#ifndef UNICODE_QUOTE_H
#define UNICODE_QUOTE_H

#include <stddef.h>

/* Writes text into out, cut at cap between characters and terminated: returns the length.  As \u{202E} appear
 * controls, format characters (bidi marks), line and paragraph separators, surrogates, private use, what is
 * unassigned, and combining marks at the very start, which would join the quote before them.  Text that is not UTF-8
 * comes out as text_escape() writes it. */
size_t quote_text(const char *text, size_t len, char *out, size_t cap);

#endif
