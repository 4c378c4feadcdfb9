/* Debian's telnet and PuTTY's plink on a terminal of their own: what a person types and sees. */
#include "wire.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(telnet_client, .timeout = TEST_TIMEOUT_S);

static struct server server;
static struct bytes screen; /* all that the terminal got since it was last looked at */
static int terminal;
static pid_t client_pid;

static void run_client(const char *program)
{
    char port[8];
    snprintf(port, sizeof port, "%d", server.port);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("TERM", "dumb", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    if (strcmp(program, "plink") == 0)
        execlp(program, program, "-telnet", "-P", port, "127.0.0.1", (char *)NULL);
    execlp(program, program, "127.0.0.1", port, (char *)NULL);
    _exit(127);
}

/* Reads the screen until it shows text; everything up to it is then forgotten. */
static void see(const char *text)
{
    char chunk[4096];
    char *at;
    while ((at = find(&screen, text)) == NULL) {
        struct pollfd ready = {.fd = terminal, .events = POLLIN};
        ssize_t got = poll(&ready, 1, GUARD_MS) == 1 ? read(terminal, chunk, sizeof chunk) : -1;
        cr_assert(got > 0, "no \"%s\" on the screen: \"%s\"", escaped(text, strlen(text)),
                  escaped(screen.bytes, screen.len));
        bytes_append(&screen, chunk, (size_t)got);
    }
    bytes_drop_front(&screen, (size_t)(at - screen.bytes) + strlen(text));
}

static void type(const char *keys)
{
    cr_assert(write(terminal, keys, strlen(keys)) == (ssize_t)strlen(keys));
}

static void begin_with(const char *program)
{
    char look[80];
    snprintf(look, sizeof look, "command -v %s >/dev/null 2>&1", program);
    if (system(look) != 0)
        cr_skip_test("no %s here", program);
    SERVE(&server, "--log-level", "debug");
    client_pid = forkpty(&terminal, NULL, NULL, NULL);
    cr_assert(client_pid >= 0, "forkpty: %s", strerror(errno));
    if (client_pid == 0)
        run_client(program);
}

static void begin(void)
{
    begin_with("telnet");
    see("Escape character");
    see(PROMPT);
}

/* The terminal goes away, and the client with it. */
static void finish(void)
{
    close(terminal);
    kill(client_pid, SIGKILL);
    waitpid(client_pid, NULL, 0);
    bytes_free(&screen);
    server_stop(&server);
}

static void see_weary_cat(void)
{
    see("U+1F640\t\U0001F640\tWEARY CAT FACE\r\n");
    see(RULE " 1 found\r\n");
    see(PROMPT);
}

Test(telnet_client, a_query)
{
    begin();
    type("weary cat face\r");
    see_weary_cat();
    type("weary cat face\r");
    see_weary_cat();
    finish();
}

/* A character typed arrives whole, once the client has been heard of: BINARY is in force. */
Test(telnet_client, a_character_typed)
{
    begin();
    type("\003"); /* makes the client send its first IAC */
    see(PROMPT);
    type("\u265A\r");
    see("found\r\n");
    see(PROMPT);
    cr_assert_eq(bytes_count(&screen, "not valid"), 0);
    server_await_log(&server, "\\xE2\\x99\\x9A", 0);
    finish();
}

/* ^C while an answer streams: it stops, the client does not swallow the words, and the session goes on. */
Test(telnet_client, interrupt)
{
    begin();
    for (int i = 0; i < 2; i++) {
        type("cjk\r");
        see("U+3402");
        type("\003");
        see(", stopped after ");
        see(PROMPT);
        type("weary cat face\r");
        see_weary_cat();
    }
    finish();
}

/* The status is on a line of its own, though the terminal stands in the middle of one: behind ^C. */
Test(telnet_client, interrupt_leaves_the_line_it_stands_on)
{
    begin();
    type("cjk\r");
    see("U+3402");
    type("\003");
    see("\r\n" RULE " 98263 found, stopped after ");
    see(PROMPT);
    type("weary cat face\r");
    see("\n\rU+1F640"); /* BINARY is agreed to by now: Enter only goes down */
    finish();
}

/* The terminal keeps a half-typed line to itself: clearing two of them takes time, and does not close. */
Test(telnet_client, interrupt_clears_a_half_typed_line)
{
    begin();
    type("dog and pony");
    see("dog and pony");
    type("\003");
    see("\r\n# Ctrl-C again to leave\r\n" PROMPT);
    type("weary cat face\r");
    see_weary_cat();
    finish();
}

/* Each key goes out as it is typed: Enter as CR, which in BINARY is all there is. */
Test(telnet_client, character_mode)
{
    begin();
    type("\035");
    see("telnet> ");
    type("mode character\r");
    type("weary dog\027cay\177t face\r");
    see_weary_cat();
    type("x\025weary cat face\r");
    see_weary_cat();
    type("\035");
    see("telnet> ");
    type("unset binary\r");
    see("ascii");
    type("weary cat face\r");
    see_weary_cat();
    type("\035");
    see("telnet> ");
    type("set binary\r");
    see("binary");
    type("weary caX\177t face\r");
    see_weary_cat();
    finish();
}

/* plink negotiates first, agrees to BINARY, and sends Enter as CR from then on. */
Test(telnet_client, plink)
{
    begin_with("plink");
    see(PROMPT);
    for (int i = 0; i < 3; i++) {
        type("weary caX\177t\r");
        see_weary_cat();
    }
    type("cruzeiro\r");
    see("CRUZEIRO SIGN\r\n" RULE " 1 found\r\n");
    see(PROMPT);
    type("\u265Ax\177\r");
    see("BLACK CHESS KING\r\n" RULE " 1 found\r\n");
    type("\004\r");
    server_await_log(&server, "closed", 0);
    finish();
}

/* ^C twice with nothing typed is how to get out. */
Test(telnet_client, two_interrupts_close)
{
    begin();
    type("\003");
    see("# Ctrl-C again to leave\r\n" PROMPT);
    type("\003");
    see("Connection closed by foreign host");
    finish();
}

/* IAC EOF, sent by the client's own command. */
Test(telnet_client, send_eof)
{
    begin();
    type("weary cat face\r");
    see_weary_cat();
    type("\035");
    see("telnet> ");
    type("send eof\r");
    see("Connection closed by foreign host");
    finish();
}

/* Are you there, and leaving. */
Test(telnet_client, send_ayt_and_quit)
{
    begin();
    type("\035");
    see("telnet> ");
    type("send ayt\r");
    see("# ");
    type("weary cat face\r");
    see_weary_cat();
    type("\035");
    see("telnet> ");
    type("quit\r");
    see("closed");
    finish();
}

/* The server's last words are on the screen before the client ends. */
Test(telnet_client, sees_why_the_server_closes)
{
    begin();
    server_signal(&server, SIGTERM);
    see("\r\n# ");
    see("Connection closed by foreign host");
    close(terminal);
    waitpid(client_pid, NULL, 0);
    cr_assert_eq(server_wait(&server), 0);
    bytes_free(&server.log);
    bytes_free(&screen);
}
