/* commands.c - the commands of this server: one function each, and a table.
 *
 * A command has room for one line of output: it calls reply() once.  An answer
 * of many lines is made line by line, as the client takes them: the command sets
 * client->next_line, and so holds a position instead of a result.
 */
#include "commands.h"

#include <string.h>

enum {
    MAX_ARGS = 2
};

struct command {
    const char *name;
    int args; /* how many it takes, at most MAX_ARGS; the last is the rest of the line */
    void (*run)(struct client *client, char **args);
    const char *help;
};

static void run_set(struct client *client, char **args)
{
    switch (store_set(&client->server->store, args[0], args[1])) {
    case STORE_OK: reply(client, "ok"); break;
    case STORE_FULL: reply(client, "error the store is full (%d entries)", STORE_ENTRIES); break;
    case STORE_TOO_LONG:
        reply(client, "error key or value too long (limits %d and %d bytes)", STORE_KEY_BYTES, STORE_VALUE_BYTES);
        break;
    }
}

static void run_get(struct client *client, char **args)
{
    const char *value = store_get(&client->server->store, args[0]);
    if (value != NULL)
        reply(client, "value %s", value);
    else
        reply(client, "none");
}

static void run_del(struct client *client, char **args)
{
    reply(client, store_delete(&client->server->store, args[0]) ? "ok" : "none");
}

static bool next_key(struct client *client)
{
    const char *key = store_next_key(&client->server->store, &client->position);
    if (key == NULL) {
        reply(client, "end");
        return false;
    }
    reply(client, "key %s", key);
    return true;
}

static void run_keys(struct client *client, char **args)
{
    (void)args;
    client->position = 0;
    client->next_line = next_key;
}

static void run_quit(struct client *client, char **args)
{
    (void)args;
    reply(client, "bye");
    client->quit = true;
}

static void run_help(struct client *client, char **args);

/* clang-format off */
static const struct command commands[] = {
    {"set", 2, run_set, "set KEY VALUE"},
    {"get", 1, run_get, "get KEY"},
    {"del", 1, run_del, "del KEY"},
    {"keys", 0, run_keys, "keys"},
    {"help", 0, run_help, "help"},
    {"quit", 0, run_quit, "quit"},
};
/* clang-format on */

static bool next_help(struct client *client)
{
    reply(client, "%s", commands[client->position].help);
    return ++client->position < sizeof commands / sizeof *commands;
}

static void run_help(struct client *client, char **args)
{
    (void)args;
    client->position = 0;
    client->next_line = next_help;
}

static const struct command *find_command(const char *name)
{
    for (const struct command *c = commands; c < commands + sizeof commands / sizeof *commands; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

/* The word that *text begins with, ended by a NUL; *text moves on behind it and the spaces there. */
static char *take_word(char **text)
{
    char *word = *text, *end = word + strcspn(word, " ");
    *text = end + strspn(end, " ");
    *end = '\0';
    return word;
}

/* Control bytes would end up on the terminal of whoever asks for the value. */
static bool printable(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            return false;
    return true;
}

void command_run(struct client *client, const char *line, size_t len)
{
    char text[MAX_LINE + 1], *rest = text, *args[MAX_ARGS];
    const struct command *command;

    if (!printable(line, len)) {
        reply(client, "error control byte in the line");
        return;
    }
    memcpy(text, line, len);
    text[len] = '\0';
    command = find_command(take_word(&rest));
    if (command == NULL) {
        reply(client, "error unknown command (help lists them)");
        return;
    }
    for (int i = 0; i < command->args; i++)
        args[i] = i + 1 < command->args ? take_word(&rest) : rest;
    if (command->args > 0 ? *args[command->args - 1] == '\0' : *rest != '\0') {
        reply(client, "error usage: %s", command->help);
        return;
    }
    command->run(client, args);
}
