/* What README.md shows is what happens: each ```console exchange is run, and the options it lists are those of --help.
 *
 * In such a block a line "$ command" is run by the shell, with 2323 replaced by the port of a server; "?> text"
 * below it is typed into the command; the other lines are what must come, and a line "..." stands for any number
 * of them.
 */
#include "wire.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(readme, .timeout = TEST_TIMEOUT_S);

static struct server server;

struct exchange {
    struct bytes command;  /* of the shell */
    struct bytes typed;    /* into it */
    struct bytes expected; /* what it prints, without CR */
};

/* The program under test is the "mojifinder" of these commands. */
static void put_program_into_path(void)
{
    char path[8192];
    const char *program = getenv("MOJIFINDER");
    char *real = realpath(program && *program ? program : "build/mojifinder", NULL);
    cr_assert(real, "no program: %s", strerror(errno));
    *strrchr(real, '/') = '\0';
    snprintf(path, sizeof path, "%s:%s", real, getenv("PATH"));
    setenv("PATH", path, 1);
    free(real);
}

static void add_command(struct exchange *e, const char *line)
{
    char port[8];
    snprintf(port, sizeof port, "%d", server.port);
    for (const char *at; (at = strstr(line, "2323")) != NULL; line = at + 4) {
        bytes_append(&e->command, line, (size_t)(at - line));
        bytes_add(&e->command, port);
    }
    bytes_add(&e->command, line);
    /* At a terminal nc is ended by hand; typed from a pipe it has to be told to. */
    if (strncmp(e->command.bytes, "nc localhost", 12) == 0) {
        struct bytes rest = e->command;
        e->command = (struct bytes){0};
        bytes_add(&e->command, "nc -N");
        bytes_add(&e->command, rest.bytes + 2);
        bytes_free(&rest);
    }
}

/* A line below a command: its newline, if it was typed, was echoed by the terminal and is not printed by the command.
 */
static void add_line(struct exchange *e, const char *line)
{
    if (strncmp(line, "?>", 2) != 0) {
        bytes_add(&e->expected, line);
        bytes_add(&e->expected, "\n");
        return;
    }
    bytes_add(&e->expected, PROMPT);
    if (strlen(line) > strlen(PROMPT)) {
        bytes_add(&e->typed, line + strlen(PROMPT));
        bytes_add(&e->typed, "\n");
    }
}

/* True when text fits the pattern, in which a line "..." stands for any lines. */
static bool fits(const char *pattern, const char *text)
{
    while (*pattern) {
        size_t len = strcspn(pattern, "\n") + 1;
        if (strncmp(pattern, "...\n", 4) == 0) {
            for (; *text; text += strcspn(text, "\n") + 1)
                if (fits(pattern + 4, text))
                    return true;
            return fits(pattern + 4, text);
        }
        if (len > strlen(pattern)) /* the last line may have no end: an open prompt */
            return strcmp(pattern, text) == 0;
        if (strncmp(pattern, text, len) != 0)
            return false;
        pattern += len;
        text += len;
    }
    return *text == '\0';
}

static void run(const struct exchange *e, struct bytes *printed)
{
    int typed = file_with(e->typed.bytes ? e->typed.bytes : "", e->typed.len);
    char shell[8192];
    snprintf(shell, sizeof shell, "{ %s\n} 2>&1 < /dev/fd/%d", e->command.bytes, dup(typed));
    FILE *out = popen(shell, "r");
    cr_assert(out, "popen: %s", strerror(errno));
    fd_read_all(fileno(out), printed);
    pclose(out);
    close(typed);
    size_t kept = 0;
    for (size_t i = 0; i < printed->len; i++)
        if (printed->bytes[i] != '\r')
            printed->bytes[kept++] = printed->bytes[i];
    printed->len = kept;
    bytes_append(printed, "", 0);
}

static void hold(struct exchange *e)
{
    struct bytes printed = {0};
    if (e->command.len > 0) {
        bytes_append(&e->expected, "", 0);
        run(e, &printed);
        cr_assert(fits(e->expected.bytes, printed.bytes), "$ %s\nshown: \"%s\"\ncame: \"%s\"", e->command.bytes,
                  escaped(e->expected.bytes, e->expected.len), escaped(printed.bytes, printed.len));
        bytes_free(&printed);
    }
    bytes_free(&e->command);
    bytes_free(&e->typed);
    bytes_free(&e->expected);
}

static FILE *readme_open(void)
{
    FILE *file = fopen("README.md", "re");
    cr_assert(file, "README.md: %s (tests run at the top of the source tree)", strerror(errno));
    return file;
}

Test(readme, exchanges)
{
    struct exchange e = {0};
    char *line = NULL;
    size_t room = 0;
    bool inside = false;
    int commands = 0;
    FILE *file = readme_open();
    put_program_into_path();
    SERVE_PLAIN(&server);
    while (getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "```", 3) == 0 || (inside && strncmp(line, "$ ", 2) == 0))
            hold(&e);
        if (strncmp(line, "```", 3) == 0) {
            inside = !inside && strcmp(line, "```console") == 0;
        } else if (inside && strncmp(line, "$ ", 2) == 0) {
            add_command(&e, line + 2);
            commands++;
        } else if (inside) {
            add_line(&e, line);
        }
    }
    cr_assert_gt(commands, 0, "no exchange in README.md");
    free(line);
    fclose(file);
    server_stop(&server);
}

Test(readme, options_are_those_of_help)
{
    struct bytes text = {0};
    struct outcome o;
    FILE *file = readme_open();
    fd_read_all(fileno(file), &text);
    RUN(&o, "--help");
    cr_assert(find(&text, o.out.bytes), "README.md does not show what --help says: \"%s\"", o.out.bytes);
    outcome_free(&o);
    bytes_free(&text);
    fclose(file);
}
