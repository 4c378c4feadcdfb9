/* Error lines of the default dialect whose words are the server's own: one line, "! ", without control characters,
 * naming the part. */
#include "wire.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(error_lines, .timeout = TEST_TIMEOUT_S);

static struct server server;
static struct client client;

static void begin(void)
{
    SERVE_PLAIN(&server);
    client_greeted(&client, &server);
}

static void finish(void)
{
    client_close(&client);
    server_stop(&server);
}

/* The line must be answered by one error that names the part, and the prompt. */
static void expect_error(const char *line, const char *part)
{
    client_say(&client, line);
    char *end = await(&client, "\r\n" PROMPT);
    cr_assert_eq(strncmp(client.got.bytes, "! ", 2), 0, "\"%s\"", escaped(client.got.bytes, client.got.len));
    for (const char *at = client.got.bytes; at < end; at++)
        cr_assert((unsigned char)*at >= ' ' && *at != 0x7F, "\"%s\"", escaped(client.got.bytes, client.got.len));
    *end = '\0';
    cr_assert(strstr(client.got.bytes, part), "no \"%s\" in \"%s\"", part, client.got.bytes);
    cr_assert_eq(end + strlen("\r\n" PROMPT), client.got.bytes + client.got.len);
    client.got.len = 0;
}

Test(error_lines, unknown_directives)
{
    begin();
    expect_error("/nonsense\n", "nonsense");
    expect_error("  /nonsense with words\r\n", "nonsense");
    expect_error("/\n", "/");
    expect_error("//\n", "/");
    expect_error("/ x\n", "/");
    finish();
}

/* What the client sent is shown, escaped where it could do harm, and cut where it is named. */
Test(error_lines, the_part_is_quoted_and_cut)
{
    char line[2048] = "/";
    begin();
    expect_error("/\u265A\u202Ex\n", "/\u265A\\u{202E}x");
    memset(line + 1, 'y', 2000);
    line[2001] = '\n';
    client_say(&client, line);
    await(&client, "\r\n" PROMPT);
    cr_assert_lt(client.got.len, 400, "\"%s\"", escaped(client.got.bytes, client.got.len));
    client.got.len = 0;
    finish();
}

/* In the classic dialect the same lines are words that no name has. */
Test(error_lines, classic_has_none)
{
    SERVE(&server, "--classic");
    client_greeted(&client, &server);
    client_say(&client, "/nonsense\n!\n(\n\"\ngc:Xx\n");
    for (int i = 0; i < 5; i++)
        expect(&client, FOUND("0") PROMPT);
    finish();
}
