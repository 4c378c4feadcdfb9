/* unicode/erase.h - what the editing keys take away from the end of a line being typed (UAX #29).
 *
 * The line may hold anything: a character of which only some bytes have come is
 * erased with those bytes, and a byte that no character has counts as one.
 *
 * Where a cluster begins depends on what stands before it (flags are pairs of letters, joiners join
 * emoji), so it cannot be told from its end alone.  Looking from the start of the line would be
 * right, but a held key on a line of a megabyte would then read a terabyte.  So we look back to the
 * first place that surely begins a cluster, at most 64 code points, and forward from there.
 */
#ifndef UNICODE_ERASE_H
#define UNICODE_ERASE_H

#include <stddef.h>

/* The length of text without its last character as a person sees it: a grapheme cluster.  Looks
 * back over 64 code points at most, however long the line is: a longer cluster is erased in parts.
 * 0 of an empty line. */
size_t erase_character(const char *text, size_t len);
/* The length of text without its last word and the white space and control characters behind
 * that. */
size_t erase_word(const char *text, size_t len);

#endif
