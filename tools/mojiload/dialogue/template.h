/* template.h - requests with placeholders: each is a pure function of seed, n and the place it stands at.
 *
 *     {n}             the number of the request; {n:8} its last 8 digits
 *     {random:N}      a number below N, with leading zeros: all of one width
 *     {zipf:N}        likewise, 0 the most frequent, by Zipf's law with exponent 0.99 ({zipf:N:S}: S)
 *     {file:PATH}     a line of that file
 *
 * A brace before anything but a small letter is a brace; \x7b is one before those, too.  Two placeholders of one
 * template are independent.
 */
#ifndef MOJILOAD_TEMPLATE_H
#define MOJILOAD_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TEMPLATE_MAX = 8192, /* bytes of a request with placeholders, rendered anew each time */
    TEMPLATE_ERROR = 120
};

struct template;

/* text: len bytes with C escapes.  NULL with a message. */
struct template *template_parse(const char *text, size_t len, char error[TEMPLATE_ERROR]);
void template_free(struct template *t); /* t may be NULL */
/* NULL when there are placeholders; else the bytes, *len of them, which live as long as t. */
const char *template_plain(const struct template *t, size_t *len);
/* Request n into buffer; its length. */
size_t template_render(const struct template *t, uint64_t seed, uint64_t n, char buffer[TEMPLATE_MAX]);

#endif
