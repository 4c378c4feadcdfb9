/* SHA-256 (FIPS 180-4), for comparing long answers with recorded ones. */
#ifndef TESTS_SHA256_H
#define TESTS_SHA256_H

#include <stddef.h>

/* The digest of len bytes as 64 lower-case hex digits, terminated. */
void sha256_hex(const void *data, size_t len, char out[65]);

#endif
