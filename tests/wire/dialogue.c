/* Holds the written dialogues of tests/golden: in step, a byte at a time, and with everything typed ahead. */
#include "wire.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(dialogue, .timeout = TEST_TIMEOUT_S);

enum pace {
    IN_STEP,  /* what is expected is awaited before more is sent */
    DRIBBLED, /* the same, each byte a segment */
    AHEAD,    /* everything is sent first */
    PACES
};

/* One escape behind its backslash; *at moves on. */
static void add_escape(struct bytes *out, const char **at)
{
    static const char from[] = "nrts\\", to[] = "\n\r\t \\";
    char kind = *(*at)++;
    const char *simple = strchr(from, kind);
    if (kind == 'R') {
        bytes_add(out, RULE);
    } else if (kind == 'x') {
        char digits[3] = {(*at)[0], (*at)[1], '\0'};
        char byte = (char)strtoul(digits, NULL, 16);
        bytes_append(out, &byte, 1);
        *at += 2;
    } else {
        cr_assert(simple, "no such escape: \\%c", kind);
        bytes_append(out, &to[simple - from], 1);
    }
}

static void add_bytes(struct bytes *out, const char *text)
{
    while (*text) {
        size_t times = 1, before = out->len;
        if (text[0] == '\\' && text[1] == '*') {
            char *colon;
            times = strtoul(text + 2, &colon, 10);
            text = colon + 1;
        }
        if (*text == '\\') {
            text++;
            add_escape(out, &text);
        } else {
            bytes_append(out, text++, 1);
        }
        char last = out->bytes[before];
        for (size_t i = 1; i < times; i++)
            bytes_append(out, &last, 1);
    }
}

static void start(struct server *s, char *options)
{
    const char *args[16] = {"--port", "0"};
    size_t count = 2;
    for (char *word = strtok(options, " \n"); word && count < 15; word = strtok(NULL, " \n"))
        args[count++] = word;
    server_start(s, args, NULL);
}

/* One line of a dialogue at a pace; sent ahead, what is expected only gathers. */
static void act(struct client *c, const char *line, enum pace pace, struct bytes *expected, const char *path,
                int number)
{
    struct bytes bytes = {0};
    bytes_append(&bytes, "", 0);
    if (line[0] == '>' || line[0] == '<')
        add_bytes(&bytes, line + 2);
    if (line[0] == '>' && pace == DRIBBLED)
        client_dribble(c, bytes.bytes, bytes.len);
    else if (line[0] == '>')
        client_send(c, bytes.bytes, bytes.len);
    else if (line[0] == '<' && pace == AHEAD)
        bytes_append(expected, bytes.bytes, bytes.len);
    else if (line[0] == '<')
        client_expect(c, bytes.bytes, bytes.len, path, number);
    else if (strcmp(line, "shut") == 0)
        client_shut(c);
    else if (strcmp(line, "end") == 0) {
        client_expect(c, expected->bytes ? expected->bytes : "", expected->len, path, number);
        client_expect_end(c, path, number);
        expected->len = 0;
    } else
        cr_assert_eq(line[0], '#', "no such line: %s", line);
    bytes_free(&bytes);
}

static void hold(const char *path, enum pace pace)
{
    struct server s = {0};
    struct client c;
    struct bytes expected = {0};
    char *line = NULL, no_options[] = "";
    size_t room = 0;
    int number = 0;
    FILE *file = fopen(path, "re");
    cr_assert(file, "%s: %s", path, strerror(errno));
    while (getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        number++;
        if (s.pid == 0 && line[0] != '#') {
            start(&s, line[0] == '$' ? line + 2 : no_options);
            client_open(&c, &s);
        }
        if (line[0] != '$')
            act(&c, line, pace, &expected, path, number);
    }
    cr_assert(s.pid != 0 && expected.len == 0 && c.ended, "%s does not finish with end", path);
    fclose(file);
    free(line);
    bytes_free(&expected);
    client_close(&c);
    server_stop(&s);
}

static void hold_all(enum pace pace)
{
    glob_t found;
    cr_assert(glob("tests/golden/*.dialogue", 0, NULL, &found) == 0, "no dialogues (tests run at the top of the tree)");
    for (size_t i = 0; i < found.gl_pathc; i++) {
        cr_log_info("%s", found.gl_pathv[i]);
        hold(found.gl_pathv[i], pace);
    }
    globfree(&found);
}

Test(dialogue, in_step)
{
    hold_all(IN_STEP);
}

Test(dialogue, a_byte_at_a_time)
{
    hold_all(DRIBBLED);
}

Test(dialogue, typed_ahead)
{
    hold_all(AHEAD);
}
