/* commands.h - what a line means. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "server.h"

/* Answers one request of at most MAX_LINE bytes: puts out a line, or sets
 * client->next_line for an answer of many. */
void command_run(struct client *client, const char *line, size_t len);

#endif
