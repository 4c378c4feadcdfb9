/* unicode/text.h - white space, upper case, UTF-8: the text rules of the dialects (on
 * libunistring).
 *
 * Nearly all of what clients type is ASCII: whoever reads it on the common path folds that by
 * itself (src/unicode/words.c, write_upper() of the parser) and comes here from the first byte
 * outside ASCII on.  Only the checks that every line passes, text_is_utf8() and text_strip(), have
 * a fast way of their own, eight bytes at a time. White space and case are those of the classic
 * dialect's Python program (str.split(), str.upper()), which is why U+001C … U+001F split words.
 */
#ifndef UNICODE_TEXT_H
#define UNICODE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True for well-formed UTF-8 (Unicode 15, table 3-7: no surrogates, no overlong forms). */
bool text_is_utf8(const char *text, size_t len);
/* Unicode White_Space and U+001C … U+001F: what the dialects strip and split at. */
bool text_is_space(uint32_t codepoint);
/* True for U+0000 … U+001F and U+007F … U+009F, which have no name: the stability policy fixes
 * these 65. */
bool text_is_control(uint32_t codepoint);
/* Narrows [*text, *text + *len) to what is left without white space at both ends.  Valid UTF-8
 * only. */
void text_strip(const char **text, size_t *len);
/* The most bytes of text, up to cap (at least 4), that do not end inside a character.  Valid UTF-8
 * only. */
size_t text_whole(const char *text, size_t len, size_t cap);
/* Full upper-case mapping without a locale.  Writes at most cap bytes to out and returns
 * the length, or SIZE_MAX when it does not fit (3 * len bytes always do) or memory is out. */
size_t text_upper(const char *text, size_t len, char *out, size_t cap);
/* Decodes the character at text (valid UTF-8, len > 0): its length in bytes. */
size_t text_decode(const char *text, size_t len, uint32_t *codepoint);
/* Encodes; returns 1 … 4. */
size_t text_encode(uint32_t codepoint, char out[4]);
/* The bytes of the white space or control character at the start of text, 0 when there is none.
 * Valid UTF-8 only. */
size_t text_space(const char *text, size_t len);
/* The bytes before the first of these or of the separator (ASCII), or all of them.  Valid UTF-8
 * only. */
size_t text_word(const char *text, size_t len, char separator);
/* Printable ASCII escape of len bytes into out (terminated, cut at cap): \n, \xE2 … as in logs and
 * error lines. Returns its length. */
size_t text_escape(const char *bytes, size_t len, char *out, size_t cap);

#endif
