/* answers.c - lines, prompts and objects, read by none of the code that wrote them. */
#include "answers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

/* ---- JSON ---- */

struct json {
    const char *at, *end;
    unsigned depth;
};

enum {
    JSON_DEPTH = 8 /* ours has three */
};

static bool take(struct json *j, char c)
{
    if (j->at == j->end || *j->at != c)
        return false;
    j->at++;
    return true;
}

static bool take_word(struct json *j, const char *word)
{
    size_t len = strlen(word);
    if ((size_t)(j->end - j->at) < len || memcmp(j->at, word, len) != 0)
        return false;
    j->at += len;
    return true;
}

static bool take_digits(struct json *j)
{
    const char *start = j->at;
    while (j->at < j->end && *j->at >= '0' && *j->at <= '9')
        j->at++;
    return j->at > start;
}

static bool take_number(struct json *j)
{
    take(j, '-');
    bool whole = take(j, '0') || take_digits(j);
    return whole && (!take(j, '.') || take_digits(j));
}

static bool take_escape(struct json *j)
{
    if (take(j, 'u')) {
        for (int i = 0; i < 4; i++, j->at++)
            if (j->at == j->end || !strchr("0123456789abcdefABCDEF", *j->at) || !*j->at)
                return false;
        return true;
    }
    return j->at < j->end && *j->at && strchr("\"\\/bfnrt", *j->at++);
}

static bool take_string(struct json *j)
{
    if (!take(j, '"'))
        return false;
    while (j->at < j->end && *j->at != '"')
        if ((unsigned char)*j->at < 0x20 || (take(j, '\\') ? !take_escape(j) : !j->at++))
            return false;
    return take(j, '"');
}

static bool take_value(struct json *j);

/* What stands between brackets, commas between: values, or, in an object, keys and values. */
static bool take_members(struct json *j, char close, bool keys)
{
    if (take(j, close))
        return true;
    do {
        if (keys && !(take_string(j) && take(j, ':')))
            return false;
        if (!take_value(j))
            return false;
    } while (take(j, ','));
    return take(j, close);
}

static bool take_value(struct json *j)
{
    bool good;
    if (++j->depth > JSON_DEPTH || j->at == j->end)
        return false;
    switch (*j->at) {
    case '{': good = take(j, '{') && take_members(j, '}', true); break;
    case '[': good = take(j, '[') && take_members(j, ']', false); break;
    case '"': good = take_string(j); break;
    case 't': good = take_word(j, "true"); break;
    case 'f': good = take_word(j, "false"); break;
    case 'n': good = take_word(j, "null"); break;
    default: good = take_number(j);
    }
    j->depth--;
    return good;
}

bool answers_is_object(const char *text, size_t len)
{
    struct json j = {text, text + len, 0};
    return len > 0 && *text == '{' && take_value(&j) && j.at == j.end;
}

/* ---- lines ---- */

/* Narrows it to what stands behind prompts and the CR that begins an answer to a client in BINARY. */
static void skip_opening(const struct answers *how, const char **text, size_t *len)
{
    for (size_t n;; *text += n, *len -= n) {
        if (how->prompts && *len >= 3 && memcmp(*text, "?> ", 3) == 0)
            n = 3;
        else if (how->telnet && *len >= 1 && **text == '\r')
            n = 1;
        else
            return;
    }
}

static const char *characters_fault(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return "a control character in a line";
        if (c == 0xC2 && i + 1 < len && (unsigned char)text[i + 1] < 0xA0)
            return "a C1 control in a line";
    }
    return NULL;
}

/* A line without its LF. */
static const char *line_fault(const struct answers *how, const char *line, size_t len)
{
    size_t ending = strlen(how->line_end) - 1;
    if (len < ending || memcmp(line + len - ending, how->line_end, ending) != 0)
        return "a line that ends in LF alone";
    len -= ending;
    skip_opening(how, &line, &len);
    const char *fault = characters_fault(line, len);
    if (!fault && how->json && len > 0 && !answers_is_object(line, len))
        return "a line that is no object of JSON";
    return fault;
}

/* Drops IAC, verb, option.  Of UTF-8 no byte is an IAC. */
static size_t without_telnet(const char *text, size_t len, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] == 0xFF)
            i += 2;
        else
            out[n++] = text[i];
    return n;
}

static const char *lines_fault(const struct answers *how, const char *text, size_t len)
{
    const char *at = text, *end = text + len, *fault;
    const uint8_t *bad = u8_check((const uint8_t *)text, len);
    if (bad && !(how->cut && (const uint8_t *)end - bad < 4))
        return "not UTF-8";
    for (const char *lf; (lf = memchr(at, '\n', (size_t)(end - at))); at = lf + 1)
        if ((fault = line_fault(how, at, (size_t)(lf - at))))
            return fault;
    size_t left = (size_t)(end - at);
    skip_opening(how, &at, &left);
    return left && !how->cut ? "a line without an end" : NULL;
}

const char *answers_fault(const struct answers *how, const char *text, size_t len)
{
    char *plain = calloc(len + 1, 1);
    if (!plain)
        return "no memory";
    if (how->telnet)
        len = without_telnet(text, len, plain);
    else
        memcpy(plain, text, len);
    const char *fault = lines_fault(how, plain, len);
    free(plain);
    return fault;
}
