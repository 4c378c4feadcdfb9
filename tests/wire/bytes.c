/* Buffers of the wire tests, and the answers they compare with. */
#include "wire.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char CAT_FACE[] = "U+1F431\t\U0001F431\tCAT FACE\r\n"
                        "U+1F638\t\U0001F638\tGRINNING CAT FACE WITH SMILING EYES\r\n"
                        "U+1F639\t\U0001F639\tCAT FACE WITH TEARS OF JOY\r\n"
                        "U+1F63A\t\U0001F63A\tSMILING CAT FACE WITH OPEN MOUTH\r\n"
                        "U+1F63B\t\U0001F63B\tSMILING CAT FACE WITH HEART-SHAPED EYES\r\n"
                        "U+1F63C\t\U0001F63C\tCAT FACE WITH WRY SMILE\r\n"
                        "U+1F63D\t\U0001F63D\tKISSING CAT FACE WITH CLOSED EYES\r\n"
                        "U+1F63E\t\U0001F63E\tPOUTING CAT FACE\r\n"
                        "U+1F63F\t\U0001F63F\tCRYING CAT FACE\r\n"
                        "U+1F640\t\U0001F640\tWEARY CAT FACE\r\n" FOUND("10");

const char WEARY_CAT[] = "U+1F640\t\U0001F640\tWEARY CAT FACE\r\n" FOUND("1");

const char SERVER_FULL[] = "! server full, try later\r\n";

void bytes_append(struct bytes *b, const void *more, size_t len)
{
    if (b->len + len + 1 > b->room) {
        size_t room = b->room ? b->room : 4096;
        while (room < b->len + len + 1)
            room *= 2;
        char *grown = realloc(b->bytes, room);
        cr_assert(grown, "no memory for %zu bytes", room);
        b->bytes = grown;
        b->room = room;
    }
    memcpy(b->bytes + b->len, more, len);
    b->len += len;
    b->bytes[b->len] = '\0';
}

void bytes_add(struct bytes *b, const char *text)
{
    bytes_append(b, text, strlen(text));
}

void bytes_drop_front(struct bytes *b, size_t len)
{
    if (len == 0)
        return;
    memmove(b->bytes, b->bytes + len, b->len - len + 1);
    b->len -= len;
}

void bytes_free(struct bytes *b)
{
    free(b->bytes);
    *b = (struct bytes){0};
}

char *find(const struct bytes *b, const char *needle)
{
    return b->len == 0 ? NULL : memmem(b->bytes, b->len, needle, strlen(needle));
}

size_t bytes_count(const struct bytes *b, const char *needle)
{
    size_t count = 0, len = strlen(needle);
    const char *at = b->bytes, *end = b->bytes + b->len;
    while (at < end && (at = memmem(at, (size_t)(end - at), needle, len)) != NULL) {
        count++;
        at += len;
    }
    return count;
}

static size_t escape_byte(char *out, unsigned char byte)
{
    if (byte == '\n' || byte == '\r' || byte == '\t')
        return (size_t)sprintf(out, "\\%c", byte == '\n' ? 'n' : byte == '\r' ? 'r' : 't');
    if (byte >= 0x20 && byte < 0x7f && byte != '\\')
        return (size_t)sprintf(out, "%c", byte);
    return (size_t)sprintf(out, "\\x%02X", byte);
}

const char *escaped(const void *bytes, size_t len)
{
    enum {
        HEAD = 500,
        TAIL = 200
    };
    static char ring[4][4 * (HEAD + TAIL) + 64];
    static unsigned turn;
    char *out = ring[turn++ % 4], *at = out;
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < len; i++) {
        if (len > HEAD + TAIL && i == HEAD) {
            at += sprintf(at, " ...%zu bytes... ", len - HEAD - TAIL);
            i = len - TAIL;
        }
        if (len - i >= sizeof RULE - 1 && memcmp(byte + i, RULE, sizeof RULE - 1) == 0) {
            at += sprintf(at, "\\R");
            i += sizeof RULE - 2;
        } else {
            at += escape_byte(at, byte[i]);
        }
    }
    *at = '\0';
    return out;
}
