/* unicode/codepoint.h - one code point in the many ways it is written.
 *
 * Cards, columns and notes show a character through these, so that a spelling is right everywhere
 * or nowhere; what they write, query.h reads back.  Made when asked for: as tables they would be
 * another 20 MB, and a card is shown once.
 *
 * Each writes at most CODEPOINT_BYTES, not terminated, and returns the length: 0, with nothing
 * written, where there is no such form.  A surrogate has none but a label and that of JSON, whose
 * strings may hold half a pair.
 */
#ifndef UNICODE_CODEPOINT_H
#define UNICODE_CODEPOINT_H

#include "unicode/index.h"

enum {
    CODEPOINT_BYTES = 64
};

size_t codepoint_utf8(uint32_t codepoint, char *out);  /* E2 99 9A */
size_t codepoint_utf16(uint32_t codepoint, char *out); /* D83D DC31 */
size_t codepoint_html(uint32_t codepoint, char *out);  /* &#x265A;  none: U+0000, C1 controls read as windows-1252 */
size_t codepoint_c(uint32_t codepoint, char *out);     /* \u265A, \U0001F431, \x07 */
size_t codepoint_json(uint32_t codepoint, char *out);  /* \uD83D\uDC31 */
size_t codepoint_url(uint32_t codepoint, char *out);   /* %E2%99%9A */
/* What has no name: <control-0007>, <private-use-E000>, <surrogate-D800>, <noncharacter-FFFE>,
 * <reserved-0378> (The Unicode Standard, section 4.8, code point labels). */
size_t codepoint_label(uint32_t codepoint, char *out);
/* "private use", "surrogate", "noncharacter" or "unassigned": what a code point outside the
 * universe is. */
const char *codepoint_kind(uint32_t codepoint);
/* As a line shows it: a picture for controls; if safe, marks on U+25CC, what is invisible as a
 * label like (LRM), what runs right to left isolated. */
size_t codepoint_show(const struct index *ix, uint32_t codepoint, bool safe, char *out);

#endif
